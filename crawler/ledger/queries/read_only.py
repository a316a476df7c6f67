"""The ledger as commands look at it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from archive.database.database import refuse_newer
from archive.database.sqlite_file import connect_reading, is_current, is_read_only
from archive.errors import ArchiveDamaged
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.lost import holds_captures, tell
from crawler.ledger.migrations.schema import migrations


@contextmanager
def open_read_only(folder: ArchiveFolder) -> Iterator[sqlite3.Connection]:
    """The ledger, read only, so that a look never waits for a crawl; an archive never crawled has an empty one."""
    conn = _on_read_only_medium(folder) if is_read_only(folder.ledger) else _current(folder)
    conn.row_factory = sqlite3.Row
    try:
        yield conn
    finally:
        conn.close()


def _current(folder: ArchiveFolder) -> sqlite3.Connection:
    if not folder.ledger.exists():
        Ledger(folder.ledger).close()  # which is filled, and told, where it was lost
    conn = connect_reading(folder.ledger)
    _refuse_newer(conn, folder)
    if not is_current(Database(conn), migrations):  # made by an earlier version
        conn.close()
        Ledger(folder.ledger).close()
        conn = connect_reading(folder.ledger)
    return conn


def _refuse_newer(conn: sqlite3.Connection, folder: ArchiveFolder) -> None:
    try:
        refuse_newer(Database(conn), migrations, folder.ledger)
    except BaseException:
        conn.close()
        raise


def _on_read_only_medium(folder: ArchiveFolder) -> sqlite3.Connection:
    """The ledger as it stands; one that is missing is as an empty one."""
    if not folder.ledger.exists():
        if holds_captures(folder.ledger):
            tell(f"{folder.ledger} is not there: what was asked for, failed or is scheduled is not known")
        conn = sqlite3.connect(":memory:")
        migrations.apply(Database(conn))
        return conn
    conn = connect_reading(folder.ledger)
    _refuse_newer(conn, folder)
    if not is_current(Database(conn), migrations):
        raise ArchiveDamaged(
            f"{folder.ledger} was made by an earlier version: copy the archive to where it can be written"
        )
    return conn
