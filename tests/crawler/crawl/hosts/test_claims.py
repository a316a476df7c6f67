"""Leases of hosts: their servers looked for, refused or asked, given back when another process needs them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from crawler.crawl.hosts import host_turn
from crawler.crawl.hosts.claims import ROBOTS_FRESH, Claims
from crawler.crawl.hosts.gate import Gate
from crawler.crawl.hosts.host_trouble import MAX_HOST_FAILURES, Trouble
from crawler.crawl.hosts.host_turns import HostTurns
from crawler.fetch.network import NoNameServer, UnknownHost
from crawler.fetch.robots import Robots
from crawler.ledger.frontier import Ledger
from tests.crawler.crawl.opened import HOME, Bell, add, key_of, row_of, why

DAY = 86400.0


def claims_of(crawl) -> Claims:
    return Claims(crawl, HostTurns(Bell()), Gate(crawl), Trouble(crawl))


@pytest.fixture
def names(monkeypatch) -> dict[str, str | Exception]:
    """Where names lead; any other leads to 203.162.0.1. An error is raised in its place."""
    known: dict[str, str | Exception] = {}

    async def resolve(host: str, port: int) -> list[str]:
        found = known.get(host, "203.162.0.1")
        if isinstance(found, Exception):
            raise found
        return [found]

    monkeypatch.setattr(host_turn, "resolve_async", resolve)
    return known


def claimed(claims: Claims, before: Callable[[], object] = lambda: None) -> list:
    """The hosts that are leased once their servers are known."""

    async def run() -> None:
        before()
        claims.claim(time.monotonic())
        await asyncio.gather(*claims._tasks)

    asyncio.run(run())
    return list(claims.turns)


def host(ledger: Ledger, origin: str = "http://xahoa.gov.vn") -> dict:
    return dict(ledger.conn.execute("SELECT * FROM host WHERE origin = ?", (origin,)).fetchone())


def test_a_host_with_something_due_is_leased_and_asked_once_its_server_is_known(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1", HOME + "2")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    assert (turn.bound, [page.url for page in turn.pages]) == (True, [HOME + "1", HOME + "2"])
    assert claims.turns.pop(time.monotonic()) is turn
    assert host(crawl.ledger)["server"] == "203.162.0.1"
    assert claims.turns.alarm.rings


def test_the_ledger_is_not_asked_again_at_once(opened, names):
    crawl = opened()
    claims = claims_of(crawl)
    claimed(claims)
    add(crawl.ledger, HOME + "1")
    assert claimed(claims) == []


def test_each_host_is_asked_with_the_delay_and_the_proxy_of_its_portal(opened, names):
    crawl = opened(settings='delay = 7.5\nproxy = "http://proxy.vn:3128"\n', xahoa=HOME, xabinh="http://xabinh.gov.vn/")
    add(crawl.ledger, HOME + "1")
    add(crawl.ledger, "http://xabinh.gov.vn/1", portal="xabinh")
    turns = {turn.origin: (turn.terms.delay, turn.terms.proxy) for turn in claimed(claims_of(crawl))}
    assert turns == {"http://xahoa.gov.vn": (7.5, "http://proxy.vn:3128"), "http://xabinh.gov.vn": (1.0, None)}


def test_a_name_that_leads_nowhere_fails_the_pages_of_its_slice_and_counts_a_try(opened, names):
    crawl = opened()
    names["xahoa.gov.vn"] = UnknownHost(why("the host name xahoa.gov.vn does not resolve"))
    add(crawl.ledger, HOME + "1")
    (turn,) = claimed(claims_of(crawl))
    crawl.batch.flush()
    row = row_of(crawl.ledger, HOME + "1")
    assert (row["state"], row["tries"], row["due"]) == ("failed", 1, None)
    assert "does not resolve" in row["reason"] and "does not resolve" in str(turn.stopped)


def test_a_kept_article_outlives_a_name_that_leads_nowhere(opened, names):
    crawl = opened()
    names["xahoa.gov.vn"] = UnknownHost(why("the host name xahoa.gov.vn does not resolve"))
    add(crawl.ledger, HOME + "1")
    with crawl.ledger.write() as conn:
        conn.execute("UPDATE page SET state = 'stored', article_id = 7, suspect_since = 5.0")
    claimed(claims_of(crawl))
    crawl.batch.flush()
    row = row_of(crawl.ledger, HOME + "1")
    assert (row["state"], row["article_id"], row["suspect_since"]) == ("stored", 7, 5.0)
    assert row["due"] == pytest.approx(time.time() + DAY, abs=60)


def test_a_private_address_is_asked_nothing(opened, names):
    crawl = opened()
    names["xahoa.gov.vn"] = "192.168.1.7"
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    claimed(claims)
    crawl.batch.flush()
    assert claims.turns.pop(time.monotonic()) is None
    assert "private address" in row_of(crawl.ledger, HOME + "1")["reason"]


def test_without_a_name_server_the_pages_stay_as_they_were(opened, names):
    crawl = opened()
    names["xahoa.gov.vn"] = NoNameServer(why("no name server answers for xahoa.gov.vn"))
    add(crawl.ledger, HOME + "1")
    (turn,) = claimed(claims_of(crawl))
    crawl.batch.flush()
    row = row_of(crawl.ledger, HOME + "1")
    assert (row["state"], row["tries"]) == ("new", 0)
    assert turn.stopped and crawl.run.tally.failed == {}


@pytest.mark.parametrize(("age", "known"), [(60.0, True), (ROBOTS_FRESH + 60, False)])
def test_robots_txt_is_believed_for_a_day(opened, names, age, known):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    with crawl.ledger.write() as conn:
        text = "User-agent: *\nDisallow: /kin\n"
        conn.execute("UPDATE host SET robots = ?, robots_at = ?", (text, time.time() - age))
    (turn,) = claimed(claims_of(crawl))
    assert (turn.robots is not None and not turn.robots.allows(HOME + "kin")) is known


def test_a_server_that_another_process_asks_is_left_to_it(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1", "http://www.xahoa.gov.vn/1")
    (other,) = crawl.ledger.claim("another", 1, 1, 600.0, crawl.names)
    crawl.ledger.bind(other, "203.162.0.1")
    claims = claims_of(crawl)
    assert claimed(claims) == []
    states = {
        row[0] for row in crawl.ledger.conn.execute("SELECT state FROM page WHERE origin != ?", (other.host.origin,))
    }
    assert states == {"new"}


def test_a_new_crawl_gives_a_host_that_failed_one_more_chance_and_no_more(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1", HOME + "2")
    with crawl.ledger.write() as conn:
        conn.execute("UPDATE host SET failures = 50")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    assert turn.lease.host.failures == MAX_HOST_FAILURES - 1
    claims.trouble.failed(turn, why("it refuses the connection"))
    assert turn.stopped
    claims.release(turn)
    with crawl.ledger.write() as conn:
        conn.execute("UPDATE host SET not_before = 0")
    claims._next_claim = 0.0
    (again,) = claimed(claims)
    assert again.lease.host.failures == MAX_HOST_FAILURES


def test_a_lease_that_somebody_else_has_by_now_sends_nothing_more(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    crawl.ledger.end_leases([crawl.worker.name])
    crawl.ledger.claim("another", 1, 1, 600.0, crawl.names)
    turn.lease.until = 0.0
    assert not claims.renew(turn)
    assert (len(claims.turns), len(turn.pages)) == (0, 0)


def test_a_lease_is_prolonged_before_it_runs_out(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    turn.lease.until = time.time() + 10
    assert claims.renew(turn)
    assert turn.lease.until > time.time() + 500


def test_pages_of_a_portal_that_may_not_be_asked_go_back_and_the_others_stay(opened, names):
    crawl = opened(xahoa=HOME, xabinh=HOME + "xabinh/")
    add(crawl.ledger, HOME + "1")
    add(crawl.ledger, HOME + "xabinh/1", portal="xabinh")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    claims.gate.open = ["xahoa"]
    claims.put_back_closed()
    assert [page.portal for page in turn.pages] == ["xahoa"]
    assert row_of(crawl.ledger, HOME + "xabinh/1")["state"] == "new"
    claims.put_back_all()
    assert row_of(crawl.ledger, HOME + "1")["state"] == "new"


def test_what_was_found_since_goes_to_the_host_that_is_held(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    claims.turns.pop(time.monotonic())
    turn.pages.clear()
    turn.robots = Robots("", "TinHuyen")
    add(crawl.ledger, HOME + "2")
    claims._next_claim = 0.0
    claimed(claims)
    assert [page.key for page in turn.pages] == [key_of(HOME + "2")]


def test_a_hungry_process_is_given_what_is_beyond_an_equal_share(opened, names):
    crawl = opened()
    urls = [f"http://xa{n}.gov.vn/1" for n in range(6)]
    add(crawl.ledger, *urls)
    names.update({f"xa{n}.gov.vn": f"203.162.0.{n + 1}" for n in range(6)})
    claims = claims_of(crawl)
    assert len(claimed(claims)) == 6
    with crawl.ledger.write() as conn:
        conn.execute(
            "INSERT INTO worker (name, hosts, hungry, seen_at, portals) VALUES ('another', 0, 1, ?, '[\"xahoa\"]')",
            (time.time(),),
        )
    claims.sharing._next_ask = 0.0
    claims.share()
    assert len(claims.turns) == 3
    assert len(crawl.ledger.claim("another", 9, 9, 60.0, crawl.names)) == 3


def test_the_last_host_is_not_given_away(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    with crawl.ledger.write() as conn:
        conn.execute(
            "INSERT INTO worker (name, hosts, hungry, seen_at, portals) VALUES ('another', 0, 1, ?, '[\"xahoa\"]')",
            (time.time(),),
        )
    claims.sharing._next_ask = 0.0
    claims.share()
    assert list(claims.turns) == [turn]


def test_pages_of_a_host_left_alone_say_for_whom_they_wait(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    claims.trouble.give_up(turn, why("it refuses the connection"), 600.0)
    claims.release_idle()
    row = row_of(crawl.ledger, HOME + "1")
    assert "a later crawl" in row["reason"] and "refuses the connection" in row["reason"]
    assert row["state"] == "new"


def test_a_host_is_not_given_back_before_what_it_brought_is_written(opened, names):
    crawl = opened()
    add(crawl.ledger, HOME + "1")
    claims = claims_of(crawl)
    (turn,) = claimed(claims)
    claims.turns.give_out(turn, turn.pages.popleft().key)
    claims.release_idle()
    assert list(claims.turns) == [turn]
    claims.turns.take_back(key_of(HOME + "1"))
    claims.release_idle()
    assert list(claims.turns) == []
