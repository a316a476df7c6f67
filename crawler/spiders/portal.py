"""One spider for every portal: asks what the frontier gives out, and hands visits (captures and articles) to the session.

What a page is, and what it holds, is said by ``crawler.extract``; what becomes of its row, by ``crawler.crawl.visits.visitor``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from functools import cached_property
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.ids import url_key
from crawler.addresses.roles import Role
from crawler.addresses.urls import absolute, canonical, host_port, origin
from crawler.crawl.extension import session_of
from crawler.crawl.hosts import tls_ladder
from crawler.crawl.hosts.host_turn import Turn
from crawler.crawl.recover import posted_notes, recover
from crawler.crawl.session import Session
from crawler.crawl.visits.visitor import REDIRECTS, Answer, Visitor
from crawler.discovery.forms.body import body_of
from crawler.discovery.links import portal_scope
from crawler.fetch import failures
from crawler.fetch.exchange import location_of
from crawler.fetch.robots import Robots, moved_to, rules_of
from crawler.fetch.wire import Recording
from crawler.folder.limits import CANNOT_KEEP
from crawler.ledger.rows import Found, Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
ROBOTS_TRIES = 2
COOKIE_TEST = "AspxAutoDetectCookieSupport=1"
"""What ASP.NET sets and looks for behind a redirect. Without it every visit gets a token of its own into its addresses."""
SURVEYED: tuple[Role, ...] = ("home", "feed", "sitemap", "listing")


class PortalSpider(Spider):
    """Crawl portals of an archive.

    Arguments (``scrapy crawl portal -a portal=NAME``): ``portal``, one or several names with commas, all when none;
    ``full=1`` asks for every known article again; ``delay`` in seconds overrides the archive's; ``limit`` stops after
    that many articles; ``sample`` after that many requests, a quarter of them articles and then lists; ``survey=1`` reads
    home pages, feeds, sitemaps and lists alone, to see what the portal lists.
    """

    name = "portal"
    default_portals: ClassVar[list[str]] = []

    def __init__(
        self,
        *args: Any,
        portal: str = "",
        full: Any = False,
        delay: Any = None,
        limit: Any = None,
        sample: Any = None,
        survey: Any = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.portal_names = [name for name in portal.split(",") if name] or list(self.default_portals)
        self.full = str(full).lower() in ("1", "true", "yes")
        self.survey = str(survey).lower() in ("1", "true", "yes")
        self.delay = None if delay in (None, "") else float(delay)
        self.limit = None if limit in (None, "") else int(limit)
        self.sample = None if sample in (None, "") else int(sample)
        self.recovered = 0

    def arguments(self) -> dict[str, Any]:
        """What this run was told, for its record."""
        told = {"full": self.full, "delay": self.delay, "limit": self.limit}
        return {**told, "survey": True} if self.survey else told

    @cached_property
    def session(self) -> Session:
        session = session_of(self.crawler)
        assert session is not None, "the portal spider runs in an archive: tinhuyen init"
        return session

    @property
    def scheduler(self) -> Any:
        return self.session.scheduler

    async def start(self) -> AsyncIterator[Any]:
        """Seed the frontier. The scheduler gives out the rest, so nothing is yielded."""
        session = session_of(self.crawler)
        if session is None:
            raise RuntimeError("no archive here: make one with  tinhuyen init, or set TINHUYEN_ARCHIVE")
        self.visitor = Visitor(session, self.limit)
        session.guarded(self._seed)
        return
        yield

    def _seed(self) -> None:
        session = self.session
        session.frontier.add(
            Found(p.url, url_key(canonical(p.url)), p.name, "home", "seed") for p in session.portals.values()
        )
        for portal in session.portals.values():
            self.visitor.links.seed(portal)
        self.recover()
        if self.survey:
            session.frontier.roles = SURVEYED
        session.frontier.begin(session.names, full=self.full)

    def leave_out(self, page: Page) -> Reason | None:
        """Why a leased page is not asked for after all; ``None``: it is."""
        return self.visitor.leave_out(page)

    def recover(self) -> None:
        """Take up what crawls that died had fetched and not yet told the ledger, then end their leases."""
        standing, session = self.scheduler.standing, self.session
        lost, standing.lost, standing.must_recover = [*session.lost_before, *standing.lost], [], False
        session.lost_before = []
        if lost:
            self.recovered += recover(session, self.visitor, lost)
        session.bury(lost)
        session.frontier.bury(lost)

    # requests

    def request_for(self, page: Page, turn: Turn) -> Request:
        """The request for a leased page, conditional when the server gave the means and we keep the answer."""
        polite, rules = self.session.config.politeness, self.session.config.of(page.portal)
        if page.role in ("file", "requisite"):
            size = polite.max_file_mb if rules.max_file_mb is None else rules.max_file_mb
        else:
            size = polite.max_page_mb if rules.max_page_mb is None else rules.max_page_mb
        if page.form is None:
            request = self._request(page.url, turn, int(size * MEGABYTE), rules.timeout)
        else:
            request = self._posted_request(page, turn, int(size * MEGABYTE), rules.timeout)
        if page.form is None and page.record_id and page.was in ("stored", "unchanged", "listed", "file"):
            if page.etag:
                request.headers["If-None-Match"] = page.etag
            if page.last_modified:
                request.headers["If-Modified-Since"] = page.last_modified
        if COOKIE_TEST in page.url:
            request.headers["Cookie"] = COOKIE_TEST
        request.callback, request.errback = self.parse_page, self.page_failed
        request.meta["page"] = page
        return request

    def _posted_request(self, page: Page, turn: Turn, limit: int, timeout: float | None) -> Request:
        """The request that posts the form of a list, as a browser would from the page before."""
        form = self.session.frontier.forms.of(page.key)
        assert form is not None, "leave_out() looked whether the form is there"
        state = form.state
        body = body_of(state.fields, form.event, state.content_type, state.charset)
        headers = {"Content-Type": state.content_type, "Referer": page.found_on or page.url}
        if state.fragment:
            headers["X-Requested-With"] = "XMLHttpRequest"
        if state.cookie:
            headers["Cookie"] = state.cookie
        return self._request(page.url, turn, limit, timeout, method="POST", headers=headers, body=body)

    def robots_request(self, turn: Turn) -> Request:
        """The request for a host's robots.txt, sent before anything else of it."""
        request = self._request(turn.robots_url or turn.lease.host.origin + "/robots.txt", turn, MEGABYTE)
        request.callback, request.errback = self.parse_robots, self.robots_failed
        return request

    def _request(self, url: str, turn: Turn, limit: int, timeout: float | None = None, **how: Any) -> Request:
        host, port = host_port(url)
        recording = Recording(host, turn.allow_private, limit, sent_at=time.monotonic())
        timeout = self.session.config.politeness.timeout if timeout is None else timeout
        meta: dict[str, Any] = {
            "turn": turn,
            "recording": recording,
            "download_slot": f"{host}:{port}",
            "download_timeout": timeout,
            "download_maxsize": limit,
            "tls": turn.lease.host.tls,
        }
        if turn.proxy is not None:
            meta["proxy"] = turn.proxy
        self.session.tally.requests += 1
        return Request(url, dont_filter=True, meta=meta, **how)

    # answers

    def parse_page(self, response: Response) -> None:
        """Record the exchange, then read the page and say what becomes of it.

        The visit goes into the session's batch from here: as an item it would take Scrapy's way of nine coroutines.
        """
        page: Page = response.meta["page"]
        turn: Turn = response.meta["turn"]
        try:
            self.session.tally.reach.answered(turn.origin)
            answer = self._answer(response.request, page, response)
            if self.visitor.limit_reached:
                return  # enough: the page stays due, and its capture is kept
            verdict = failures.of_status(response.status, response.headers)
            if verdict is not None and page.form is not None and response.status == 500:
                verdict.host_wide = False  # what ASP.NET answers to a form it does not take: the host is well
            if verdict is not None and verdict.host_wide:
                self.scheduler.trouble.back_off(turn, verdict.wait, verdict.reason)
                self.scheduler.trouble.failed(turn, verdict.reason)
            else:
                self.scheduler.trouble.succeeded(turn)
            self.session.keep(self.visitor.visit(page, turn.lease.epoch, answer, verdict))
            if self.visitor.limit_reached or (self.sample and self.session.tally.requests >= self.sample):
                self.scheduler.stop("limit")
            elif self.sample and self.visitor.articles >= self.sample // 4:
                self.scheduler.lists_first()
        except CANNOT_KEEP as error:
            self.session.end_with(error)
        finally:
            self.scheduler.done(turn, response.meta["recording"].sent_at)

    def page_failed(self, failure: Failure) -> None:
        """No whole answer came: keep what did, and try again later where that may help."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page: Page = request.meta["page"]
        turn: Turn = request.meta["turn"]
        try:
            verdict = failures.of_error(failure.value, request)
            if verdict.unreachable == "network":
                self.scheduler.not_reached(turn, verdict.reason, page)
                return
            if verdict.unreachable:
                self.session.tally.reach.not_reached(turn.origin, verdict.unreachable)
            if tls_ladder.take_down(turn.lease.host, verdict):
                self.session.frontier.save_host(turn.lease.host)  # remembered, and recorded with every capture
                verdict.wait, verdict.host_wide = 0.0, False
            if verdict.host_wide:
                self.scheduler.trouble.failed(turn, verdict.reason)
                self.scheduler.trouble.back_off(turn, verdict.wait, verdict.reason)
            self.session.keep(self.visitor.visit(page, turn.lease.epoch, self._answer(request, page, None), verdict))
        except CANNOT_KEEP as error:
            self.session.end_with(error)
        finally:
            self.scheduler.done(turn, request.meta["recording"].sent_at)

    def _answer(self, request: Any, page: Page, response: Response | None) -> Answer | None:
        """Write the exchange into the WARC series. ``None`` only when not even a head came."""
        recording: Recording = request.meta["recording"]
        self._note_certificate(request)
        kind: Any = {"file": "file", "requisite": "requisite", "feed": "listing", "sitemap": "listing"}.get(
            page.role, "page"
        )
        tls = request.meta["tls"] if request.url.startswith("https:") else "none"
        if page.form is None:
            recorded = self.session.record(recording, request.url, page.portal, kind, tls=tls, earlier=page.record_id)
        else:
            recorded = self.session.record(recording, request.url, page.portal, kind, tls=tls, notes=posted_notes(page))
        if recorded is None:
            return None
        capture, payload = recorded
        body = response.body if response is not None else b""
        headers = response.headers if response is not None else None
        return Answer(capture, payload, body, headers)

    def parse_robots(self, response: Response) -> None:
        turn: Turn = response.meta["turn"]
        try:
            self.session.tally.reach.answered(turn.origin)
            self._record_robots(response.request)
            if response.status in REDIRECTS and self._robots_moved(turn, response):
                return
            text, note = rules_of(response.status, response.body, None)
            if text is None:
                verdict = failures.of_status(response.status, response.headers)
                self._robots_unreachable(turn, response.request, note, verdict.wait if verdict else 0.0)
            else:
                turn.lease.host.robots, turn.lease.host.robots_at = text, time.time()
                self.take_rules(turn, text)
                turn.lease.host.crawl_delay = turn.robots.crawl_delay if turn.robots else None
                self.session.frontier.save_host(turn.lease.host)
                self._seed_sitemaps(turn)
        except CANNOT_KEEP as error:
            self.session.end_with(error)
        finally:
            self.scheduler.done(turn, response.meta["recording"].sent_at)

    def robots_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        turn: Turn = request.meta["turn"]
        try:
            self._record_robots(request)
            verdict = failures.of_error(failure.value, request)
            if verdict.unreachable == "network":
                self.scheduler.not_reached(turn, verdict.reason)
                return
            if verdict.unreachable:
                self.session.tally.reach.not_reached(turn.origin, verdict.unreachable)
            steps_down = tls_ladder.take_down(turn.lease.host, verdict)
            self.session.frontier.save_host(turn.lease.host)
            if steps_down:
                return
            self._robots_unreachable(turn, request, verdict.reason)
        except CANNOT_KEEP as error:
            self.session.end_with(error)
        finally:
            self.scheduler.done(turn, request.meta["recording"].sent_at)

    def _robots_moved(self, turn: Turn, response: Response) -> bool:
        """Note where robots.txt is to be asked for next; False when it is not followed there."""
        target = moved_to(response.url, location_of(response.headers.get(b"Location")), turn.robots_hops)
        if target is None:
            return False
        turn.robots_url, turn.robots_hops = target, turn.robots_hops + 1
        return True

    def take_rules(self, turn: Turn, text: str) -> None:
        turn.robots = Robots(text, self.settings["ROBOTS_AGENT"])

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
            self.session.frontier.save_host(host)

    def _record_robots(self, request: Any) -> None:
        self._note_certificate(request)
        tls = request.meta["tls"] if request.url.startswith("https:") else "none"
        portal = request.meta["turn"].lease.pages[0].portal if request.meta["turn"].lease.pages else ""
        recorded = self.session.record(request.meta["recording"], request.url, portal, "robots", tls=tls)
        if recorded is not None:
            self.session.keep_capture(recorded[0])

    def _robots_unreachable(self, turn: Turn, request: Any, why: Reason, wait: float = 0.0) -> None:
        """RFC 9309, 2.3.1.4: a host whose robots.txt cannot be reached is not crawled."""
        turn.robots_tries += 1
        if turn.robots_tries < ROBOTS_TRIES:
            self.scheduler.trouble.back_off(
                turn, max(2.0, wait), why
            )  # the turn has no rules yet: they are asked for once more
            return
        self.scheduler.refuse(turn, why.noting(Code.UNTIL_ROBOTS))

    def _seed_sitemaps(self, turn: Turn) -> None:
        assert turn.robots is not None
        for portal in self.session.by_origin.get(turn.origin, []):
            inside = portal_scope(portal.url)
            urls = [u for u in (absolute(portal.url, s) for s in turn.robots.sitemaps) if u and inside(u)]
            guesses = [] if urls else [origin(portal.url) + "/sitemap.xml"]
            self.session.frontier.add(
                Found(url, url_key(canonical(url)), portal.name, "sitemap", "robots" if urls else "guess")
                for url in urls or guesses
            )
