"""One crawl of one archive: its store, its frontier, its WARC series, and what the run has done so far.

The order of writes is the promise a kill cannot break: WARC records, fdatasync; commit in ``archive.db``; ack in
``crawl.db``. Each step may be done twice.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from archive.errors import ArchiveLocked
from archive.model import Capture, Portal
from archive.store import Store
from archive.warc.record import digest
from archive.warc.repair import repair_all
from archive.warc.write import DiskFull, Exchange, Original, WarcWriter, warc_date
from crawler.config import ArchiveFolder
from crawler.ending import CANNOT_KEEP, Ending, Reserve, cannot_keep_told
from crawler.fatal_pages import FatalPages
from crawler.fetch.exchange import read_response
from crawler.fetch.wire import Recording
from crawler.frontier.control import controls
from crawler.frontier.urls import host_port, origin
from crawler.frontier.workers import Worker, dead_workers
from crawler.health import record as health
from crawler.health.sunset import closing
from crawler.health.verdict import Verdict
from crawler.learn.in_crawl import Learning
from crawler.ledger import PatientLedger, be_patient
from crawler.run_log import RunLog
from crawler.settings_record import public_settings
from crawler.storing import store_visit
from crawler.visit import Tally, Visit
from crawler.warc_positions import Positions
from crawler.warcinfo import software, warcinfo

BATCH_PAGES, BATCH_SECONDS = 50, 1.0
LAST_WORDS = 2.0  # seconds a crawl that ends because a database is locked tries to say so
SMALLEST_REVISIT = 64  # bytes; a smaller payload takes less room than the record that would stand for it


class Session:
    """An open archive while it is being crawled. Used from the reactor's thread alone."""

    def __init__(self, folder: ArchiveFolder, portals: list[Portal], *, user_agent: str, told: dict[str, Any]) -> None:
        self.folder = folder
        self.portals = {portal.name: portal for portal in portals}
        self.names = list(self.portals)
        self.by_origin: dict[str, list[Portal]] = {}
        for portal in portals:
            self.by_origin.setdefault(origin(portal.url), []).append(portal)
        self.private = {host_port(portal.url) for portal in portals if portal.allow_private}
        self.config = folder.config()
        self.told = told
        folder.warc.mkdir(exist_ok=True)
        self.reserve = Reserve(folder.reserve)
        self.reserve.fill()
        died = dead_workers(folder.workers)
        self.lost_before = list(died)
        self.repaired = repair_all(folder.warc)
        self.store = Store.open(folder.database)
        be_patient(self.store.conn)
        self.frontier = PatientLedger(folder)
        ending = closing(self.frontier.conn)
        self.frontier.first = [origin(portal.url) for portal in portals if portal.name in ending]
        self._worker = Worker(folder.workers)
        self.fatal_pages = FatalPages(self.frontier, self._worker)
        self.fatal_pages.note(died)
        self.worker = self._worker.name
        self.writer = WarcWriter(folder.warc, warcinfo(self.config, user_agent), instance=uuid.uuid4().hex[:8])
        self.tally = Tally()
        self.learning = Learning(self)
        self.fatal: Ending | None = None
        self.outcome: str | None = None
        self.verdicts: dict[str, Verdict] = {}
        self.offline: dict[str, str] = {}
        """Portals that were not reached because this machine had no network, each with what failed."""
        self._visits: list[Visit] = []
        self.after_flush: Callable[[list[Visit]], None] = lambda visits: None
        self.positions = Positions(self.frontier, self.worker)
        self.log = RunLog()
        self._payloads: dict[str, Capture] = {}  # payloads of the batch, not yet in the store
        self._captures: list[Capture] = []
        self._since = time.monotonic()
        self.scheduler: Any = None
        self.started_at = time.time()
        asked = controls(self.frontier.conn, self.started_at)
        self.paused_before = {name for name, control in asked.items() if control.state == "paused"}
        self._tried: set[str] = set()
        self._progress_at = 0.0
        self.waiting: dict[str, str] = {}
        """Why portals are not asked just now."""
        self.run_id = self._begin_run()
        self._write_settings()

    def delay_of(self, portal: str) -> float:
        """Seconds between two requests to the portal's server: what this run was told, else the settings."""
        told = self.told.get("delay")
        own = self.config.of(portal).delay
        return float(told) if told is not None else own if own is not None else self.config.politeness.delay

    def has_tried(self, origin: str) -> bool:
        """Whether this crawl took the host up before; notes that it does now."""
        before = origin in self._tried
        self._tried.add(origin)
        return before

    def tell_progress(self, waiting: dict[str, str]) -> None:
        """Note in the ledger what the run has done so far, for whoever looks from another terminal."""
        self.waiting = waiting
        now = time.time()
        if now - self._progress_at < 2.0:
            return
        self._progress_at = now
        with self.frontier.write() as conn:
            conn.execute(
                "UPDATE run SET progress_at = ?, counts = ? WHERE id = ?",
                (now, json.dumps({**self._counts(), "waiting": waiting}, ensure_ascii=False), self.run_id),
            )

    def record(
        self,
        recording: Recording,
        page_url: str,
        portal: str,
        kind: Any,
        *,
        tls: str = "none",
        earlier: str | None = None,
        notes: Sequence[tuple[str, str]] = (),
    ) -> tuple[Capture, bytes] | None:
        """Write what went over the wire; returns the capture and its payload, ``None`` when no answer came.

        ``earlier`` is the record id of the last whole answer from this address: what a 304 repeats.
        ``notes`` go into the metadata record.
        """
        response = read_response(bytes(recording.response))
        if response is None or recording.started is None:
            return None
        truncated = "length" if recording.overflow else None if response.complete else "disconnect"
        exchange = Exchange(
            page_url,
            warc_date(recording.started),
            bytes(recording.request),
            response.head,
            response.body,
            recording.address,
            truncated,
            notes=[("portal", portal), ("tls", tls), *notes],
        )
        original = self._original(earlier, response.status, response.body, truncated)
        placed = self.writer.write(exchange, original)
        self.positions.written(placed.file, placed.offset, placed.record_id)
        content_type = _header(response.head, b"content-type")
        capture = Capture(
            placed.record_id,
            placed.file,
            placed.offset,
            placed.length,
            page_url,
            exchange.fetched_at,
            response.status,
            "" if original is not None and original.not_modified else placed.digest,  # a 304 has no payload
            portal,
            content_type=content_type,
            payload_bytes=len(response.body),
            kind=kind,
            record_type="revisit" if original else "response",
            truncated=truncated,
            secure=tls,
        )
        if original is None and response.status == 200 and truncated is None:
            self._payloads[placed.digest] = capture
        return capture, response.body

    def keep(self, visit: Visit) -> None:
        """Take a visit into the batch; the batch is written when it is large or old enough."""
        counts = self.tally.by_portal.setdefault(visit.page.portal, Counter())
        counts["visits"] += 1
        counts["bytes"] += visit.capture.length if visit.capture else 0
        if visit.ack.state in ("file", "skipped", "failed"):
            counts[visit.ack.state] += 1
        self.log.visit(visit.page.url, visit.ack.status, visit.ack.state, visit.ack.reason)
        if visit.capture is not None:
            self.positions.kept(visit.capture.record_id)
        self._visits.append(visit)
        if len(self._visits) >= BATCH_PAGES or time.monotonic() - self._since > BATCH_SECONDS:
            self.flush()

    def keep_capture(self, capture: Capture) -> None:
        """Take a capture that belongs to no page (robots.txt) into the batch."""
        self.positions.kept(capture.record_id)
        self._captures.append(capture)

    @property
    def unwritten(self) -> int:
        return len(self._visits)

    def flush_when_old(self) -> None:
        """Write the batch when it has waited long enough, whether or not another page comes."""
        if self._visits and time.monotonic() - self._since > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the batch, in the order that a kill cannot break. What cannot be written stays for another try."""
        visits, self._visits = self._visits, []
        captures, self._captures = self._captures, []
        self._since = time.monotonic()
        if not visits and not captures:
            return
        try:
            self.writer.sync()
            with cannot_keep_told(self.folder), self.store.batch():
                for capture in captures:
                    self.store.save_capture(capture)
                outcomes = [outcome for visit in visits for outcome in store_visit(self.store, self.tally, visit)]
            with self.frontier.write():
                for visit in visits:
                    if visit.found:
                        self._add_found(visit)
                    if visit.files:
                        self.frontier.ask_files(visit.files, self.started_at)
                    if visit.page.form is not None and visit.ack.due is None:
                        self.frontier.forms.settle(visit.page, visit.ack, visit.again)
                self.frontier.ack(visit.ack for visit in visits)
                for visit in visits:
                    for offer in visit.offers or ():  # what the batch itself has just ended may be given out by it
                        self.frontier.forms.offer(offer, self.started_at)
                self.positions.save()
        except CANNOT_KEEP:
            self._visits, self._captures = visits + self._visits, captures + self._captures
            raise
        self._payloads.clear()
        self._count(outcomes)
        self.after_flush(visits)
        self.learning.after_batch(visits, outcomes)
        if self.log.is_long:
            self._write_log()

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
        self.fatal = self.fatal or Ending.of(error)
        if isinstance(error, DiskFull):
            self.reserve.give()
        else:
            for conn in (self.store.conn, self.frontier.conn):
                be_patient(conn, LAST_WORDS)

    def close(self, outcome: str) -> None:
        """Write what is left and end the run. After a full disk the ledger is still told what can be told."""
        self._last(self.flush)
        if self.fatal is None:
            self._last(self.learning.at_the_end)
        finished = time.time()
        self.offline = self._offline()
        if outcome == "finished" and self.offline and self.offline.keys() == self.portals.keys():
            outcome = "offline"
        self.outcome = outcome = self.fatal.outcome if self.fatal else outcome
        self.log.line(f"the crawl ended: {outcome}")
        for step in (self._write_log, self.writer.close, self.positions.close):
            self._last(step)
        self._last(lambda: self._end_run(outcome, finished))
        try:
            self._last(lambda: self._judge(outcome, finished))
        finally:  # whatever goes wrong with the verdicts, the crawl is over and its files are whole
            self._last(lambda: self.frontier.leave(self.worker))
            with suppress(sqlite3.OperationalError, ArchiveLocked):  # the journals stay beside the databases
                self.store.checkpoint()
            self.store.close()
            with suppress(sqlite3.OperationalError):
                self.frontier.close()
            self._worker.close()

    def _last(self, step: Callable[[], object]) -> None:
        """A step of the end: tried once more when the reserve has made room for it."""
        if not self.guarded(step):
            self.guarded(step)

    def _end_run(self, outcome: str, finished: float) -> None:
        with self.frontier.write() as conn:
            conn.execute(
                "UPDATE run SET finished_at = ?, outcome = ?, counts = ? WHERE id = ?",
                (finished, outcome, json.dumps(self._counts(), ensure_ascii=False), self.run_id),
            )

    def _offline(self) -> dict[str, str]:
        """The portals whose home page's host was not reached for want of a network; their back-off ends with it."""
        hosts = self.tally.reach.offline() if self.tally.reach.failed else frozenset()
        if not hosts:
            return {}
        rows = self.frontier.conn.execute("SELECT portal, origin FROM page WHERE role = 'home'").fetchall()
        homes = {name: origin(portal.url) for name, portal in self.portals.items()} | {
            row["portal"]: row["origin"] for row in rows if row["portal"] in self.portals
        }
        found = {name: self.tally.hosts_failed.get(home, "") for name, home in homes.items() if home in hosts}
        self._last(lambda: self.frontier.lift(list(found)))
        return found

    def _judge(self, outcome: str, finished: float) -> None:
        with cannot_keep_told(self.folder):
            self.verdicts = health.record(self, outcome, finished)

    def _counts(self) -> dict[str, Any]:
        return {
            "requests": self.tally.requests,
            "articles": dict(self.tally.articles),
            "skipped": dict(self.tally.skipped),
            "kinds": dict(self.tally.kinds),
            "files": self.tally.files,
            "replaced": self.tally.replaced,
            "failed": len(self.tally.failed),
            "bytes": self.writer.bytes_written,
        }

    def _write_settings(self) -> None:
        """Keep with the captures what the crawl was told; a run that fetches nothing writes it in vain, and not at all."""
        told = {"software": software(), "portals": self.names, "told": self.told, "run": self.run_id}
        text = public_settings(self.folder.config_path.read_text(encoding="utf-8"))
        self.log.line(f"the crawl began: {json.dumps(told, ensure_ascii=False)}")
        self._settings: bytes | None = text.encode()

    def _write_log(self) -> None:
        """Append the log's lines, and before the first of them the settings, as resource records."""
        if self.writer.bytes_written == 0:
            return
        name = f"urn:tinhuyen:{self.worker}"
        if self._settings is not None:
            self.writer.write_resource(f"{name}:settings", "application/toml", self._settings)
            self._settings = None
        self.writer.write_resource(f"{name}:log:{self.log.parts + 1}", "text/plain; charset=utf-8", self.log.take())

    def _begin_run(self) -> int:
        with self.store.batch():
            for portal in self.portals.values():
                self.store.add_portal(portal)
        self.bury(self.lost_before)
        with self.frontier.write() as conn:
            cursor = conn.execute(
                "INSERT INTO run (started_at, portals, settings, software, worker) VALUES (?, ?, ?, ?, ?)",
                (self.started_at, json.dumps(self.names), json.dumps(self.told), software(), self.worker),
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid

    def bury(self, workers: list[str]) -> None:
        """Say of the runs of processes that died how they ended."""
        with self.frontier.write() as conn:
            killed = conn.execute(
                "UPDATE run SET outcome = 'killed', finished_at = coalesce(progress_at, started_at)"
                f" WHERE finished_at IS NULL AND worker IN ({', '.join('?' * len(workers))}) RETURNING id",
                workers,
            ).fetchall()
            health.bury(conn, [row[0] for row in killed])

    def _original(self, earlier: str | None, status: int, body: bytes, truncated: str | None) -> Original | None:
        """The earlier capture this answer repeats, if any: by 304, or by the same payload."""
        kept: Capture | None = None
        if status == 304 and earlier:
            kept = self.store.capture(earlier)
        elif status == 200 and not truncated and len(body) >= SMALLEST_REVISIT:
            label = digest(body)
            kept = self._payloads.get(label) or self.store.known_file_digest(label)
        if kept is None or kept.status != 200 or kept.record_type != "response":
            return None
        return Original(kept.record_id, kept.url, kept.fetched_at, not_modified=status == 304)

    def holder_of(self, capture: Capture) -> str | None:
        """The record id of the response that holds a capture's payload: what a later 304 from its address repeats."""
        if capture.record_type == "response":
            return capture.record_id
        held = (
            (self._payloads.get(capture.digest) or self.store.known_file_digest(capture.digest))
            if capture.digest
            else None
        )
        return held.record_id if held is not None else None

    def _add_found(self, visit: Visit) -> None:
        """Rows for what a page named. Something new on a home page, feed or sitemap read before has the lists read."""
        pages = [found for found in visit.found if not found.skip and found.role in ("article", "page")]
        new = self.frontier.add(pages)
        self.frontier.add(found for found in visit.found if found.skip or found.role not in ("article", "page"))
        if new and visit.page.was == "listed" and visit.page.role in ("home", "feed", "sitemap"):
            self.frontier.read_lists(visit.page.portal)

    def _count(self, outcomes: list[tuple[str, str]]) -> None:
        for portal, outcome in outcomes:
            self.tally.articles[outcome] += 1
            self.tally.by_portal[portal][outcome] += 1


def _header(head: bytes, name: bytes) -> str | None:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode("latin-1")
    return None
