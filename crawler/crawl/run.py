"""Run a crawl in this process and say what it did."""

from __future__ import annotations

import errno
import gc
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TextIO

import scrapy.core.downloader.contextfactory  # noqa: F401 (first: it reads the source of every caller there is by then)
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.database.sqlite_file import is_read_only
from archive.errors import ArchiveError
from archive.store import Store
from archive.text.plurals import counted
from archive.warc.write import DiskFull
from crawler import errors, settings
from crawler.crawl.extension import FOLDER_SETTING, session_of
from crawler.crawl.progress import Watch
from crawler.crawl.watched_crawl import watched_crawl
from crawler.folder.config import ArchiveFolder, choose
from crawler.folder.limits import CANNOT_KEEP, Ending, no_room
from crawler.folder.own_files import refuse_links_within
from crawler.health.certificates import turned_bad
from crawler.health.verdict import Verdict
from crawler.ledger.frontier import SqliteFrontier
from crawler.schedule.due import told
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
    left_alone: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Hosts that had pages due and were not asked, for they failed or sent Retry-After before: why, until when (Unix)."""
    offline: dict[str, str] = field(default_factory=dict)
    """Portals not reached because this machine had no network, each with what failed."""
    not_verified: dict[str, str] = field(default_factory=dict)
    """Portals whose TLS certificate was valid before and is not any more, each with what is said of it."""
    limits: dict[str, str] = field(default_factory=dict)
    """Portals left to the next crawl at a limit of theirs, each with the limit."""
    broken_off: list[str] = field(default_factory=list)
    """Pages whose reading took too long or too much memory: address and what it took. Each cost the crawl a new start."""

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
        return errors.FAILURES if self.failed or self.broken_off or self.hosts_failed or self.left_alone else errors.OK


def check_archive(folder: ArchiveFolder) -> None:
    """Open both databases once, so that a damaged or locked archive is one line and not a crawl that dies."""
    folder.require()
    refuse_links_within(folder.path)
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
    at_once: bool = False,
    delay: float | None = None,
    limit: int | None = None,
    sample: int | None = None,
    survey: bool = False,
    progress: bool | None = None,
    as_json: bool = False,
    out: TextIO | None = None,
    notes: Iterable[str] = (),
) -> CrawlReport:
    """Crawl the named portals of an archive, all when none is named.

    ``at_once`` ends the back-off of hosts that failed before (Retry-After stays). ``as_json`` prints progress as lines of
    JSON. ``notes`` are printed on standard error when nothing stands in the way of the crawl. Runs in a child process under the watchdog. Raises :class:`crawler.errors.UserError` and
    :class:`archive.errors.ArchiveError` before anything is fetched, and `KeyboardInterrupt`.
    """
    check_archive(folder)
    portals = choose(folder.config(), names)
    if (ending := no_room(folder, folder.config())) is not None:
        raise DiskFull(errno.ENOSPC, ending.text)
    for note in notes:
        print(f"tinhuyen: {note}", file=sys.stderr, flush=True)
    if at_once:
        _lift(folder, [portal.name for portal in portals])
    told = _Told(full=full, delay=delay, limit=limit, sample=sample, survey=survey)
    shown = _Shown(progress, as_json, out or sys.stderr)
    report, broken_off = watched_crawl(
        folder, [portal.name for portal in portals], lambda names: _crawl_here(folder, names, told, shown)
    )
    report.broken_off = broken_off
    return report


@dataclass(frozen=True, slots=True)
class _Told:
    """What the spider is told."""

    full: bool
    delay: float | None
    limit: int | None
    sample: int | None
    survey: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the crawl shows its progress."""

    progress: bool | None
    as_json: bool
    out: TextIO


def _crawl_here(folder: ArchiveFolder, names: list[str], told: _Told, shown: _Shown) -> CrawlReport:
    """Crawl in this process, which can start Scrapy's reactor only once."""
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
    watch = Watch(crawler, shown.out, shown.progress, shown.as_json)
    begun = process.crawl(
        crawler,
        portal=",".join(names),
        full=told.full,
        delay="" if told.delay is None else told.delay,
        limit="" if told.limit is None else told.limit,
        sample="" if told.sample is None else told.sample,
        survey=told.survey,
    )
    failures: list[Failure] = []
    begun.addErrback(failures.append)
    _spare_the_collector()
    started = time.monotonic()
    try:
        process.start()
    except KeyboardInterrupt:  # after the session was opened, before Scrapy handles signals
        session = session_of(crawler)
        if session is not None and session.outcome is None:
            session.close("interrupted")
        raise
    finally:
        logging.getLogger().removeHandler(complaints)
        watch.stop()
    for failure in failures:
        if failure.check(KeyboardInterrupt, *CANNOT_KEEP):  # before the session was open
            failure.raiseException()
        complaints.lines.append(f"{type(failure.value).__name__}: {failure.value}"[:300])
    return _report(folder, crawler, watch, complaints, time.monotonic() - started)


def _lift(folder: ArchiveFolder, names: list[str]) -> None:
    frontier = SqliteFrontier(folder.ledger)
    frontier.lift(names)
    frontier.conn.close()  # without folding the journal in: another crawl may be using it


def _spare_the_collector() -> None:
    """Have Python look for cycles seldom, and never again at what is there before the crawl: a parsed page is thousands
    of objects, most of them dropped with it, and looking at them as often as by default takes a twentieth of a crawl."""
    gc.freeze()
    gc.set_threshold(10_000, 3, 3)


