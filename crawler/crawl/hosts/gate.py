"""Which portals may be asked now: requests to pause or stop, allowed hours, room on the disk, processes that died. Looked at
once a second."""

from __future__ import annotations

import time

from crawler.crawl.hosts.spending import Spent
from crawler.crawl.one_crawl import Crawl
from crawler.folder.limits import no_room
from crawler.ledger.controls import ALL, controls
from crawler.ledger.processes import dead_workers
from crawler.ledger.rows import Page

EVERY = 1.0
DISK_EVERY = 5.0
WORKERS_EVERY = 3.0


class Gate:
    """Which portals of one crawl may be asked now. ``open`` may be asked now; ``waiting`` are paused or outside their hours and
    will be asked again; those stopped or removed are in neither."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl
        self.open = list(crawl.names)
        self.waiting: list[str] = []
        self.why_waiting: dict[str, str] = {}
        self.stopped = False
        self.spent = {name: Spent(crawl.config, name, crawl.run.started_at) for name in crawl.names}
        self._left: set[str] = set()
        self._next = self._next_disk = self._next_workers = 0.0

    def due(self, now: float) -> bool:
        """Whether it is time to look again (``now`` in monotonic seconds)."""
        return now >= self._next

    def asked(self, page: Page) -> None:
        """Count a page that is asked for; at a limit of its portal the next look comes at once."""
        spent = self.spent[page.portal]
        spent.pages += page.role not in ("file", "requisite")
        if spent.limit(time.time()) is not None:
            self._next = 0.0

    def look(self) -> None:
        """Bring everything up to date. A full disk or quota ends the run."""
        now = time.monotonic()
        self._next = now + EVERY
        self._portals()
        if now >= self._next_disk:
            self._next_disk = now + DISK_EVERY
            self.crawl.run.fatal = self.crawl.run.fatal or no_room(self.crawl.folder, self.crawl.config)
        if now >= self._next_workers:
            self._next_workers = now + WORKERS_EVERY
            died = dead_workers(self.crawl.folder.workers)
            if died:
                self.crawl.fatal_pages.note(died)
            self.crawl.left_behind.workers += died
        self.crawl.report_progress(self.why_waiting)

    def _portals(self) -> None:
        now = time.time()
        asked = controls(self.crawl.ledger.conn, now)
        everything = asked.get(ALL)
        self.stopped = everything is not None and everything.since >= self.crawl.run.started_at
        open_, why = [], {}
        for name in self.crawl.names:
            control, hours = asked.get(name), self.crawl.config.of(name).hours
            if control is not None and control.state == "stopped" and control.since >= self.crawl.run.started_at:
                self._left.add(name)
            if (limit := self.spent[name].limit(now)) is not None and name not in self._left:
                self._left.add(name)
                self.crawl.run.tally.limits[name] = limit
            if name in self._left or name in self.crawl.run.paused_before:
                continue
            if control is not None and control.state == "paused":
                why[name] = "paused"
            elif not hours.allow(now):
                why[name] = f"outside its hours ({hours})"
            else:
                open_.append(name)
        self.open, self.waiting, self.why_waiting = open_, list(why), why
