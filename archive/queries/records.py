"""Rows to dataclasses: every way to read an archive that needs no write lock.

The functions take a plain `sqlite3.Connection` (with any row factory), so that the store, the exports and the site's
read-only connections share them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Literal

from archive.model import (
    Article,
    Attachment,
    Capture,
    Image,
    Observation,
    Portal,
    PortalLink,
    PrintedDate,
    Removed,
)
from archive.queries.older_versions import unpack
from archive.queries.standing_corrections import Correction, as_shown, corrections, standing
from archive.text.numbers.private_numbers import NOTE

UNSTEADY = 3
"""Changes of a file in a row after which it counts as made anew for each request: see `archive.rows.file_rows`."""

MOST_CAPTURES = 50
"""Captures of one version that are told, the newest; the table `capture` has all."""

_PRINTED = ("value", "precision", "source", "text")


Change = Literal["text", "attachment", "text and attachment"]
"""What makes a version another than the one before: what the page says, the bytes of a file it offers, or both."""


@dataclass(slots=True)
class Version:
    """One state of an article: what its page said and which files it offered, from when to when it was seen so.

    ``record_id`` names the capture whose bytes were read for it; ``change`` is None for the first.
    """

    number: int
    first_seen: str
    last_seen: str
    record_id: str
    content_hash: str
    article: Article
    change: Change | None = None


@dataclass(slots=True)
class Record:
    """One version of an article with what the archive knows: whose it is, when it was seen, where its bytes lie.

    ``last_seen`` is when bytes or a 304 showed the article last, ``last_checked`` the last look whatever it found.
    """

    id: int
    article: Article
    portal: Portal
    first_seen: str
    last_seen: str
    last_checked: str
    gone_at: str | None
    """When the archive counted it as gone: 404 or 410 on every check over two weeks."""
    revisions: int
    """Stored versions − 1."""
    capture: Capture
    """The capture whose bytes were read for this version."""
    first_capture: Capture
    version: int
    version_seen: tuple[str, str]
    """When this version was seen first and last."""
    not_seen: list[Observation] = field(default_factory=list)
    """The looks since ``last_seen``: none of them found the article."""
    versions: list[Version] = field(default_factory=list)
    """Every version, oldest first."""
    corrections: list[Correction] = field(default_factory=list)
    """What is corrected by hand in this version; ``versions`` are as they were read."""
    through: dict[str, str] = field(default_factory=dict)
    """Captures of the versions that others made, by record id, each with who: seen through them."""
    imported: bool = False
    """Whether nothing is held but such captures: then all times are those of others."""

    @property
    def missing_since(self) -> str | None:
        """When 404 or 410 came first, of all that came without a break until now."""
        since = None
        for look in reversed(self.not_seen):
            if look.found != "missing":
                break
            since = look.at
        return since


def rows(conn: sqlite3.Connection, sql: str, params: Any = ()) -> Iterator[dict[str, Any]]:
    """The rows of a query as dicts, streaming, whatever the connection's row factory is."""
    cursor = conn.execute(sql, params)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, tuple(row), strict=True))


def one(conn: sqlite3.Connection, sql: str, params: Any = ()) -> dict[str, Any] | None:
    """The first row of a query, or None."""
    return next(rows(conn, sql, params), None)


_PORTAL_COLUMNS = tuple(field.name for field in fields(Portal))
_CAPTURE_COLUMNS = tuple(field.name for field in fields(Capture))


def portal_from_row(row: dict[str, Any]) -> Portal:
    values = {name: row[name] for name in _PORTAL_COLUMNS}
    return Portal(**{**values, "allow_private": bool(values["allow_private"])})


def capture_from_row(row: dict[str, Any]) -> Capture:
    return Capture(**{name: row[name] for name in _CAPTURE_COLUMNS})


def portals(conn: sqlite3.Connection) -> list[Portal]:
    """Every portal, by name."""
    return [portal_from_row(row) for row in rows(conn, "SELECT * FROM portal ORDER BY name")]


def portal(conn: sqlite3.Connection, name: str) -> Portal | None:
    row = one(conn, "SELECT * FROM portal WHERE name = ?", (name,))
    return portal_from_row(row) if row else None


def portal_links(conn: sqlite3.Connection, name: str) -> list[PortalLink]:
    """The successions a portal is part of, as the old one or the new one."""
    found = rows(conn, "SELECT * FROM portal_link WHERE ? IN (old, new) ORDER BY old, new", (name,))
    return [PortalLink(**row) for row in found]


def masks(conn: sqlite3.Connection) -> bool:
    """Whether private numbers are masked in what is kept."""
    return one(conn, "SELECT 1 FROM masking") is not None


