"""How processes share the hosts of one archive: equal parts among those that crawl the same portals and are alive."""

from __future__ import annotations

import pytest

from crawler.crawl.hosts.sharing import ANNOUNCE_EVERY, ASK_EVERY, FRESH, Sharing
from crawler.ledger.frontier import Ledger
from tests.crawler.crawl.opened import add


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path / "crawl.db", clock=Clock())
    add(ledger, *(f"http://xa{n}.gov.vn/1" for n in range(7)))
    yield ledger
    ledger.close()


def process(ledger, name: str, *portals: str, hosts: int = 0, hungry: bool = False) -> Sharing:
    sharing = Sharing(ledger, name, portals or ("xahoa",))
    sharing.announce(hosts, hungry)
    return sharing


def test_a_process_that_is_alone_takes_every_host(ledger):
    assert process(ledger, "one").fair(["xahoa"]) is None


@pytest.mark.parametrize(("others", "share"), [(1, 4), (2, 3), (6, 1), (20, 1)])
def test_processes_take_equal_parts_rounded_up_so_that_no_host_is_left(ledger, others, share):
    mine = process(ledger, "one")
    for n in range(others):
        process(ledger, f"other {n}")
    assert mine.fair(["xahoa"]) == share


def test_hosts_that_are_leased_count_and_those_left_alone_do_not(ledger):
    mine = process(ledger, "one")
    process(ledger, "other")
    leases = ledger.claim("other", 3, 9, 60.0, ["xahoa"])
    assert mine.fair(["xahoa"]) == 4
    for lease in leases:
        ledger.release(lease, ledger.clock() + 600)
    assert mine.fair(["xahoa"]) == 2


def test_who_crawls_other_portals_takes_no_part(ledger):
    mine = process(ledger, "one", "xahoa", "xabinh")
    process(ledger, "other", "xakhac")
    assert mine.ask().count == 0
    process(ledger, "third", "xabinh", "xakhac")
    ledger.clock.now += ASK_EVERY
    assert mine.ask().count == 1


def test_who_was_not_heard_of_for_a_while_is_left_out(ledger):
    mine = process(ledger, "one")
    process(ledger, "other")
    ledger.clock.now += FRESH - 0.1
    assert mine.ask().count == 1
    ledger.clock.now += 0.2
    assert mine.ask().count == 0


def test_a_hungry_process_is_seen_a_moment_later(ledger):
    mine, other = process(ledger, "one"), process(ledger, "other")
    assert not mine.ask().hungry
    other.announce(0, True)
    assert not mine.ask().hungry  # as of a moment ago
    ledger.clock.now += ASK_EVERY
    assert mine.ask().hungry


def test_ones_own_hunger_is_not_anothers(ledger):
    assert not process(ledger, "one", hungry=True).ask().hungry


def test_the_same_is_said_once_a_second_and_a_change_at_once(ledger):
    mine = process(ledger, "one")

    def said() -> tuple:
        return tuple(ledger.conn.execute("SELECT hosts, hungry FROM worker WHERE name = 'one'").fetchone())

    mine.announce(5, False)
    assert said() == (0, 0)
    mine.announce(5, True)
    assert said() == (5, 1)
    ledger.clock.now += ANNOUNCE_EVERY
    mine.announce(6, True)
    assert said() == (6, 1)
