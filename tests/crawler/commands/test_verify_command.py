"""``tinhuyen verify`` on an archive that was crawled: its exit codes, what it keeps, and when it is due by itself."""

from __future__ import annotations

import json
import sqlite3
import time

import pytest
from click.testing import CliRunner

from archive.text.vietnam_time import DAY
from crawler.cli import main
from crawler.commands.schedule import verify_if_due
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.alerting.alert_messages import current
from crawler.health.proving.verifying import is_due
from crawler.ledger.frontier import Ledger
from crawler.ledger.verifications import keep_verification, verifications
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links


@pytest.fixture
def kho(tinhuyen, loopback, tmp_path):
    """The folder of an archive with one crawl."""
    paths = [f"/tin/bai-viet-{n}.html" for n in range(4)]
    loopback.routes = {"/": answer(links(*paths))} | {path: answer(article(f"Bài {path}")) for path in paths}
    tinhuyen("init")
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path / "kho"


def _run(kho, *args):
    return CliRunner().invoke(main, ["--archive", str(kho), "verify", *args])


@pytest.mark.slow
def test_a_crawl_signs_what_it_brought_and_verify_finds_it_well(kho):
    done = _run(kho)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "All is well."), done.output
    log = json.loads(_run(kho, "--log", "--json").output)["log"]
    captures = sqlite3.connect(kho / "archive.db").execute("SELECT count(*) FROM capture").fetchone()[0]
    assert (log["heads"], log["size"], log["pending"]) == (1, captures + 1, 0)  # and the digest of the WARC file


@pytest.mark.slow
def test_faults_are_lines_and_exit_code_1_and_are_kept(kho):
    (path,) = (kho / "warc").glob("*.warc.gz")
    path.rename(kho / "elsewhere")
    done = _run(kho, "--sample", "5")
    assert done.exit_code == 1 and f"fault     {path.name} is not in" in done.output
    ledger = Ledger(kho / "crawl.db")
    (kept,) = verifications(ledger.conn)
    assert (kept["what"], kept["exit_code"], kept["faults_found"]) == ("sample", 1, len(kept["faults"]))
    assert [alert.cause for alert in current(ledger.conn, time.time())] == ["the archive: verification"]


@pytest.mark.slow
def test_a_log_begun_anew_is_told_by_what_the_ledger_remembers(kho):
    for path in (kho / "proof").iterdir():
        path.unlink()
    done = _run(kho)
    assert done.exit_code == 1 and "head 1" in done.output


@pytest.mark.slow
def test_a_database_damaged_beyond_reading_is_exit_code_3(kho):
    data = bytearray((kho / "archive.db").read_bytes())
    data[4096:20480] = bytes(16384)
    (kho / "archive.db").write_bytes(data)
    assert _run(kho).exit_code == 3


def test_a_folder_without_an_archive_is_one_line(tmp_path):
    done = _run(tmp_path / "nichts")
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("since_last", "every", "due"),
    [(31 * DAY, 30, True), (29 * DAY, 30, False), (400 * DAY, 0, False), (None, 30, False)],
)
def test_a_verification_is_due_when_the_last_is_old(tmp_path, since_last, every, due):
    ledger = Ledger(tmp_path / "crawl.db")
    if since_last is not None:
        keep_verification(ledger.conn, 1e9 - since_last, "sample", 0, {})
    keep_verification(ledger.conn, 1e9, "log", 0, {})  # the log alone does not count
    assert is_due(ledger.conn, every, 1e9) is due


@pytest.mark.slow
def test_whoever_runs_the_schedules_verifies_when_it_is_due(kho):
    ledger = Ledger(kho / "crawl.db")
    ledger.conn.execute("UPDATE run SET started_at = started_at - ?", (40 * DAY,))
    assert verify_if_due(ArchiveFolder(kho), ledger.conn, quiet=True) == 0
    assert verify_if_due(ArchiveFolder(kho), ledger.conn, quiet=True) == 0
    assert [kept["what"] for kept in verifications(ledger.conn)] == ["sample"]
