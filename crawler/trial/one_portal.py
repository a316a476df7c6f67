"""A portal tried: probed, some articles crawled into an archive, and read back beside their pages."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from archive.model import Portal
from archive.store import Store
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.learn.archived import original_of
from crawler.ledger.queries.read_only import open_read_only
from crawler.page.page import Page
from crawler.probe.adding import add_portals, portal_asked_for
from crawler.probe.asker import Asker
from crawler.probe.prober import Probe, Prober
from crawler.trial.beside import Beside, beside, own_words
from crawler.trial.likely_faults import find_faults
from crawler.watchdog.watchdog import TooMuchWork, bounded

PROBE_SECONDS = 60.0
PAGE_SECONDS = 60.0
"""CPU seconds for a probe's pages, and for those of a portal's articles."""
GRACE = 60.0
"""Seconds in which a crawl that is told to stop writes down what it has."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How portals are tried: articles and minutes for each, seconds between two requests."""

    articles: int
    minutes: float
    delay: float
    allow_private: bool


@dataclass(slots=True)
class Tried:
    """What came of one line of the list."""

    asked: str
    why_not: str | None = None
    """Why nothing was tried: the line names no portal, or it could not be reached."""
    name: str = ""
    probe: Probe | None = None
    verdict: str = ""
    stopped: bool = False
    """Whether the crawl was ended by its time."""
    pages: dict[str, int] = field(default_factory=dict)
    """Pages by what became of them."""
    articles: list[Beside] = field(default_factory=list)


def try_portal(folder: ArchiveFolder, asked: str, manner: Manner, contact: str) -> Tried:
    """Probe and crawl one portal; what goes wrong is told in the answer."""
    tried = Tried(asked)
    try:
        portal = portal_asked_for(asked, allow_private=manner.allow_private, may_be_unseen=False)
        tried.name = portal.name
        asker = Asker(
            delay=manner.delay, timeout=20.0, contact=contact, allow_private=manner.allow_private, typed=portal.url
        )
        tried.probe = bounded(Prober(portal.url, asker).probe, portal.url, PROBE_SECONDS)
    except (UserError, TooMuchWork) as error:
        tried.why_not = str(error)
        return tried
    if not tried.probe.reached:
        tried.why_not = "; ".join(tried.probe.notes) or "no page of it could be read"
        return tried
    kept = Portal(portal.name, portal.url, title=portal.title or tried.probe.title, allow_private=manner.allow_private)
    add_portals(folder, [kept])
    tried.stopped = _crawl(folder, portal.name, manner)
    _read_back(folder, tried)
    return tried


def _crawl(folder: ArchiveFolder, name: str, manner: Manner) -> bool:
    """Crawl in a process of its own: Scrapy's reactor starts only once in each. Whether its time ended it."""
    command = [sys.executable, "-m", "crawler", "--archive", str(folder.path), "crawl", name]
    command += ["--limit", str(manner.articles), "--delay", str(manner.delay)]
    with (folder.path / "trial.log").open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as crawl:
        try:
            crawl.wait(manner.minutes * 60)
        except BaseException as why:  # its time is over, or somebody interrupts: it ends well either way
            crawl.terminate()
            try:
                crawl.wait(GRACE)
            except subprocess.TimeoutExpired:
                crawl.kill()
            if not isinstance(why, subprocess.TimeoutExpired):
                raise
            return True
    return False


def _read_back(folder: ArchiveFolder, tried: Tried) -> None:
    with open_read_only(folder) as ledger:
        tried.pages = dict(
            ledger.execute("SELECT state, count(*) FROM page WHERE portal = ? GROUP BY state", (tried.name,)).fetchall()
        )
    with Store.open_reading(folder.database) as store:
        row = store.conn.execute("SELECT verdict FROM health WHERE portal = ?", (tried.name,)).fetchone()
        tried.verdict = row[0] if row else ""
        until = time.monotonic() + PAGE_SECONDS
        found = [_one(store, folder.warc, record, until) for record in store.records([tried.name])]
    tried.articles = find_faults(found)


def _one(store: Store, warc: Path, record: object, until: float) -> Beside:
    held = original_of(store.conn, warc, record.capture)  # type: ignore[attr-defined]
    own = None
    if held is not None and time.monotonic() < until:
        page = held[0]

        def look() -> object:
            parsed = Page.parse(page.body, page.url, content_type=page.content_type, fetched_at=page.fetched_at)
            return own_words(parsed)

        try:
            own = bounded(look, page.url, PAGE_SECONDS / 10)
        except TooMuchWork:
            own = None
    return beside(record.id, record.article, record.capture.fetched_at, own)  # type: ignore[attr-defined, arg-type]
