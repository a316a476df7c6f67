"""Which portals may be asked now: pauses, stops, allowed hours, limits, room on the disk."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from archive.text.vietnam_time import VIETNAM
from crawler.crawl.hosts.gate import EVERY, Gate
from crawler.ledger import controls
from tests.crawler.crawl.opened import HOME, page_of

TWO = {"xahoa": HOME, "xabinh": "http://xabinh.gov.vn/"}


def hours(begin: int, end: int) -> str:
    """A span of the day, in hours from now."""
    now = datetime.now(VIETNAM)
    return "-".join(f"{now + timedelta(hours=hour):%H:%M}" for hour in (begin, end))


def looked(crawl) -> Gate:
    gate = Gate(crawl)
    gate.look()
    return gate


def test_a_portal_that_nobody_keeps_from_it_may_be_asked(opened):
    gate = looked(opened(**TWO))
    assert (gate.open, gate.waiting, gate.stopped) == (["xahoa", "xabinh"], [], False)


def test_a_paused_portal_waits_and_is_asked_again_once_resumed(opened):
    crawl = opened(**TWO)
    controls.pause(crawl.ledger, ["xahoa"], None)
    gate = looked(crawl)
    assert (gate.open, gate.waiting) == (["xabinh"], ["xahoa"])
    assert gate.why_waiting["xahoa"] == "paused"
    controls.resume(crawl.ledger, ["xahoa"])
    gate.look()
    assert (gate.open, gate.why_waiting) == (["xahoa", "xabinh"], {})


def test_a_pause_ends_by_itself(opened):
    crawl = opened()
    controls.pause(crawl.ledger, ["xahoa"], time.time() - 1)
    assert looked(crawl).open == ["xahoa"]


def test_a_portal_paused_before_the_crawl_began_is_not_waited_for(opened):
    before = opened()
    controls.pause(before.ledger, ["xahoa"], None)
    gate = looked(opened())
    assert (gate.open, gate.waiting) == ([], [])


def test_a_stop_ends_a_portal_for_this_crawl_even_when_it_is_taken_back(opened):
    crawl = opened(**TWO)
    controls.stop(crawl.ledger, ["xahoa"])
    gate = looked(crawl)
    controls.resume(crawl.ledger, ["xahoa"])
    gate.look()
    assert (gate.open, gate.waiting, gate.stopped) == (["xabinh"], [], False)


def test_a_stop_from_before_the_crawl_is_not_for_it(opened):
    before = opened()
    controls.stop(before.ledger, ["xahoa"])
    assert looked(opened()).open == ["xahoa"]


@pytest.mark.parametrize(("asked_before", "stopped"), [(False, True), (True, False)])
def test_a_stop_of_everything_ends_the_crawls_that_run(opened, asked_before, stopped):
    crawl = opened()
    controls.stop(crawl.ledger, [controls.ALL])
    assert looked(opened() if asked_before else crawl).stopped is stopped


@pytest.mark.parametrize(("begin", "end", "open_"), [(-1, 1, True), (1, 2, False), (-2, -1, False), (-1, -2, True)])
def test_outside_its_hours_a_portal_waits_and_says_which_they_are(opened, begin, end, open_):
    span = hours(begin, end)
    gate = looked(opened(settings=f'hours = "{span}"\n', **TWO))
    assert ("xahoa" in gate.open) is open_
    assert ("xahoa" in gate.waiting) is not open_
    assert "xabinh" in gate.open
    assert open_ or span in str(gate.why_waiting["xahoa"])


def test_a_portal_at_its_limit_is_left_for_this_crawl_and_the_limit_is_told(opened):
    crawl = opened(settings="max_pages = 2\n", **TWO)
    gate = looked(crawl)
    for n in range(2):
        gate.asked(page_of(f"{HOME}{n}"))
    gate.look()
    assert (gate.open, gate.waiting) == (["xabinh"], [])
    assert "max_pages" in str(crawl.run.tally.limits["xahoa"])


def test_at_a_limit_the_next_look_comes_at_once_and_else_a_second_later(opened):
    gate = looked(opened(settings="max_pages = 2\n"))
    now = time.monotonic()
    gate.asked(page_of(HOME + "1"))
    assert not gate.due(now)
    assert gate.due(now + EVERY)
    gate.asked(page_of(HOME + "2"))
    assert gate.due(now)


@pytest.mark.parametrize(
    ("role", "counts"), [("page", 1), ("article", 1), ("listing", 1), ("file", 0), ("requisite", 0)]
)
def test_files_and_parts_of_pages_are_no_pages(opened, role, counts):
    gate = Gate(opened())
    gate.asked(page_of(HOME + "1", role=role))
    assert gate.spent["xahoa"].pages == counts


def test_a_full_disk_ends_the_run_and_is_not_forgotten_when_room_is_made(opened):
    crawl = opened()
    crawl.config.limits.min_free_mb = 1e12
    gate = looked(crawl)
    assert crawl.run.fatal.outcome == "disk full"
    crawl.config.limits.min_free_mb = 0
    gate._next_disk = 0.0
    gate.look()
    assert crawl.run.fatal.outcome == "disk full"


def test_the_disk_is_not_measured_at_every_look(opened, monkeypatch):
    measured = []
    monkeypatch.setattr("crawler.crawl.hosts.gate.no_room", lambda *_: measured.append(1))
    gate = looked(opened())
    gate.look()
    assert len(measured) == 1


def test_a_process_that_died_is_noticed_while_the_crawl_runs(opened, monkeypatch):
    crawl = opened()
    monkeypatch.setattr("crawler.crawl.hosts.gate.dead_workers", lambda folder: {"ma": ""})
    looked(crawl)
    assert crawl.left_behind.workers == ["ma"]
