"""Which leased host is asked next, and what of it is under way."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl.hosts.host_turn import JITTER
from crawler.crawl.hosts.host_turns import HostTurns
from crawler.reasons.codes import Code
from tests.crawler.crawl.opened import Bell, page_of, turn_of


def turns_with(*turns) -> HostTurns:
    held = HostTurns(Bell())
    for turn in turns:
        held.add(turn)
        held.push(turn)
    return held


@given(st.lists(st.floats(0, 1e6), max_size=30))
def test_hosts_are_asked_in_the_order_in_which_they_may_be(moments):
    held = turns_with(*(turn_of(f"http://xa{n}.vn", ready=moment) for n, moment in enumerate(moments)))
    popped = []
    while (turn := held.pop(math.inf)) is not None:
        popped.append(turn.ready)
    assert popped == sorted(moments)


def test_of_hosts_that_may_be_asked_at_once_the_first_pushed_goes_first():
    held = turns_with(*(turn_of(f"http://xa{n}.vn", ready=5.0) for n in range(4)))
    assert [held.pop(5.0).origin for _ in range(4)] == [f"http://xa{n}.vn" for n in range(4)]


def test_a_host_is_not_asked_before_its_moment():
    held = turns_with(turn_of(ready=10.0))
    assert (held.pop(9.999), held.next_ready()) == (None, 10.0)
    assert held.pop(10.0) is not None
    assert (held.pop(1e9), held.next_ready()) == (None, None)


def test_the_engine_is_woken_when_the_host_is_ready_and_at_once_when_it_is_already():
    now = time.monotonic()
    held = turns_with(turn_of(ready=now - 50), turn_of(ready=now + 50))
    at_once, later = held.alarm.rings
    assert at_once == 0.0
    assert 0 < later <= 50


@pytest.mark.parametrize("delay", [0.0, 0.5, 7.0])
def test_the_next_request_waits_for_the_delay_from_when_the_last_one_went_out(delay):
    held, turn = turns_with(), turn_of(delay=delay)
    held.sent(turn, 1000.0)
    assert 1000.0 + delay <= turn.ready <= 1000.0 + delay * (1 + JITTER)
    assert held.last_sent(turn.origin) == 1000.0


def test_a_request_that_went_out_does_not_shorten_a_back_off():
    held, turn = turns_with(), turn_of(delay=1.0, ready=5000.0)
    held.sent(turn, 1000.0)
    assert turn.ready == 5000.0


def test_when_a_host_was_asked_last_outlives_its_lease():
    turn = turn_of()
    held = turns_with(turn)
    held.sent(turn, 1000.0)
    held.drop(turn)
    held.add(turn_of())
    assert held.last_sent(turn.origin) == 1000.0
    assert held.last_sent("http://chua-hoi.vn") == -math.inf


def test_a_page_is_under_way_until_its_visit_is_written_and_no_longer():
    turn = turn_of()
    held = turns_with(turn)
    held.give_out(turn, b"a")
    held.give_out(turn, b"b")
    held.take_back(b"a")
    held.take_back(b"a")
    held.take_back(b"never given out")
    assert turn.unacked == 1


def test_a_host_that_is_dropped_has_nothing_waiting_and_is_not_asked():
    turn = turn_of("http://xahoa.gov.vn", page_of("http://xahoa.gov.vn/1"))
    held = turns_with(turn)
    held.drop(turn)
    assert (len(held), list(turn.pages)) == (0, [])
    assert turn.stopped is not None and turn.stopped.code is Code.RELEASED


def test_dropping_an_earlier_lease_leaves_the_later_one_of_the_same_host():
    before, after = turn_of(), turn_of()
    held = turns_with(before)
    held.add(after)
    held.drop(before)
    assert list(held) == [after]


@pytest.mark.parametrize(
    ("pages", "state", "works"),
    [
        (0, {"bound": True}, False),
        (1, {"bound": True}, True),
        (0, {"bound": True, "busy": True}, True),
        (0, {"bound": False}, True),
        (1, {"bound": True, "stopped": "503"}, False),
    ],
    ids=["nothing", "page-waits", "request-under-way", "being-looked-up", "left-alone"],
)
def test_a_crawl_has_work_while_a_host_has(pages, state, works):
    urls = [page_of(f"http://xahoa.gov.vn/{n}") for n in range(pages)]
    assert turns_with(turn_of("http://xahoa.gov.vn", *urls, **state)).has_work is works


def test_hosts_may_be_dropped_while_they_are_gone_through():
    held = turns_with(*(turn_of(f"http://xa{n}.vn") for n in range(3)))
    for turn in held:
        held.drop(turn)
    assert len(held) == 0
