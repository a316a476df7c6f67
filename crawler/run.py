"""Run a crawl in this process and say what it did."""

from __future__ import annotations

import errno
import gc
import json
import logging
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TextIO

import scrapy.core.downloader.contextfactory  # noqa: F401 (first: it reads the source of every caller there is by then)
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.sqlite_file import is_read_only
from archive.store import Store
from archive.warc.write import DiskFull
from crawler import errors, settings
from crawler.config import ArchiveFolder, choose
from crawler.ending import CANNOT_KEEP, Ending, no_room
from crawler.extension import FOLDER_SETTING, session_of
from crawler.frontier.sqlite import SqliteFrontier
from crawler.health.verdict import Verdict
from crawler.spiders.portal import PortalSpider

MAX_FAILURE_LINES = 30


@dataclass(slots=True)
class CrawlReport:
    """What one crawl did. ``seconds`` is wall-clock time; ``articles`` counts new, revised, unchanged and gone."""

    portals: list[str]
    outcome: str
    seconds: float
    requests: int
    articles: Counter
    held: dict[str, int]
    """Articles held, by portal."""
    pages: dict[str, int]
    """Rows of the ledger, by state."""
    kinds: Counter
    skipped: Counter
    failed: dict[str, str]
    hosts_failed: dict[str, str]
    files: int
    replaced: int
    """Articles of which an attachment was replaced; they count as revised."""
    repaired: int
    recovered: int = 0
    """Pages a killed crawl had fetched, taken up from its WARC files instead of asked for again."""
    paused: list[str] = field(default_factory=list)
    fatal: Ending | None = None
    errors_logged: list[str] = field(default_factory=list)
    run: int | None = None
    """The crawl's row of ``run``."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """What a line of a log in JSON says of it."""
        verdicts = {name: verdict.name for name, verdict in self.verdicts.items()}
        told = {"run": self.run, "outcome": self.outcome, "requests": self.requests, "articles": dict(self.articles)}
        return {**told, "verdicts": verdicts} | ({"fatal": self.fatal.text} if self.fatal else {})

    @property
    def exit_code(self) -> int:
        if self.fatal:
            return self.fatal.exit_code
        if self.outcome == "interrupted":
            return errors.INTERRUPTED
        return errors.FAILURES if self.failed or self.hosts_failed else errors.OK


def check_archive(folder: ArchiveFolder) -> None:
    """Open both databases once, so that a damaged or locked archive is one line and not a crawl that dies."""
    folder.require()
    if is_read_only(folder.database):
        raise ArchiveError(
            f"{folder.path} is read-only: it can be read, served and exported; to crawl on, copy it to where you may write"
        )
    Store.open(folder.database).close()
    SqliteFrontier(folder.ledger).close()


def crawl(
    folder: ArchiveFolder,
    names: list[str],
    *,
    full: bool = False,
    delay: float | None = None,
    limit: int | None = None,
    sample: int | None = None,
    survey: bool = False,
    progress: bool | None = None,
    as_json: bool = False,
    out: TextIO | None = None,
) -> CrawlReport:
    """Crawl the named portals of an archive, all when none is named. ``as_json`` tells progress as lines of JSON.

    Runs Scrapy's reactor, which a process can start only once. Raises :class:`crawler.errors.UserError` and
    :class:`archive.errors.ArchiveError` before anything is fetched.
    """
    check_archive(folder)
    portals = choose(folder.config(), names)
    if (ending := no_room(folder, folder.config())) is not None:
        raise DiskFull(errno.ENOSPC, ending.text)
    chosen = Settings()
    chosen.setmodule(settings, priority="project")
    chosen.set(FOLDER_SETTING, str(folder.path), priority="cmdline")
    chosen.set("LOG_ENABLED", False, priority="cmdline")
    chosen.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = CrawlerProcess(chosen)
    crawler = process.create_crawler(PortalSpider)
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # each page would be formatted for a log nobody keeps
    watch = _Watch(crawler, out or sys.stderr, progress, as_json)
    begun = process.crawl(
        crawler,
        portal=",".join(portal.name for portal in portals),
        full=full,
        delay="" if delay is None else delay,
        limit="" if limit is None else limit,
        sample="" if sample is None else sample,
        survey=survey,
    )
    failures: list[Failure] = []
    begun.addErrback(failures.append)
    _spare_the_collector()
    started = time.monotonic()
    try:
        process.start()
    finally:
        logging.getLogger().removeHandler(complaints)
        watch.stop()
    for failure in failures:
        if failure.check(*CANNOT_KEEP):  # before the session was open
            failure.raiseException()
        complaints.lines.append(f"{type(failure.value).__name__}: {failure.value}"[:300])
    return _report(folder, crawler, watch, complaints, time.monotonic() - started)


def _spare_the_collector() -> None:
    """Have Python look for cycles seldom, and never again at what is there before the crawl: a parsed page is thousands
    of objects, most of them dropped with it, and looking at them as often as by default takes a twentieth of a crawl."""
    gc.freeze()
    gc.set_threshold(10_000, 3, 3)


def _report(
    folder: ArchiveFolder, crawler: Crawler, watch: _Watch, complaints: _Complaints, seconds: float
) -> CrawlReport:
    session = session_of(crawler)
    if session is None:
        raise ArchiveError("the crawl could not start: " + (complaints.lines[0] if complaints.lines else "no reason"))
    tally = session.tally
    with Store.open(folder.database) as store:
        held = dict(
            store.conn.execute(
                "SELECT portal.name, count(article.id) FROM portal LEFT JOIN article ON article.portal = portal.id"
                " GROUP BY portal.name"
            ).fetchall()
        )
    frontier = SqliteFrontier(folder.ledger)
    pages = frontier.counts(session.names)
    frontier.close()
    return CrawlReport(
        session.names,
        session.outcome or "finished",
        seconds,
        tally.requests,
        tally.articles,
        {name: held.get(name, 0) for name in session.names},
        pages,
        tally.kinds,
        tally.skipped,
        tally.failed,
        tally.hosts_failed,
        tally.files,
        tally.replaced,
        len(session.repaired),
        getattr(crawler.spider, "recovered", 0),
        sorted(session.paused_before),
        session.fatal,
        complaints.lines,
        session.run_id,
        session.verdicts,
    )


class _Complaints(logging.Handler):
    """Errors logged during a crawl: each is a fault of ours that the summary must not hide."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().strip().splitlines()
        if record.exc_info and record.exc_info[1] is not None:
            text = [f"{text[0] if text else ''} {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"]
        if text and len(self.lines) < 20:
            self.lines.append(text[0][:300])


