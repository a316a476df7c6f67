"""Snapshot: a read-only copy of the public database at one moment, to publish."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.database.database import sqlite_errors_as_ours
from archive.database.sqlite_file import connect_reading
from archive.rows.search_index import INDEXES

READ_ONLY = 0o444


PASSED_OVER = """CREATE TABLE passed_over_floor (
    portal TEXT NOT NULL, floor TEXT NOT NULL, asked REAL NOT NULL, seen REAL NOT NULL, of TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL
)"""
"""Of a copy that was published although portals were below their floors: which, what was seen, and why it was published."""


def snapshot(database: Path, target: Path, passed_over: Sequence[tuple[Any, ...]] = ()) -> int:
    """Copy ``archive.db`` as it stands, while crawls go on, and answer the bytes of the copy.

    The copy is one file without journal or free pages, its index merged: no word of what was taken out is in it. It bears
    its name only when it is whole, and takes the place of a file of that name. Rows of ``passed_over`` stand in it.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with sqlite_errors_as_ours(database), closing(connect_reading(database)) as conn:
        conn.execute("VACUUM INTO ?", (str(part),))
    with sqlite_errors_as_ours(part), closing(sqlite3.connect(part, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
        for index in INDEXES:
            conn.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
        if passed_over:
            conn.execute(PASSED_OVER)
            conn.executemany("INSERT INTO passed_over_floor VALUES (?, ?, ?, ?, ?, ?, ?)", passed_over)
        conn.execute("VACUUM")  # merging left the old pages free, with what stood in them
    part.chmod(READ_ONLY)
    part.replace(target)
    return target.stat().st_size
