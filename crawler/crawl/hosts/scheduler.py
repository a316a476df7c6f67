"""The frontier as Scrapy's scheduler: gives the downloader only requests that may go now.

A host is leased with a slice of its due pages. One request of a host is in flight at a time, and the next follows no
sooner than its delay after the last one went out. When nothing is due, an alarm wakes the engine.

A request without a row in the ledger (``scrapy shell``, ``scrapy fetch``) passes through memory.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import math
import time
from collections import deque
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from archive.text.vietnam_time import DAY
from crawler.crawl.extension import session_of
from crawler.crawl.hosts import tls_ladder
from crawler.crawl.hosts.gate import Standing
from crawler.crawl.hosts.host_trouble import FIRST_QUIET, MAX_HOST_FAILURES, PATIENCE, Trouble
from crawler.crawl.hosts.host_turn import LONG_DELAY, Turn, server_of
from crawler.crawl.hosts.wake_up import Alarm
from crawler.crawl.session import Session
from crawler.crawl.visit import Visit
from crawler.fetch.network import NoNameServer, PrivateAddress, UnknownHost
from crawler.folder.limits import CANNOT_KEEP
from crawler.ledger.rows import Ack, Lease, Page
from crawler.ledger.sharing import ASK_EVERY, Sharing
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

logger = logging.getLogger(__name__)

LEASE_SECONDS = 600.0
SLICE = 50
MAX_HOSTS = 1000
FIRST_HOSTS = 8  # leased at first, then twice as many each time: another process that starts now finds its share
IDLE_POLL = 0.5  # seconds between two looks into the ledger when it had nothing to lease
ROBOTS_FRESH = 24 * 3600.0  # RFC 9309: no longer than 24 hours


class FrontierScheduler(BaseScheduler):
    """See the module. One per Scrapy process."""

    def __init__(self, crawler: Crawler, session: Session | None) -> None:
        self.crawler = crawler
        self.session = session
        self.standing = Standing(session) if session is not None else None
        self.sharing: Sharing | None = None
        self.trouble: Any = Trouble(session) if session is not None else None
        self.memory: deque[Request] = deque()
        self.turns: dict[str, Turn] = {}
        self.stopping = False
        self.spider: Any = None
        self._out: dict[bytes, Turn] = {}
        self._heap: list[tuple[float, int, Turn]] = []
        self._sent: dict[str, float] = {}
        """When the last request to each host went out (monotonic seconds)."""
        self._count = itertools.count()
        self._next_claim = self._next_share = 0.0
        self._next_hosts = FIRST_HOSTS
        self._hungry = False
        self.alarm = Alarm(crawler)
        self._tasks: set[asyncio.Task] = set()
        self._closing: asyncio.Task | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, session_of(crawler))

    def open(self, spider: Spider) -> None:
        self.spider = spider
        if self.session is not None:
            self.session.scheduler = self
            self.session.after_flush = self._flushed
            self.sharing = Sharing(self.session.frontier, self.session.worker, self.session.names)
            self.session.guarded(self._share)

    def close(self, reason: str) -> None:
        self.alarm.cancel()
        for task in self._tasks:
            task.cancel()
        if self.session is None:
            return
        self.session.guarded(self.session.flush)
        for turn in list(self.turns.values()):
            self.session.guarded(lambda turn=turn: self._release(turn))  # type: ignore[misc]

    def enqueue_request(self, request: Request) -> bool:
        self.memory.append(request)
        return True

    def has_pending_requests(self) -> bool:
        if self.memory:
            return True
        if self.session is None or self.stopping or self.session.fatal:
            return False
        try:
            return self._has_work()
        except CANNOT_KEEP as error:
            self.session.end_with(error)
            return False

    def _has_work(self) -> bool:
        assert self.session is not None and self.standing is not None
        if any(turn.pages or turn.busy or not turn.bound for turn in self.turns.values() if not turn.stopped):
            return True
        if self.session.unwritten:
            self.session.flush()
        self._release_idle()
        frontier = self.session.frontier
        due = frontier.next_due(self.standing.open)
        if due is not None and due <= time.time() + PATIENCE:
            return True
        if frontier.held_by_others(self.session.worker, self.standing.open) > 1:
            return True  # another process of the archive will share them
        # a portal paused while this crawl runs, or outside its hours, is waited for as long as it has work
        return bool(self.standing.waiting) and frontier.next_due(self.standing.waiting) is not None

    def next_request(self) -> Request | None:
        if self.memory:
            return self.memory.popleft()
        if self.session is None or self.stopping:
            return None
        try:
            request = self._give_out(time.monotonic())
        except CANNOT_KEEP as error:
            self.session.end_with(error)
            request = None
        if self.session.fatal:
            self.stop(self.session.fatal.outcome)
            return None
        return request

    def _give_out(self, now: float) -> Request | None:
        self._look(now)
        if now >= self._next_share:
            self._next_share = now + ASK_EVERY
            self._share()
        while not (self.stopping or self.session.fatal):  # type: ignore[union-attr]
            while self._heap and self._heap[0][0] <= now:
                turn = heapq.heappop(self._heap)[2]
                request = self._next_of(turn)
                if request is not None:
                    return request
            if not self._claim(now):
                self._sleep(now)
                break
        return None

    def stop(self, why: str) -> None:
        """End the crawl soon: nothing more is given out."""
        if not self.stopping:
            self.stopping = True
            engine: Any = self.crawler.engine
            # kept apart from the tasks that close() cancels: it is this one that calls close()
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=why))

    # what the spider tells

    def done(self, turn: Turn, sent: float) -> None:
        """A request of ``turn`` that went out at ``sent`` (monotonic seconds) has ended, well or not."""
        turn.busy = False
        self._sent[turn.origin] = sent
        turn.ready = max(turn.ready, sent + turn.wait())
        if turn.leaving:
            self._next_share = 0.0  # it is given back at the next look
        self._push(turn)

    def refuse(self, turn: Turn, why: Reason) -> None:
        """A host that cannot be asked at all: the pages of its slice say so, the rest wait."""
        assert self.session is not None
        for page in turn.pages:
            ack = Ack(page.key, turn.lease.epoch, "failed", why, tries=page.tries + 1)
            if page.article_id is not None:  # the article is kept; only this visit failed
                ack.state, ack.due, ack.reason = page.was, time.time() + DAY, why.noting(Code.LAST_VISIT_FAILED)
                ack.suspect_since = page.suspect_since
            self._keep(Visit(page, ack), turn)
            self.session.tally.failed[page.url] = str(why)
        turn.bound = True
        self.trouble.give_up(turn, why, FIRST_QUIET)

    def not_reached(self, turn: Turn, why: Reason, page: Page | None = None) -> None:
        """This machine has no way to a host: its pages stay as they are, ``page`` that was just asked for too."""
        if page is not None and self._out.pop(page.key, None) is not None:
            turn.unacked -= 1
        self.trouble.not_reached(turn, why, [page] if page is not None else [])
        self.alarm.ring_in(0.0)

    def lists_first(self) -> None:
        """Put the articles that wait behind everything else: a sample has read enough of them."""
        assert self.session is not None
        for turn in self.turns.values():
            self.session.frontier.put_back(turn.lease, turn.pages)
            turn.pages.clear()
        self.session.frontier.put_last("article")

    # inside

    def _look(self, now: float) -> None:
        """Once a second: what people asked for, hours, room on the disk, processes that died."""
        assert self.session is not None and self.standing is not None
        if not self.standing.due(now):
            return
        self.standing.look()
        if self.standing.stopped:
            self.stop("stopped")
        allowed = set(self.standing.open)
        for turn in self.turns.values():
            waiting = [page for page in turn.pages if page.portal not in allowed]
            if waiting:
                self.session.frontier.put_back(turn.lease, waiting)
                turn.pages = deque(page for page in turn.pages if page.portal in allowed)
        if self.standing.must_recover:
            self.spider.recover()

    def _share(self) -> None:
        """Leave hosts to a process of the archive that has none: what is beyond an equal share is given back."""
        assert self.session is not None and self.standing is not None and self.sharing is not None
        self.sharing.announce(len(self.turns), self._hungry)
        staying = [turn for turn in self.turns.values() if not turn.leaving]
        if not self.sharing.ask().hungry or len(staying) < 2:
            return
        share = max(self.sharing.fair(self.standing.open) or 1, 1)
        for turn in staying[share:]:
            if turn.bound and not turn.stopped:
                self.session.frontier.put_back(turn.lease, turn.pages)
                turn.pages.clear()
                turn.leaving = True
        self._release_leaving()

    def _release_leaving(self) -> None:
        """Give back what is to be given back and has no request under way, its last visits written first."""
        assert self.session is not None
        leaving = [turn for turn in self.turns.values() if turn.leaving and turn.bound and not turn.busy]
        if any(turn.unacked for turn in leaving):
            self.session.flush()
        for turn in leaving:
            if turn.idle:
                self._release(turn)

    def _next_of(self, turn: Turn) -> Request | None:
        assert self.session is not None
        if turn.busy or turn.stopped or not turn.bound:
            return None
        frontier = self.session.frontier
        if time.time() > turn.lease.until - LEASE_SECONDS / 2 and not frontier.renew(turn.lease, LEASE_SECONDS):
            self._drop(turn)  # somebody else has the host: nothing more may be sent to it
            return None
        if turn.robots is None:
            turn.busy = True
            return self.spider.robots_request(turn)
        page = self._next_page(turn)
        if page is None:
            return None
        if page.form is not None and (ready := self._next_form(turn)) > time.monotonic():
            turn.pages.appendleft(page)
            turn.ready = ready
            self._push(turn)
            return None
        turn.busy = True
        turn.unacked += 1
        turn.delay = self.session.delay_of(page.portal)
        self._out[page.key] = turn
        self.standing.asked(page)  # type: ignore[union-attr]
        if (wait := turn.wait()) >= LONG_DELAY:
            self.trouble.hold(turn, time.time() + wait, None, firm=True)
        return self.spider.request_for(page, turn)

    def _next_form(self, turn: Turn) -> float:
        """When a form may be posted to a host (monotonic seconds), in whatever turn the request before it went out."""
        assert self.session is not None
        return self._sent.get(turn.origin, -math.inf) + self.session.config.politeness.form_delay

    def _next_page(self, turn: Turn) -> Page | None:
        """The next page of a turn that robots.txt allows; the others say so."""
        assert self.session is not None and self.standing is not None and turn.robots is not None
        while True:
            if not turn.pages and not turn.leaving:
                turn.pages.extend(self.session.frontier.more(turn.lease, SLICE, self.standing.open))
            if not turn.pages:
                return None
            page = turn.pages.popleft()
            allowed = turn.robots.allows(page.url)
            reason = self.spider.leave_out(page) if allowed else Reason(Code.ROBOTS_FORBIDS)
            if reason is None:
                return page
            self.session.tally.skipped[reason.group] += 1
            self._keep(Visit(page, Ack(page.key, turn.lease.epoch, "skipped", reason)), turn)

    def _claim(self, now: float) -> bool:
        """Lease hosts that have something due; True when there is now something to give out."""
        assert self.session is not None and self.standing is not None and self.sharing is not None
        if now < self._next_claim:
            return False
        if self.session.unwritten and not any(turn.busy or turn.pages for turn in self.turns.values()):
            self.session.flush()
        if self._refill(now):
            return True
        self._next_claim = now + IDLE_POLL
        self._release_idle()
        hosts = min(MAX_HOSTS - len(self.turns), self._next_hosts)
        fair = self.sharing.fair(self.standing.open)
        if fair is not None:
            hosts = min(hosts, fair - len(self.turns))
        if hosts <= 0:
            return False
        leases = self.session.frontier.claim(self.session.worker, hosts, SLICE, LEASE_SECONDS, self.standing.open)
        self._next_hosts = min(self._next_hosts * 2, MAX_HOSTS)
        self._hungry = not leases and not self.turns
        self._share()
        for lease in leases:
            self._take(lease)
        return False  # each becomes ready when its address is known

    def _refill(self, now: float) -> bool:
        """Give hosts already leased the pages discovered since."""
        assert self.session is not None and self.standing is not None
        got = False
        for turn in self.turns.values():
            at_rest = turn.bound and not turn.busy and not turn.pages and not turn.stopped and not turn.leaving
            if at_rest and turn.robots is not None:
                turn.pages.extend(self.session.frontier.more(turn.lease, SLICE, self.standing.open))
                if turn.pages:
                    self._push(turn)
                    got = got or turn.ready <= now
        return got

    def _take(self, lease: Lease) -> None:
        assert self.session is not None
        if not lease.pages:  # a dead worker held pages of it, none of which this crawl asks for
            self.session.frontier.release(lease, 0.0)
            return
        portal = lease.pages[0].portal
        turn = Turn(
            lease, deque(lease.pages), self.session.delay_of(portal), proxy=self.session.config.of(portal).proxy
        )
        self.turns[turn.origin] = turn
        tls_ladder.begin_crawl(lease.host, self.session.started_at, time.time())
        if lease.host.failures >= MAX_HOST_FAILURES and not self.session.has_tried(turn.origin):
            lease.host.failures = MAX_HOST_FAILURES - 1  # a new crawl gives it one more chance
        task = asyncio.ensure_future(self._bind(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bind(self, turn: Turn) -> None:
        """Find the host's address, refuse a private one, and see that no one else is asking the same server."""
        assert self.session is not None
        try:
            await self._find(turn)
        except CANNOT_KEEP as error:
            self.session.end_with(error)
            self.alarm.ring_in(0.0)

    async def _find(self, turn: Turn) -> None:
        assert self.session is not None
        try:
            server = await server_of(turn, self.session.private)
        except NoNameServer as error:
            self.not_reached(turn, error.reason)
            return
        except (UnknownHost, PrivateAddress) as error:
            if isinstance(error, UnknownHost):
                self.session.tally.reach.not_reached(turn.origin, "name")
            self.refuse(turn, error.reason)
            self.alarm.ring_in(0.0)
            return
        self.session.tally.reach.servers[turn.origin] = server
        if not self.session.frontier.bind(turn.lease, server):
            turn.quiet_until = time.time() + IDLE_POLL
            self.session.frontier.release(turn.lease, 0.0)
            self._drop(turn)
            return
        turn.bound = True
        state = turn.lease.host
        if state.robots_at is not None and time.time() - state.robots_at < ROBOTS_FRESH:
            self.spider.take_rules(turn, state.robots or "")
        self._push(turn)
        self.alarm.ring_in(0.0)

    def _flushed(self, visits: list[Visit]) -> None:
        """The batch is written: what waits for that may be given back."""
        for visit in visits:
            if visit.capture is not None and self.standing is not None:
                self.standing.spent[visit.page.portal].size += visit.capture.length or 0
            turn = self._out.pop(visit.page.key, None)
            if turn is not None:
                turn.unacked -= 1

    def _release_idle(self) -> None:
        for turn in [turn for turn in self.turns.values() if turn.idle]:
            self._release(turn)

    def _release(self, turn: Turn) -> None:
        assert self.session is not None
        self.session.frontier.release(turn.lease, turn.quiet_until, firm=turn.moment())
        if turn.stopped:
            self.session.frontier.tell_waiting(turn.origin, turn.stopped.noting(Code.WAITS_FOR_LATER))
        self._drop(turn)

    def _drop(self, turn: Turn) -> None:
        turn.pages.clear()
        turn.stopped = turn.stopped or Reason(Code.RELEASED)
        if self.turns.get(turn.origin) is turn:
            del self.turns[turn.origin]

    def _keep(self, visit: Visit, turn: Turn) -> None:
        assert self.session is not None
        turn.unacked += 1
        self._out[visit.page.key] = turn
        self.session.keep(visit)

    def _push(self, turn: Turn) -> None:
        heapq.heappush(self._heap, (turn.ready, next(self._count), turn))
        self.alarm.ring_in(max(0.0, turn.ready - time.monotonic()))

    def _sleep(self, now: float) -> None:
        next_ready = self._heap[0][0] - now if self._heap else IDLE_POLL
        self.alarm.ring_in(max(0.01, min(next_ready, IDLE_POLL)))
