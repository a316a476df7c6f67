"""What ended a run is the verdict on its portals, and what the lists name against what is held is exact at every stage."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_kill import start
from tests.crawler.health.village import ARTICLES, Village, yesterday

pytestmark = pytest.mark.slow


@pytest.fixture
def village(tinhuyen):
    with farm(1) as (host,):
        village = Village(host, yesterday())
        tinhuyen("init")
        village.name = tinhuyen("add", host.base, "--allow-private").stdout.strip()
        yield village


def verdict(tmp_path) -> tuple[str, str]:
    with closing(sqlite3.connect(tmp_path / "kho" / "crawl.db")) as conn:
        return conn.execute("SELECT verdict, why FROM portal_run ORDER BY run DESC LIMIT 1").fetchone()


def test_a_crawl_that_reached_its_limit_is_limited(village, tinhuyen, tmp_path):
    tinhuyen("crawl", "--delay", "0", "--limit", "3")
    assert verdict(tmp_path)[0] == "limited"


@pytest.mark.parametrize(
    ("number", "name"), [(signal.SIGINT, "interrupted"), (signal.SIGKILL, "lost")], ids=["interrupted", "killed"]
)
def test_a_crawl_that_is_ended_from_outside_says_so_and_the_next_one_is_complete(
    village, tinhuyen, tmp_path, number, name
):
    village.host.pause = 0.1
    child = start(tmp_path)
    village.host.before = lambda path: os.kill(child.pid, number) if len(village.host.log) == 8 else None
    child.wait(60)
    village.host.before, village.host.pause = None, 0.0
    if name == "interrupted":
        assert verdict(tmp_path)[0] == "interrupted"
    tinhuyen("crawl", "--delay", "0")
    with closing(sqlite3.connect(tmp_path / "kho" / "crawl.db")) as conn:
        assert conn.execute("SELECT verdict FROM portal_run ORDER BY run").fetchall() == [(name,), ("complete",)]


def test_a_crawl_that_is_stopped_says_so(village, tinhuyen, tmp_path):
    village.host.pause = 0.15
    child = start(tmp_path)
    stop = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "kho"), "stop"]
    asked = []
    village.host.before = lambda path: asked.append(subprocess.Popen(stop)) if len(village.host.log) == 5 else None
    assert child.wait(60) == 0
    asked[0].wait()
    assert verdict(tmp_path)[0] == "stopped"


def test_an_archive_that_outgrows_its_quota_says_quota_and_not_disk(village, tinhuyen, tmp_path):
    noise = random.Random(1).randbytes(3_000_000)
    village.host.routes["/lon.pdf"] = answer(noise, kind="application/pdf")
    page = village.article(19).replace("</article>", '<a href="/lon.pdf">Quyết định</a></article>')
    village.host.routes[village.path(19)] = answer(page)
    village.host.routes["/2026/03/bai-viet-cham/"] = village.host.routes[village.path(3)]
    village.host.pause = 0.25
    config = tmp_path / "kho" / "tinhuyen.toml"
    config.write_text(config.read_text().replace("# quota_gb = 100", "quota_gb = 0.0012"))
    for _ in range(2):  # the first crawl may end before it looks at the disk again
        done = tinhuyen("crawl", "--delay", "0", "--full")
        if done.returncode == 4:
            break
    assert done.returncode == 4
    name, why = verdict(tmp_path)
    assert name == "quota reached" or "quota_gb" in done.stderr
    assert "quota_gb" in why + done.stderr


def test_coverage_is_exact_before_halfway_and_after_and_tells_what_was_gone_and_what_fails(village, tinhuyen):
    def coverage(*args: str) -> dict:
        done = tinhuyen("coverage", village.name, "--json", *args)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    for n in (2, 5):
        del village.host.routes[village.path(n)]
    village.host.routes[village.path(7)] = answer("không", "403 Forbidden")
    assert coverage()["listed"] == 0
    before = coverage("--survey", "--delay", "0")
    assert (before["listed"], before["held"], before["missing"], before["whole"]) == (ARTICLES, 0, ARTICLES, True)
    assert not any("bai-viet" in path for path, _, _ in village.host.log)
    tinhuyen("crawl", "--delay", "0", "--limit", "8")
    half = coverage()
    assert half["held"] == 8 and half["listed"] == ARTICLES
    assert half["missing"] + half["failing"] + half["gone_before_us"] == ARTICLES - 8
    tinhuyen("crawl", "--delay", "0")
    after = coverage()
    assert {name: after[name] for name in ("listed", "held", "missing", "failing", "gone_before_us")} == {
        "listed": ARTICLES,
        "held": ARTICLES - 3,
        "missing": 0,
        "failing": 1,
        "gone_before_us": 2,
    }
    told = tinhuyen("coverage", village.name).stdout
    assert f"17 held of {ARTICLES} articles it lists" in told and "already missing (404) when we came" in told
