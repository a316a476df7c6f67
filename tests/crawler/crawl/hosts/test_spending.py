"""What one crawl takes of one portal: its own limit, else the archive's, and the rest waits for the next crawl."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from crawler.crawl.hosts.spending import Spent
from crawler.folder.config import Config, Politeness
from crawler.folder.portal_settings import PortalSettings
from tests.command_line import run_command
from tests.conftest import answer


@pytest.mark.parametrize(
    ("polite", "own", "spent", "says"),
    [
        ({}, {}, {"pages": 199_999}, None),
        ({}, {}, {"pages": 200_000}, "max_pages (200,000)"),
        ({"max_pages": 10}, {}, {"pages": 10}, "max_pages (10)"),
        ({"max_pages": 10}, {"max_pages": 20}, {"pages": 10}, None),
        ({}, {"max_mb": 1.5}, {"size": 1_500_000}, "max_mb (1.5)"),
        ({}, {"max_mb": 1.5}, {"size": 1_499_999}, None),
        ({"max_hours": 1}, {}, {"since": -3600.0}, "max_hours (1)"),
        ({}, {}, {"since": -1e9, "size": 10**15}, None),
    ],
)
def test_a_limit_is_the_portals_own_else_the_archives(polite, own, spent, says):
    config = Config("kho", "", Politeness(**polite), rules={"xa": PortalSettings(**own)})
    counted = Spent(config, "xa", 0.0)
    for name, value in spent.items():
        setattr(counted, name, value)
    said = counted.limit(0.0)
    assert said is None if says is None else said.startswith(says)


@pytest.mark.slow
def test_a_crawl_ends_at_the_limit_of_a_portal_and_the_next_goes_on(loopback, tmp_path):
    links = "".join(f'<p><a href="/trang-{n}/">Trang số {n} của xã</a></p>' for n in range(12))
    pages = {
        f"/trang-{n}/": answer(f"<html><body><h1>Trang {n}</h1><p>Giới thiệu xã.</p></body></html>") for n in range(12)
    }
    loopback.routes = {"/": answer(f"<html><head><title>Xã</title></head><body>{links}</body></html>"), **pages}

    def run(*args: str) -> str:
        done = run_command("--archive", tmp_path / "kho", *args)
        return done.stdout + done.stderr

    run("init")
    with (tmp_path / "kho" / "tinhuyen.toml").open("a") as config:
        config.write(f"[portals.xa]\nurl = {json.dumps(loopback.base + '/')}\nallow_private = true\nmax_pages = 5\n")

    def asked() -> int:
        with closing(sqlite3.connect(tmp_path / "kho" / "crawl.db")) as conn:
            return conn.execute("SELECT count(*) FROM page WHERE visited_at IS NOT NULL").fetchone()[0]

    told = run("crawl", "--delay", "0")
    assert "limit     xa: max_pages (5) is reached; the next crawl goes on" in told and asked() == 5
    run("crawl", "--delay", "0")
    assert asked() > 5