class _Watch:
    """Shows a running crawl: a bar on a terminal, a plain line every ten seconds elsewhere."""

    def __init__(self, crawler: Crawler, out: TextIO, progress: bool | None, as_json: bool = False) -> None:
        self.crawler = crawler
        self.out = out
        self.as_json = as_json
        terminal = (out.isatty() if progress is None else progress) and not as_json
        self.bar: Progress | None = None
        self.task: Any = None
        self.loop: Any = None
        self.terminal = terminal
        self.quiet = progress is False
        crawler.signals.connect(self._open, signal=signals.spider_opened)
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    def _open(self) -> None:
        if self.quiet:
            return
        if self.terminal:
            self.bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(file=self.out),
                transient=True,
            )
            self.task = self.bar.add_task("pages", total=None)
            self.bar.start()
        self.loop = create_looping_call(self._tick)
        self.loop.start(0.5 if self.terminal else 10.0, now=False)

    def _tick(self) -> None:
        session = session_of(self.crawler)
        if session is None:
            return
        counts = session.frontier.counts(session.names)
        waiting = counts.get("new", 0) + counts.get("leased", 0)
        done = sum(counts.values()) - waiting
        articles = sum(n for name, n in session.tally.articles.items() if name != "gone")
        quiet = waits(session.waiting)
        if self.bar is not None:
            told = f"{articles:,} articles{quiet}"
            self.bar.update(self.task, description=told, completed=done, total=done + waiting)
        elif self.as_json:
            numbers = {"done": done, "known": done + waiting, "articles": articles, "waits": session.waiting}
            print(log_line("a crawl runs", **numbers), file=self.out, flush=True)
        else:
            print(
                f"{done:,} of {done + waiting:,} pages known, {articles:,} articles{quiet}", file=self.out, flush=True
            )

    def _close(self) -> None:
        self.stop()

    def stop(self) -> None:
        if self.loop is not None and self.loop.running:
            self.loop.stop()
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


