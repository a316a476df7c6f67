"""Crawl everything that is due in one process: what ``tinhuyen schedule run-due`` does."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from archive.errors import ArchiveError
from archive.warc.write import DiskFull
from crawler.crawl.crawl_report import CrawlReport
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import no_room
from crawler.health.sunset import begin_captures
from crawler.ledger.controls import controls
from crawler.ledger.frontier import Ledger
from crawler.ledger.patient import PatientLedger
from crawler.ledger.processes import Worker, alive_workers, dead_workers
from crawler.schedule.due import Claim, Standing, claim, finish, give_back

MOST_CRAWLS = 4
"""Crawls by schedule that run at the same time; what is due beyond that waits, and misses nothing."""

Crawl = Callable[[ArchiveFolder, list[str]], "CrawlReport"]


@dataclass(slots=True)
class DueReport:
    """What one look brought: what was claimed and how its crawl went; ``None`` without one."""

    claims: list[Claim] = field(default_factory=list)
    crawl: CrawlReport | None = None
    busy: int = 0
    """Crawls by schedule that ran already, when they were as many as may be."""


def run_due(
    folder: ArchiveFolder,
    crawl: Crawl,
    *,
    most: int = MOST_CRAWLS,
    clock: Callable[[], float] = time.time,
) -> DueReport:
    """Claim what is due and crawl it together. Started twice at once, each portal is crawled by one of them.

    Raises what ``crawl`` raises; what was claimed then has a row that says so.
    """
    folder.require()
    frontier = PatientLedger(folder, clock=clock)
    try:
        dead_workers(folder.tickers)  # their marks go; their claims are told from those of the living
        with Worker(folder.tickers) as mark:
            running = crawls_that_run(frontier.conn, folder)
            if running >= most:
                return DueReport(busy=running)
            claims = claim(frontier, mark.name, lambda: standing(folder, frontier))
            if not claims:
                return DueReport()
            begin_captures(frontier, [one.portal for one in claims])
            begin_deep_looks(frontier, claims)
            # the crawl runs in a child, and no connection of SQLite may be carried into one
            frontier.conn.close()
            return DueReport(claims, _crawl(folder, crawl, claims, clock))
    finally:
        frontier.conn.close()  # without folding the journal in: others may be using it


def _crawl(folder: ArchiveFolder, crawl: Crawl, claims: list[Claim], clock: Callable[[], float]) -> CrawlReport:
    try:
        report = crawl(folder, [one.portal for one in claims])
    except (UserError, ArchiveError, DiskFull) as error:
        with _ledger(folder, clock) as frontier:
            give_back(frontier, claims, str(getattr(error, "strerror", None) or error))
        raise
    with _ledger(folder, clock) as frontier:
        finish(frontier, claims, report.run, report.outcome)
    return report


@contextmanager
def _ledger(folder: ArchiveFolder, clock: Callable[[], float]) -> Iterator[Ledger]:
    frontier = PatientLedger(folder, clock=clock)
    try:
        yield frontier
    finally:
        frontier.conn.close()


def begin_deep_looks(frontier: Ledger, claims: list[Claim]) -> None:
    """Make all that is kept of the portals due whose deep look it is. One that was lost or interrupted goes on where it
    was: what it had not asked for is due still."""
    begun = "SELECT 1 FROM run_due WHERE portal = ? AND deep AND occurrence = ? AND state IN ('interrupted', 'lost')"
    portals = [
        one.portal
        for one in claims
        if one.deep and frontier.conn.execute(begun, (one.portal, one.occurrence)).fetchone() is None
    ]
    if portals:
        frontier.begin(portals, full=True)


def standing(folder: ArchiveFolder, frontier: Ledger) -> Standing:
    """What stands between the portals and their crawls just now."""
    config, now = folder.config(), frontier.clock()
    paused = [name for name, control in controls(frontier.conn, now).items() if control.state == "paused"]
    alive = {*alive_workers(folder.tickers), *alive_workers(folder.workers)}
    full = no_room(folder, config)
    hours = {name: rules.hours for name, rules in config.rules.items() if rules.hours.spans}
    return Standing(frozenset(config.portals), frozenset(alive), frozenset(paused), full.text if full else None, hours)


def crawls_that_run(conn: sqlite3.Connection, folder: ArchiveFolder) -> int:
    """How many living processes of this machine hold claims."""
    holders = {row[0] for row in conn.execute("SELECT DISTINCT worker FROM run_due WHERE state = 'claimed'")}
    return len(holders & set(alive_workers(folder.tickers))) if holders else 0
