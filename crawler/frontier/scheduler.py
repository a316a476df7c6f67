"""The frontier as Scrapy's scheduler: gives the downloader only requests that may go now.

A host is leased with a slice of its due pages. One request of a host is in flight at a time, and the next follows no
sooner than its delay after the start of the last. When nothing is due, a timer wakes the engine: left to itself, an
engine told "nothing now" asks again after five seconds. ``_slot.nextcall`` is the private name that wakes it;
``tests/crawler/frontier/test_scheduler.py`` fails when it goes.

A request without a row in the ledger (``scrapy shell``, ``scrapy fetch``) passes through memory.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import random
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from archive.warc.write import DiskFull
from crawler.extension import session_of
from crawler.fetch.addresses import PrivateAddress, UnknownHost, refuse_private, resolve_async
from crawler.fetch.robots import Robots
from crawler.frontier.base import Ack, Lease, Page
from crawler.frontier.urls import host_port
from crawler.session import Session, Visit

logger = logging.getLogger(__name__)

LEASE_SECONDS = 600.0
SLICE = 50
MAX_HOSTS = 200
IDLE_POLL = 0.5  # seconds between two looks into the ledger when it had nothing to lease
PATIENCE = 150.0  # seconds a crawl waits for a page that is due later; longer waits are for a later crawl
ROBOTS_FRESH = 24 * 3600.0  # RFC 9309: no longer than 24 hours
MAX_HOST_FAILURES = 6
JITTER = 0.25


@dataclass(eq=False)
class Turn:
    """A leased host in this process: what is left of its slice, when it may be asked next (monotonic seconds)."""

    lease: Lease
    pages: deque[Page]
    delay: float
    ready: float = 0.0
    bound: bool = False
    busy: bool = False
    unwritten: bool = False
    robots: Robots | None = None
    allow_private: bool = False
    robots_tries: int = 0
    stopped: str | None = None
    """Why nothing more is asked of the host in this crawl."""


class FrontierScheduler(BaseScheduler):
    """See the module. One per Scrapy process."""

    def __init__(self, crawler: Crawler, session: Session | None) -> None:
        self.crawler = crawler
        self.session = session
        self.memory: deque[Request] = deque()
        self.turns: dict[str, Turn] = {}
        self._heap: list[tuple[float, int, Turn]] = []
        self._count = itertools.count()
        self._next_claim = 0.0
        self._wake_at: float | None = None
        self._timer: Any = None
        self._tasks: set[asyncio.Task] = set()
        self._closing: asyncio.Task | None = None
        self.spider: Any = None
        self.stopping = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, session_of(crawler))

    def open(self, spider: Spider) -> None:
        self.spider = spider
        if self.session is not None:
            self.session.scheduler = self

    def close(self, reason: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self.session is None:
            return
        if self.session.fatal is None:
            try:
                self.session.flush()
            except DiskFull as error:
                self.session.fatal = error.strerror
        for turn in list(self.turns.values()):
            self._release(turn)

    def enqueue_request(self, request: Request) -> bool:
        self.memory.append(request)
        return True

    def has_pending_requests(self) -> bool:
        if self.memory:
            return True
        if self.session is None or self.stopping or self.session.fatal:
            return False
        if any(turn.pages or turn.busy or not turn.bound for turn in self.turns.values() if not turn.stopped):
            return True
        if self.session.unwritten:
            self._flush()
        self._release_finished()
        due = self.session.frontier.next_due(self.session.names)
        return due is not None and due <= time.time() + PATIENCE

    def next_request(self) -> Request | None:
        if self.memory:
            return self.memory.popleft()
        if self.session is None or self.stopping:
            return None
        if self.session.fatal:
            self.stop(self.session.fatal)
            return None
        now = time.monotonic()
        while True:
            while self._heap and self._heap[0][0] <= now:
                turn = heapq.heappop(self._heap)[2]
                request = self._next_of(turn)
                if request is not None:
                    return request
            if not self._claim(now):
                self._sleep(now)
                return None

    def stop(self, why: str) -> None:
        """End the crawl soon: nothing more is given out."""
        if not self.stopping:
            self.stopping = True
            engine: Any = self.crawler.engine
            # kept apart from the tasks that close() cancels: it is this one that calls close()
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=why))

    # what the spider tells

    def done(self, turn: Turn, started: float) -> None:
        """A request of ``turn`` that started at ``started`` (monotonic seconds) has ended, well or not."""
        turn.busy = False
        turn.ready = max(turn.ready, started + self._delay(turn))
        self._push(turn)

    def back_off(self, turn: Turn, seconds: float) -> None:
        """The host asked for quiet, or failed: nothing is sent to it for ``seconds``."""
        turn.ready = max(turn.ready, time.monotonic() + seconds)
        if seconds > PATIENCE:
            self.give_up(turn, f"it asks to be left alone for {seconds:g} s")

    def failed(self, turn: Turn, why: str) -> None:
        """The host itself failed once more; after several times in a row this crawl leaves it alone."""
        host = turn.lease.host
        host.failures += 1
        assert self.session is not None
        self.session.frontier.save_host(host)
        if host.failures >= MAX_HOST_FAILURES:
            self.give_up(turn, why)

    def succeeded(self, turn: Turn) -> None:
        if turn.lease.host.failures:
            turn.lease.host.failures = 0
            assert self.session is not None
            self.session.frontier.save_host(turn.lease.host)

    def give_up(self, turn: Turn, why: str) -> None:
        """Leave a host for this crawl: its pages keep waiting, and say why."""
        assert self.session is not None
        turn.stopped = why
        turn.pages.clear()
        self.session.tally.hosts_failed[turn.lease.host.origin] = why

    # inside

    def _next_of(self, turn: Turn) -> Request | None:
        assert self.session is not None
        if turn.busy or turn.stopped or not turn.bound:
            return None
        if time.time() > turn.lease.until - LEASE_SECONDS / 2 and not self.session.frontier.renew(
            turn.lease, LEASE_SECONDS
        ):
            self._drop(turn)  # somebody else has the host: nothing more may be sent to it
            return None
        if turn.robots is None:
            turn.busy = True
            return self.spider.robots_request(turn)
        while True:
            if not turn.pages:
                turn.pages.extend(self.session.frontier.more(turn.lease, SLICE, self.session.names))
            if not turn.pages:
                return None
            page = turn.pages.popleft()
            if not turn.robots.allows(page.url):
                reason = "robots.txt forbids it"
                self.session.tally.skipped[reason] += 1
                self._keep(Visit(page, Ack(page.key, turn.lease.epoch, "skipped", reason)))
                continue
            turn.busy = True
            return self.spider.request_for(page, turn)

    def _claim(self, now: float) -> bool:
        """Lease hosts that have something due; True when there is now something to give out."""
        assert self.session is not None
        if len(self.turns) >= MAX_HOSTS or now < self._next_claim:
            return False
        if self.session.unwritten and not any(turn.busy or turn.pages for turn in self.turns.values()):
            self._flush()
        if self._refill(now):
            return True
        self._release_finished()
        leases = self.session.frontier.claim(
            self.session.worker, MAX_HOSTS - len(self.turns), SLICE, LEASE_SECONDS, self.session.names
        )
        if not leases:
            self._next_claim = now + IDLE_POLL
            return False
        for lease in leases:
            self._take(lease)
        return False  # each becomes ready when its address is known

    def _refill(self, now: float) -> bool:
        """Give hosts already leased the pages discovered since."""
        assert self.session is not None
        got = False
        for turn in self.turns.values():
            if turn.bound and not turn.busy and not turn.pages and not turn.stopped:
                turn.pages.extend(self.session.frontier.more(turn.lease, SLICE, self.session.names))
                if turn.pages:
                    self._push(turn)
                    got = got or turn.ready <= now
        return got

    def _take(self, lease: Lease) -> None:
        assert self.session is not None
        polite = self.session.told.get("delay")
        delay = self.session.config.politeness.delay if polite is None else float(polite)
        turn = Turn(lease, deque(lease.pages), delay)
        self.turns[lease.host.origin] = turn
        if lease.host.failures >= MAX_HOST_FAILURES:
            lease.host.failures = MAX_HOST_FAILURES - 1  # a new crawl gives it one more chance
        task = asyncio.ensure_future(self._bind(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bind(self, turn: Turn) -> None:
        """Find the host's address, refuse a private one, and see that no one else is asking the same server."""
        assert self.session is not None
        host, port = host_port(turn.lease.host.origin)
        turn.allow_private = any(
            portal.allow_private and host_port(portal.url) == (host, port) for portal in self.session.portals.values()
        )
        try:
            addresses = await resolve_async(host, port)
            refuse_private(addresses[0], host=host, allowed=turn.allow_private)
        except (UnknownHost, PrivateAddress) as error:
            self.refuse(turn, str(error))
            self._wake(0.0)
            return
        if not self.session.frontier.bind(turn.lease, f"{addresses[0]}:{port}"):
            self.session.frontier.release(turn.lease, time.time() + max(turn.delay, 1.0))
            self._drop(turn)
            self._wake(1.0)
            return
        turn.bound = True
        state = turn.lease.host
        if state.robots_at is not None and time.time() - state.robots_at < ROBOTS_FRESH:
            self.spider.take_rules(turn, state.robots or "")
        self._push(turn)
        self._wake(0.0)

    def refuse(self, turn: Turn, why: str) -> None:
        """A host that cannot be asked at all: the pages of its slice say so, the rest wait."""
        assert self.session is not None
        for page in turn.pages:
            self._keep(Visit(page, Ack(page.key, turn.lease.epoch, "failed", why, tries=page.tries + 1)))
            self.session.tally.failed[page.url] = why
        turn.bound = True
        self.give_up(turn, why)

    def _release_finished(self) -> None:
        assert self.session is not None
        if self.session.unwritten:
            return
        for turn in [t for t in self.turns.values() if t.bound and not t.busy and not t.pages]:
            if turn.stopped:
                continue  # held to the end of the crawl, so that it is not leased again at once
            self._release(turn)

    def _release(self, turn: Turn) -> None:
        assert self.session is not None
        wait = max(0.0, turn.ready - time.monotonic())
        self.session.frontier.release(turn.lease, time.time() + wait)
        if turn.stopped:
            self.session.frontier.tell_waiting(turn.lease.host.origin, f"waits for a later crawl: {turn.stopped}")
        self._drop(turn)

    def _drop(self, turn: Turn) -> None:
        turn.pages.clear()
        turn.stopped = turn.stopped or "released"
        self.turns.pop(turn.lease.host.origin, None)

    def _keep(self, visit: Visit) -> None:
        assert self.session is not None
        try:
            self.session.keep(visit)
        except DiskFull as error:
            self.session.fatal = error.strerror

    def _flush(self) -> None:
        assert self.session is not None
        try:
            self.session.flush()
        except DiskFull as error:
            self.session.fatal = error.strerror

    def _delay(self, turn: Turn) -> float:
        asked = turn.robots.crawl_delay if turn.robots is not None else None
        delay = max(turn.delay, asked or 0.0)
        return delay * random.uniform(1.0, 1.0 + JITTER)  # never shorter than asked

    def _push(self, turn: Turn) -> None:
        heapq.heappush(self._heap, (turn.ready, next(self._count), turn))
        self._wake(max(0.0, turn.ready - time.monotonic()))

    def _sleep(self, now: float) -> None:
        next_ready = self._heap[0][0] - now if self._heap else IDLE_POLL
        self._wake(max(0.01, min(next_ready, IDLE_POLL)))

    def _wake(self, seconds: float) -> None:
        """Have the engine look again in ``seconds``; an earlier appointment stands."""
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if (
            self._timer is not None
            and self._wake_at is not None
            and self._wake_at <= at
            and not self._timer.cancelled()
        ):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._wake_at = at
        self._timer = loop.call_at(at, self._ring)

    def _ring(self) -> None:
        self._timer = self._wake_at = None
        engine: Any = self.crawler.engine
        if engine._slot is not None:
            engine._slot.nextcall.schedule()
