"""A real daemon with real crawls of loopback portals: kills, a locked database, a full disk, a clock that jumps."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.schedule.daemon import Daemon
from crawler.schedule.schedules import save, schedules, set_schedules
from crawler.schedule.when import Rule
from tests.command_line import run_command
from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(12)]


class Watched:
    """An archive with two scheduled portals and the daemon that watches it."""

    def __init__(self, tmp_path: Path, hosts) -> None:
        self.folder = ArchiveFolder(tmp_path / "kho")
        self.hosts = hosts
        self.log = tmp_path / "daemon.log"
        self.run("init")
        config = self.folder.config_path
        config.write_text(config.read_text().replace("delay = 1.0", "delay = 0"))
        for host in hosts:
            host.routes = {"/": answer(links(*PATHS)), **{path: answer(article(f"Bài {path}")) for path in PATHS}}
            self.run("add", host.base, "--allow-private")
        self.run("schedule", "set", "--all", "every 6 hours")
        self.daemon: subprocess.Popen | None = None

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return run_command("--archive", self.folder.path, *args)

    def start(self) -> None:
        command = [sys.executable, "-m", "crawler", "--archive", str(self.folder.path), "schedule", "daemon"]
        with self.log.open("a") as out:
            self.daemon = subprocess.Popen([*command, "--every", "0.2", "--json"], stdout=out, stderr=out)

    def make_due(self, back: float = 1.0) -> None:
        """Have the next occurrence of every schedule but those of deep looks just be over."""
        frontier = Ledger(self.folder.ledger)
        with frontier.write() as conn:
            for schedule in (one for one in schedules(conn) if not one.deep):
                now = time.time()
                schedule.wait_for(schedule.occurrence - 6 * 3600 * 4, now - back, until=now - back)
                save(conn, schedule)
        frontier.conn.close()

    def events(self) -> list[dict]:
        found = []
        for line in self.log.read_text().splitlines() if self.log.exists() else []:
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    def query(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.folder.ledger, timeout=30)) as conn:
            return conn.execute(sql).fetchall()

    def until(self, what, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def child(self) -> int:
        pids = [
            event["pid"] for event in self.events() if event.get("event") == "something is due: a crawl was started"
        ]
        return pids[-1]

    def done(self) -> int:
        return self.query("SELECT count(*) FROM run_due WHERE state = 'done'")[0][0]


@pytest.fixture
def watched(tmp_path):
    with farm(2) as hosts:
        watched = Watched(tmp_path, hosts)
        yield watched
        if watched.daemon is not None and watched.daemon.poll() is None:
            watched.daemon.terminate()
            watched.daemon.wait(60)


def test_a_daemon_crawls_what_is_due_together_and_ends_at_once_when_asked(watched):
    watched.start()
    watched.make_due()
    watched.until(lambda: watched.done() == 2)
    assert len(watched.query("SELECT id FROM run")) == 1
    assert sum(event.get("event") == "something is due: a crawl was started" for event in watched.events()) == 1
    verdicts = watched.query("SELECT verdict FROM portal_run")
    assert verdicts == [("complete",), ("complete",)]
    watched.until(lambda: any(event.get("event") == "a crawl ended" for event in watched.events()))
    watched.daemon.terminate()
    assert watched.daemon.wait(20) == 0
    assert watched.events()[-1]["event"] == "the schedule is not watched any more"


def test_a_crawl_that_is_killed_is_lost_and_taken_up_again(watched):
    for host in watched.hosts:
        host.pause = 0.3
    watched.start()
    watched.make_due()
    watched.until(lambda: sum(len(host.log) for host in watched.hosts) > 4)
    os.kill(watched.child(), signal.SIGKILL)
    for host in watched.hosts:
        host.pause = 0.0
    watched.until(lambda: watched.done() == 2)
    assert watched.query("SELECT count(*) FROM run_due WHERE state = 'lost'") == [(2,)]
    assert ("lost",) in watched.query("SELECT verdict FROM portal_run")
    assert watched.query("SELECT count(*) FROM page WHERE state IN ('new', 'leased', 'failed')") == [(0,)]
    for host in watched.hosts:
        assert host.overlaps() <= 1  # the request that was under way when it was killed


def test_a_daemon_that_is_killed_leaves_its_crawl_and_the_next_one_goes_on(watched):
    for host in watched.hosts:
        host.pause = 0.2
    watched.start()
    watched.make_due()
    watched.until(lambda: sum(len(host.log) for host in watched.hosts) > 2)
    watched.daemon.kill()
    watched.daemon.wait()
    watched.start()
    watched.until(lambda: watched.done() == 2)
    assert watched.query("SELECT count(*) FROM run_due WHERE state = 'claimed' OR state = 'lost'") == [(0,)]
    assert len(watched.query("SELECT id FROM run")) == 1


def test_a_locked_database_and_a_full_disk_are_waited_out(watched, tmp_path):
    config = watched.folder.config_path
    with closing(sqlite3.connect(watched.folder.ledger, isolation_level=None)) as conn:
        watched.make_due()
        conn.execute("BEGIN EXCLUSIVE")
        watched.start()
        watched.until(lambda: len(watched.events()) > 1)
        time.sleep(3)
        assert watched.daemon.poll() is None
        config.write_text(config.read_text().replace("min_free_mb = 200", "min_free_mb = 999999999"))
        conn.execute("COMMIT")
    watched.until(lambda: watched.query("SELECT count(*) FROM run_due WHERE state = 'skipped'") == [(2,)])
    ((reason,), _) = watched.query("SELECT reason FROM run_due WHERE state = 'skipped'")
    assert "MB are free" in reason
    config.write_text(config.read_text().replace("min_free_mb = 999999999", "min_free_mb = 1"))
    watched.make_due()
    watched.until(lambda: watched.done() == 2)
    assert watched.daemon.poll() is None


LOCKED = 12.0
"""Seconds longer than any wait of SQLite's but a crawl's own patience; benchmarks/locked.py holds the locks for a minute."""


@pytest.mark.parametrize("name", ["archive.db", "crawl.db"])
def test_a_database_locked_while_a_crawl_begins_idles_and_runs_costs_time_and_nothing_else(watched, name):
    with closing(sqlite3.connect(watched.folder.path / name, isolation_level=None)) as conn:
        conn.execute("PRAGMA busy_timeout = 60000")
        watched.make_due()
        conn.execute("BEGIN IMMEDIATE")
        watched.start()
        time.sleep(LOCKED)  # how long a lock lasts is what is tested
        conn.execute("COMMIT")
        watched.until(lambda: watched.done() == 2)
        conn.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        conn.execute("COMMIT")
        for host in watched.hosts:
            new = [f"/tin/tin-moi-{n}.html" for n in range(12)]
            host.routes |= {"/": answer(links(*new, *PATHS)), **{path: answer(article(f"Bài {path}")) for path in new}}
            host.pause = 0.1
        asked = sum(len(host.log) for host in watched.hosts)
        watched.make_due()
        watched.until(lambda: sum(len(host.log) for host in watched.hosts) > asked + 8)
        conn.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED)
        conn.execute("COMMIT")
    watched.until(lambda: watched.done() == 4)
    assert "Traceback" not in watched.log.read_text() and watched.daemon.poll() is None
    assert watched.query("SELECT DISTINCT verdict FROM portal_run") == [("complete",)]
    assert watched.query("SELECT state, count(*) FROM page WHERE url LIKE '%/tin/%' GROUP BY state") == [("stored", 48)]
    for host in watched.hosts:
        articles = [path for path, _, _ in host.log if path.startswith("/tin/")]
        assert len(articles) == len(set(articles)) == 24


def test_a_database_that_stays_locked_ends_the_crawl_with_one_line_and_the_same_command_goes_on(watched):
    impatient = "from crawler.ledger import patient; patient.PATIENCE = 1.5\nfrom crawler.cli import main; main()"
    command = [sys.executable, "-c", impatient, "--archive", str(watched.folder.path), "crawl"]
    for host in watched.hosts:
        host.pause = 0.1
    crawl = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watched.until(lambda: sum(len(host.log) for host in watched.hosts) > 8)
    with closing(sqlite3.connect(watched.folder.database, isolation_level=None, timeout=30)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        told, _ = crawl.communicate(timeout=60)
    assert crawl.returncode == 3, told
    assert "Traceback" not in told and "problem" not in told
    assert sum("locked by another process" in line for line in told.splitlines() if line.startswith("stopped")) == 1
    assert watched.query("SELECT DISTINCT outcome FROM run") == [("interrupted",)]
    assert watched.run("crawl").returncode == 0
    assert len(watched.run("export").stdout.splitlines()) == 24


def test_a_daemon_leaks_neither_processes_nor_files(watched):
    watched.start()
    watched.until(lambda: bool(watched.events()))
    before = None
    for nth in range(1, 4):
        watched.make_due()
        watched.until(lambda nth=nth: watched.done() == 2 * nth)
        watched.until(
            lambda nth=nth: sum(e.get("event", "").startswith("a crawl ended") for e in watched.events()) == nth
        )
        files = len(list(Path(f"/proc/{watched.daemon.pid}/fd").iterdir()))
        assert before is None or files == before
        before = files
    assert Path(f"/proc/{watched.daemon.pid}/task/{watched.daemon.pid}/children").read_text() == ""
    assert list(watched.folder.tickers.iterdir()) == [] == list(watched.folder.workers.iterdir())


def test_a_clock_that_jumps_is_told_and_nothing_is_run_twice(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init()
    moment = [1_795_000_000.0]
    frontier = Ledger(folder.ledger, clock=lambda: moment[0])
    set_schedules(frontier, ["a"], Rule.parse("every 6 hours"))
    started = []

    def spawn():
        started.append(moment[0])
        return subprocess.Popen(["true"])

    with (tmp_path / "log").open("w") as out:
        daemon = Daemon(folder, clock=lambda: moment[0], spawn=spawn, out=out)
        daemon.look()
        assert started == []
        moment[0] += 86400 * 365
        daemon.look()
        assert len(started) == 1
        daemon.children[0].wait()
        daemon.reap()
        moment[0] -= 86400 * 365 * 2
        daemon.look()  # reckoned by a clock that was ahead: looked at anew
        assert len(started) == 2
        daemon.children[0].wait()
        daemon._close()
    frontier.conn.close()
