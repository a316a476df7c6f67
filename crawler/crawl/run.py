"""One crawl from the command to its report: Scrapy in a child process, under the watchdog."""

from __future__ import annotations

import errno
import gc
import logging
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

import scrapy.core.downloader.contextfactory  # noqa: F401 (first: it reads the source of every caller there is by then)
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.database.sqlite_file import is_read_only
from archive.errors import ArchiveError
from archive.store import Store
from archive.warc.write import DiskFull
from crawler import settings
from crawler.crawl.arguments import Arguments
from crawler.crawl.crawl_report import CrawlReport, PortalsAfter
from crawler.crawl.extension import FOLDER_SETTING, crawl_of
from crawler.crawl.progress import Watch
from crawler.crawl.watched_crawl import watched_crawl
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.folder.limits import CANNOT_KEEP, no_room
from crawler.folder.own_files import refuse_links_within
from crawler.health.certificates import turned_bad
from crawler.ledger.frontier import Ledger


def check_archive(folder: ArchiveFolder) -> None:
    """Open both databases once, so that a damaged or locked archive is one line and not a crawl that dies."""
    folder.require()
    refuse_links_within(folder.path)
    if is_read_only(folder.database):
        raise ArchiveError(
            f"{folder.path} is read-only: it can be read, served and exported; to crawl on, copy it to where you may write"
        )
    Store.open(folder.database).close()
    Ledger(folder.ledger).close()


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
    arguments = Arguments(full=full, delay=delay, limit=limit, sample=sample, survey=survey)
    shown = _Shown(progress, as_json, out or sys.stderr)
    report, broken_off = watched_crawl(
        folder, [portal.name for portal in portals], lambda names: _crawl_here(folder, names, arguments, shown)
    )
    report.broken_off = broken_off
    return report


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the crawl shows its progress."""

    progress: bool | None
    as_json: bool
    out: TextIO


def _crawl_here(folder: ArchiveFolder, names: list[str], arguments: Arguments, shown: _Shown) -> CrawlReport:
    """Crawl in this process, which can start Scrapy's reactor only once."""
    chosen = Settings()
    chosen.setmodule(settings, priority="project")
    chosen.set(FOLDER_SETTING, str(folder.path), priority="cmdline")
    chosen.set("LOG_ENABLED", False, priority="cmdline")
    chosen.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = CrawlerProcess(chosen)
    crawler = process.create_crawler("portal")  # by its name: the door of Scrapy is above this room
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # each page would be formatted for a log nobody keeps
    watch = Watch(crawler, shown.out, shown.progress, shown.as_json)
    begun = process.crawl(crawler, portal=",".join(names), **arguments.as_texts())
    failures: list[Failure] = []
    begun.addErrback(failures.append)
    _spare_the_collector()
    started = time.monotonic()
    try:
        process.start()
    except KeyboardInterrupt:  # after the archive was opened, before Scrapy handles signals
        crawl = crawl_of(crawler)
        if crawl is not None and crawl.run.outcome is None:
            crawl.close("interrupted")
        raise
    finally:
        logging.getLogger().removeHandler(complaints)
        watch.stop()
    for failure in failures:
        if isinstance(failure.value, (KeyboardInterrupt, *CANNOT_KEEP)):  # before the archive was open
            raise failure.value
        complaints.lines.append(f"{type(failure.value).__name__}: {failure.value}"[:300])
    return _report(folder, crawler, watch, complaints, time.monotonic() - started)


def _lift(folder: ArchiveFolder, names: list[str]) -> None:
    frontier = Ledger(folder.ledger)
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
    crawl = crawl_of(crawler)
    if crawl is None:
        raise ArchiveError("the crawl could not start: " + (complaints.lines[0] if complaints.lines else "no reason"))
    run = crawl.run
    with Store.open(folder.database) as store:
        held = dict(
            store.conn.execute(
                "SELECT portal.name, count(article.id) FROM portal LEFT JOIN article ON article.portal = portal.id"
                " GROUP BY portal.name"
            ).fetchall()
        )
    frontier = Ledger(folder.ledger)
    pages = frontier.counts(crawl.names)
    left_alone = frontier.left_alone(crawl.names)
    bad = {name: turned_bad(frontier.conn, portal.url) for name, portal in crawl.portals.items()}
    frontier.close()
    return CrawlReport(
        crawl.names,
        run.outcome or "finished",
        seconds,
        run.id,
        run.tally,
        pages,
        crawl.left_behind,
        run.fatal,
        complaints.lines,
        {host: why for host, why in left_alone.items() if host not in run.tally.hosts.failed},
        after=PortalsAfter(
            {name: held.get(name, 0) for name in crawl.names},
            sorted(run.paused_before),
            run.verdicts,
            run.offline,
            {name: why for name, why in bad.items() if why is not None},
        ),
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
