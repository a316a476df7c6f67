"""Per-host back-off: how long a host is left alone after failures and Retry-After, as every process sees it."""

from __future__ import annotations

import time

import pytest

from crawler.crawl.hosts.host_trouble import FIRST_QUIET, LONGEST_QUIET, MAX_HOST_FAILURES, PATIENCE, Trouble
from tests.crawler.crawl.opened import HOME, add, leased, row_of, why

DAY = 86400.0


@pytest.fixture
def held(opened):
    """A crawl, its troubles, and its one host with two pages."""
    crawl = opened()
    add(crawl.ledger, HOME + "1", HOME + "2")
    (turn,) = leased(crawl)
    return crawl, Trouble(crawl), turn


def host(crawl) -> dict:
    return dict(crawl.ledger.conn.execute("SELECT * FROM host").fetchone())


def seconds_alone(crawl, turn) -> float:
    """How long the host is left alone from now on, once it is given back."""
    crawl.ledger.release(turn.lease, turn.quiet_until)
    return host(crawl)["not_before"] - time.time()


def test_a_short_wait_is_waited_for_with_its_pages(held):
    crawl, trouble, turn = held
    before = time.monotonic()
    trouble.back_off(turn, 30.0, why("the server answers 503"))
    assert turn.ready >= before + 30
    assert (turn.stopped, len(turn.pages)) == (None, 2)
    assert host(crawl)["firm_until"] == pytest.approx(time.time() + 30, abs=20)


def test_a_wait_longer_than_patience_is_left_to_a_later_crawl(held):
    crawl, trouble, turn = held
    trouble.back_off(turn, PATIENCE + 1, why("the server answers 503"))
    assert "503" in str(turn.stopped)
    assert len(turn.pages) == 0
    assert list(crawl.run.tally.hosts.failed) == [turn.origin]


def test_a_wait_that_was_asked_for_outlasts_a_person_who_is_in_a_hurry(held):
    crawl, trouble, turn = held
    trouble.back_off(turn, 3600.0, why("the server answers 503, asking to wait"))
    crawl.ledger.release(turn.lease, turn.quiet_until)
    crawl.ledger.lift(crawl.names)
    assert crawl.ledger.claim("another", 9, 9, 60.0, crawl.names) == []


def test_a_back_off_never_brings_a_moment_forward(held):
    _, trouble, turn = held
    turn.ready = later = time.monotonic() + 500
    trouble.back_off(turn, 1.0, why("the server answers 503"))
    assert turn.ready == later


@pytest.mark.parametrize(
    ("failures", "quiet"),
    [
        (1, 0.0),
        (MAX_HOST_FAILURES - 1, 0.0),
        (MAX_HOST_FAILURES, FIRST_QUIET),
        (MAX_HOST_FAILURES + 1, 2 * FIRST_QUIET),
        (MAX_HOST_FAILURES + 3, 8 * FIRST_QUIET),
        (MAX_HOST_FAILURES + 60, LONGEST_QUIET),
    ],
)
def test_a_host_is_left_alone_after_several_failures_and_twice_as_long_each_time(held, failures, quiet):
    crawl, trouble, turn = held
    turn.lease.host.failures = failures - 1
    trouble.failed(turn, why("it refuses the connection"))
    assert (turn.stopped is not None) is (quiet > 0)
    assert max(0.0, seconds_alone(crawl, turn)) == pytest.approx(quiet, abs=60)
    assert host(crawl)["failures"] == failures


def test_a_quiet_for_failures_ends_when_a_person_asks(held):
    crawl, trouble, turn = held
    turn.lease.host.failures = MAX_HOST_FAILURES
    trouble.failed(turn, why("it refuses the connection"))
    crawl.ledger.release(turn.lease, turn.quiet_until)
    assert crawl.ledger.claim("another", 9, 9, 60.0, crawl.names) == []
    assert crawl.ledger.lift(crawl.names) == 1
    assert len(crawl.ledger.claim("another", 9, 9, 60.0, crawl.names)) == 1


def test_an_answer_ends_the_count_of_failures(held):
    crawl, trouble, turn = held
    trouble.failed(turn, why("it refuses the connection"))
    turn.lease.host.why = why("it refuses the connection")
    trouble.succeeded(turn)
    assert (host(crawl)["failures"], host(crawl)["why"]) == (0, None)


def test_pages_of_a_host_that_fails_count_no_try_and_wait(held):
    crawl, trouble, turn = held
    trouble.give_up(turn, why("it refuses the connection"), 600.0)
    crawl.ledger.release(turn.lease, turn.quiet_until)
    rows = [row_of(crawl.ledger, HOME + n) for n in "12"]
    assert [(row["state"], row["tries"]) for row in rows] == [("new", 0)] * 2


def test_without_a_network_every_page_is_as_it_was_and_no_host_is_blamed(held):
    crawl, trouble, turn = held
    asked = turn.pages.popleft()
    trouble.not_reached(turn, why("no route to the host"), [asked])
    rows = [row_of(crawl.ledger, HOME + n) for n in "12"]
    assert [(row["state"], row["tries"]) for row in rows] == [("new", 0)] * 2
    assert host(crawl)["failures"] == 0
    assert crawl.run.tally.hosts.reach.offline() == {turn.origin}


def test_a_wait_noted_under_a_lease_that_passed_binds_nobody(held):
    crawl, trouble, turn = held
    crawl.ledger.end_leases([crawl.worker.name])
    crawl.ledger.claim("another", 1, 1, 60.0, crawl.names)
    trouble.hold(turn, time.time() + DAY, why("the server answers 503"), firm=True)
    assert host(crawl)["not_before"] < time.time()


def test_what_one_host_of_a_server_asks_for_holds_for_its_other_hosts(opened):
    crawl = opened()
    add(crawl.ledger, "http://a.gov.vn/1", "http://b.gov.vn/1")
    one, other = leased(crawl, 2)
    crawl.ledger.bind(one.lease, "203.162.0.1")
    crawl.ledger.conn.execute("UPDATE host SET server = '203.162.0.1'")
    Trouble(crawl).back_off(one, 60.0, why("the server answers 429"))
    crawl.ledger.release(other.lease, 0.0)
    assert crawl.ledger.claim("another", 9, 9, 60.0, crawl.names) == []
