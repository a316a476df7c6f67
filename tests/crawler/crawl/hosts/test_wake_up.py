"""The alarm that wakes the engine, and the private names of Scrapy it leans on."""

from __future__ import annotations

import asyncio
import inspect
from types import SimpleNamespace

from scrapy.core.engine import ExecutionEngine, _Slot
from scrapy.utils.reactor import CallLaterOnce

from crawler.crawl.hosts.wake_up import Alarm


def test_scrapy_still_has_what_wakes_its_engine():
    assert "self._slot" in inspect.getsource(ExecutionEngine)
    assert "self.nextcall" in inspect.getsource(_Slot.__init__)
    assert callable(CallLaterOnce.schedule)


def test_the_earliest_appointment_stands_and_a_cancelled_one_does_not_ring():
    rings = []
    nextcall = SimpleNamespace(schedule=lambda: rings.append(asyncio.get_running_loop().time()))
    crawler = SimpleNamespace(engine=SimpleNamespace(_slot=SimpleNamespace(nextcall=nextcall)))

    async def appointments():
        alarm = Alarm(crawler)
        now = asyncio.get_running_loop().time()
        alarm.ring_in(60.0)
        alarm.ring_in(0.01)
        alarm.ring_in(30.0)
        while not rings:
            await asyncio.sleep(0)
        alarm.ring_in(0.0)
        alarm.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        return now

    began = asyncio.run(appointments())
    assert len(rings) == 1 and rings[0] - began < 5
