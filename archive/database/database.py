"""How ``archive.db`` is opened, and what is said of a file that cannot be: damaged, locked, of another version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from archive.database import mend
from archive.database.migrations import migrations
from archive.database.sqlite_file import connect, connect_reading, is_current, migrate, unknown_migrations
from archive.errors import ArchiveDamaged, ArchiveLocked

WARC = "warc"
"""The folder of WARC files, beside the database."""

_MENDED = "restore it from a backup, or make it anew from the WARC files:  tinhuyen rebuild --replace"

CACHE_KIB = 16_000
"""Of pages kept in memory: a batch of articles touches all indexes, each in many places, which SQLite's own 2 MB cannot hold."""


def open_to_write(path: Path) -> Database:
    """The database, made or migrated as needed. Raises `ArchiveDamaged` and `ArchiveLocked`."""
    with sqlite_errors_as_ours(path):
        conn = connect(path)
        try:
            conn.execute("PRAGMA foreign_keys = ON")
            conn.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
            db = Database(conn)
            refuse_newer(db, migrations, path)
            migrate(db, migrations)
            if mend.is_needed(conn):
                mend.labels(conn, path.parent / WARC)
        except BaseException:
            conn.close()
            raise
    return db


def open_to_read(path: Path) -> Database:
    """The database as it stands on a read-only medium. Raises `ArchiveDamaged` for one that an earlier version made, too."""
    with sqlite_errors_as_ours(path):
        db = Database(connect_reading(path))
        refuse_newer(db, migrations, path)
        if not is_current(db, migrations):
            db.conn.close()
            raise ArchiveDamaged(f"{path} was made by an earlier version: copy the archive to where it can be written")
    return db


def refuse_newer(db: Database, migrations: Migrations, path: Path) -> None:
    """Raise `ArchiveDamaged` for a database that a newer version made, the archive's or the ledger."""
    unknown = unknown_migrations(db, migrations)
    if unknown:
        raise ArchiveDamaged(f"{path} was made by a newer version of tinhuyen (it knows {', '.join(unknown)})")


@contextmanager
def sqlite_errors_as_ours(path: Path) -> Iterator[None]:
    """SQLite's errors as the archive's, with the file they are about."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise ArchiveLocked(f"{path} is locked by another process; try again when it is done") from error
        if "unable to open" in str(error):
            raise ArchiveDamaged(f"{path} cannot be opened: {error}") from error
        raise
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise ArchiveDamaged(f"{path} is damaged: {error}; {_MENDED}") from error
        raise
