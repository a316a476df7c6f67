"""The hosts leased by this process: which may be asked next, and what of them is under way."""

from __future__ import annotations

import heapq
import itertools
import math
import time
from collections.abc import Iterator

from crawler.crawl.hosts.host_turn import Turn
from crawler.crawl.hosts.wake_up import Alarm
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason


class HostTurns:
    """Turns by origin, in the order in which they may be asked. Times are monotonic seconds."""

    def __init__(self, alarm: Alarm) -> None:
        self.alarm = alarm
        self._turns: dict[str, Turn] = {}
        self._ready: list[tuple[float, int, Turn]] = []
        self._count = itertools.count()
        self._given_out: dict[bytes, Turn] = {}
        self._sent: dict[str, float] = {}
        """When the last request to each host went out."""

    def __iter__(self) -> Iterator[Turn]:
        return iter(list(self._turns.values()))

    def __len__(self) -> int:
        return len(self._turns)

    def add(self, turn: Turn) -> None:
        """Take a leased host; it may be asked once it is pushed."""
        self._turns[turn.origin] = turn

    def drop(self, turn: Turn) -> None:
        """The host is leased no more."""
        turn.pages.clear()
        turn.stopped = turn.stopped or Reason(Code.RELEASED)
        if self._turns.get(turn.origin) is turn:
            del self._turns[turn.origin]

    def push(self, turn: Turn) -> None:
        """Have a host asked when it is ready."""
        heapq.heappush(self._ready, (turn.ready, next(self._count), turn))
        self.alarm.ring_in(max(0.0, turn.ready - time.monotonic()))

    def pop(self, now: float) -> Turn | None:
        """The next host that may be asked at ``now``."""
        return heapq.heappop(self._ready)[2] if self._ready and self._ready[0][0] <= now else None

    def next_ready(self) -> float | None:
        """When the next host may be asked."""
        return self._ready[0][0] if self._ready else None

    def give_out(self, turn: Turn, key: bytes) -> None:
        """A page of the host is under way until its visit is written."""
        turn.unacked += 1
        self._given_out[key] = turn

    def take_back(self, key: bytes) -> None:
        """A page's visit is written, or it was not asked for after all."""
        turn = self._given_out.pop(key, None)
        if turn is not None:
            turn.unacked -= 1

    def sent(self, turn: Turn, at: float) -> None:
        """A request to the host went out."""
        self._sent[turn.origin] = at
        turn.ready = max(turn.ready, at + turn.wait())

    def last_sent(self, origin: str) -> float:
        """When the last request to a host went out, in whatever turn; minus infinity when none did."""
        return self._sent.get(origin, -math.inf)

    @property
    def has_work(self) -> bool:
        """Whether any host has a page waiting or under way, or is still being looked up."""
        return any(turn.pages or turn.busy or not turn.bound for turn in self._turns.values() if not turn.stopped)
