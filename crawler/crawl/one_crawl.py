"""One crawl of one archive while it runs: its folder, store, ledger and WARC series, opened together and closed in order."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from archive.errors import ArchiveLocked
from archive.model import Portal
from archive.redo.recorded_store import RecordedStore
from archive.store import Store
from archive.warc.repair import Repaired, repair_all
from archive.warc.write import DiskFull
from crawler.addresses.urls import host_port, origin
from crawler.crawl.arguments import Arguments
from crawler.crawl.records.batch import Batch
from crawler.crawl.records.crawl_evidence import Evidence
from crawler.crawl.records.fatal_pages import FatalPages
from crawler.crawl.records.learning import Learning
from crawler.crawl.records.run.run_row import Run, mark_killed
from crawler.crawl.records.run.sealing import seal
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import CANNOT_KEEP, Reserve, cannot_keep_told
from crawler.health.judge_run import FinishedRun, judge_run
from crawler.health.sunset import closing
from crawler.health.verdict import DRIFT
from crawler.ledger.patient import PatientLedger, be_patient
from crawler.ledger.processes import Worker, dead_workers
from crawler.ledger.warc_positions import Positions
from crawler.reasons.reason import Reason

LAST_WORDS = 2.0  # seconds a crawl that ends because a database is locked tries to say so


def is_empty(store: Store) -> bool:
    """Whether nothing is kept yet."""
    return store.conn.execute("SELECT 1 FROM capture LIMIT 1").fetchone() is None


@dataclass(slots=True)
class LeftBehind:
    """What crawls that were killed left: the names of their workers, and their WARC files as repaired."""

    workers: list[str]
    repaired: list[Repaired] = field(default_factory=list)
    recovered: int = 0
    """Pages they had fetched, taken up from their WARC files."""


class Crawl:
    """An open archive while it is being crawled. Used from the reactor's thread alone."""

    def __init__(
        self, folder: ArchiveFolder, portals: list[Portal], *, user_agent: str, arguments: Arguments | None = None
    ) -> None:
        self.folder = folder
        self.config = folder.config()
        self.portals = {portal.name: portal for portal in portals}
        folder.warc.mkdir(exist_ok=True)
        self.reserve = Reserve(folder.reserve)
        self.reserve.fill()
        died = dead_workers(folder.workers)
        self.left_behind = LeftBehind(list(died), repair_all(folder.warc))
        self.store = RecordedStore.open(folder.database)
        be_patient(self.store.conn)
        self.ledger = PatientLedger(folder)
        ending = closing(self.ledger.conn)
        self.ledger.first = [origin(portal.url) for portal in portals if portal.name in ending]
        self.worker = Worker(folder.workers)
        self.fatal_pages = FatalPages(self.ledger, self.worker)
        self.fatal_pages.note(died)
        self.evidence = Evidence(folder, self.store, Positions(self.ledger, self.worker.name), user_agent)
        if self.config.mask_private_numbers and not self.store.masks and is_empty(self.store):
            self.store.mask()
        self.store.record_into(self.evidence.writer)
        self.run = Run(self.ledger, arguments or Arguments())
        learning = Learning(folder, self.store, self.ledger, self.run, self.fatal_pages)
        self.batch = Batch(folder, self.store, self.ledger, self.evidence, self.run, learning)
        self._begin()

    @property
    def names(self) -> list[str]:
        """The portals of this crawl, in the order they were named."""
        return list(self.portals)

    def is_private(self, host: str, port: int) -> bool:
        """Whether a portal of that server may have an address that is not public."""
        return any(portal.allow_private and host_port(portal.url) == (host, port) for portal in self.portals.values())

    def portals_at(self, at: str) -> list[Portal]:
        """The portals whose home page is at an origin."""
        return [portal for portal in self.portals.values() if origin(portal.url) == at]

    def delay_of(self, portal: str) -> float:
        """Seconds between two requests to the portal's server: what this run was told, else the settings."""
        asked, own = self.run.arguments.delay, self.config.of(portal).delay
        return asked if asked is not None else own if own is not None else self.config.politeness.delay

    def report_progress(self, waiting: dict[str, str]) -> None:
        """Note in the ledger what the run has done so far."""
        self.run.report_progress(waiting, self.evidence.writer.bytes_written)

    def guarded(self, step: Callable[[], object]) -> bool:
        """Do a step that writes; whether it could be done. If not, the crawl ends soon, with one line."""
        try:
            step()
        except CANNOT_KEEP as error:
            self.end_with(error)
            return False
        return True

    def end_with(self, error: DiskFull | ArchiveLocked) -> None:
        """Nothing more can be kept: the crawl ends, and what was fetched is written if it can be."""
        self.run.stop_keeping(error)
        if isinstance(error, DiskFull):
            self.reserve.give()
        else:
            for conn in (self.store.conn, self.ledger.conn):
                be_patient(conn, LAST_WORDS)

    def close(self, outcome: str) -> None:
        """Write what is left and end the run. After a full disk the ledger is still told what can be told."""
        run, evidence = self.run, self.evidence
        self._last(self.batch.flush)
        if run.fatal is None:
            self._last(self.batch.learning.at_the_end)
        finished = time.time()
        run.offline = self._offline()
        if outcome == "finished" and run.offline and run.offline.keys() == self.portals.keys():
            outcome = "offline"
        run.outcome = outcome = run.fatal.outcome if run.fatal else outcome
        evidence.log.line(f"the crawl ended: {outcome}")
        self._last(evidence.write_log)
        self._last(lambda: run.end(outcome, finished, evidence.writer.bytes_written))
        try:
            self._last(lambda: self._judge(outcome, finished))
        finally:  # whatever goes wrong with the verdicts, the crawl is over and its files are whole
            for step in (evidence.writer.close, evidence.positions.close):
                self._last(step)
            self._last(lambda: seal(self.folder, self.store, self.ledger, evidence.writer.finished, run.id))
            self._close_files()

    def _begin(self) -> None:
        with self.store.batch():
            for portal in self.portals.values():
                self.store.add_portal(portal)
                if (own := self.config.of(portal.name).selectors) is not None:
                    self.store.note("selectors", portal.name, asdict(own))
        mark_killed(self.ledger, self.left_behind.workers)
        self.run.begin(self.names, self.worker.name)
        self.evidence.log_begin(self.names, self.run.arguments.as_record(), self.run.id)

    def _close_files(self) -> None:
        self._last(lambda: self.ledger.leave(self.worker.name))
        with suppress(sqlite3.OperationalError, ArchiveLocked):  # the journals stay beside the databases
            self.store.checkpoint()
        self.store.close()
        with suppress(sqlite3.OperationalError):
            self.ledger.close()
        self.worker.close()

    def _last(self, step: Callable[[], object]) -> None:
        """A step of the end: tried once more when the reserve has made room for it."""
        if not self.guarded(step):
            self.guarded(step)

    def _offline(self) -> dict[str, Reason | None]:
        """The portals whose home page's host was not reached for want of a network; their back-off ends with it."""
        tally = self.run.tally
        hosts = tally.hosts.reach.offline() if tally.hosts.reach.failed else frozenset()
        if not hosts:
            return {}
        rows = self.ledger.conn.execute("SELECT portal, origin FROM page WHERE role = 'home'").fetchall()
        homes = {name: origin(portal.url) for name, portal in self.portals.items()} | {
            row["portal"]: row["origin"] for row in rows if row["portal"] in self.portals
        }
        found = {name: tally.hosts.failed.get(home) for name, home in homes.items() if home in hosts}
        self._last(lambda: self.ledger.lift(list(found)))
        return found

    def _judge(self, outcome: str, finished: float) -> None:
        run, tally = self.run, self.run.tally
        ended = FinishedRun(
            run.id,
            run.started_at,
            finished,
            outcome,
            list(self.portals.values()),
            frozenset(run.paused_before),
            run.fatal.text if run.fatal else None,
            tally.hosts.failed,
            tally.by_portal,
            tally.fills,
            run.offline,
        )
        with cannot_keep_told(self.folder):
            run.verdicts = judge_run(ended, self.ledger, self.store)
            drifted = [name for name, verdict in run.verdicts.items() if verdict.name == DRIFT]
            self.batch.learning.after_drift(drifted)
