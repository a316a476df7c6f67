"""Commands to crawls that may be running, as the ledger keeps them."""

from __future__ import annotations

import pytest

from archive.ids import url_key
from crawler.ledger.controls import ALL, Retried, controls, pause, remove, resume, retry, retry_url, stop
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Ack, Found, Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

NOW = 1_770_000_000.0
HOME = "http://xahoa.gov.vn/"


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "crawl.db", clock=lambda: NOW)
    yield opened
    opened.close()


def visited(ledger: Ledger, **states: str) -> None:
    """Pages by name, each visited with that outcome; ``new`` ones wait."""
    ledger.add(Found(HOME + name, url_key(HOME + name), "xahoa", "page", "link") for name in states)
    for lease in ledger.claim("one", 1, 50, 60, ["xahoa"]):
        ended = [page for page in lease.pages if states[page.url.removeprefix(HOME)] != "new"]
        ledger.ack(
            Ack(page.key, lease.epoch, Outcome(states[page.url.removeprefix(HOME)], Reason(Code.NOT_SAID)))
            for page in ended
        )
        ledger.release(lease, 0.0)


def due(ledger: Ledger) -> set[str]:
    rows = ledger.conn.execute("SELECT url FROM page WHERE due IS NOT NULL AND due <= ?", (NOW,))
    return {row[0].removeprefix(HOME) for row in rows}


def test_a_pause_stands_until_its_time_is_over_or_it_is_taken_back(ledger):
    pause(ledger, ["xahoa"], NOW + 60)
    pause(ledger, ["xabinh"], None)
    assert set(controls(ledger.conn, NOW + 59)) == {"xahoa", "xabinh"}
    assert set(controls(ledger.conn, NOW + 61)) == {"xabinh"}
    assert resume(ledger, ["xabinh", "xakhac"]) == 1
    assert controls(ledger.conn, NOW + 61) == {}


def test_the_last_thing_asked_of_a_portal_counts(ledger):
    pause(ledger, ["xahoa"], NOW + 60)
    stop(ledger, ["xahoa", ALL])
    asked = controls(ledger.conn, NOW)
    assert {name: (one.state, one.since, one.until) for name, one in asked.items()} == {
        "xahoa": ("stopped", NOW, None), ALL: ("stopped", NOW, None),
    }  # fmt: skip


def test_what_failed_is_due_again_and_nothing_else(ledger):
    visited(ledger, a="failed", b="stored", c="skipped", d="new")
    assert retry(ledger, "xahoa").pages == 1
    assert due(ledger) == {"a", "d"}


def test_what_was_skipped_after_a_visit_is_due_again_when_asked_for(ledger):
    visited(ledger, a="failed", b="skipped", c="stored")
    left_out = Found(HOME + "x", url_key(HOME + "x"), "xahoa", "page", "link", skip=Reason(Code.TRAP_SERIES))
    ledger.add([left_out])
    assert retry(ledger, "xahoa", skipped=True).pages == 2
    assert due(ledger) == {"a", "b"}


def test_a_single_page_is_due_whatever_became_of_it(ledger):
    visited(ledger, a="stored", b="gone")
    assert [retry_url(ledger, url_key(HOME + name)).pages for name in ("a", "b", "never-seen")] == [1, 1, 0]
    assert due(ledger) == {"a", "b"}


def test_a_page_that_is_being_fetched_is_left_to_its_visit(ledger):
    visited(ledger, a="new")
    ledger.claim("one", 1, 50, 60, ["xahoa"])
    assert retry_url(ledger, url_key(HOME + "a")).pages == 0


def test_a_portal_taken_out_leaves_no_row_and_is_left_by_running_crawls(ledger):
    visited(ledger, a="stored", b="new")
    assert remove(ledger, "xahoa") == 2
    assert ledger.counts(["xahoa"]) == {}
    assert controls(ledger.conn, NOW)["xahoa"].state == "stopped"


def test_retries_of_several_portals_add_up():
    both = Retried(2, 1, {"http://a.vn": 5.0}) + Retried(3, 0, {"http://b.vn": 6.0})
    assert both == Retried(5, 1, {"http://a.vn": 5.0, "http://b.vn": 6.0})
