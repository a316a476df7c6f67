"""Seen from the server: delays, Crawl-delay, Retry-After and robots.txt are kept, one request at a time."""

from __future__ import annotations

import itertools
import time

import pytest

from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(4)]


@pytest.fixture
def portal(loopback, tinhuyen):
    """A portal that notes when each request began and ended."""
    times: list[tuple[str, float]] = []

    def timed(path, data):
        def serve(seen):
            times.append((path, time.monotonic()))
            return data(seen) if callable(data) else data

        return serve

    routes = {"/": answer(links(*PATHS)), **{path: answer(article(f"Bài {path}")) for path in PATHS}}
    loopback.times, loopback.timed = times, timed
    loopback.routes = {path: timed(path, data) for path, data in routes.items()}
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private", "--no-probe")
    return loopback


def gaps(portal):
    moments = [at for _, at in portal.times]
    return [b - a for a, b in itertools.pairwise(moments)]


def test_the_delay_lies_between_any_two_requests(portal, tinhuyen):
    tinhuyen("crawl", "--delay", "0.3")
    assert len(portal.times) == 5
    assert min(gaps(portal)) >= 0.29


def test_a_crawl_delay_in_robots_txt_is_kept_though_less_was_asked_for(portal, tinhuyen):
    portal.routes["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 0.4\n", kind="text/plain")
    tinhuyen("crawl", "--delay", "0")
    assert min(gaps(portal)) >= 0.39


def test_what_robots_txt_forbids_is_not_asked_and_says_so(portal, tinhuyen):
    portal.routes["/robots.txt"] = answer(f"User-agent: *\nDisallow: {PATHS[2]}\n", kind="text/plain")
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert portal.asked(PATHS[2]) == 0 and portal.asked(PATHS[1]) == 1
    assert "robots.txt forbids it" in tinhuyen("why", portal.base + PATHS[2]).stdout


def test_rules_are_found_where_robots_txt_was_moved_to(portal, tinhuyen):
    portal.routes["/robots.txt"] = answer("", "301 Moved Permanently", Location="/vi/robots.txt")
    portal.routes["/vi/robots.txt"] = answer(f"User-agent: *\nDisallow: {PATHS[2]}\n", kind="text/plain")
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    assert portal.asked(PATHS[2]) == 0 and portal.asked(PATHS[1]) == 1


def test_retry_after_is_kept_and_the_page_is_stored_then(portal, tinhuyen):
    def busy_once(seen):
        return (
            answer("", "503 Service Unavailable", Retry_After="2")
            if seen.nth == 1
            else answer(article("Rồi cũng xong"))
        )

    portal.routes[PATHS[1]] = portal.timed(PATHS[1], busy_once)
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    first, second = (at for path, at in portal.times if path == PATHS[1])
    assert second - first >= 2
    after = [at for _, at in portal.times if at > first]
    assert min(after) - first >= 2  # the whole host was left alone
    assert len(tinhuyen("export").stdout.splitlines()) == 4


def test_a_host_that_asks_for_an_hour_is_left_for_a_later_crawl(portal, tinhuyen):
    portal.routes[PATHS[0]] = answer("", "429 Too Many Requests", Retry_After="3600")
    began = time.monotonic()
    done = tinhuyen("crawl", "--delay", "0")
    assert done.returncode == 1
    assert "left alone for 3600 s" in done.stdout
    assert time.monotonic() - began < 30
    assert "waits for a later crawl" in tinhuyen("why", portal.base + PATHS[3]).stdout


def test_the_user_agent_is_honest_and_names_the_contact(loopback, tinhuyen, tmp_path):
    loopback.routes = {"/": answer(links())}
    tinhuyen("init", "--contact", "luutru@example.org")
    tinhuyen("add", loopback.base, "--allow-private")
    tinhuyen("crawl", "--delay", "0")
    agents = {request.headers["user-agent"] for request in loopback.seen}
    assert len(agents) == 1
    assert agents.pop().startswith("TinHuyen/") and "luutru@example.org" in loopback.seen[0].headers["user-agent"]
    assert {request.headers["accept-encoding"] for request in loopback.seen} == {"gzip, deflate"}


def test_what_has_not_changed_is_asked_conditionally_and_kept_as_a_revisit(portal, tinhuyen):
    def tagged(seen):
        if seen.headers.get("if-none-match") == '"v1"':
            return b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
        return answer(article("Có thẻ"), ETag='"v1"')

    portal.routes[PATHS[0]] = tagged
    tinhuyen("crawl", "--delay", "0")
    again = tinhuyen("crawl", "--delay", "0", "--full")
    assert "0 new, 0 revised, 4 unchanged" in again.stdout
    assert "answered 304, unchanged" in tinhuyen("why", portal.base + PATHS[0]).stdout
    assert len(tinhuyen("export").stdout.splitlines()) == 4
