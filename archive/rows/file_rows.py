"""The rows of a file: what its address gave last in `file`, what it gave before in `file_revision`.

A file that changes is a revision of the articles that offer it. Some servers make a file anew for every request, with the
time in it: after `UNSTEADY` looks in a row that brought other bytes no more revisions are made of it, until two looks in
a row bring the same. Every copy is kept all the same, as a capture and in `file_revision`.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from archive.model import Capture
from archive.queries import records as reading
from archive.queries.records import UNSTEADY
from archive.rows import article_rows
from archive.text import file_names

LONG_BEFORE = timedelta(days=1)
"""A copy seen so long before an article was first seen is not what that article offered; one that the same crawl brought
a little before the article is."""


def save(
    conn: sqlite3.Connection, url: str, capture: Capture, sha256: str, size: int, name: str | None = None
) -> list[int]:
    """Keep what an address gave, and what its server calls it; answers the articles revised by that."""
    revised = _save(conn, url, capture, sha256, size)
    if name is not None:
        file_names.name(conn, url, name)
    return revised


def alias(conn: sqlite3.Connection, url: str, target: str) -> list[int]:
    """Let the attachments at ``url`` be the file kept for ``target``, to which it redirects; answers what is revised."""
    kept = reading.one(conn, "SELECT * FROM file WHERE url = ?", (target,))
    capture = reading.capture(conn, kept["capture"]) if kept else None
    if kept is None or capture is None:
        return []
    return save(conn, url, capture, kept["sha256"], kept["bytes"], kept["name"])


def _save(conn: sqlite3.Connection, url: str, capture: Capture, sha256: str, size: int) -> list[int]:
    kept = reading.one(conn, "SELECT * FROM file WHERE url = ?", (url,))
    at = capture.fetched_at
    if kept is None:
        conn.execute(
            "INSERT INTO file(url, sha256, bytes, capture, fetched_at, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            (url, sha256, size, capture.record_id, at),
        )
        _fill(conn, url, sha256, size)
        return []
    if kept["sha256"] == sha256:
        return see(conn, url, at)
    if at <= kept["fetched_at"]:
        _put_aside(conn, url, sha256, size, capture.record_id, at, at)
        return []
    _put_aside(conn, *(kept[name] for name in ("url", "sha256", "bytes", "capture", "fetched_at", "last_seen")))
    changes = kept["changes"] + 1
    conn.execute(
        """UPDATE file SET sha256 = ?2, bytes = ?3, capture = ?4, fetched_at = ?5, last_seen = ?5, changes = ?6
           WHERE url = ?1""",
        (url, sha256, size, capture.record_id, at, changes),
    )
    _fill(conn, url, sha256, size)
    return _revise(conn, url, sha256, size, at, kept["last_seen"]) if changes <= UNSTEADY else []


def see(conn: sqlite3.Connection, url: str, at: str) -> list[int]:
    """The file was there with the bytes it had; one that was unsteady is steady again, and what it is now a revision."""
    kept = reading.one(conn, "SELECT * FROM file WHERE url = ?", (url,))
    if kept is None:
        return []
    conn.execute("UPDATE file SET last_seen = max(last_seen, ?), changes = 0 WHERE url = ?", (at, url))
    _fill(conn, url, kept["sha256"], kept["bytes"])
    if kept["changes"] <= UNSTEADY:
        return []
    return _revise(conn, url, kept["sha256"], kept["bytes"], kept["fetched_at"], kept["fetched_at"])


def _fill(conn: sqlite3.Connection, url: str, sha256: str, size: int) -> None:
    """The first digest that arrives for an attachment is no revision."""
    conn.execute("UPDATE attachment SET sha256 = ?, bytes = ? WHERE url = ? AND sha256 IS NULL", (sha256, size, url))


def _revise(conn: sqlite3.Connection, url: str, sha256: str, size: int, at: str, until: str) -> list[int]:
    offering = reading.rows(
        conn,
        """SELECT DISTINCT article, first_seen, version_seen, revisions FROM attachment JOIN article ON article.id = article
           WHERE attachment.url = ? AND sha256 != ? ORDER BY article""",
        (url, sha256),
    )
    revised = []
    for row in list(offering):
        if _never_together(until, row):
            conn.execute(
                "UPDATE attachment SET sha256 = ?, bytes = ? WHERE url = ? AND article = ?",
                (sha256, size, url, row["article"]),
            )
        else:
            article_rows.replace_file(conn, row["article"], url, sha256, size, at, until)
            revised.append(row["article"])
    return revised


def _never_together(until: str, row: dict[str, Any]) -> bool:
    """Whether the version that stands was never seen with the old file: then it has the new one from its beginning.

    So a page and its files that changed between two looks are one version, and not one for each.
    """
    if row["revisions"]:
        return until < str(row["version_seen"])
    return datetime.fromisoformat(until) < datetime.fromisoformat(row["first_seen"]) - LONG_BEFORE


def _put_aside(
    conn: sqlite3.Connection, url: str, sha256: str, size: int, capture: str, first_seen: str, last_seen: str
) -> None:
    conn.execute(
        """INSERT INTO file_revision(url, sha256, bytes, capture, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT(url, sha256) DO UPDATE SET last_seen = max(last_seen, excluded.last_seen)""",
        (url, sha256, size, capture, first_seen, last_seen),
    )
