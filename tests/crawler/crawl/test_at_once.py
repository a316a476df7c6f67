"""After a failure: a crawl that names the portal and ``retry`` ask at once, and the exit code says how it went."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.conftest import answer

pytestmark = pytest.mark.slow

ARTICLE = "/tin/khanh-thanh-nha-van-hoa-thon-an-loc-105.html"
BUSY = answer("", "503 Service Unavailable")


@pytest.fixture
def portal(loopback, tinhuyen):
    """A portal that answers nothing but 503."""
    loopback.routes = dict.fromkeys(("/robots.txt", "/"), BUSY)
    tinhuyen("init", "--contact", "luutru@example.org")
    tinhuyen("add", loopback.base, "--allow-private", "--no-probe")
    return f"127.0.0.1-{loopback.port}"


def heal(loopback):
    words = "Sáng nay, nhân dân thôn An Lộc khánh thành nhà văn hóa mới sau tám tháng thi công. " * 6
    page = f"<html><head><title>Khánh thành</title></head><body><h1>Khánh thành</h1><p>{words}</p></body></html>"
    loopback.routes = {"/": answer(f'<a href="{ARTICLE}">Khánh thành nhà văn hóa</a>'), ARTICLE: answer(page)}


def test_a_crawl_that_names_the_portal_asks_again_and_says_that_it_still_fails(portal, loopback, tinhuyen):
    assert tinhuyen("crawl", portal, "--delay", "0").returncode == 1
    asked = loopback.asked("/robots.txt")
    again = tinhuyen("crawl", portal, "--delay", "0")
    assert again.returncode == 1 and loopback.asked("/robots.txt") > asked
    heal(loopback)
    well = tinhuyen("crawl", portal, "--delay", "0")
    assert well.returncode == 0 and loopback.asked("/") == 1


def test_a_crawl_of_all_leaves_it_alone_and_does_not_say_that_all_is_well(portal, loopback, tinhuyen):
    tinhuyen("crawl", "--delay", "0")
    asked = len(loopback.seen)
    again = tinhuyen("crawl", "--delay", "0")
    assert again.returncode == 1 and len(loopback.seen) == asked
    assert "was not asked" in again.stdout and "next try after" in again.stdout


def test_retry_has_the_next_crawl_ask(portal, loopback, tinhuyen):
    assert tinhuyen("retry", portal).stdout == "Nothing had failed.\n"
    tinhuyen("crawl", "--delay", "0")
    assert "1 host is asked again at once." in tinhuyen("retry", portal).stdout
    heal(loopback)
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert tinhuyen("status", "--failed").stdout == "No page has failed.\n"


def test_retry_after_is_kept_whoever_asks(portal, loopback, tinhuyen, tmp_path):
    loopback.routes = dict.fromkeys(("/robots.txt", "/"), answer("", "503 Busy", Retry_After="900"))
    tinhuyen("crawl", portal, "--delay", "0")
    asked = len(loopback.seen)
    again = tinhuyen("crawl", portal, "--delay", "0")
    assert again.returncode == 1 and len(loopback.seen) == asked
    assert "asked to wait until" in tinhuyen("retry", portal).stdout
    with closing(sqlite3.connect(tmp_path / "kho" / "crawl.db")) as conn:
        assert conn.execute("SELECT count(*) FROM host WHERE firm_until > unixepoch()").fetchone()[0] == 1


def test_without_a_contact_a_crawl_warns_once(portal, loopback, tinhuyen, tmp_path):
    config = tmp_path / "kho" / "tinhuyen.toml"
    assert "contact" not in tinhuyen("crawl", portal, "--delay", "0").stderr
    config.write_text(config.read_text().replace("luutru@example.org", "") + 'ghi_chu = "của tôi"\n')
    said = tinhuyen("crawl", portal, "--delay", "0").stderr
    assert said.count("no contact is set") == 1 and str(config) in said and f"portals.{portal}.ghi_chu" in said


def test_a_portal_that_was_not_asked_keeps_the_verdict_and_its_time(portal, tinhuyen, tmp_path):
    def health():
        with closing(sqlite3.connect(tmp_path / "kho" / "archive.db")) as conn:
            return conn.execute("SELECT verdict, checked_at FROM health").fetchall()

    tinhuyen("crawl", "--delay", "0")
    before = health()
    with closing(sqlite3.connect(tmp_path / "kho" / "archive.db")) as conn, conn:
        conn.execute("UPDATE health SET checked_at = '2026-01-01T00:00:00Z'")
    again = tinhuyen("crawl", "--delay", "0")
    assert before[0][0] == "robots unreachable" and "not asked in this crawl" in again.stdout
    assert health() == [("robots unreachable", "2026-01-01T00:00:00Z")]
