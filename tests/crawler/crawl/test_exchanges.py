"""What becomes of answers and errors: recorded, counted against the host or not, robots.txt before anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy import exceptions as scrapy_errors
from scrapy.http import HtmlResponse
from twisted.internet import error as tx_errors

from archive.warc.write import DiskFull
from crawler.crawl.exchanges import ROBOTS_TRIES
from crawler.crawl.scheduler import Loop
from crawler.fetch.robots import Robots
from crawler.settings import ROBOTS_AGENT
from tests.crawler.crawl.opened import HOME, Bell, add, leased, row_of

PAGE = (
    b"<html><head><title>Tin</title></head><body>" + b'<p><a href="/tin/x.html">Xa hop</a></p>' * 12 + b"</body></html>"
)
ASK_NOTHING = Robots("", ROBOTS_AGENT)


@pytest.fixture
def loop(opened) -> Loop:
    crawl = opened()
    add(crawl.ledger, HOME + "1", HOME + "2")
    loop = Loop(crawl, Bell(), lambda why: None)
    for turn in leased(crawl):
        loop.turns.add(turn)
    return loop


def turn_of(loop: Loop):
    (turn,) = loop.turns
    return turn


def ask(loop: Loop, robots: Robots | None = ASK_NOTHING):
    """The next request of the host, as Scrapy would send it."""
    turn = turn_of(loop)
    turn.robots, turn.ready, turn.busy = robots, 0.0, False
    loop.turns.push(turn)
    return loop.exchanges.request(loop.next_ask())


def answered(request, status: int = 200, body: bytes = PAGE, **headers: str) -> HtmlResponse:
    """The answer to a request, as it came over the wire."""
    named = {
        "Content-Type": "text/html; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    recording = request.meta["recording"]
    recording.started, recording.address = datetime.now(UTC), "203.162.0.1"
    recording.request += b"GET / HTTP/1.1\r\n\r\n"
    lines = [
        f"HTTP/1.1 {status} X",
        *(f"{name}: {value}" for name, value in named.items()),
        f"Content-Length: {len(body)}",
    ]
    recording.response += "\r\n".join([*lines, "", ""]).encode() + body
    return HtmlResponse(request.url, status, named, body, request=request)


def failed(request, error: Exception) -> SimpleNamespace:
    return SimpleNamespace(request=request, value=error)


def test_an_answer_is_recorded_and_its_page_acknowledged(loop):
    request = ask(loop)
    loop.exchanges.page(answered(request))
    loop.crawl.batch.flush()
    row = row_of(loop.crawl.ledger, request.url)
    assert (row["state"], row["status"]) == ("listed", 200)
    assert loop.crawl.store.capture(row["record_id"]).url == request.url
    assert loop.crawl.run.tally.requests == 1


@pytest.mark.parametrize(
    ("status", "headers", "failures", "stopped"),
    [
        (200, {}, 0, False),
        (404, {}, 0, False),
        (403, {}, 0, False),
        (500, {}, 1, False),
        (503, {}, 1, False),
        (429, {"Retry_After": "600"}, 1, True),
        (429, {"Retry_After": "1"}, 1, False),
    ],
)
def test_an_error_of_the_server_counts_against_its_host_and_one_of_a_page_does_not(
    loop, status, headers, failures, stopped
):
    loop.exchanges.page(answered(ask(loop), status, **headers))
    turn = turn_of(loop)
    assert (turn.lease.host.failures, turn.stopped is not None) == (failures, stopped)


def test_a_host_that_answers_again_is_well(loop):
    loop.exchanges.page(answered(ask(loop), 500))
    loop.exchanges.page(answered(ask(loop)))
    assert (turn_of(loop).lease.host.failures, turn_of(loop).lease.host.why) == (0, None)


@pytest.mark.parametrize(
    ("error", "failures"),
    [
        (scrapy_errors.CannotResolveHostError(), 1),
        (tx_errors.TimeoutError(), 1),
        (scrapy_errors.DownloadCancelledError(), 0),
        (RuntimeError("odd"), 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_an_error_leaves_the_page_for_later_and_the_host_free(loop, error, failures):
    request = ask(loop)
    loop.exchanges.no_page(failed(request, error))
    turn = turn_of(loop)
    assert (turn.lease.host.failures, turn.busy) == (failures, False)
    loop.crawl.batch.flush()
    assert row_of(loop.crawl.ledger, request.url)["state"] in ("new", "failed")


def test_without_a_way_out_pages_stay_as_they_were_and_no_host_is_blamed(loop):
    request = ask(loop)
    loop.exchanges.no_page(failed(request, OSError(101, "Network is unreachable")))
    turn = turn_of(loop)
    assert (turn.lease.host.failures, len(turn.pages)) == (0, 0)
    assert {row_of(loop.crawl.ledger, HOME + n)["state"] for n in "12"} == {"new"}
    assert loop.crawl.run.tally.hosts.reach.failed == {turn.origin: "network"}


def test_robots_txt_is_asked_for_first_and_rules_what_is_asked_then(loop):
    request = ask(loop, None)
    assert request.url == HOME + "robots.txt"
    loop.exchanges.robots(
        answered(request, body=b"User-agent: *\nDisallow: /1\nCrawl-delay: 7\n", Content_Type="text/plain")
    )
    turn = turn_of(loop)
    assert turn.robots.crawl_delay == turn.lease.host.crawl_delay == 7.0
    assert ask(loop, turn.robots).url == HOME + "2"
    loop.crawl.batch.flush()
    assert row_of(loop.crawl.ledger, HOME + "1")["reason_code"] == "robots-forbids"


def test_sitemaps_are_those_that_robots_txt_names_else_the_usual_one(loop):
    loop.exchanges.robots(answered(ask(loop, None), body=b"Sitemap: /so-do.xml\nSitemap: http://noi-khac.vn/x.xml\n"))
    named = loop.crawl.ledger.conn.execute("SELECT url, method FROM page WHERE role = 'sitemap'").fetchall()
    assert [tuple(row) for row in named] == [(HOME + "so-do.xml", "robots")]
    loop.exchanges.robots(answered(ask(loop, None), 404))
    assert row_of(loop.crawl.ledger, HOME + "sitemap.xml")["method"] == "guess"


def test_a_robots_txt_that_moved_within_the_host_is_followed(loop):
    loop.exchanges.robots(answered(ask(loop, None), 301, Location="/robots/robots.txt"))
    assert turn_of(loop).robots is None
    assert ask(loop, None).url == HOME + "robots/robots.txt"


@pytest.mark.parametrize("break_down", ["status", "error"])
def test_a_host_whose_robots_txt_cannot_be_had_is_not_asked(loop, break_down):
    for _ in range(ROBOTS_TRIES):
        assert turn_of(loop).stopped is None
        request = ask(loop, None)
        if break_down == "status":
            loop.exchanges.robots(answered(request, 503))
        else:
            loop.exchanges.no_robots(failed(request, tx_errors.TimeoutError()))
    assert turn_of(loop).stopped is not None
    loop.crawl.batch.flush()
    assert row_of(loop.crawl.ledger, HOME + "1")["state"] == "failed"


def test_a_crawl_that_cannot_keep_what_came_ends_and_its_host_is_free(loop, monkeypatch):
    def full(*arguments, **named):
        raise DiskFull(28, "no room")

    request = ask(loop)
    monkeypatch.setattr(loop.crawl.evidence, "record", full)
    loop.exchanges.page(answered(request))
    assert loop.crawl.run.fatal.outcome == "disk full"
    assert not turn_of(loop).busy