def log_line(event: str, **more: Any) -> str:
    """A line of a log in JSON, of the one shape that all commands write."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"time": now, "event": event, **more}, ensure_ascii=False)


def waits(waiting: dict[str, str]) -> str:
    """Which portal is not asked just now and why, as the end of a line; a crawl that waits for the night looks dead."""
    if not waiting:
        return ""
    name, why = next(iter(waiting.items()))
    others = f" and {_count(len(waiting) - 1, 'other portal')}" if len(waiting) > 1 else ""
    return f"; waits: {name}{others}, {why}"


def summary(report: CrawlReport, folder: ArchiveFolder) -> list[str]:
    """The summary of a crawl, line by line: what was fetched, kept, skipped and why, what failed, where it lies."""
    lines = []
    got = report.articles
    ends = {
        "limited": " Stopped early, at the limit of --limit.",
        "interrupted": " Interrupted: the same command goes on from here.",
        "surveyed": " Only what lists articles was read, as asked.",
        "stopped": " Stopped, as asked: the same command goes on from here.",
    }
    lines.append(
        f"{_count(len(report.portals), 'portal')}, {_count(report.requests, 'request')} in {report.seconds:.1f} s."
        + ends.get(report.outcome, "")
    )
    missing = f", {got['suspect']:,} missing for now (404)" if got["suspect"] else ""
    replaced = f" ({report.replaced:,} by an attachment replaced)" if report.replaced else ""
    lines.append(
        f"articles  {sum(report.held.values()):,} held: {got['new']:,} new, {got['revised']:,} revised{replaced}, "
        f"{got['unchanged']:,} seen again, {got['gone']:,} gone" + missing
    )
    lines += [f"          {held:6,}  {name}" for name, held in sorted(report.held.items())]
    if report.kinds or report.files:
        kinds = ", ".join(f"{n:,} {name}" for name, n in report.kinds.most_common())
        lines.append(f"lists     {kinds or 'none'}; files and page parts {report.files:,}")
    total = sum(report.skipped.values())
    if total:
        lines.append(f"skipped   {total:,}, each with its reason (tinhuyen why URL)")
        lines += [f"          {n:6,}  {reason}" for reason, n in report.skipped.most_common()]
    lines += _failures(report)
    lines += [
        line
        for name, verdict in sorted(report.verdicts.items())
        if not verdict.is_well
        for line in (f"verdict   {name}: {verdict.name}: {verdict.why}", f"          {verdict.advice}")
    ]
    waiting = report.pages.get("new", 0)
    if waiting:
        lines.append(f"waiting   {_count(waiting, 'page')} for the next crawl")
    if report.repaired:
        lines.append(f"repaired  {_count(report.repaired, 'WARC file')} left open by a crawl that was killed")
    if report.recovered:
        lines.append(f"recovered {_count(report.recovered, 'page')} that a killed crawl had fetched")
    lines += [f"paused    {name}: not crawled; tinhuyen resume {name}" for name in report.paused]
    lines += [f"problem   {line}" for line in report.errors_logged]
    if report.fatal:
        lines.append(f"stopped   {report.fatal.text}")
    lines.append(f"kept in   {folder.path}: archive.db, crawl.db, warc/ ({_megabytes(folder)})")
    return lines


def _failures(report: CrawlReport) -> list[str]:
    lines = [f"host      {origin}: {why}" for origin, why in report.hosts_failed.items()]
    if report.failed:
        lines.append(f"failed    {len(report.failed):,}")
        shown = list(report.failed.items())[:MAX_FAILURE_LINES]
        lines += [f"          {url}: {reason}" for url, reason in shown]
        if len(report.failed) > len(shown):
            lines.append(f"          and {len(report.failed) - len(shown):,} more: tinhuyen status --failed")
    return lines


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def _megabytes(folder: ArchiveFolder) -> str:
    files = list(folder.warc.glob("*.warc.gz*")) if folder.warc.exists() else []
    return f"{_count(len(files), 'file')}, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB"
