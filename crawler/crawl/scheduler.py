"""The frontier as Scrapy's scheduler: gives the downloader only requests that may go now.

A host is leased with a slice of its due pages. One request of a host is in flight at a time, and the next follows no
sooner than its delay after the last one went out. When nothing is due, an alarm wakes the engine.

A request without a row in the ledger (``scrapy shell``, ``scrapy fetch``) passes through memory.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from crawler.crawl.exchanges import Exchanges
from crawler.crawl.extension import crawl_of
from crawler.crawl.hosts.asks import Ask, Done, ask_page, ask_robots
from crawler.crawl.hosts.claims import IDLE_POLL, Claims
from crawler.crawl.hosts.gate import Gate
from crawler.crawl.hosts.host_trouble import PATIENCE, Trouble
from crawler.crawl.hosts.host_turn import LONG_DELAY, Turn
from crawler.crawl.hosts.host_turns import HostTurns
from crawler.crawl.hosts.wake_up import Alarm
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.crawl.seeding import seed, take_up_killed
from crawler.crawl.visits.outcomes import Look, forbidden
from crawler.crawl.visits.visitor import Visitor
from crawler.folder.limits import CANNOT_KEEP
from crawler.ledger.rows import Outcome, Page


class FrontierScheduler(BaseScheduler):
    """Scrapy's side of the loop. One per Scrapy process."""

    def __init__(self, crawler: Crawler, crawl: Crawl | None) -> None:
        self.crawler = crawler
        self.memory: deque[Request] = deque()
        self.alarm = Alarm(crawler)
        self.loop = Loop(crawl, self.alarm, self.stop) if crawl is not None else None
        self.stopping = False
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawl_of(crawler))

    def open(self, spider: Spider) -> None:
        if self.loop is not None:
            self.loop.open()

    def close(self, reason: str) -> None:
        self.alarm.cancel()
        if self.loop is not None:
            self.loop.close()

    def enqueue_request(self, request: Request) -> bool:
        self.memory.append(request)
        return True

    def has_pending_requests(self) -> bool:
        if self.memory:
            return True
        return self.loop is not None and not self.stopping and self.loop.has_work()

    def next_request(self) -> Request | None:
        if self.memory:
            return self.memory.popleft()
        if self.loop is None or self.stopping:
            return None
        ask = self.loop.next_ask()
        return self.loop.exchanges.request(ask) if ask is not None else None

    def stop(self, why: str) -> None:
        """End the crawl soon: nothing more is given out."""
        if not self.stopping:
            self.stopping = True
            if self.loop is not None:
                self.loop.stopping = True
            engine: Any = self.crawler.engine
            # kept apart from the tasks that close() cancels: it is this one that calls close()
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=why))


