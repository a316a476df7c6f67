"""Rows of changes: made once when a change is seen, listed newest first by tab, portal, kind and time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from archive.changes.kinds import edit_between
from archive.changes.listing import Change, absences
from archive.changes.spots import is_spelling, largest, spots_of
from archive.queries.records import Version, article_row, rows, versions_of

LONGEST = 300
"""Characters of the largest spot that are kept with a row; the comparison of the versions has all."""
COUNTED = 5_000
"""Rows that are counted; of more it is said that there are more."""

_COLUMNS = (
    "article", "portal", "what", "at", "seen_before", "version", "kinds", "spelling", "spots", "characters", "field", "before",
    "after", "same_rules", "pair",
)  # fmt: skip
_INSERT = f"INSERT INTO change_seen({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"


def make_due(conn: sqlite3.Connection) -> None:
    """Make the rows of every article of which something was seen since; nothing to do after most batches."""
    while due := conn.execute("SELECT article FROM change_due ORDER BY article LIMIT 1000").fetchall():
        for (identifier,) in due:
            _make(conn, identifier)
        conn.executemany("DELETE FROM change_due WHERE article = ?", [(identifier,) for (identifier,) in due])


def _make(conn: sqlite3.Connection, identifier: int) -> None:
    row = article_row(conn, identifier)
    known = {kept["pair"]: kept for kept in rows(conn, "SELECT * FROM change_seen WHERE article = ?", (identifier,))}
    conn.execute("DELETE FROM change_seen WHERE article = ?", (identifier,))
    if row is not None:
        conn.executemany(_INSERT, [*_edits(conn, row, known), *_absences(conn, row)])


def _edits(conn: sqlite3.Connection, row: dict[str, Any], known: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The edits of an article; those whose versions are as they were are not compared again."""
    for before, after in pairwise(versions_of(conn, row)):
        seen = {"at": after.first_seen, "seen_before": before.last_seen, "version": after.number}
        pair = pair_of(before, after)
        if pair in known:
            yield {**known[pair], **seen}
            continue
        edit = edit_between(before.article, after.article)
        if not edit.kinds:
            continue
        spots = spots_of(edit)
        shown = largest(spots)
        yield {
            "article": row["id"], "portal": row["portal"], "what": "edited", **seen,
            "kinds": f",{','.join(edit.kinds)},", "spelling": int(is_spelling(spots)), "spots": len(spots),
            "characters": sum(spot.size for spot in spots), "field": shown.field if shown else None,
            "before": _cut(shown.before if shown else ""), "after": _cut(shown.after if shown else ""),
            "same_rules": int(before.article.extractor == after.article.extractor), "pair": pair,
        }  # fmt: skip


def pair_of(before: Version, after: Version) -> str:
    """Two versions by what an edit between them is made of."""
    parts = [
        [one.content_hash, one.article.extractor, [[file.name, file.url, file.sha256] for file in one.article.attachments]]
        for one in (before, after)
    ]  # fmt: skip
    return blake2b(json.dumps(parts).encode(), digest_size=12).hexdigest()


