"""The exchanges of a crawl: each ask as a Scrapy request, and what becomes of its answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.http.headers import Headers
from twisted.python.failure import Failure

from archive.ids import url_key
from archive.model import CaptureKind
from crawler.addresses.scope import portal_scope
from crawler.addresses.urls import absolute, canonical, host_port, origin
from crawler.crawl.hosts import tls_ladder
from crawler.crawl.hosts.asks import Ask, Done
from crawler.crawl.hosts.claims import Claims
from crawler.crawl.hosts.host_trouble import Trouble
from crawler.crawl.hosts.host_turn import Turn
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.recover import posted_notes
from crawler.crawl.visits.redirects import REDIRECTS
from crawler.crawl.visits.visitor import Answer, Visitor
from crawler.fetch import failures
from crawler.fetch.exchange import location_of
from crawler.fetch.failures import FetchFailure
from crawler.fetch.robots import Robots, moved_to, rules_of
from crawler.fetch.wire import Recording
from crawler.folder.limits import CANNOT_KEEP
from crawler.ledger.rows import Found, Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.settings import ROBOTS_AGENT

logger = logging.getLogger(__name__)

ROBOTS_TRIES = 2
CAPTURED_AS: dict[str, CaptureKind] = {
    "file": "file",
    "requisite": "requisite",
    "feed": "listing",
    "sitemap": "listing",
}
"""Kinds of captures by the role of what was asked for; all else is a page."""


class Exchanges:
    """Sends asks and takes their answers. ``done`` is told when one has ended; ``enough`` when the crawl's limit is reached."""

    def __init__(
        self,
        crawl: Crawl,
        visitor: Visitor,
        claims: Claims,
        done: Callable[[Done], None],
        enough: Callable[[], None],
    ) -> None:
        self.crawl, self.visitor, self.claims, self.done, self.enough = crawl, visitor, claims, done, enough

    @property
    def trouble(self) -> Trouble:
        """Back-off of hosts."""
        return self.claims.trouble

    def request(self, ask: Ask) -> Request:
        """The ask as Scrapy sends it."""
        host, port = host_port(ask.url)
        recording = Recording(host, ask.turn.terms.allow_private, ask.max_bytes, sent_at=time.monotonic())
        meta: dict[str, Any] = {
            "turn": ask.turn,
            "ask": ask,
            "recording": recording,
            "download_slot": f"{host}:{port}",
            "download_timeout": ask.timeout,
            "download_maxsize": ask.max_bytes,
            "tls": ask.turn.lease.host.tls,
        }
        if ask.turn.terms.proxy is not None:
            meta["proxy"] = ask.turn.terms.proxy
        self.crawl.run.tally.requests += 1
        answered, failed = (self.robots, self.no_robots) if ask.page is None else (self.page, self.no_page)
        return Request(
            ask.url,
            answered,
            method=ask.method,
            headers=dict(ask.headers),
            body=ask.body,
            meta=meta,
            errback=failed,
            dont_filter=True,
        )

    # answers

    def page(self, response: Response) -> None:
        """Record the exchange, then read the page and say what becomes of it.

        The visit goes into the batch from here: as an item it would take Scrapy's way of nine coroutines.
        """
        with self._ending(response.request) as (ask, page):
            turn = ask.turn
            self.crawl.run.tally.hosts.reach.answered(turn.origin)
            answer = self._answer(response.request, page, response)
            if self.visitor.limit_reached:
                return  # enough: the page stays due, and its capture is kept
            failure = failures.of_status(response.status, response.headers)
            if failure is not None and page.form is not None and response.status == 500:
                failure.host_wide = False  # what ASP.NET answers to a form it does not take: the host is well
            if failure is not None and failure.host_wide:
                self.trouble.back_off(turn, failure.wait, failure.reason)
                self.trouble.failed(turn, failure.reason)
            else:
                self.trouble.succeeded(turn)
            self.crawl.batch.add(self.visitor.visit(page, turn.lease.epoch, answer, failure))
            self.enough()

    def no_page(self, failed: Failure) -> None:
        """No whole answer came: keep what did, and try again later where that may help."""
        request: Request = failed.request  # type: ignore[attr-defined]
        with self._ending(request) as (ask, page):
            turn = ask.turn
            failure = failures.of_error(failed.value, request)
            if failure.unreachable == "network":
                self.claims.not_reached(turn, failure.reason, page)
                return
            self._note_reach(turn, failure)
            if tls_ladder.take_down(turn.lease.host, failure):
                self.crawl.ledger.save_host(turn.lease.host)  # remembered, and recorded with every capture
                failure.wait, failure.host_wide = 0.0, False
            if failure.host_wide:
                self.trouble.failed(turn, failure.reason)
                self.trouble.back_off(turn, failure.wait, failure.reason)
            answer = self._answer(request, page, None)
            self.crawl.batch.add(self.visitor.visit(page, turn.lease.epoch, answer, failure))

    def robots(self, response: Response) -> None:
        """The rules of a host, or why there are none."""
        with self._ending(response.request) as (ask, _):
            turn = ask.turn
            self.crawl.run.tally.hosts.reach.answered(turn.origin)
            self._record_robots(response.request)
            if response.status in REDIRECTS and _robots_moved(turn, response):
                return
            text, note = rules_of(response.status, response.body, None)
            if text is None:
                failure = failures.of_status(response.status, response.headers)
                self._robots_unreachable(turn, note, failure.wait if failure else 0.0)
                return
            turn.robots = Robots(text, ROBOTS_AGENT)
            host = turn.lease.host
            host.robots, host.robots_at, host.crawl_delay = text, time.time(), turn.robots.crawl_delay
            self.crawl.ledger.save_host(host)
            self._seed_sitemaps(turn, turn.robots)

    def no_robots(self, failed: Failure) -> None:
        """No answer came to the question for robots.txt."""
        request: Request = failed.request  # type: ignore[attr-defined]
        with self._ending(request) as (ask, _):
            turn = ask.turn
            self._record_robots(request)
            failure = failures.of_error(failed.value, request)
            if failure.unreachable == "network":
                self.claims.not_reached(turn, failure.reason)
                return
            self._note_reach(turn, failure)
            steps_down = tls_ladder.take_down(turn.lease.host, failure)
            self.crawl.ledger.save_host(turn.lease.host)
            if not steps_down:
                self._robots_unreachable(turn, failure.reason)

    # inside

    @contextmanager
    def _ending(self, request: Any) -> Iterator[tuple[Ask, Any]]:
        """Around what is made of an answer: whatever happens, the host may be asked again; what cannot be kept ends the
        crawl. Gives the ask and its page."""
        ask: Ask = request.meta["ask"]
        try:
            yield ask, ask.page
        except CANNOT_KEEP as error:
            self.crawl.end_with(error)
        finally:
            self.done(Done(ask, request.meta["recording"].sent_at))

    def _answer(self, request: Any, page: Page, response: Response | None) -> Answer | None:
        """Write the exchange into the WARC series. ``None`` only when not even a head came."""
        recording: Recording = request.meta["recording"]
        self._note_certificate(request)
        kind = CAPTURED_AS.get(page.role, "page")
        tls = request.meta["tls"] if request.url.startswith("https:") else "none"
        record = self.crawl.evidence.record
        if page.form is None:
            recorded = record(recording, request.url, page.portal, kind, tls=tls, earlier=page.record_id)
        else:
            recorded = record(recording, request.url, page.portal, kind, tls=tls, notes=posted_notes(page))
        if recorded is None:
            return None
        capture, payload = recorded
        body = response.body if response is not None else b""
        headers = response.headers if response is not None else Headers()
        return Answer(capture, payload, body, headers)

    def _note_reach(self, turn: Turn, failure: FetchFailure) -> None:
        if failure.unreachable:
            self.crawl.run.tally.hosts.reach.not_reached(turn.origin, failure.unreachable)

    def _note_certificate(self, request: Any) -> None:
        """Keep by which rung the host was reached and when its certificate ends, where that is news: once they are known,
        a page costs a comparison."""
        recording, host = request.meta["recording"], request.meta["turn"].lease.host
        if not recording.secured or origin(request.url) != host.origin:
            return
        news, ends = tls_ladder.held(host, request.meta["tls"], time.time()), recording.certificate_ends
        if ends is not None and ends != host.certificate_ends:
            host.certificate_ends, news = ends, True
        if news:
            self.crawl.ledger.save_host(host)

    def _record_robots(self, request: Any) -> None:
        self._note_certificate(request)
        tls = request.meta["tls"] if request.url.startswith("https:") else "none"
        pages = request.meta["turn"].lease.pages
        portal = pages[0].portal if pages else ""
        recorded = self.crawl.evidence.record(request.meta["recording"], request.url, portal, "robots", tls=tls)
        if recorded is not None:
            self.crawl.batch.add_capture(recorded[0])

    def _robots_unreachable(self, turn: Turn, why: Reason, wait: float = 0.0) -> None:
        """RFC 9309, 2.3.1.4: a host whose robots.txt cannot be reached is not crawled."""
        turn.robots_ask.tries += 1
        if turn.robots_ask.tries < ROBOTS_TRIES:  # the turn has no rules yet: they are asked for once more
            self.trouble.back_off(turn, max(2.0, wait), why)
            return
        self.claims.refuse(turn, why.noting(Code.UNTIL_ROBOTS))

    def _seed_sitemaps(self, turn: Turn, robots: Robots) -> None:
        for portal in self.crawl.portals_at(turn.origin):
            inside = portal_scope(portal.url)
            urls = [u for u in (absolute(portal.url, s) for s in robots.sitemaps) if u and inside(u)]
            guesses = [] if urls else [origin(portal.url) + "/sitemap.xml"]
            self.crawl.ledger.add(
                Found(url, url_key(canonical(url)), portal.name, "sitemap", "robots" if urls else "guess")
                for url in urls or guesses
            )


def _robots_moved(turn: Turn, response: Response) -> bool:
    """Note where robots.txt is to be asked for next; False when it is not followed there."""
    target = moved_to(response.url, location_of(response.headers.get(b"Location")), turn.robots_ask.hops)
    if target is None:
        return False
    turn.robots_ask.url, turn.robots_ask.hops = target, turn.robots_ask.hops + 1
    return True
