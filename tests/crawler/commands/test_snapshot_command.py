"""``snapshot``: what it refuses to write over."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from archive.store import Store
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder


@pytest.fixture
def run(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    Store.open(folder.database).close()
    return lambda *args: CliRunner().invoke(main, ["--archive", str(folder.path), *map(str, args)])


def test_an_older_one_is_replaced_only_when_told(run, tmp_path):
    target = tmp_path / "kho.db"
    assert run("snapshot", target).exit_code == 0
    again = run("snapshot", target)
    assert again.exit_code == 2 and "is there already" in again.output
    assert run("snapshot", target, "--replace").exit_code == 0


def test_the_archive_itself_is_never_replaced(run, tmp_path):
    done = run("snapshot", tmp_path / "kho" / "archive.db", "--replace")
    assert done.exit_code == 2 and "own database" in done.output


def test_a_folder_that_is_not_there_is_no_damage_of_the_archive(run, tmp_path):
    done = run("snapshot", tmp_path / "khong-co" / "kho.db")
    assert done.exit_code == 2 and f"there is no folder {tmp_path / 'khong-co'}" in done.output
