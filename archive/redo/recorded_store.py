"""The store as crawls and commands write it: each transaction leaves a redo record in the WARC files before it commits.

A redo record says which captures were read as articles, seen again, or found nothing, in the order of the commits, with what
no capture can show by itself: ids given, the portal and role of a page, themes and settings it was read by, takedowns,
verdicts. It holds no text of an article: that is read from the captures again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Protocol

from archive.ids import CANONICALISER_VERSION
from archive.model import Article, Capture, Found, Portal, PortalLink, Saved
from archive.queries import records as reading
from archive.store import Store
from archive.warc.record import uri
from archive.warc.write import Placed, utc_now, warc_date

FORMAT = "tinhuyen-redo-1"
URN = "urn:tinhuyen:redo:"
CONTENT_TYPE = "application/json"
Op = list[Any]
"""One operation: its name, and what it needs."""
PATIENT = frozenset({"portal", "theme", "selectors"})
"""Operations that the next record may tell: each crawl notes them anew, and one that fetches nothing leaves no file for them."""


IMPORTED = "imported"
"""What `Capture.secure` is of captures that others made."""
_OF_OTHERS = ("url", "status", "digest", "content_type", "payload_bytes", "record_type", "truncated", "secure")


class Writer(Protocol):
    """What redo records are written by: `archive.warc.write.WarcWriter`."""

    instance: str

    def write_metadata(self, url: str, content_type: str, data: bytes) -> Placed: ...

    def sync(self) -> None: ...


class RecordedStore(Store):
    """A `Store` whose changes are noted; without a writer (:meth:`record_into`) they wait for one."""

    _writer: Writer | None = None

    def record_into(self, writer: Writer) -> None:
        """Write redo records by ``writer`` from now on."""
        self._writer = writer
        self._waiting: list[Op] = []
        self._inside: list[Op] = []

    def note(self, *op: Any) -> None:
        """Note an operation: with the transaction under way, else with the next one."""
        if self._writer is not None:
            said = [part for each in op for part in (_named(each) if isinstance(each, Capture) else (each,))]
            (self._inside if self.conn.in_transaction else self._waiting).append(said)

    def _commit(self) -> None:
        if self._writer is None:
            super()._commit()
            return
        ops = self._waiting + self._inside
        if any(op[0] not in PATIENT for op in self._inside):
            self._write(self._writer, ops)
            ops = []
        super()._commit()
        self._waiting, self._inside = ops, []

    def _rolled_back(self) -> None:
        super()._rolled_back()
        if self._writer is not None:
            self._inside = []

    def _write(self, writer: Writer, ops: list[Op]) -> None:
        """Write the record of the transaction that is about to commit, and see it onto the disk.

        Its number is taken within the transaction: one that is rolled back, or ends with its process, leaves a record whose
        number the next transaction takes again. So of records with one number the latest was committed.
        """
        number = 1 + (self.conn.execute("SELECT max(number) FROM redo").fetchone()[0] or 0)
        self.conn.execute(
            "INSERT INTO redo(series, number) VALUES (?, ?) ON CONFLICT(series) DO UPDATE SET number = excluded.number",
            (writer.instance, number),
        )
        said = {
            "format": FORMAT,
            "series": writer.instance,
            "number": number,
            "at": warc_date(utc_now()),
            "ops": ops,
        }
        data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        writer.write_metadata(f"{URN}{writer.instance}:{number}", CONTENT_TYPE, data)
        writer.sync()

    # What is written, each as the store does it

    def add_portal(self, portal: Portal, links: Any = ()) -> Portal:
        with self.batch():
            added = super().add_portal(portal, links)
            self._note_portal(portal.name)
        return added

    def update_portal(self, portal: Portal) -> None:
        with self.batch():
            super().update_portal(portal)
            self._note_portal(portal.name)

    def save_capture(self, capture: Capture) -> None:
        with self.batch():
            super().save_capture(capture)
            self.note("capture", capture)

    def save_article(self, article: Article, capture: Capture, portal_name: str) -> Saved:
        with self.batch():
            saved = super().save_article(article, capture, portal_name)
            self.note("article", capture, saved.id, portal_name)
        return saved

    def touch(self, canonical_url: str, capture: Capture) -> Saved | None:
        with self.batch():
            saved = super().touch(canonical_url, capture)
            if saved is not None:
                self.note("touch", capture, canonical_url)
        return saved

    def observe(self, url: str, capture: Capture, found: Found, article: int | None = None) -> None:
        with self.batch():
            super().observe(url, capture, found, article)
            self.note("observe", capture, url, found, article)

    def save_file(
        self, url: str, portal: str, capture: Capture, sha256: str, size: int, name: str | None = None
    ) -> list[int]:
        with self.batch():
            revised = super().save_file(url, portal, capture, sha256, size, name)
            self.note("file", capture, url, portal)
        return revised

    def touch_file(self, url: str, capture: Capture) -> list[int]:
        with self.batch():
            revised = super().touch_file(url, capture)
            self.note("seen", capture, url)
        return revised

    def alias_file(self, url: str, target: str) -> list[int]:
        with self.batch():
            revised = super().alias_file(url, target)
            if reading.one(self.conn, "SELECT 1 FROM file WHERE url = ?", (target,)):
                self.note("alias", url, target)
        return revised

    def mark_gone(self, canonical_url: str, at: str) -> int | None:
        with self.batch():
            identifier = super().mark_gone(canonical_url, at)
            if identifier is not None:
                self.note("gone", canonical_url, at)
        return identifier

    def remember_id(self, canonical_url: str, identifier: int) -> None:
        with self.batch():
            super().remember_id(canonical_url, identifier)
            self.note("id", canonical_url, identifier, CANONICALISER_VERSION)

    def read_again(self, identifier: int, article: Article) -> bool:
        with self.batch():
            row = self.conn.execute("SELECT capture FROM article WHERE id = ?", (identifier,)).fetchone()
            held = reading.capture(self.conn, row[0]) if row is not None else None
            done = super().read_again(identifier, article)
            if done and held is not None:
                self.note("again", held, identifier, self.last_journal_time())
        return done

    def withdraw(self, identifier: int) -> bool:
        with self.batch():
            done = super().withdraw(identifier)
            if done:
                self.note("withdraw", identifier, self.last_journal_time())
        return done

    def record_run(self, run: dict[str, Any]) -> int:
        with self.batch():
            number = super().record_run(run)
            self.note("run", run)
        return number

    def save_health(self, portal: str, verdict: str, **said: Any) -> None:
        with self.batch():
            super().save_health(portal, verdict, **said)
            self.note("health", portal, verdict, said)

    def save_check(self, portal: str, **said: Any) -> None:
        with self.batch():
            super().save_check(portal, **said)
            self.note("check", portal, said)

    def _note_portal(self, name: str) -> None:
        row = reading.one(self.conn, "SELECT * FROM portal WHERE name = ?", (name,))
        links = [asdict(link) for link in reading.portal_links(self.conn, name)]
        self.note("portal", row, links)


def _named(capture: Capture) -> Op:
    """A capture as operations name it: its record, its portal, its role, and what its record does not say."""
    if capture.secure == IMPORTED:  # a record of others says what it says
        return [capture.record_id, capture.portal, capture.kind, {name: getattr(capture, name) for name in _OF_OTHERS}]
    beside: dict[str, Any] = {}
    if uri(capture.url) != capture.url:
        beside["url"] = capture.url
    if capture.record_type == "revisit":
        beside["payload_bytes"] = capture.payload_bytes
        if capture.truncated is not None:
            beside["truncated"] = capture.truncated
        if capture.content_type is not None and capture.status == 304:
            beside["content_type"] = capture.content_type
    return [capture.record_id, capture.portal, capture.kind, beside]


def links_of(said: list[dict[str, Any]]) -> list[PortalLink]:
    """The successions of a portal as an operation holds them."""
    return [PortalLink(**link) for link in said]
