"""Verifications that were made, and the heads of the log that were signed: what a later verification is held against."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.proof.heads import Head


def remember_head(conn: sqlite3.Connection, head: Head) -> None:
    """Keep what a head said. The first word stands."""
    conn.execute(
        "INSERT INTO log_head (number, size, root, time) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (head.number, head.size, head.root, head.time),
    )


def heads_seen(conn: sqlite3.Connection) -> list[tuple[int, int, str]]:
    """The heads that were signed, as number, size and root."""
    return [tuple(row) for row in conn.execute("SELECT number, size, root FROM log_head ORDER BY number")]


def keep_verification(conn: sqlite3.Connection, at: float, what: str, exit_code: int, detail: dict[str, Any]) -> None:
    """Keep what a verification looked at and found."""
    conn.execute(
        "INSERT INTO verification (at, what, exit_code, detail) VALUES (?, ?, ?, ?)",
        (at, what, exit_code, json.dumps(detail, ensure_ascii=False)),
    )


def last_verification(conn: sqlite3.Connection) -> float | None:
    """When the archive was verified last (Unix seconds), other than its log alone."""
    row = conn.execute("SELECT max(at) FROM verification WHERE what != 'log'").fetchone()
    return row[0] if row else None


def verifications(conn: sqlite3.Connection, since: float = 0.0) -> list[dict[str, Any]]:
    """The verifications since a time, oldest first."""
    rows = conn.execute("SELECT at, what, exit_code, detail FROM verification WHERE at >= ? ORDER BY id", (since,))
    return [{"at": row[0], "what": row[1], "exit_code": row[2], **json.loads(row[3])} for row in rows]
