"""What the store answers: portals, captures, articles with their versions, as they are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.errors import UnknownPortal
from archive.model import Article, Capture, Portal, PortalLink
from archive.queries import records as reading
from archive.rows import article_ids, capture_rows


class Reading:
    """The reading half of :class:`archive.store.Store`."""

    conn: sqlite3.Connection
    path: Path

    def portals(self) -> list[Portal]:
        """Every portal, by name."""
        return reading.portals(self.conn)

    def portal(self, name: str) -> Portal:
        """The portal of that name. Raises `UnknownPortal`."""
        found = reading.portal(self.conn, name)
        if found is None:
            raise UnknownPortal(f"no portal named {name!r} in {self.path}")
        return found

    def portal_links(self, name: str) -> list[PortalLink]:
        """What a portal took the place of and what took its place, by name."""
        return reading.portal_links(self.conn, name)

    def capture(self, record_id: str) -> Capture | None:
        return reading.capture(self.conn, record_id)

    def known_file_digest(self, digest: str) -> Capture | None:
        """The first whole response kept with this payload digest (``sha256:`` and base32), what a revisit refers to."""
        return capture_rows.first_whole(self.conn, digest)

    def article_of(self, canonical_url: str) -> int | None:
        """The id of the article kept under a canonical URL."""
        return article_ids.of_kept(self.conn, canonical_url)

    def load(self, identifier: int) -> Article | None:
        """The article as it stands."""
        return reading.article(self.conn, identifier)

    def record(self, identifier: int, version: int | None = None, *, as_read: bool = False) -> reading.Record | None:
        """The article as it stands, or one of its versions, with its provenance; corrected, or ``as_read``."""
        return reading.record(self.conn, identifier, version, as_read=as_read)

    def records(self, portals: list[str] | None = None) -> Iterator[reading.Record]:
        """Every article in order of id, of the named portals or of all. Raises `UnknownPortal`."""
        for name in portals or ():
            self.portal(name)
        return reading.records(self.conn, portals)

    def versions(self, identifier: int) -> list[reading.Version]:
        """Every text the article had, oldest first, the one that stands last."""
        return reading.versions(self.conn, identifier)

    def last_journal_time(self) -> str:
        """The time in the journal's last line."""
        return str(self.conn.execute("SELECT at FROM journal ORDER BY seq DESC LIMIT 1").fetchone()[0])