class Loop:
    """The loop of one crawl: what is asked next, and what follows when an ask is done. ``stop`` ends it."""

    def __init__(self, crawl: Crawl, alarm: Alarm, stop: Callable[[str], None]) -> None:
        self.crawl, self.alarm, self.stop = crawl, alarm, stop
        self.stopping = False
        self.gate = Gate(crawl)
        self.turns = HostTurns(alarm)
        self.claims = Claims(crawl, self.turns, self.gate, Trouble(crawl))
        self.visitor = Visitor(crawl, crawl.run.arguments.limit)
        self.exchanges = Exchanges(crawl, self.visitor, self.claims, self.done, self._stop_when_enough)

    def open(self) -> None:
        """Announce this process, and seed the frontier."""
        self.crawl.batch.after_flush = self._flushed
        self.crawl.guarded(self.claims.share)
        self.crawl.guarded(lambda: seed(self.crawl, self.visitor))

    def close(self) -> None:
        """Write what waits, and give every host back."""
        self.claims.cancel()
        self.crawl.guarded(self.crawl.batch.flush)
        for turn in self.turns:
            self.crawl.guarded(lambda turn=turn: self.claims.release(turn))  # type: ignore[misc]

    def has_work(self) -> bool:
        """Whether anything is under way, due, or waited for."""
        if self.crawl.run.fatal:
            return False
        try:
            return self._has_work()
        except CANNOT_KEEP as error:
            self.crawl.end_with(error)
            return False

    def next_ask(self) -> Ask | None:
        """What may be asked now; ``None`` when nothing is ready."""
        try:
            ask = self._give_out(time.monotonic())
        except CANNOT_KEEP as error:
            self.crawl.end_with(error)
            ask = None
        if self.crawl.run.fatal:
            self.stop(self.crawl.run.fatal.outcome)
            return None
        return ask

    def done(self, done: Done) -> None:
        """A request has ended, well or not: its host may be asked again after its delay."""
        turn = done.ask.turn
        turn.busy = False
        self.turns.sent(turn, done.sent_at)
        if turn.leaving:
            self.claims.next_share = 0.0  # it is given back at the next look
        self.turns.push(turn)

    # inside

    def _has_work(self) -> bool:
        if self.turns.has_work:
            return True
        if self.crawl.batch.unwritten:
            self.crawl.batch.flush()
        self.claims.release_idle()
        ledger, gate = self.crawl.ledger, self.gate
        due = ledger.next_due(gate.open)
        if due is not None and due <= time.time() + PATIENCE:
            return True
        if ledger.held_by_others(self.crawl.worker.name, gate.open) > 1:
            return True  # another process of the archive will share them
        # a portal paused while this crawl runs, or outside its hours, is waited for as long as it has work
        return bool(gate.waiting) and ledger.next_due(gate.waiting) is not None

    def _give_out(self, now: float) -> Ask | None:
        self._look(now)
        self.claims.share_when_due(now)
        while not (self.stopping or self.crawl.run.fatal):
            while (turn := self.turns.pop(now)) is not None:
                ask = self._next_of(turn)
                if ask is not None:
                    return ask
            if not self.claims.claim(now):
                self._sleep(now)
                break
        return None

    def _look(self, now: float) -> None:
        """Once a second: what people asked for, hours, room on the disk, processes that died."""
        if not self.gate.due(now):
            return
        self.gate.look()
        if self.gate.stopped:
            self.stop("stopped")
        self.claims.put_back_closed()
        if self.crawl.left_behind.workers:
            take_up_killed(self.crawl, self.visitor)

    def _next_of(self, turn: Turn) -> Ask | None:
        if turn.busy or turn.stopped or not turn.bound or not self.claims.renew(turn):
            return None
        if turn.robots is None:
            turn.busy = True
            return ask_robots(self.crawl, turn)
        page = self._next_page(turn)
        if page is None:
            return None
        if page.form is not None and (ready := self._next_form(turn)) > time.monotonic():
            turn.pages.appendleft(page)
            turn.ready = ready
            self.turns.push(turn)
            return None
        turn.busy = True
        turn.terms.delay = self.crawl.delay_of(page.portal)
        self.turns.give_out(turn, page.key)
        self.gate.asked(page)
        if (wait := turn.wait()) >= LONG_DELAY:
            self.claims.trouble.hold(turn, time.time() + wait, None, firm=True)
        return ask_page(self.crawl, turn, page)

    def _next_form(self, turn: Turn) -> float:
        """When a form may be posted to a host (monotonic seconds), in whatever turn the request before it went out."""
        return self.turns.last_sent(turn.origin) + self.crawl.config.politeness.form_delay

    def _next_page(self, turn: Turn) -> Page | None:
        """The next page of a turn that robots.txt allows; the others say so."""
        assert turn.robots is not None
        while True:
            if not turn.pages and not turn.leaving:
                self.claims.more(turn)
            if not turn.pages:
                return None
            page = turn.pages.popleft()
            if not turn.robots.allows(page.url):
                outcome = forbidden(Look(page, time.time()))
            elif (reason := self.visitor.leave_out(page)) is not None:
                outcome = Outcome("skipped", reason, counted="skipped")
            else:
                return page
            self.crawl.run.tally.count(page, outcome)
            self.claims.keep(Visit(page, turn.lease.epoch, outcome), turn)

    def _flushed(self, visits: list[Visit]) -> None:
        """The batch is written: what waits for that may be given back."""
        for visit in visits:
            if visit.capture is not None:
                self.gate.spent[visit.page.portal].size += visit.capture.length or 0
            self.turns.take_back(visit.page.key)

    def _stop_when_enough(self) -> None:
        """End at the run's limit; a sample that has read enough articles goes on with lists."""
        sample = self.crawl.run.arguments.sample
        if self.visitor.limit_reached or (sample and self.crawl.run.tally.requests >= sample):
            self.stop("limit")
        elif sample and self.visitor.articles >= sample // 4:
            self.claims.put_back_all()
            self.crawl.ledger.put_last("article")

    def _sleep(self, now: float) -> None:
        at = self.turns.next_ready()
        wait = at - now if at is not None else IDLE_POLL
        self.alarm.ring_in(max(0.01, min(wait, IDLE_POLL)))