def _report(
    folder: ArchiveFolder, crawler: Crawler, watch: Watch, complaints: _Complaints, seconds: float
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
    left_alone = frontier.left_alone(session.names)
    bad = {name: turned_bad(frontier.conn, portal.url) for name, portal in session.portals.items()}
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
        {host: why for host, why in left_alone.items() if host not in tally.hosts_failed},
        session.offline,
        {name: why for name, why in bad.items() if why is not None},
        tally.limits,
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


def survey_failed(report: CrawlReport) -> str | None:
    """Why a survey could not read the portal's lists, in one line; ``None`` when it could."""
    if report.offline:
        return " ".join(_offline(report).split())
    troubles = [*report.hosts_failed.items(), *((host, why) for host, (why, _) in report.left_alone.items())]
    return "; ".join(f"{host}: {why}" for host, why in troubles) or None


def summary(report: CrawlReport, folder: ArchiveFolder) -> list[str]:
    """The summary of a crawl, line by line: what was fetched, kept, skipped and why, what failed, where it lies."""
    if report.outcome == "offline" and not report.articles and not report.files:
        return [_offline(report)]
    lines = []
    got = report.articles
    ends = {
        "limited": " Stopped early, at the limit of --limit.",
        "interrupted": " Crawl interrupted: the same command continues it.",
        "surveyed": " Survey: only feeds, sitemaps and lists were read.",
        "stopped": " Stopped on request: the same command continues it.",
    }
    lines.append(
        f"{counted(len(report.portals), 'portal')}, {counted(report.requests, 'request')} in {report.seconds:.1f} s."
        + ends.get(report.outcome, "")
    )
    missing = f", {got['suspect']:,} answering 404" if got["suspect"] else ""
    replaced = f" ({report.replaced:,} by an attachment replaced)" if report.replaced else ""
    lines.append(
        f"articles  {sum(report.held.values()):,} held: {got['new']:,} new, {got['revised']:,} revised{replaced}, "
        f"{got['unchanged']:,} unchanged, {got['gone']:,} counted as removed" + missing
    )
    lines += [f"          {held:6,}  {name}" for name, held in sorted(report.held.items())]
    if report.kinds or report.files:
        kinds = ", ".join(f"{n:,} {name}" for name, n in report.kinds.most_common())
        lines.append(f"lists     {kinds or 'none'}; files and page parts {report.files:,}")
    total = sum(report.skipped.values())
    if total:
        lines.append(f"skipped   {total:,} (reasons: tinhuyen why URL)")
        lines += [f"          {n:6,}  {reason}" for reason, n in report.skipped.most_common()]
    lines += _failures(report)
    lines += [
        line
        for name, verdict in sorted(report.verdicts.items())
        if not verdict.is_well
        for line in (f"verdict   {name}: {verdict.name}: {verdict.why}", f"          {verdict.advice}")
    ]
    lines += [f"TLS       {name}: {why}" for name, why in sorted(report.not_verified.items())]
    lines += [f"limit     {name}: {why}; the next crawl goes on" for name, why in sorted(report.limits.items())]
    waiting = report.pages.get("new", 0)
    if waiting:
        lines.append(f"waiting   {counted(waiting, 'page')} for the next crawl")
    if report.broken_off:
        lines.append(
            f"broken off {counted(len(report.broken_off), 'time')}; the figures above are those since the last"
        )
        lines += [f"          {line}" for line in report.broken_off]
    if report.repaired:
        lines.append(f"repaired  {counted(report.repaired, 'WARC file')} left open by a killed crawl")
    if report.recovered:
        lines.append(f"recovered {counted(report.recovered, 'page')} that a killed crawl had fetched")
    lines += [f"paused    {name}: not crawled; tinhuyen resume {name}" for name in report.paused]
    lines += [f"problem   {line}" for line in report.errors_logged]
    if report.fatal:
        lines.append(f"stopped   {report.fatal.text}")
    lines.append(f"kept in   {folder.path}: archive.db, crawl.db, warc/ ({_megabytes(folder)})")
    return lines


def _failures(report: CrawlReport) -> list[str]:
    lines = []
    if report.offline:
        lines.append(_offline(report))
    for origin, why in report.hosts_failed.items():
        if why not in report.offline.values():
            lines.append(f"host      {origin}: {why}")
    for origin, (why, until) in report.left_alone.items():
        lines.append(f"host      {origin} was not asked: {why}; next try after {told(until)}")
    if report.failed:
        lines.append(f"failed    {len(report.failed):,}")
        shown = list(report.failed.items())[:MAX_FAILURE_LINES]
        lines += [f"          {url}: {reason}" for url, reason in shown]
        if len(report.failed) > len(shown):
            lines.append(f"          and {len(report.failed) - len(shown):,} more: tinhuyen status --failed")
    return lines


def _offline(report: CrawlReport) -> str:
    """No network in one line; there is no verdict on a portal that could not be asked."""
    names = list(report.offline)
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    why = next((why for why in report.offline.values() if why), "no host answers")
    return f"offline   {shown} not reached: {why}. Check this machine's network, then run the same command again."


def _megabytes(folder: ArchiveFolder) -> str:
    files = list(folder.warc.glob("*.warc.gz*")) if folder.warc.exists() else []
    return f"{counted(len(files), 'file')}, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB"
