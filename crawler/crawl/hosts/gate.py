"""What stands between a running crawl and its portals: requests to pause or stop, allowed hours, room on the disk, and
other processes that died. Looked at once a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crawler.crawl.hosts.spending import Spent
from crawler.folder.limits import no_room
from crawler.ledger.controls import ALL, controls
from crawler.ledger.rows import Page
from crawler.ledger.workers import dead_workers

if TYPE_CHECKING:
    from crawler.crawl.session import Session

EVERY = 1.0
DISK_EVERY = 5.0
WORKERS_EVERY = 3.0


class Standing:
    """The standing of one crawl's portals. ``open`` may be asked now; ``waiting`` are paused or outside their hours and
    will be asked again; those stopped or removed are in neither."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.open = list(session.names)
        self.waiting: list[str] = []
        self.why_waiting: dict[str, str] = {}
        self.stopped = False
        self.must_recover = False
        self.lost: list[str] = []
        self.spent = {name: Spent(session.config, name, session.started_at) for name in session.names}
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
        """Bring everything up to date. A full disk or quota is noted as the session's ``fatal``."""
        now = time.monotonic()
        self._next = now + EVERY
        self._portals()
        if now >= self._next_disk:
            self._next_disk = now + DISK_EVERY
            self.session.fatal = self.session.fatal or no_room(self.session.folder, self.session.config)
        if now >= self._next_workers:
            self._next_workers = now + WORKERS_EVERY
            died = dead_workers(self.session.folder.workers)
            if died:
                self.session.fatal_pages.note(died)
            self.lost += died
            self.must_recover = bool(self.lost)
        self.session.tell_progress(self.why_waiting)

    def _portals(self) -> None:
        now = time.time()
        asked = controls(self.session.frontier.conn, now)
        everything = asked.get(ALL)
        self.stopped = everything is not None and everything.since >= self.session.started_at
        open_, why = [], {}
        for name in self.session.names:
            control, hours = asked.get(name), self.session.config.of(name).hours
            if control is not None and control.state == "stopped" and control.since >= self.session.started_at:
                self._left.add(name)
            if (limit := self.spent[name].limit(now)) is not None and name not in self._left:
                self._left.add(name)
                self.session.tally.limits[name] = limit
            if name in self._left or name in self.session.paused_before:
                continue
            if control is not None and control.state == "paused":
                why[name] = "paused"
            elif not hours.allow(now):
                why[name] = f"outside its hours ({hours})"
            else:
                open_.append(name)
        self.open, self.waiting, self.why_waiting = open_, list(why), why
