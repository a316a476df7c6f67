"""A leased host: how long between two requests, when nothing of it is under way, and which server it is on."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.resolver import dnscache

from crawler.crawl.hosts import host_turn
from crawler.crawl.hosts.host_turn import JITTER, Terms, server_of
from crawler.fetch.network import PrivateAddress
from crawler.fetch.robots import MAX_CRAWL_DELAY, Robots
from tests.crawler.crawl.opened import page_of, turn_of


@given(st.floats(0, 1000), st.none() | st.floats(0, 1000))
def test_a_delay_is_never_shortened_and_lengthened_by_the_jitter_at_most(delay, asked):
    rules = None if asked is None else Robots(f"User-agent: *\nCrawl-delay: {asked:f}\n", "TinHuyen")
    longest = max(delay, (rules.crawl_delay or 0.0) if rules else 0.0)
    assert longest <= turn_of(delay=delay, robots=rules).wait() <= longest * (1 + JITTER)


def test_a_crawl_delay_beyond_all_reason_is_kept_to_the_bound():
    rules = Robots("User-agent: *\nCrawl-delay: 86400\n", "TinHuyen")
    assert turn_of(delay=1.0, robots=rules).wait() <= MAX_CRAWL_DELAY * (1 + JITTER)


@pytest.mark.parametrize(
    ("state", "idle"),
    [({}, True), ({"bound": False}, False), ({"busy": True}, False), ({"unacked": 1}, False)],
    ids=["at-rest", "being-looked-up", "request-under-way", "not-yet-written"],
)
def test_a_host_is_given_back_only_when_nothing_of_it_is_under_way(state, idle):
    assert turn_of(**{"bound": True, **state}).idle is idle


def test_a_host_with_a_page_waiting_is_not_given_back():
    assert not turn_of("http://xahoa.gov.vn", page_of("http://xahoa.gov.vn/1"), bound=True).idle


def test_the_moment_a_host_is_ready_is_told_in_unix_seconds_and_never_lies_in_the_past():
    before = time.time()
    assert turn_of(ready=time.monotonic() - 1000).moment() >= before
    assert turn_of(ready=time.monotonic() + 1000).moment() >= before + 999


@pytest.fixture
def resolving(monkeypatch):
    """Has names lead where it is told; answers which were asked for."""
    asked: list[str] = []

    def to(*addresses: str) -> list[str]:
        async def resolve(host: str, port: int) -> list[str]:
            asked.append(host)
            return list(addresses)

        monkeypatch.setattr(host_turn, "resolve_async", resolve)
        return asked

    yield to
    for host in asked:
        dnscache.pop(host, None)


def server(turn, *, private: bool = False) -> str:
    return asyncio.run(server_of(turn, lambda host, port: private))


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        ("http://xahoa.gov.vn", "203.162.0.1"),
        ("https://xahoa.gov.vn", "203.162.0.1"),
        ("http://xahoa.gov.vn:8080", "203.162.0.1:8080"),
        ("https://xahoa.gov.vn:8443", "203.162.0.1:8443"),
    ],
)
def test_http_and_https_of_one_address_are_one_server_and_another_port_is_another(resolving, origin, found):
    resolving("203.162.0.1", "203.162.0.2")
    assert server(turn_of(origin)) == found


def test_the_address_that_was_judged_is_the_one_that_is_asked(resolving):
    resolving("203.162.0.1")
    server(turn_of())
    assert dnscache["xahoa.gov.vn"] == "203.162.0.1"


def test_a_private_address_is_refused_and_not_remembered(resolving):
    resolving("10.0.0.7")
    dnscache.clear()
    with pytest.raises(PrivateAddress):
        server(turn_of())
    assert "xahoa.gov.vn" not in dnscache


def test_a_private_address_that_was_permitted_is_asked(resolving):
    resolving("10.0.0.7")
    turn = turn_of()
    assert server(turn, private=True) == "10.0.0.7"
    assert turn.terms.allow_private


@pytest.mark.parametrize(
    ("origin", "named"), [("https://xahoa.gov.vn", "xahoa.gov.vn"), ("http://xahoa.gov.vn:81", "xahoa.gov.vn:81")]
)
def test_behind_a_proxy_no_name_is_resolved(resolving, origin, named):
    asked = resolving("10.0.0.7")
    assert server(turn_of(origin, terms=Terms(1.0, "http://proxy.vn:3128"))) == named
    assert asked == []
