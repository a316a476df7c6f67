"""One crawl of one archive: its store, its frontier, its WARC series, and what the run has done so far.

The order of writes is the promise a kill cannot break: WARC records, fdatasync; commit in ``archive.db``; ack in
``crawl.db``. Each step may be done twice.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.model import Article, Capture, Portal
from archive.store import Store
from archive.warc.record import digest
from archive.warc.repair import repair_all
from archive.warc.write import DiskFull, Exchange, Original, WarcWriter, utc_now, warc_date
from crawler.config import ArchiveFolder, choose
from crawler.fetch.exchange import read_response
from crawler.fetch.wire import Recording
from crawler.frontier.base import Ack, Found, Page
from crawler.frontier.sqlite import SqliteFrontier

logger = logging.getLogger(__name__)

BATCH_PAGES, BATCH_SECONDS = 50, 1.0
SMALLEST_REVISIT = 64  # bytes; a smaller payload takes less room than the record that would stand for it
PORTAL_SETTING, FOLDER_SETTING = "TINHUYEN_PORTALS", "TINHUYEN_ARCHIVE"


@dataclass(slots=True)
class Visit:
    """What one visit to a page brought: how the row is acknowledged and what is to be stored with it."""

    page: Page
    ack: Ack
    capture: Capture | None = None
    article: Article | None = None
    file_sha256: str | None = None
    file_bytes: int | None = None
    seen_again: str | None = None
    """The canonical URL of an article that was asked for and had not changed."""
    gone: bool = False
    found: list[Found] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """What a run did, for its summary: counts by outcome, reasons with an example each, failures line by line."""

    requests: int = 0
    articles: Counter = field(default_factory=Counter)
    skipped: Counter = field(default_factory=Counter)
    kinds: Counter = field(default_factory=Counter)
    files: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    hosts_failed: dict[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    limited: bool = False


class Session:
    """An open archive while it is being crawled. Used from the reactor's thread alone."""

    def __init__(self, folder: ArchiveFolder, portals: list[Portal], *, user_agent: str, told: dict[str, Any]) -> None:
        self.folder = folder
        self.portals = {portal.name: portal for portal in portals}
        self.names = list(self.portals)
        self.config = folder.config()
        self.told = told
        folder.warc.mkdir(exist_ok=True)
        self.repaired = repair_all(folder.warc)
        self.store = Store.open(folder.database)
        self.frontier = SqliteFrontier(folder.ledger)
        self.worker = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.writer = WarcWriter(folder.warc, warcinfo(self.config, user_agent), instance=uuid.uuid4().hex[:8])
        self.tally = Tally()
        self.fatal: str | None = None
        self.outcome: str | None = None
        self._visits: list[Visit] = []
        self._payloads: dict[str, Capture] = {}  # payloads of the batch, not yet in the store
        self._captures: list[Capture] = []
        self._since = time.monotonic()
        self.scheduler: Any = None
        self._run_id = self._begin_run()

    def record(
        self,
        recording: Recording,
        page_url: str,
        portal: str,
        kind: Any,
        *,
        tls: str = "none",
        earlier: str | None = None,
    ) -> tuple[Capture, bytes] | None:
        """Write what went over the wire; returns the capture and its payload, ``None`` when no answer came.

        ``earlier`` is the record id of the last whole answer from this address: what a 304 repeats.
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
            notes=[("portal", portal), ("tls", tls)],
        )
        original = self._original(earlier, response.status, response.body, truncated)
        placed = self.writer.write(exchange, original)
        content_type = _header(response.head, b"content-type")
        capture = Capture(
            placed.record_id,
            placed.file,
            placed.offset,
            placed.length,
            page_url,
            exchange.fetched_at,
            response.status,
            placed.digest,
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
        self._visits.append(visit)
        if len(self._visits) >= BATCH_PAGES or time.monotonic() - self._since > BATCH_SECONDS:
            self.flush()

    def keep_capture(self, capture: Capture) -> None:
        """Take a capture that belongs to no page (robots.txt) into the batch."""
        self._captures.append(capture)

    @property
    def unwritten(self) -> int:
        return len(self._visits)

    def flush(self) -> None:
        """Write the batch, in the order that a kill cannot break."""
        visits, self._visits = self._visits, []
        captures, self._captures = self._captures, []
        self._since = time.monotonic()
        self._payloads.clear()
        if not visits and not captures:
            return
        self.writer.sync()
        with _disk_full_told(self.folder), self.store.batch():
            for capture in captures:
                self.store.save_capture(capture)
            for visit in visits:
                self._store(visit)
        with _disk_full_told(self.folder), self.frontier.write():
            for visit in visits:
                if visit.found:
                    self.frontier.add(visit.found)
            self.frontier.ack(visit.ack for visit in visits)

    def close(self, outcome: str) -> None:
        """Write what is left and end the run. After a full disk the ledger is still told what can be told."""
        try:
            if self.fatal is None:
                self.flush()
            self.writer.close()
        except DiskFull as error:
            self.fatal = error.strerror
        self.outcome, finished = outcome, time.time()
        counts = {
            "requests": self.tally.requests,
            "articles": dict(self.tally.articles),
            "skipped": dict(self.tally.skipped),
            "kinds": dict(self.tally.kinds),
            "files": self.tally.files,
            "failed": len(self.tally.failed),
            "bytes": self.writer.bytes_written,
        }
        try:
            with _disk_full_told(self.folder), self.frontier.write() as conn:
                conn.execute(
                    "UPDATE run SET finished_at = ?, outcome = ?, counts = ? WHERE id = ?",
                    (finished, outcome, json.dumps(counts, ensure_ascii=False), self._run_id),
                )
        except DiskFull as error:
            self.fatal = error.strerror
        self.store.checkpoint()
        self.store.close()
        self.frontier.close()

    def _begin_run(self) -> int:
        with self.store.batch():
            for portal in self.portals.values():
                self.store.add_portal(portal)
        with self.frontier.write() as conn:
            cursor = conn.execute(
                "INSERT INTO run (started_at, portals, settings, software) VALUES (?, ?, ?, ?)",
                (time.time(), json.dumps(self.names), json.dumps(self.told), software()),
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid

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

    def _store(self, visit: Visit) -> None:
        if visit.capture is not None:
            self.store.save_capture(visit.capture)
        if visit.article is not None and visit.capture is not None:
            saved = self.store.save_article(visit.article, visit.capture, visit.page.portal)
            visit.ack.article_id = saved.id
            if saved.outcome == "unchanged":
                visit.ack.state, visit.ack.reason = "unchanged", "the article is kept already and has not changed"
            self.tally.articles[saved.outcome] += 1
        if visit.seen_again and visit.capture is not None:
            self.store.touch(visit.seen_again, visit.capture)
            self.tally.articles["unchanged"] += 1
        if visit.gone and visit.page.article_id:
            self._mark_gone(visit.page.article_id)
        if visit.file_sha256 and visit.capture is not None:
            self.store.save_file(
                visit.page.url, visit.page.portal, visit.capture, visit.file_sha256, visit.file_bytes or 0
            )

    def canonical_of(self, article: int) -> str | None:
        """The canonical URL of a kept article."""
        row = self.store.conn.execute("SELECT canonical_url FROM article WHERE id = ?", (article,)).fetchone()
        return row[0] if row else None

    def _mark_gone(self, article: int) -> None:
        url = self.canonical_of(article)
        if url is not None:
            self.store.mark_gone(url, warc_date(utc_now()))
            self.tally.articles["gone"] += 1


class ArchiveExtension:
    """Opens the session for a Scrapy process: in the archive of ``TINHUYEN_ARCHIVE``, for the portals named.

    Without an archive (``scrapy shell`` somewhere) there is none, and requests pass through memory as in any project.
    """

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self.session = session
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def _closed(self, reason: str) -> None:
        self.session.close(outcome_of(reason, self.session.fatal))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveExtension:
        names = getattr(crawler.spider, "portal_names", None)
        folder = archive_folder(crawler.settings)
        if names is None or not folder.exists():
            raise NotConfigured("no portal spider, or no archive here")
        config = folder.config()
        agent = user_agent(crawler.settings["USER_AGENT"], config.contact)
        crawler.settings.set("USER_AGENT", agent, priority="spider")
        session = Session(folder, choose(config, names), user_agent=agent, told=crawler.spider.told())  # type: ignore[union-attr]
        return cls(crawler, session)


@contextmanager
def _disk_full_told(folder: ArchiveFolder) -> Iterator[None]:
    """A database that has no room left is a full disk, whoever says it first."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            raise
        raise DiskFull(errno.ENOSPC, f"the disk is full at {folder.path}: free some space and crawl again") from error


