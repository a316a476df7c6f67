"""A ledger that a newer version made is refused in one line, as ``archive.db`` is."""

from __future__ import annotations

import sqlite3

import pytest

from archive.errors import ArchiveDamaged
from crawler.ledger.frontier import Ledger


def made_by_a_newer_version(path):
    Ledger(path).close()
    conn = sqlite3.connect(path)
    conn.execute(
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('tinhuyen-crawl', 'm999_future', '')"
    )
    conn.commit()
    conn.close()


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    made_by_a_newer_version(tmp_path / "crawl.db")
    with pytest.raises(ArchiveDamaged, match=r"crawl\.db was made by a newer version.*m999_future"):
        Ledger(tmp_path / "crawl.db")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["crawl"], ["status"], ["schedule", "list"], ["why", "http://x/"], ["retry", "http://x/"]]
)
def test_every_command_says_so_in_one_line(command, tinhuyen, tmp_path):
    tinhuyen("init")
    tinhuyen("add", "http://127.0.0.1:1/", "--allow-private", "--no-probe")
    made_by_a_newer_version(tmp_path / "kho" / "crawl.db")
    said = tinhuyen(*command)
    assert (said.returncode, said.stderr.count("\n")) == (3, 1), said.stderr
    assert "newer version" in said.stderr
