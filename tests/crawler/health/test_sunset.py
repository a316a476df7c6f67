"""A portal that shows signs of closing is captured whole, once for each sign; one that moved is linked to its new address."""

from __future__ import annotations

import sqlite3
from contextlib import closing as closed

import pytest

from archive.model import PortalLink
from archive.store import Store
from crawler.health.sunset import FAILED_LEAST, Sign, begin_captures, closing, note, signs
from crawler.health.verdict import Facts, Verdict
from crawler.ledger.frontier import Ledger
from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.health.village import Village, yesterday

NOW = 1_795_000_000.0  # 18 November 2026
WELL = Verdict("complete", "", "")


@pytest.fixture
def ledger(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db", clock=lambda: NOW)
    yield frontier
    frontier.close()


@pytest.fixture
def archive(tmp_path):
    with Store.open(tmp_path / "archive.db") as store:
        yield store.conn


def kinds(ledger, archive, verdict=WELL, successors=()):
    facts = Facts("hungha.thaibinh", "http://hungha.thaibinh.gov.vn/", "finished", NOW)
    return [sign.kind for sign in signs(ledger.conn, archive, facts, verdict, list(successors))]


@pytest.mark.parametrize(
    ("verdict", "successors", "found"),
    [
        (WELL, [], []),
        (WELL, [PortalLink("hungha.thaibinh", "hungyen", "2025-07-01", "202/2025/QH15")], ["reform"]),
        (WELL, [PortalLink("hungha.thaibinh", "hungyen", "2027-07-01")], []),
        (Verdict("moved", "redirects", ""), [], ["moved"]),
        (Verdict("idle", "nothing new", ""), [], ["quiet"]),
    ],
    ids=["none", "the reform", "a reform to come", "moved", "quiet"],
)
def test_signs_are_told_by_verdict_and_registry(ledger, archive, verdict, successors, found):
    assert kinds(ledger, archive, verdict, successors) == found


def test_a_portal_that_failed_half_of_the_time_and_is_back_may_be_gone_soon(ledger, archive):
    for run in range(FAILED_LEAST):
        ledger.conn.execute(
            "INSERT INTO portal_run (run, portal, ended_at, verdict, why, advice, counts) VALUES (?, ?, ?, ?, '', '', '{}')",
            (run, "hungha.thaibinh", NOW - 86400 * run, "dead server" if run % 2 else "complete"),
        )
    assert kinds(ledger, archive) == ["failing"]


@pytest.mark.slow
def test_a_village_that_announces_its_end_and_moves_is_captured_whole_and_linked(tinhuyen, tmp_path):
    with farm(1) as (host,):
        village = Village(host, yesterday())
        last = village.markup(19).replace(
            "Xã Hòa An họp", "Thông báo dừng hoạt động cổng thông tin điện tử xã Hòa An; họp"
        )
        tinhuyen("init")
        name = tinhuyen("add", host.base, "--allow-private").stdout.strip()
        tinhuyen("crawl", "--delay", "0")
        assert "closing:" not in tinhuyen("status").stdout
        host.routes[village.path(19)] = answer(last)
        tinhuyen("crawl", "--delay", "0", "--full")
        assert f"closing:    {name}: it announces: “Thông báo dừng hoạt động" in tinhuyen("status").stdout
        tinhuyen("schedule", "set", "--all", "every 6 hours")
        path = tmp_path / "kho" / "crawl.db"
        config = tmp_path / "kho" / "tinhuyen.toml"
        config.write_text(config.read_text().replace("delay = 1.0", "delay = 0"))

        def run_due() -> int:
            before = len(host.log)
            with closed(sqlite3.connect(path)) as conn, conn:
                conn.execute("UPDATE schedule SET next_at = 1 WHERE NOT deep")
            done = tinhuyen("schedule", "run-due", "--quiet")
            assert done.returncode in (0, 1), done.stderr
            return len(host.log) - before

        assert run_due() > 20  # all of it again
        assert run_due() < 10  # and from then on what is due
        village.everything(answer("", "301 Moved Permanently", Location="https://hoaan.hungyen.gov.vn/"))
        run_due()
    with closed(sqlite3.connect(tmp_path / "kho" / "archive.db")) as conn:
        assert conn.execute("SELECT old, new FROM portal_link").fetchall() == [(name, "hoaan.hungyen")]
        assert conn.execute("SELECT count(*) FROM article").fetchone() == (20,)


def test_a_full_capture_is_begun_once_for_each_sign(ledger):
    facts = Facts("a", "http://a.vn/", "finished", NOW, held=100, new=3)
    note(ledger, facts, [Sign("quiet", "nothing new")])
    note(ledger, facts, [Sign("quiet", "nothing new, still")])
    assert begin_captures(ledger, ["a", "b"]) == ["a"]
    assert begin_captures(ledger, ["a", "b"]) == []
    note(ledger, facts, [Sign("moved", "redirects")])
    assert begin_captures(ledger, ["a"]) == ["a"]
    assert set(closing(ledger.conn)["a"].split("; ")) == {"nothing new", "redirects"}
    facts.new = 90  # a first crawl: all of it was captured just now
    note(ledger, facts, [Sign("notice", "it announces")])
    assert begin_captures(ledger, ["a"]) == []