def outcome_of(reason: str, fatal: str | None) -> str:
    """How a run ended, from the reason Scrapy closed the spider for."""
    if fatal:
        return "disk full"
    return {"finished": "finished", "limit": "limited", "shutdown": "interrupted"}.get(reason, reason)


def session_of(crawler: Crawler) -> Session | None:
    """The open session of a Scrapy crawler, if it has one."""
    extension = crawler.get_extension(ArchiveExtension)
    return extension.session if extension is not None else None


def archive_folder(settings: Any) -> ArchiveFolder:
    """The archive a Scrapy process works on: its setting, else the environment, else ``./tinhuyen-data``."""
    return ArchiveFolder(settings.get(FOLDER_SETTING) or os.environ.get(FOLDER_SETTING) or "tinhuyen-data")


def user_agent(agent: str, contact: str) -> str:
    """The user agent with the archive's contact in it, fit for a header."""
    clean = "".join(c for c in contact if c.isprintable()).replace("(", "").replace(")", "")
    if not clean or not agent.endswith(")"):
        return agent
    return f"{agent[:-1]}; {clean.encode('ascii', 'ignore').decode()})"


def software() -> str:
    from crawler.settings import VERSION

    return f"tinhuyen/{VERSION}"


def warcinfo(config: Any, agent: str) -> list[tuple[str, str]]:
    """The warcinfo fields of an archive's files."""
    return [
        ("software", software()),
        ("operator", config.contact or config.name),
        ("isPartOf", config.name),
        ("http-header-user-agent", agent),
        ("robots", "obey"),
        ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
    ]


def _header(head: bytes, name: bytes) -> str | None:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode("latin-1")
    return None
