"""Leasing hosts from the ledger: their share among processes, the search for their servers, and giving them back."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from crawler.crawl.hosts import tls_ladder
from crawler.crawl.hosts.gate import Gate
from crawler.crawl.hosts.host_trouble import FIRST_QUIET, MAX_HOST_FAILURES, Trouble
from crawler.crawl.hosts.host_turn import Terms, Turn, server_of
from crawler.crawl.hosts.host_turns import HostTurns
from crawler.crawl.hosts.sharing import ASK_EVERY, Sharing
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.outcomes import Look, never_asked
from crawler.fetch.network import NoNameServer, PrivateAddress, UnknownHost
from crawler.fetch.robots import Robots
from crawler.folder.limits import CANNOT_KEEP
from crawler.ledger.rows import Lease, Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.settings import ROBOTS_AGENT

LEASE_SECONDS = 600.0
SLICE = 50
MAX_HOSTS = 1000
FIRST_HOSTS = 8  # leased at first, then twice as many each time: another process that starts now finds its share
IDLE_POLL = 0.5  # seconds between two looks into the ledger when it had nothing to lease
ROBOTS_FRESH = 24 * 3600.0  # RFC 9309: no longer than 24 hours


class Claims:
    """The leases of one process."""

    def __init__(self, crawl: Crawl, turns: HostTurns, gate: Gate, trouble: Trouble) -> None:
        self.crawl, self.turns, self.gate, self.trouble = crawl, turns, gate, trouble
        self.sharing = Sharing(crawl.ledger, crawl.worker.name, crawl.names)
        self.next_share = 0.0
        self._next_claim = 0.0
        self._next_hosts = FIRST_HOSTS
        self._hungry = False
        self._tried: set[str] = set()
        """Hosts this crawl took up before."""
        self._tasks: set[asyncio.Task[None]] = set()

    def claim(self, now: float) -> bool:
        """Lease hosts that have something due; True when there is now something to give out."""
        if now < self._next_claim:
            return False
        if self.crawl.batch.unwritten and not any(turn.busy or turn.pages for turn in self.turns):
            self.crawl.batch.flush()
        if self._refill(now):
            return True
        self._next_claim = now + IDLE_POLL
        self.release_idle()
        hosts = min(MAX_HOSTS - len(self.turns), self._next_hosts)
        fair = self.sharing.fair(self.gate.open)
        if fair is not None:
            hosts = min(hosts, fair - len(self.turns))
        if hosts <= 0:
            return False
        ledger, worker = self.crawl.ledger, self.crawl.worker.name
        leases = ledger.claim(worker, hosts, SLICE, LEASE_SECONDS, self.gate.open)
        self._next_hosts = min(self._next_hosts * 2, MAX_HOSTS)
        self._hungry = not leases and not len(self.turns)
        self.share()
        for lease in leases:
            self.take(lease)
        return False  # each becomes ready when its address is known

    def take(self, lease: Lease) -> None:
        """Make a leased host a turn, and find its server."""
        if not lease.pages:  # a dead worker held pages of it, none of which this crawl asks for
            self.crawl.ledger.release(lease, 0.0)
            return
        portal = lease.pages[0].portal
        terms = Terms(self.crawl.delay_of(portal), self.crawl.config.of(portal).proxy)
        turn = Turn(lease, deque(lease.pages), terms)
        self.turns.add(turn)
        tls_ladder.begin_crawl(lease.host, self.crawl.run.started_at, time.time())
        if lease.host.failures >= MAX_HOST_FAILURES and turn.origin not in self._tried:
            lease.host.failures = MAX_HOST_FAILURES - 1  # a new crawl gives it one more chance
        self._tried.add(turn.origin)
        task = asyncio.ensure_future(self._bind(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def renew(self, turn: Turn) -> bool:
        """Keep the lease of a host; False when somebody else has it by now, and nothing more may be sent to it."""
        if time.time() <= turn.lease.until - LEASE_SECONDS / 2 or self.crawl.ledger.renew(turn.lease, LEASE_SECONDS):
            return True
        self.turns.drop(turn)
        return False

    def more(self, turn: Turn) -> None:
        """Lease more pages of a host whose slice is used up."""
        turn.pages.extend(self.crawl.ledger.more(turn.lease, SLICE, self.gate.open))

    def share_when_due(self, now: float) -> None:
        """Look now and then whether another process goes hungry."""
        if now >= self.next_share:
            self.next_share = now + ASK_EVERY
            self.share()

    def share(self) -> None:
        """Leave hosts to a process of the archive that has none: what is beyond an equal share is given back."""
        self.sharing.announce(len(self.turns), self._hungry)
        staying = [turn for turn in self.turns if not turn.leaving]
        if not self.sharing.ask().hungry or len(staying) < 2:
            return
        share = max(self.sharing.fair(self.gate.open) or 1, 1)
        for turn in staying[share:]:
            if turn.bound and not turn.stopped:
                self.crawl.ledger.put_back(turn.lease, turn.pages)
                turn.pages.clear()
                turn.leaving = True
        self._release_leaving()

    def put_back_closed(self) -> None:
        """Give the ledger back what waits of portals that may not be asked now."""
        allowed = set(self.gate.open)
        for turn in self.turns:
            waiting = [page for page in turn.pages if page.portal not in allowed]
            if waiting:
                self.crawl.ledger.put_back(turn.lease, waiting)
                turn.pages = deque(page for page in turn.pages if page.portal in allowed)

    def put_back_all(self) -> None:
        """Give the ledger back every page that waits here."""
        for turn in self.turns:
            self.crawl.ledger.put_back(turn.lease, turn.pages)
            turn.pages.clear()

    def refuse(self, turn: Turn, why: Reason) -> None:
        """A host that cannot be asked at all: the pages of its slice say so, the rest wait."""
        for page in turn.pages:
            outcome = never_asked(Look(page, time.time()), why)
            self.keep(Visit(page, turn.lease.epoch, outcome), turn)
            self.crawl.run.tally.count(page, outcome)
        turn.bound = True
        self.trouble.give_up(turn, why, FIRST_QUIET)

    def not_reached(self, turn: Turn, why: Reason, page: Page | None = None) -> None:
        """This machine has no way to a host: its pages stay as they are, ``page`` that was just asked for too."""
        if page is not None:
            self.turns.take_back(page.key)
        self.trouble.not_reached(turn, why, [page] if page is not None else [])
        self.turns.alarm.ring_in(0.0)

    def keep(self, visit: Visit, turn: Turn) -> None:
        """Put a visit that needed no request into the batch."""
        self.turns.give_out(turn, visit.page.key)
        self.crawl.batch.add(visit)

    def release_idle(self) -> None:
        """Give back the hosts of which nothing is under way."""
        for turn in self.turns:
            if turn.idle:
                self.release(turn)

    def release(self, turn: Turn) -> None:
        """Give a host back."""
        self.crawl.ledger.release(turn.lease, turn.quiet_until, firm=turn.moment())
        if turn.stopped:
            self.crawl.ledger.tell_waiting(turn.origin, turn.stopped.noting(Code.WAITS_FOR_LATER))
        self.turns.drop(turn)

    def cancel(self) -> None:
        """Leave off the searches for servers that are under way."""
        for task in self._tasks:
            task.cancel()

    def _release_leaving(self) -> None:
        """Give back what is to be given back and has no request under way, its last visits written first."""
        leaving = [turn for turn in self.turns if turn.leaving and turn.bound and not turn.busy]
        if any(turn.unacked for turn in leaving):
            self.crawl.batch.flush()
        for turn in leaving:
            if turn.idle:
                self.release(turn)

    def _refill(self, now: float) -> bool:
        """Give hosts already leased the pages discovered since."""
        got = False
        for turn in self.turns:
            at_rest = turn.bound and not turn.busy and not turn.pages and not turn.stopped and not turn.leaving
            if at_rest and turn.robots is not None:
                self.more(turn)
                if turn.pages:
                    self.turns.push(turn)
                    got = got or turn.ready <= now
        return got

    async def _bind(self, turn: Turn) -> None:
        """Find the host's address, refuse a private one, and see that no one else is asking the same server."""
        try:
            await self._find(turn)
        except CANNOT_KEEP as error:
            self.crawl.end_with(error)
            self.turns.alarm.ring_in(0.0)

    async def _find(self, turn: Turn) -> None:
        reach = self.crawl.run.tally.hosts.reach
        try:
            server = await server_of(turn, self.crawl.is_private)
        except NoNameServer as error:
            self.not_reached(turn, error.reason)
            return
        except (UnknownHost, PrivateAddress) as error:
            if isinstance(error, UnknownHost):
                reach.not_reached(turn.origin, "name")
            self.refuse(turn, error.reason)
            self.turns.alarm.ring_in(0.0)
            return
        reach.servers[turn.origin] = server
        if not self.crawl.ledger.bind(turn.lease, server):
            turn.quiet_until = time.time() + IDLE_POLL
            self.crawl.ledger.release(turn.lease, 0.0)
            self.turns.drop(turn)
            return
        turn.bound = True
        state = turn.lease.host
        if state.robots_at is not None and time.time() - state.robots_at < ROBOTS_FRESH:
            turn.robots = Robots(state.robots or "", ROBOTS_AGENT)
        self.turns.push(turn)
        self.turns.alarm.ring_in(0.0)
