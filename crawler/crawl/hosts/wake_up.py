"""The timer that wakes Scrapy's engine when a request may go: left to itself, an engine told "nothing now" asks again
after five seconds.

``_slot.nextcall`` is the private name that wakes it; ``tests/crawler/crawl/hosts/test_wake_up.py`` fails when it goes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy.crawler import Crawler


class Alarm:
    """One appointment at a time: the earliest that was asked for. Seconds are counted from now."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._at: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def ring_in(self, seconds: float) -> None:
        """Have the engine ask for a request in ``seconds``; an earlier appointment stands."""
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if self._timer is not None and self._at is not None and self._at <= at:
            return
        self.cancel()
        self._at, self._timer = at, loop.call_at(at, self._ring)

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._at = self._timer = None

    def _ring(self) -> None:
        self._at = self._timer = None
        engine: Any = self.crawler.engine
        if engine._slot is not None:
            engine._slot.nextcall.schedule()
