"""Captures read again, in this process or in several: pages by the themes of their time, files by their digest."""

from __future__ import annotations

import ctypes
import hashlib
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.errors import ArchiveError
from archive.redo.redo_scan import Found, Part, scan_part
from archive.redo.redoing import Job, Result
from archive.warc.read import CaptureUnreadable, StoredExchange, read_exchange
from crawler.cms.family import Selectors
from crawler.cms.learnt import LearntTheme
from crawler.extract import read
from crawler.fetch.disposition import file_name
from crawler.learn.theme_file import BadTheme, themes_in
from crawler.page.page import Page

AHEAD = 3
"""Batches begun ahead, for each process."""
_PR_SET_PDEATHSIG = 1


def read_job(warc: Path, job: Job) -> Result:
    """What one capture shows."""
    try:
        exchange = _exchange(warc, job.found)
        holder = exchange if job.original is None else _exchange(warc, job.original)
    except CaptureUnreadable as error:
        return Result(why=str(error))
    body = holder.body
    if job.as_file:
        said = exchange.header("Content-Disposition")
        name = file_name(said.encode("latin-1", "replace")) if said is not None else None
        return Result(file=(hashlib.sha256(body).hexdigest(), len(body), name))
    if job.found.record_type == "revisit" and job.original is None:
        return Result(why="the record it repeats is not held")
    page = Page.parse(body, job.url, content_type=job.found.content_type, fetched_at=job.found.fetched_at)
    page.lifted = job.lifted
    try:
        reading = read(page, _selectors(job.selectors), _themes(job.theme))
    except Exception as error:  # as in the crawl, where one page ends nothing
        return Result(why=f"{type(error).__name__}: {error}")
    return Result(reading.article, f"{reading.kind}: {reading.reason}")


def read_jobs(warc: Path, jobs: list[Job]) -> list[Result]:
    return [read_job(warc, job) for job in jobs]


def _exchange(warc: Path, found: Found) -> StoredExchange:
    return read_exchange(warc, found.file, found.offset, found.length)


@cache
def _themes(text: str) -> list[LearntTheme]:
    if not text:
        return []
    try:
        return themes_in(text)
    except BadTheme:
        return []


def _selectors(said: dict[str, Any] | None) -> Selectors | None:
    if said is None:
        return None
    choices: dict[str, Any] = {
        name: tuple(tuple(one) if isinstance(one, list) else one for one in value) for name, value in said.items()
    }
    return Selectors(**choices)


class Here:
    """Reads in this process."""

    ahead = 0

    def __init__(self, warc: Path) -> None:
        self.warc = warc

    def submit(self, jobs: list[Job]) -> Callable[[], list[Result]]:
        return partial(read_jobs, self.warc, jobs)

    def scan(self, path: Path, start: int) -> Callable[[], Part]:
        return partial(scan_part, path, start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        pass


class Processes:
    """Reads in several processes, which end with this one."""

    def __init__(self, warc: Path, count: int) -> None:
        self.warc, self.ahead = warc, AHEAD * count
        # not forked from here: this process has databases open
        self._pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent)

    def submit(self, jobs: list[Job]) -> Callable[[], list[Result]]:
        if not jobs:
            return list
        waiting = self._pool.submit(read_jobs, self.warc, jobs)

        def results() -> list[Result]:
            try:
                return waiting.result()
            except BrokenProcessPool as error:
                urls = ", ".join(job.url for job in jobs[:3])
                raise ArchiveError(f"a process ended while it read pages near {urls}: try again with  -j 1") from error

        return results

    def scan(self, path: Path, start: int) -> Callable[[], Part]:
        return self._pool.submit(scan_part, path, start).result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """A process of the pool ends when the one that began it is killed, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
