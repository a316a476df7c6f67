"""How ``archive.db`` is opened, and what is said of a file that cannot be: damaged, locked, of another version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveDamaged, ArchiveLocked
from archive.schema import MIGRATION_NAMES, migrations
from archive.sqlite_file import connect, connect_reading, is_current, migrate

CACHE_KIB = 16_000
"""Of pages kept in memory: a batch of articles touches all indexes, each in many places, which SQLite's own 2 MB cannot hold."""


def open_to_write(path: Path) -> Database:
    """The database, made or migrated as needed. Raises `ArchiveDamaged` and `ArchiveLocked`."""
    with told(path):
        conn = connect(path)
        try:
            conn.execute("PRAGMA foreign_keys = ON")
            conn.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
            db = Database(conn)
            _migrate(db, path)
        except BaseException:
            conn.close()
            raise
    return db


def open_to_read(path: Path) -> Database:
    """The database as it stands on a read-only medium. Raises `ArchiveDamaged` for one that an earlier version made, too."""
    with told(path):
        db = Database(connect_reading(path))
        if not is_current(db, migrations):
            db.conn.close()
            raise ArchiveDamaged(f"{path} was made by an earlier version: copy the archive to where it can be written")
    return db


def _migrate(db: Database, path: Path) -> None:
    unknown = [applied.name for applied in migrations.applied(db) if applied.name not in MIGRATION_NAMES]
    if unknown:
        raise ArchiveDamaged(f"{path} was made by a newer version of tinhuyen (it knows {', '.join(unknown)})")
    migrate(db, migrations)


@contextmanager
def told(path: Path) -> Iterator[None]:
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
            raise ArchiveDamaged(f"{path} is damaged: {error}") from error
        raise
