"""Progress of a running crawl: a bar on a terminal, a line every ten seconds elsewhere, lines of JSON on request."""

from __future__ import annotations

import json
import time
from collections import deque
from datetime import datetime
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

from archive.text.plain_output import drawing
from archive.text.plurals import counted
from archive.text.vietnam_time import VIETNAM
from crawler.crawl.extension import crawl_of

WINDOW = 120.0
"""Seconds of the crawl from which the time left is estimated: long enough to even out slow pages, short enough to follow."""

LEAST = 8.0
"""Seconds after which there is enough to estimate from."""


class Watch:
    """Shows one crawl while it runs."""

    def __init__(self, crawler: Crawler, out: TextIO, progress: bool | None, as_json: bool = False) -> None:
        self.crawler = crawler
        self.out = out
        self.as_json = as_json
        self.terminal = (out.isatty() if progress is None else progress) and not as_json
        self.bar: Progress | None = None
        self.task: TaskID | None = None
        self.loop: AsyncioLoopingCall | LoopingCall | None = None
        self.quiet = progress is False
        self.speed = Speed()
        crawler.signals.connect(self._open, signal=signals.spider_opened)
        crawler.signals.connect(self.stop, signal=signals.spider_closed)

    def _open(self) -> None:
        if self.quiet:
            return
        if self.terminal:
            self.bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=20),
                TimeElapsedColumn(),
                console=Console(file=drawing(self.out)),
                transient=True,
            )
            self.task = self.bar.add_task("starting", total=None)
            self.bar.start()
        self.loop = create_looping_call(self._tick)
        self.loop.start(0.5 if self.terminal else 10.0, now=False)

    def _tick(self) -> None:
        crawl = crawl_of(self.crawler)
        if crawl is None:
            return
        counts = crawl.ledger.counts(crawl.names)
        waiting = counts.get("new", 0) + counts.get("leased", 0)
        known = sum(counts.values())
        articles = sum(n for name, n in crawl.run.tally.articles.items() if name != "gone")
        self.speed.note(time.monotonic(), known - waiting)
        if self.as_json:
            numbers = {"done": known - waiting, "known": known, "articles": articles, "waits": crawl.run.waiting}
            print(log_line("a crawl runs", **numbers), file=self.out, flush=True)
            return
        left = "" if crawl.run.waiting else time_left(self.speed.seconds_for(waiting))
        line = progress_line(articles, known - waiting, known, left) + waits(crawl.run.waiting)
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, description=line, completed=known - waiting, total=known)
        else:
            print(line, file=self.out, flush=True)

    def stop(self) -> None:
        if self.loop is not None and self.loop.running:
            self.loop.stop()
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


class Speed:
    """Pages a second over the last :data:`WINDOW`. Moments are monotonic seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, moment: float, done: int) -> None:
        self._seen.append((moment, done))
        while moment - self._seen[0][0] > WINDOW:
            self._seen.popleft()

    def seconds_for(self, pages: int) -> float | None:
        """How long ``pages`` more will take at this speed; ``None`` when too little was seen."""
        if len(self._seen) < 2:
            return None
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        if ended - began < LEAST or last <= first:
            return None
        return pages * (ended - began) / (last - first)


def progress_line(articles: int, done: int, known: int, left: str) -> str:
    """``12 articles; 537 of 904 known pages done, about 6 min left``."""
    return f"{counted(articles, 'article')}; {done:,} of {counted(known, 'known page')} done{left}"


def time_left(seconds: float | None) -> str:
    """A rough time left, as the end of a line; empty when it cannot be told."""
    if seconds is None:
        return ""
    if seconds < 45:
        return ", under a minute left"
    if seconds < 90 * 60:
        return f", about {max(1, round(seconds / 60))} min left"
    if seconds < 36 * 3600:
        return f", about {round(seconds / 3600)} h left"
    return f", about {counted(round(seconds / 86400), 'day')} left"


def waits(waiting: dict[str, str]) -> str:
    """Which portals wait and why, as the end of a line; a crawl that waits for the night looks dead."""
    if not waiting:
        return ""
    name, why = next(iter(waiting.items()))
    others = f" and {counted(len(waiting) - 1, 'other portal')}" if len(waiting) > 1 else ""
    return f"; waiting: {name}{others}, {why}"


def log_line(event: str, **more: Any) -> str:
    """A line of a log in JSON, of the one shape that all commands write; its time is Vietnam's, with the offset."""
    now = datetime.now(VIETNAM).isoformat(timespec="seconds")
    return json.dumps({"time": now, "event": event, **more}, ensure_ascii=False)
