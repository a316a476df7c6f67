"""Imports: captures that others made, kept apart from the archive's own.

Whose a capture is stands with its WARC file, in `import_file`. An article of which only such captures are held has their
times, and is marked; of one that the archive saw itself they add versions, and move none of its times: when it was seen
first and last, looked for, or counted as gone, is what the archive itself saw.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from archive.ids import url_key
from archive.model import Article, Capture, Saved
from archive.queries import records as reading
from archive.queries.older_versions import content_hash
from archive.rows import article_rows
from archive.store import Store

PREFIX = "import"
"""The names of WARC files with imported records begin so; those of crawls begin with ``tinhuyen``."""


@dataclass(frozen=True, slots=True)
class Import:
    """One WARC file of imported records: the name, SHA-256 and size of the file they came from, and through whom."""

    file: str
    source: str
    sha256: str
    bytes: int
    through: str
    imported_at: str


def add_import(store: Store, one: Import) -> None:
    """Keep whose records a WARC file holds. Within the transaction of its first captures; twice is as once."""
    with store.batch():
        done = store.conn.execute(
            """INSERT INTO import_file(file, source, sha256, bytes, through, imported_at) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT DO NOTHING""",
            (one.file, one.source, one.sha256, one.bytes, one.through, one.imported_at),
        )
        if done.rowcount:
            store.note("import", asdict(one))


def imports(conn: sqlite3.Connection) -> list[Import]:
    """Every WARC file of imported records, the oldest first."""
    return [Import(**row) for row in reading.rows(conn, "SELECT * FROM import_file ORDER BY imported_at, file")]


def save_imported(store: Store, article: Article, capture: Capture, portal: str) -> Saved:
    """Keep an article as a capture of others showed it. Older than what is held, it becomes an older version; the same text
    is no version. Raises `archive.errors.UnknownPortal`."""
    article = store.as_kept(article)
    with store.batch():
        row = _held(store.conn, article.canonical_url)
        if row is None or row["imported"]:
            return store.save_article(article, capture, portal)
        if _is_known(store.conn, capture, row["id"]):
            return Saved(row["id"], "unchanged")
        store.note("imported", capture, row["id"], portal)
        Store.save_capture(store, capture)  # which the operation noted tells of
        store.conn.execute("UPDATE capture SET article = ? WHERE record_id = ?", (row["id"], capture.record_id))
        return Saved(row["id"], "revised" if _add_version(store.conn, row, article, capture) else "unchanged")


def see_imported(store: Store, record_id: str, capture: Capture) -> bool:
    """Others were told that nothing had changed (304) since a capture of theirs; false where that shows no article."""
    row = reading.one(
        store.conn,
        """SELECT article.id, canonical_url, imported FROM capture JOIN article ON article.id = capture.article
           WHERE record_id IN (?, ?)""",
        (record_id, f"<{record_id}>"),
    )
    with store.batch():
        if row is not None and row["imported"]:
            store.touch(row["canonical_url"], capture)
        else:
            store.save_capture(capture)
    return row is not None


def save_imported_file(store: Store, url: str, portal: str, capture: Capture, sha256: str, size: int, name: str | None) -> bool:  # fmt: skip
    """Keep what an address gave others, where the archive did not get it itself; false where it did: its own copy stays."""
    held = reading.one(
        store.conn, "SELECT capture.file FROM file JOIN capture ON record_id = file.capture WHERE file.url = ?", (url,)
    )
    if held is not None and not is_imported(store.conn, held["file"]):
        store.save_capture(capture)
        return False
    store.save_file(url, portal, capture, sha256, size, name)
    return True


def is_imported(conn: sqlite3.Connection, file: str) -> bool:
    """Whether a WARC file holds records of others."""
    return conn.execute("SELECT 1 FROM import_file WHERE file = ?", (file,)).fetchone() is not None


def record_ids_held(conn: sqlite3.Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of the record ids, without brackets, under which captures are held, or were until their article was suspended."""
    found: set[str] = set()
    for record_id in record_ids:
        names = (record_id, f"<{record_id}>")
        if conn.execute(
            "SELECT 1 FROM capture WHERE record_id IN (?1, ?2) UNION ALL"
            " SELECT 1 FROM suspended_capture WHERE record_id IN (?1, ?2)",
            names,
        ).fetchone():
            found.add(record_id)
    return found


def _held(conn: sqlite3.Connection, canonical_url: str) -> dict[str, Any] | None:
    given = conn.execute("SELECT id FROM article_id WHERE url_key = ?", (url_key(canonical_url).hex(),)).fetchone()
    return reading.article_row(conn, given[0]) if given else None


def _is_known(conn: sqlite3.Connection, capture: Capture, article: int) -> bool:
    row = conn.execute("SELECT article FROM capture WHERE record_id = ?", (capture.record_id,)).fetchone()
    return row is not None and row[0] == article


def _add_version(conn: sqlite3.Connection, row: dict[str, Any], article: Article, capture: Capture) -> bool:
    """Give a text its place among the versions of an article that the archive saw itself; false where it stands there.

    A version that the archive saw keeps its times: whoever else saw the same text earlier or later.
    """
    article = article_rows.storable(article)
    known, text = reading.versions_of(conn, row), content_hash(article)
    place = sum(version.first_seen <= capture.fetched_at for version in known)
    if any(version.content_hash == text for version in known[max(0, place - 1) : place + 1]):
        return False
    if place < len(known) or capture.fetched_at < str(row["last_seen"]):
        return article_rows.insert_late(conn, row, article, capture)
    section = article_rows.section_id(conn, article.section) if article.section is not None else None
    article_rows.revise(conn, row, article, section, capture)
    return True
