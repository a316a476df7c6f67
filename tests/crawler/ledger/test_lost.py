"""A lost crawl.db is told, and made again from archive.db; nobody is asked again for what is held before it is due."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from archive.ids import url_key
from archive.model import Article, Capture, Portal
from archive.store import Store
from crawler.addresses.urls import canonical
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.queries.read_only import open_read_only

NOW = 1_790_000_000.0  # 2026-09-21


def capture(number, url, at="2026-09-20T08:00:00Z", **changes):
    return Capture(**{
        "record_id": f"urn:uuid:{number:08d}", "file": "a.warc.gz", "offset": number, "length": 9, "url": url, "fetched_at": at,
        "status": 200, "digest": f"sha256:{number:0>52}", "portal": "a"} | changes)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """An archive with three articles, one of them missing and one gone, and a file; its ledger is not there."""
    made = ArchiveFolder(tmp_path / "kho")
    made.init(contact="luutru@example.org")
    with Store.open(made.database) as store:
        store.add_portal(Portal("a", "http://a.vn/"))
        ids = []
        for number in range(1, 4):
            url = f"http://a.vn/tin/{number}"
            ids.append(
                store.save_article(Article(url, url, f"Bài {number}", text="Một."), capture(number, url), "a").id
            )
        store.save_file("http://a.vn/f.pdf", "a", capture(8, "http://a.vn/f.pdf", kind="file"), "ab" * 32, 9)
        for nth, day in enumerate(("20T09", "21T07")):
            store.observe(
                "http://a.vn/tin/2",
                capture(20 + nth, "http://a.vn/tin/2", f"2026-09-{day}:00:00Z", status=404),
                "missing",
                ids[1],
            )
        store.observe(
            "http://a.vn/tin/3", capture(30, "http://a.vn/tin/3", "2026-09-20T10:00:00Z", status=404), "missing", ids[2]
        )
        store.mark_gone("http://a.vn/tin/3", "2026-09-20T10:00:00Z")
        store.record_run({"started_at": "2026-09-20T07:59:00Z", "portal": "a"})
    return made  # fmt: skip


def rows(folder):
    with closing(sqlite3.connect(folder.ledger)) as conn:
        found = conn.execute(
            "SELECT key, url, role, state, due, article_id IS NOT NULL, suspect_since FROM page ORDER BY url"
        )
        return {row[1].rpartition("/")[2]: row for row in found}  # fmt: skip


def test_it_is_made_again_and_told(folder, capsys):
    Ledger(folder.ledger, clock=lambda: NOW).close()
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "was lost" in told and "3 articles and 1 file" in told and "schedules" in told
    found = rows(folder)
    assert {end: row[2:4] for end, row in found.items()} == {
        "1": ("article", "stored"),
        "2": ("article", "suspect"),
        "3": ("article", "gone"),
        "f.pdf": ("file", "file"),
    }
    assert found["1"][0] == url_key(canonical("http://a.vn/tin/1"))
    assert found["1"][4] > NOW and found["2"][4] > NOW and found["3"][4] is None and found["f.pdf"][4] is None
    with closing(sqlite3.connect(folder.ledger)) as conn:
        assert conn.execute("SELECT count(*) FROM run").fetchone() == (1,)


def test_it_is_told_once(folder, capsys):
    Ledger(folder.ledger).close()
    capsys.readouterr()
    Ledger(folder.ledger).close()
    assert capsys.readouterr().err == ""


def test_what_a_kill_left_empty_is_filled_by_the_next(folder, capsys):
    with closing(sqlite3.connect(folder.ledger)):
        folder.ledger.touch()
    Ledger(folder.ledger).close()
    assert "was lost" in capsys.readouterr().err and len(rows(folder)) == 4


def test_a_look_tells_it_too_and_counts_what_is_held(folder):
    done = CliRunner().invoke(main, ["--archive", str(folder.path), "status"])
    assert done.exit_code == 0 and "was lost" in done.output
    with open_read_only(folder) as conn:
        assert conn.execute("SELECT count(*) FROM page").fetchone()[0] == 4


def test_an_archive_that_captured_nothing_has_lost_nothing(tmp_path, capsys):
    new = ArchiveFolder(tmp_path / "kho")
    new.init(contact="luutru@example.org")
    Store.open(new.database).close()
    Ledger(new.ledger).close()
    assert capsys.readouterr().err == ""


def test_an_archive_of_an_earlier_version_is_migrated_before_it_is_asked(folder, capsys):
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("ALTER TABLE suspended RENAME COLUMN erased TO later")
    Ledger(folder.ledger).close()
    assert capsys.readouterr().err == ""
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("ALTER TABLE suspended RENAME COLUMN later TO erased")
    Ledger(folder.ledger).close()
    assert "was lost" in capsys.readouterr().err and len(rows(folder)) == 4