def _absences(conn: sqlite3.Connection, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Removals, returns and looks that found nothing, of which those that ended with a return are told by it alone."""
    told = list(absences(conn, row, ""))
    back = {one.looks[0].capture for one in told if one.what == "returned"}
    for change in told:
        if change.what != "not found" or (change.looks[0].capture not in back and _is_missing(change)):
            yield {
                "article": row["id"], "portal": row["portal"], "what": change.what, "at": change.at,
                "seen_before": change.seen_before, "version": None, "kinds": "", "spelling": 0, "spots": 0, "characters": 0,
                "field": None, "before": "", "after": "", "same_rules": 1, "pair": "",
            }  # fmt: skip


def _is_missing(change: Change) -> bool:
    """Whether the last look was answered by 404 or 410: a server that failed says nothing of the article."""
    return change.looks[-1].found == "missing"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which changes are wanted. ``since`` and ``until`` are UTC, ``after`` the key of the last row of the page before."""

    what: tuple[str, ...] = ("edited",)
    portal: str | None = None
    kind: str | None = None
    since: str = ""
    until: str = "~"
    spelling: bool = False
    after: tuple[str, int] | None = None


def listed(conn: sqlite3.Connection, asked: Asked, limit: int) -> list[dict[str, Any]]:
    """The rows that were asked for, the newest first, with title, address and portal of each article."""
    # one ordered walk of the index each: a walk over several would sort all rows of the archive for one page
    parts, params = [], list[Any]()
    for what, spelling in _walks(asked):
        condition, values = _condition(asked, what, spelling)
        keyset, key = ("", ()) if asked.after is None else (" AND (at, id) < (?, ?)", asked.after)
        wanted = f"SELECT id FROM change_seen WHERE {condition}{keyset} ORDER BY at DESC, id DESC LIMIT ?"
        parts.append(f"SELECT * FROM ({wanted})")
        params += [*values, *key, limit]
    found = rows(
        conn,
        f"""SELECT change_seen.*, article.title, article.url, article.gone_at, article.published, section.name AS section,
                   portal.name AS portal_name, coalesce(portal.title, portal.name) AS portal_title
            FROM ({" UNION ALL ".join(parts)}) AS wanted CROSS JOIN change_seen ON change_seen.id = wanted.id
            JOIN article_shown AS article ON article.id = change_seen.article JOIN portal ON portal.id = change_seen.portal
            LEFT JOIN section ON section.id = article.section
            ORDER BY at DESC, change_seen.id DESC LIMIT ?""",
        (*params, limit),
    )
    return list(found)


def count(conn: sqlite3.Connection, asked: Asked) -> int:
    """How many rows there are, up to one more than :data:`COUNTED`."""
    number = 0
    for what, spelling in _walks(asked):
        number += _counted(conn, *_condition(asked, what, spelling))
    return min(number, COUNTED + 1)


def spelling_alone(conn: sqlite3.Connection, asked: Asked) -> int:
    """How many edits of nothing but spelling there are, up to one more than :data:`COUNTED`."""
    return _counted(conn, *_condition(asked, "edited", 1))


def _counted(conn: sqlite3.Connection, condition: str, params: list[Any]) -> int:
    counted = f"SELECT count(*) FROM (SELECT 1 FROM change_seen WHERE {condition} LIMIT {COUNTED + 1})"
    return int(conn.execute(counted, params).fetchone()[0])


def looks_of(conn: sqlite3.Connection, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The looks that did not find an article, for the row of a removal, of a return, or of what was not found yet."""
    until = row["at"] if row["what"] == "returned" else "~"
    found = rows(
        conn,
        "SELECT at, status, found, capture FROM observation WHERE article = ? AND at > ? AND at <= ? ORDER BY at",
        (row["article"], row["seen_before"], until),
    )
    return list(found)


def _walks(asked: Asked) -> Iterator[tuple[str, int]]:
    for what in asked.what:
        yield what, 0
        if asked.spelling and what == "edited":
            yield what, 1


def _condition(asked: Asked, what: str, spelling: int) -> tuple[str, list[Any]]:
    wanted, params = ["what = ?", "spelling = ?"], list[Any]((what, spelling))
    if asked.portal:
        wanted.append("portal = (SELECT id FROM portal WHERE name = ?)")
        params.append(asked.portal)
    if asked.kind:
        wanted.append("kinds LIKE ?")
        params.append(f"%,{asked.kind},%")
    if asked.since or asked.until != "~":
        wanted.append("at >= ? AND at < ?")
        params += [asked.since, asked.until]
    return " AND ".join(wanted), params


def months_of(conn: sqlite3.Connection, portal: str) -> list[str]:
    """The months (``YYYY-MM``, UTC) in which a change of a portal was seen, the newest first."""
    found = conn.execute(
        """SELECT DISTINCT substr(at, 1, 7) FROM change_seen WHERE portal = (SELECT id FROM portal WHERE name = ?)
           ORDER BY 1 DESC LIMIT 36""",
        (portal,),
    )
    return [month for (month,) in found]
