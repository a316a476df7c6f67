"""What is remembered of tables is forgotten once the file is written to."""

from __future__ import annotations

import sqlite3

import pytest

from archive.site.server.schema_memory import remember


class Counted:
    """A database as Datasette has them, that counts what it is asked."""

    def __init__(self, path):
        self.path, self.asked = str(path), []

    async def table_columns(self, table):
        self.asked.append(table)
        with sqlite3.connect(self.path) as conn:
            return [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "archive.db"
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("CREATE TABLE xa (ten TEXT)")
    found = Counted(path)
    remember(found)
    return found


async def test_each_table_is_asked_for_once(database):
    answers = [await database.table_columns(table) for table in ("xa", "huyen", "xa")]
    assert answers == [["ten"], [], ["ten"]]
    assert database.asked == ["xa", "huyen"]


async def test_a_write_to_the_file_is_seen_at_once(database):
    assert await database.table_columns("xa") == ["ten"]
    with sqlite3.connect(database.path) as conn:  # into the journal alone
        conn.execute("ALTER TABLE xa ADD COLUMN ma TEXT")
    assert await database.table_columns("xa") == ["ten", "ma"]
