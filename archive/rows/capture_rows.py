"""The rows of captures: where a record stands, and which article it showed. Only `archive.store` calls what writes here."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from operator import attrgetter

from archive.model import Capture
from archive.queries import records as reading

_NAMES = [field.name for field in fields(Capture)]
_INSERT = (
    f"INSERT INTO capture({', '.join(_NAMES)}, article) VALUES ({', '.join('?' * len(_NAMES))}, ?)"
    " ON CONFLICT(record_id) DO UPDATE SET article = excluded.article WHERE excluded.article IS NOT NULL"
)
_values = attrgetter(*_NAMES)


def insert(conn: sqlite3.Connection, capture: Capture, article: int | None = None) -> None:
    """Keep a capture, and which article it showed; one that is known learns no more than the article."""
    conn.execute(_INSERT, (*_values(capture), article))


def showed(conn: sqlite3.Connection, capture: Capture, article: int) -> bool:
    """Whether a capture is kept as one of an article."""
    row = conn.execute("SELECT article FROM capture WHERE record_id = ?", (capture.record_id,)).fetchone()
    return bool(row) and row[0] == article


def first_whole(conn: sqlite3.Connection, digest: str) -> Capture | None:
    """The first whole response kept with a payload digest."""
    if conn.execute("SELECT 1 FROM capture WHERE digest = ? LIMIT 1", (digest,)).fetchone() is None:
        return None  # nearly always
    row = reading.one(
        conn,
        """SELECT * FROM capture WHERE digest = ? AND record_type = 'response' AND truncated IS NULL
             AND file NOT LIKE 'import-%'
           ORDER BY fetched_at, record_id LIMIT 1""",
        (digest,),
    )
    return reading.capture_from_row(row) if row else None