def has_masked_numbers(conn: sqlite3.Connection, record_id: str) -> bool:
    """Whether a capture is one of an article whose private numbers are masked: the capture has them."""
    if not masks(conn):
        return False
    row = one(
        conn,
        "SELECT article FROM capture WHERE record_id IN (?, ?) AND article IS NOT NULL",
        (record_id, f"<{record_id}>"),
    )
    return row is not None and any(NOTE in version.article.notes for version in versions(conn, row["article"]))


def unit_address(conn: sqlite3.Connection, identifier: str | None) -> str | None:
    """A unit as written in full, ``Huyện Hưng Hà, tỉnh Thái Bình``; None for one that the archive does not know."""
    names: list[str] = []
    while identifier and (row := one(conn, "SELECT kind, name, parent FROM unit WHERE id = ?", (identifier,))):
        names.append(f"{(row['kind'] or '').lower() if names else row['kind'] or ''} {row['name']}".strip())
        identifier = row["parent"]
    return ", ".join(names) or None


def seen_through(conn: sqlite3.Connection, record_ids: Iterable[str]) -> dict[str, str]:
    """Those of the captures that others made, each with who."""
    if conn.execute("SELECT 1 FROM import_file LIMIT 1").fetchone() is None:
        return {}  # nearly always
    found = conn.execute(
        """SELECT record_id, through FROM capture JOIN import_file USING (file)
           WHERE record_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(record_ids)),),
    )
    return dict(found.fetchall())


def capture(conn: sqlite3.Connection, record_id: str) -> Capture | None:
    row = one(conn, "SELECT * FROM capture WHERE record_id = ?", (record_id,))
    return capture_from_row(row) if row else None


def article_row(conn: sqlite3.Connection, identifier: int) -> dict[str, Any] | None:
    """The row of `article` with its body and its section's name (``section_name``)."""
    return one(
        conn,
        """SELECT article.*, section.name AS section_name,
                  body.lead, body.text, body.captions, body.tags, body.documents, body.notes
           FROM article JOIN body ON body.article = article.id LEFT JOIN section ON section.id = article.section
           WHERE article.id = ?""",
        (identifier,),
    )


def _printed(row: dict[str, Any], name: str) -> PrintedDate | None:
    if row[name] is None:
        return None
    return PrintedDate(row[name], row[f"{name}_precision"], row[f"{name}_source"], row[f"{name}_text"])


def article_from_row(conn: sqlite3.Connection, row: dict[str, Any]) -> Article:
    """The article of a row from `article_row`, with its images, attachments and removed pieces."""
    key = (row["id"],)
    return Article(
        url=row["url"],
        canonical_url=row["canonical_url"],
        title=row["title"],
        lead=row["lead"],
        text=row["text"],
        captions=json.loads(row["captions"]),
        section=row["section_name"],
        byline=row["byline"],
        author=row["author"],
        source=row["source"],
        published=_printed(row, "published"),
        modified=_printed(row, "modified"),
        event_date=row["event_date"],
        views=row["views"],
        tags=json.loads(row["tags"]),
        images=[
            Image(**image)
            for image in rows(conn, "SELECT url, caption FROM image WHERE article = ? ORDER BY position", key)
        ],
        attachments=[
            Attachment(**attachment)
            for attachment in rows(
                conn, "SELECT url, name, sha256, bytes FROM attachment WHERE article = ? ORDER BY position", key
            )
        ],
        removed=[
            Removed(**removed)
            for removed in rows(conn, "SELECT kind, text, href FROM removed WHERE article = ? ORDER BY position", key)
        ],
        documents=json.loads(row["documents"]),
        language=row["language"],
        family=row["family"],
        extractor=row["extractor"],
        notes=json.loads(row["notes"]),
    )


def article(conn: sqlite3.Connection, identifier: int) -> Article | None:
    row = article_row(conn, identifier)
    return article_from_row(conn, row) if row else None


def _record_from_row(conn: sqlite3.Connection, row: dict[str, Any], wanted: int | None, as_read: bool) -> Record | None:
    known = versions_of(conn, row)
    number = len(known) if wanted is None else wanted
    if not 1 <= number <= len(known):
        return None
    version = known[number - 1]
    portal_row = one(conn, "SELECT * FROM portal WHERE id = ?", (row["portal"],))
    read, first = capture(conn, version.record_id), capture(conn, row["first_capture"])
    # Foreign keys hold these three; an archive edited by hand may still lack them.
    if portal_row is None or read is None or first is None:
        raise LookupError(f"article {row['id']} points to a portal or a capture that is not in the archive")
    made = [] if as_read else corrections(conn, row["id"])
    stand = standing(made, version.article, version.first_seen, number == len(known))
    return Record(
        id=row["id"],
        article=as_shown(version.article, stand),
        portal=portal_from_row(portal_row),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        last_checked=row["last_checked"],
        gone_at=row["gone_at"],
        revisions=row["revisions"],
        capture=read,
        first_capture=first,
        version=number,
        version_seen=(version.first_seen, version.last_seen),
        not_seen=observations(conn, row["id"], row["last_seen"]) if row["last_checked"] > row["last_seen"] else [],
        versions=known,
        corrections=stand,
        through=seen_through(conn, (one.record_id for one in known)),
        imported=bool(row["imported"]),
    )


def record(
    conn: sqlite3.Connection, identifier: int, version: int | None = None, *, as_read: bool = False
) -> Record | None:
    """An article as it stands, or one of its versions, with its provenance; None where there is none of that number.

    As readers are shown it, with what is corrected by hand; or ``as_read`` of its capture.
    """
    row = article_row(conn, identifier)
    return _record_from_row(conn, row, version, as_read) if row else None


def observations(conn: sqlite3.Connection, identifier: int, since: str = "") -> list[Observation]:
    """The looks after ``since`` that did not find an article, oldest first."""
    found = rows(
        conn,
        "SELECT url, at, status, found, capture FROM observation WHERE article = ? AND at > ? ORDER BY at, capture",
        (identifier, since),
    )
    return [Observation(**row) for row in found]


def file_observations(conn: sqlite3.Connection, url: str, since: str = "") -> list[Observation]:
    """The looks after ``since`` at a file's address that did not find it, oldest first."""
    found = rows(
        conn,
        """SELECT url, at, status, found, capture FROM observation WHERE url = ? AND article IS NULL AND at > ?
           ORDER BY at, capture""",
        (url, since),
    )
    return [Observation(**row) for row in found]


def captures_of_version(conn: sqlite3.Connection, identifier: int, number: int, known: list[Version]) -> list[Capture]:
    """The captures whose bytes showed the text of a version, newest first: responses, and revisits of the same payload.

    Versions that differ by their files alone share them.
    """
    text = known[number - 1].content_hash
    start = next((nth for nth in range(number - 1, 0, -1) if known[nth - 1].content_hash != text), 0)
    until = next((later.first_seen for later in known[number:] if later.content_hash != text), "~")
    found = rows(
        conn,
        """SELECT * FROM capture WHERE article = ? AND status IN (0, 200) AND fetched_at >= ? AND fetched_at < ?
           ORDER BY fetched_at DESC LIMIT ?""",
        (identifier, known[start].first_seen, until, MOST_CAPTURES),
    )
    return [capture_from_row(row) for row in found]


def records(conn: sqlite3.Connection, portal_names: list[str] | None = None, page: int = 500) -> Iterator[Record]:
    """Every article in order of id, of the named portals or of all.

    Read in pages of ids: no read snapshot stays open between them, which would let the WAL of a running crawl grow.
    """
    chosen = ""
    params: tuple[Any, ...] = ()
    if portal_names is not None:
        chosen = f" AND portal IN (SELECT id FROM portal WHERE name IN ({','.join('?' * len(portal_names))}))"
        params = tuple(portal_names)
    last = -1
    while True:
        found = conn.execute(
            f"SELECT id FROM article WHERE id > ?{chosen} ORDER BY id LIMIT ?", (last, *params, page)
        ).fetchall()
        for (identifier,) in found:
            kept = record(conn, identifier)
            if kept:
                yield kept
        if len(found) < page:
            return
        last = found[-1][0]


def versions(conn: sqlite3.Connection, identifier: int) -> list[Version]:
    """All versions of an article, oldest first; the last one is the article as it stands."""
    row = article_row(conn, identifier)
    return versions_of(conn, row) if row else []


def versions_of(conn: sqlite3.Connection, row: dict[str, Any]) -> list[Version]:
    """All versions of the article of a row from `article_row`."""
    newer = article_from_row(conn, row)
    since, until = row["version_seen"], max(row["version_seen"], row["last_seen"])
    found = [Version(row["revisions"] + 1, since, until, row["capture"], row["content_hash"], newer)]
    if row["revisions"]:
        older = rows(conn, "SELECT * FROM revision WHERE article = ? ORDER BY number DESC", (row["id"],))
        for kept in older:
            newer = unpack(kept["packed"], newer)
            seen = kept["first_seen"], kept["last_seen"]
            found.append(Version(kept["number"], *seen, kept["capture"], kept["content_hash"], newer))
        found.reverse()
        for before, after in pairwise(found):
            after.change = _change(before, after)
    return found


def _change(before: Version, after: Version) -> Change:
    if before.content_hash == after.content_hash:
        return "attachment"
    had = {file.url: file.sha256 for file in before.article.attachments if file.sha256}
    replaced = any(file.sha256 and had.get(file.url, file.sha256) != file.sha256 for file in after.article.attachments)
    return "text and attachment" if replaced else "text"
