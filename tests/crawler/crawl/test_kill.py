"""A crawl killed at any moment loses no page, stores none twice, and asks for almost none again."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys

import pytest

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

HOSTS, PAGES = 3, 60
PATHS = [f"/tin/bai-viet-{n}.html" for n in range(PAGES)]


@pytest.fixture
def hosts(tinhuyen):
    with farm(HOSTS) as hosts:
        for host in hosts:
            host.routes = {"/": answer(links(*PATHS))}
            host.routes |= {path: answer(article(f"Bài {host.address} {path}")) for path in PATHS}
        tinhuyen("init")
        for host in hosts:
            assert tinhuyen("add", host.base, "--allow-private").returncode == 0
        yield hosts


def start(tmp_path):
    command = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "kho"), "crawl", "--delay", "0"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)


def kill_at(hosts, request, child):
    """Have ``child`` killed when the hosts together are asked for the ``request``-th time from now."""
    goal = sum(len(host.log) for host in hosts) + request

    def before(path):
        if sum(len(host.log) for host in hosts) >= goal and child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)

    for host in hosts:
        host.before = before


def check(hosts, tinhuyen, tmp_path, kills):
    rows = [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]
    assert len(rows) == HOSTS * PAGES == len({row["url"] for row in rows})
    refetched = sum(max(0, host.asked(path) - 1) for host in hosts for path in PATHS)
    # what is asked again was in flight when the process died: one request a host
    assert refetched <= 2 * HOSTS * kills
    assert not list((tmp_path / "kho" / "warc").glob("*.open"))
    ledger = sqlite3.connect(tmp_path / "kho" / "crawl.db")
    states = dict(ledger.execute("SELECT state, count(*) FROM page GROUP BY state"))
    discovered = ledger.execute("SELECT count(*) FROM page").fetchone()[0]
    ended = ("stored", "unchanged", "listed", "file", "failed", "skipped", "suspect", "gone")
    assert discovered == sum(states.get(state, 0) for state in ended)
    assert states["stored"] + states.get("unchanged", 0) == HOSTS * PAGES
    assert ledger.execute("SELECT count(*) FROM run WHERE outcome IS NULL").fetchone()[0] == 0
    captures = sqlite3.connect(tmp_path / "kho" / "archive.db")
    held, distinct = captures.execute("SELECT count(*), count(DISTINCT record_id) FROM capture").fetchone()
    assert held == distinct
    verified = tinhuyen("verify", "--json")
    log = json.loads(verified.stdout)["log"]
    assert verified.returncode == 0 and log["pending"] == 0 and log["size"] >= held, verified.stdout


def test_killed_at_random_points_every_page_is_stored_once_and_hardly_any_asked_again(hosts, tinhuyen, tmp_path):
    points = random.Random(20250701)
    kills = 4
    for _ in range(kills):
        child = start(tmp_path)
        kill_at(hosts, points.randrange(2, HOSTS * PAGES // kills), child)
        assert child.wait(60) == -signal.SIGKILL
    for host in hosts:
        host.before = None
    last = tinhuyen("crawl", "--delay", "0")
    assert last.returncode == 0, last.stdout + last.stderr
    assert "recovered" in last.stdout or last.stdout.count("repaired") <= 1
    check(hosts, tinhuyen, tmp_path, kills)


def test_of_two_processes_one_is_killed_and_the_other_takes_its_pages_over(hosts, tinhuyen, tmp_path):
    for host in hosts:
        host.pause = 0.02
    killed, other = start(tmp_path), start(tmp_path)
    kill_at(hosts, 10, killed)
    assert killed.wait(60) == -signal.SIGKILL
    assert other.wait(120) == 0
    assert all(host.overlaps() <= 1 for host in hosts)  # the killed one's request may still have been answered
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    check(hosts, tinhuyen, tmp_path, 1)
