"""Opening a database that several processes share: in WAL mode, migrated once whoever comes first."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from sqlite_utils import Database, Migrations

BUSY_TIMEOUT = 10.0
"""Seconds a write waits for another process; crawls commit in batches of about a second."""

_AGAIN = 0.01  # seconds between two tries to switch to WAL


def connect(path: Path | str, *, timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A connection in WAL mode that begins no transaction by itself.

    Raises `sqlite3.OperationalError` ("database is locked") when another process keeps the file for ``timeout`` seconds.
    """
    conn = sqlite3.connect(str(path), timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        _into_wal(conn, time.monotonic() + timeout)
        # WAL with NORMAL loses at most the last commits on power failure; the WARC files still hold them.
        conn.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        conn.close()
        raise
    return conn


def is_read_only(path: Path) -> bool:
    """Whether nothing can be written beside a file: on a medium or in a folder that is read-only."""
    return not os.access(path.resolve().parent, os.W_OK)


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads, also where not even the files of a journal can be made.

    There the file is read as it stands, so a journal that was not folded in is refused with `sqlite3.OperationalError`:
    what stands in it would be missing, and what was being folded in may be half there.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    if is_read_only(path):
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            raise sqlite3.OperationalError(
                f"{journal} was not folded in, and cannot be here: copy the archive elsewhere"
            )
        uri += "&immutable=1"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT, check_same_thread=False)


def _into_wal(conn: sqlite3.Connection, until: float) -> None:
    """SQLite's own waiting does not cover this switch: while another process opens or closes the file, it fails at once."""
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_AGAIN)


def migrate(db: Database, migrations: Migrations) -> None:
    """Apply what is pending, under the write lock: of two processes that start together one does, the other waits."""
    if is_current(db, migrations):
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def unknown_migrations(db: Database, migrations: Migrations) -> list[str]:
    """Names of what a newer version did to the file."""
    known = {one.name for one in migrations.pending(Database(memory=True))}
    try:
        return [applied.name for applied in migrations.applied(db) if applied.name not in known]
    except sqlite3.OperationalError:  # the table of migrations is being made just now
        return []


def is_current(db: Database, migrations: Migrations) -> bool:
    """Whether nothing is pending; asks without writing."""
    try:
        return not migrations.pending(db)
    except sqlite3.OperationalError:  # the table of migrations is being made just now
        return False
