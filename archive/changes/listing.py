"""Changes of a portal's articles: edits made after publication, looks that found nothing, removals, returns.

Each says what was seen and when, and by which captures. When the portal did it nobody saw.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from archive.changes.kinds import Edit, edit_between
from archive.model import Observation
from archive.queries.records import Version, article_row, one, rows, seen_through, versions_of

What = Literal["edited", "not found", "removed", "returned"]
"""``removed`` is our word for 404 or 410 on every check over two weeks; ``not found`` for looks that are no proof yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it was seen. ``at`` is the look that showed it (UTC), ``seen_before`` the last that showed the state before."""

    what: What
    at: str
    article: int
    portal: str
    url: str
    title: str | None
    seen_before: str
    captures: tuple[str, ...]
    """Record ids: of the version before and of the one after an edit; of the looks that found nothing; of the one that did again."""
    looks: tuple[Observation, ...] = ()
    """The looks that found nothing, oldest first."""
    versions: tuple[int, int] | None = None
    edit: Edit | None = None
    through: tuple[str, ...] = ()
    """Who captured a version before or after an edit that the archive did not see itself."""
    same_rules: bool = True
    """Whether both versions were read by the same rules; where not, a difference may be the reader's and not the portal's."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of an edit, or what else it is."""
        return self.edit.kinds if self.edit is not None else (self.what,)


def changes(
    conn: sqlite3.Connection, portals: Sequence[str] | None = None, since: str = "", until: str = "~"
) -> Iterator[Change]:
    """The changes seen from ``since`` on and before ``until`` (ISO 8601, UTC), article by article in order of id.

    Memory does not grow with the archive: one article is read at a time.
    """
    named = ""
    if portals is not None:
        named = f" AND portal.name IN ({','.join('?' * len(portals))})"
    # within a time only what has a row, or a look that a return took back, in it: comparing versions takes longest
    changed = rows(
        conn,
        f"""SELECT article.id, portal.name FROM article JOIN portal ON portal.id = article.portal
            WHERE article.id IN (SELECT article FROM change_seen WHERE at >= ?1 AND at < ?2
                                 UNION SELECT article FROM observation WHERE article IS NOT NULL AND at >= ?1 AND at < ?2){named}
            ORDER BY article.id""",
        (since, until, *(portals or ())),
    )
    for found in list(changed):
        row = article_row(conn, found["id"])
        if row is None:
            continue
        told = (*_edits(conn, row, found["name"]), *absences(conn, row, found["name"]))
        yield from sorted((one for one in told if since <= one.at < until), key=lambda one: one.at)


def _edits(conn: sqlite3.Connection, row: dict[str, Any], portal: str) -> Iterator[Change]:
    versions = versions_of(conn, row)
    others = seen_through(conn, (version.record_id for version in versions))
    for before, after in pairwise(versions):
        edit = edit_between(before.article, after.article)
        if edit.kinds:
            yield Change(
                "edited", after.first_seen, row["id"], portal, row["url"], after.article.title, before.last_seen,
                (before.record_id, after.record_id), versions=(before.number, after.number), edit=edit,
                through=tuple(dict.fromkeys(others[one.record_id] for one in (before, after) if one.record_id in others)),
                same_rules=_rules(before) == _rules(after),
            )  # fmt: skip


def _rules(version: Version) -> str:
    return version.article.extractor


def absences(conn: sqlite3.Connection, row: dict[str, Any], portal: str) -> Iterator[Change]:
    """Runs of looks that found nothing, each ended by a return, by being counted as removed, or not ended yet."""
    looks = [
        Observation(**look)
        for look in rows(
            conn, "SELECT url, at, status, found, capture FROM observation WHERE article = ? ORDER BY at", (row["id"],)
        )
    ]
    run: list[Observation] = []
    for look in looks:
        back = _seen_between(conn, row["id"], run[-1].at, look.at) if run else None
        if back is not None:
            yield from _absence(conn, row, portal, run, back)
            run = []
        run.append(look)
    if run:
        yield from _absence(conn, row, portal, run, _seen_between(conn, row["id"], run[-1].at, "~"))


def _absence(
    conn: sqlite3.Connection, row: dict[str, Any], portal: str, looks: list[Observation], back: tuple[str, str] | None
) -> Iterator[Change]:
    before = _seen_before(conn, row["id"], looks[0].at) or row["first_seen"]
    common = row["id"], portal, row["url"], row["title"]
    captures = tuple(look.capture for look in looks)
    if back is not None:
        yield Change("not found", looks[0].at, *common, before, captures, tuple(looks))
        yield Change("returned", back[0], *common, before, (*captures, back[1]), tuple(looks))
    elif row["gone_at"]:
        yield Change("removed", row["gone_at"], *common, before, captures, tuple(looks))
    else:
        yield Change("not found", looks[0].at, *common, before, captures, tuple(looks))


# own looks alone: what others saw neither ends an absence nor begins one
_SEEN = """SELECT fetched_at, record_id FROM capture WHERE article = ? AND status IN (200, 304)
    AND record_id NOT IN (SELECT capture FROM observation) AND file NOT IN (SELECT file FROM import_file)"""


def _seen_between(conn: sqlite3.Connection, article: int, after: str, before: str) -> tuple[str, str] | None:
    """The first capture that showed the article after one moment and before another: when, and its record id."""
    found = one(
        conn, f"{_SEEN} AND fetched_at > ? AND fetched_at < ? ORDER BY fetched_at LIMIT 1", (article, after, before)
    )
    return (found["fetched_at"], found["record_id"]) if found else None


def _seen_before(conn: sqlite3.Connection, article: int, before: str) -> str | None:
    found = one(conn, f"{_SEEN} AND fetched_at < ? ORDER BY fetched_at DESC LIMIT 1", (article, before))
    return found["fetched_at"] if found else None
