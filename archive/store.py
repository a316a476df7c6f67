"""The one place that writes articles, captures and portals into ``archive.db``.

Everything may be delivered twice: a record id or a text that is already kept changes nothing. SQL stands here in
full; what is read back comes through `archive.queries.records`. One writer per process; a `Store` is used by one thread at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archive.changes.seen import make_due
from archive.database.database import open_to_read, open_to_write, sqlite_errors_as_ours
from archive.database.sqlite_file import is_read_only
from archive.errors import UnknownPortal
from archive.ids import url_key
from archive.model import Article, Capture, Found, Portal, PortalLink, Saved
from archive.queries import records as reading
from archive.queries.older_versions import content_hash
from archive.queries.suspensions import suspension
from archive.rows import article_ids, article_rows, capture_rows, file_rows, portal_health, portal_rows
from archive.rows import search_index as index
from archive.store_reading import Reading
from archive.text.numbers.private_numbers import masked
from archive.text.vietnam_time import utc


class Store(Reading):
    """An open ``archive.db``. Use as a context manager, or call `close`."""

    def __init__(self, db: Database, path: Path, clock: Callable[[], datetime]) -> None:
        self._db = db
        self.conn: sqlite3.Connection = db.conn
        self.path = path
        self._clock = clock
        self._portal_ids: dict[str, int] = {}
        self._section_ids: dict[str, int] = {}
        self.masks = reading.masks(self.conn)
        """Whether private numbers are masked in what is kept: see `archive.text.numbers.private_numbers`."""
        self._unindexed: set[int] = set()
        """Articles put in by the batch under way, indexed together at its end."""

    @classmethod
    def open(cls, path: Path | str, *, clock: Callable[[], datetime] | None = None) -> Self:
        """Open the database, making or migrating it as needed.

        Raises `ArchiveDamaged` for a file that is no database, is torn or was made by a newer version, and
        `ArchiveLocked` when another process keeps the write lock.
        """
        path = Path(path)
        return cls(open_to_write(path), path, clock or (lambda: datetime.now(UTC)))

    @classmethod
    def open_reading(cls, path: Path) -> Self:
        """Open the database to read it: as `open` does where that can be, else as it stands on a read-only medium.

        Raises what `open` does, and `ArchiveDamaged` for a file there that an earlier version made.
        """
        if not is_read_only(path):
            return cls.open(path)
        return cls(open_to_read(path), path, lambda: datetime.now(UTC))

    def close(self) -> None:
        """Close the file. An open batch is rolled back."""
        self.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction around what is written inside; an exception undoes all of it.

        Takes the write lock at once: a deferred transaction that reads and then writes fails without waiting. Inside
        another batch it is a part of that, to be undone with it: whoever catches an exception within must not go on.
        """
        with sqlite_errors_as_ours(self.path):
            outermost = not self.conn.in_transaction
            if outermost:
                self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                if outermost:
                    self._index()
                    index.add_altered(self.conn)
                    make_due(self.conn)
                    self._commit()
            except BaseException:
                # What was given inside is gone with the rollback.
                self._portal_ids.clear()
                self._section_ids.clear()
                self._unindexed.clear()
                if outermost and self.conn.in_transaction:
                    self.conn.execute("ROLLBACK")
                if outermost:
                    self._rolled_back()
                raise

    def note(self, *op: Any) -> None:
        """Note what is done by other ways than these; `archive.redo` keeps it."""

    def _commit(self) -> None:
        self.conn.execute("COMMIT")

    def _rolled_back(self) -> None:
        """The outermost batch was undone."""

    def add_portal(self, portal: Portal, links: Iterable[PortalLink] = ()) -> Portal:
        """Add a portal and what is known of the ones before and after it, and answer it as stored.

        One of that name that is already there stays as it is, but for a unit it lacked.
        """
        with self.batch():
            portal_rows.insert(self.conn, portal, utc(self._clock()))
            portal_rows.link(self.conn, links)
        return self.portal(portal.name)

    def update_portal(self, portal: Portal) -> None:
        """Replace what is known about a portal. Raises `UnknownPortal`."""
        with self.batch():
            if not portal_rows.update(self.conn, portal):
                raise UnknownPortal(f"no portal named {portal.name!r} in {self.path}")

    # Captures and files

    def save_capture(self, capture: Capture) -> None:
        """Keep where a record stands. A record id that is already known changes nothing."""
        with self.batch():
            capture_rows.insert(self.conn, capture)

    def save_file(
        self, url: str, portal: str, capture: Capture, sha256: str, size: int, name: str | None = None
    ) -> list[int]:
        """Say what an attachment's or image's address gave: its SHA-256 in hex, its size in bytes, what the server calls it.

        Fills the attachments of that address; articles saved later find it too. Other bytes than before are a version
        of the file and a revision of the articles that offer it, whose ids are answered. The latest capture counts.
        """
        self._portal_id(portal)
        with self.batch():
            capture_rows.insert(self.conn, capture)
            return file_rows.save(self.conn, url, capture, sha256, size, name)

    def touch_file(self, url: str, capture: Capture) -> list[int]:
        """A file was seen again with the bytes it had (304). Answers articles that it is a revision of after all."""
        with self.batch():
            capture_rows.insert(self.conn, capture)
            return file_rows.see(self.conn, url, capture.fetched_at)

    def observe(self, url: str, capture: Capture, found: Found, article: int | None = None) -> None:
        """Keep a look that did not find an article, or a file: with its capture, which says what was answered instead."""
        with self.batch():
            capture_rows.insert(self.conn, capture)
            self.conn.execute(
                "INSERT INTO observation(capture, article, url, at, status, found) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (capture.record_id, article, url, capture.fetched_at, capture.status, found),
            )
            if article is not None:
                article_rows.check(self.conn, article, capture.fetched_at)

    def alias_file(self, url: str, target: str) -> list[int]:
        """Say that an address redirects to that of a file: what links the one offers the other. Nothing where none is kept.

        Answers the articles that are revised by it.
        """
        with self.batch():
            return file_rows.alias(self.conn, url, target)

    def save_article(self, article: Article, capture: Capture, portal_name: str) -> Saved:
        """Keep an article as one capture showed it, and the capture with it.

        ``unchanged``: the record was saved with this article before, or shows the text that is kept. ``revised``: the
        text differs; the older one moves into the history. A capture older than the newest kept one takes its place
        in the history and leaves the article as it stands. One that is suspended stays so, and nothing is kept. Raises `UnknownPortal`.
        """
        portal_id = self._portal_id(portal_name)
        article = self.as_kept(article)
        with self.batch():
            key = url_key(article.canonical_url)
            given = self.conn.execute("SELECT id FROM article_id WHERE url_key = ?", (key.hex(),)).fetchone()
            if given and suspension(self.conn, given[0]) is not None:
                return Saved(given[0], "unchanged")
            row = reading.article_row(self.conn, given[0]) if given else None
            if row is not None and capture_rows.showed(self.conn, capture, row["id"]):
                return Saved(row["id"], "unchanged")
            if row is not None:
                capture_rows.insert(self.conn, capture, row["id"])
                if row["id"] in self._unindexed:
                    self._index()
                saved = self._save_again(row, article, capture)
            else:
                identifier = given[0] if given else article_ids.give(self.conn, key, article, capture)
                capture_rows.insert(self.conn, capture)
                section = self._section_id(article.section)
                article_rows.insert(self.conn, identifier, article, section, capture, portal_id)
                self._unindexed.add(identifier)
                # only now: a key that names a row still to come has SQLite search every table for it
                self.conn.execute("UPDATE capture SET article = ? WHERE record_id = ?", (identifier, capture.record_id))
                saved = Saved(identifier, "new")
        return saved

    def read_again(self, identifier: int, article: Article) -> bool:
        """Let an article stand as its own capture is read now: no revision, and its id and addresses stay.

        False where it is not kept. Older versions stay as they were read.
        """
        row = reading.article_row(self.conn, identifier)
        if row is None:
            return False
        article = replace(self.as_kept(article), url=row["url"], canonical_url=row["canonical_url"])
        with self.batch():
            self._index()
            section, at = self._section_id(article.section), utc(self._clock())
            article_rows.read_otherwise(self.conn, row, article, section, at)
        return True

    def withdraw(self, identifier: int) -> bool:
        """Take out an article whose page was misread for one. False where it is not kept, or has older versions.

        Its captures stay, and so does its id: should the page be read as an article again, it bears the same.
        """
        row = reading.article_row(self.conn, identifier)
        if row is None or row["revisions"]:
            return False
        with self.batch():
            self._index()
            article_rows.withdraw(self.conn, identifier)
        return True

    def touch(self, canonical_url: str, capture: Capture) -> Saved | None:
        """The server said that an article has not changed (304). None when it is not kept."""
        identifier = self.article_of(canonical_url)
        if identifier is None:
            return None
        with self.batch():
            if not capture_rows.showed(self.conn, capture, identifier):
                capture_rows.insert(self.conn, capture, identifier)
                article_rows.see(self.conn, identifier, capture)
        return Saved(identifier, "unchanged")

    def mark_gone(self, canonical_url: str, at: str) -> int | None:
        """Count the article as gone, from that time on; being seen again undoes it. Answers the id, or None.

        It is the time of our decision. When the portal took the article down nobody saw.
        """
        identifier = self.article_of(canonical_url)
        if identifier is not None:
            with self.batch():
                self.conn.execute(
                    "UPDATE article SET gone_at = ? WHERE id = ? AND gone_at IS NULL", (at, identifier)
                )  # fmt: skip
        return identifier

    def remember_id(self, canonical_url: str, identifier: int) -> None:
        """Give an article the id it had before; a URL that has one keeps it."""
        with self.batch():
            article_ids.remember(self.conn, canonical_url, identifier)

    def record_run(self, run: dict[str, Any]) -> int:
        """Keep the summary of a crawl and answer its number, see :func:`archive.rows.portal_health.save_run`."""
        with self.batch():
            return portal_health.save_run(self.conn, run)

    def save_health(self, portal: str, verdict: str, **said: Any) -> None:
        """Keep how a portal was found, see :func:`archive.rows.portal_health.save`."""
        with self.batch():
            portal_health.save(self.conn, portal, verdict, **said)

    def save_check(self, portal: str, **said: Any) -> None:
        """Keep where a portal's theme and its software read otherwise, see :func:`archive.rows.portal_health.save_check`."""
        with self.batch():
            portal_health.save_check(self.conn, portal, **said)

    def checkpoint(self) -> None:
        """Fold the WAL back into the database, as after a crawl; does nothing while a reader holds it."""
        with sqlite_errors_as_ours(self.path):
            self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def mask(self) -> None:
        """Mask private numbers in all that is kept from now on; what is kept already stays as it is."""
        with self.batch():
            self.conn.execute("INSERT INTO masking VALUES (1) ON CONFLICT DO NOTHING")
        self.masks = True

    def as_kept(self, article: Article) -> Article:
        """An article as it is kept: without what SQLite cannot hold, its private numbers masked where that is asked for."""
        article = article_rows.storable(article)
        return masked(article) if self.masks else article

    # Pieces

    def _index(self) -> None:
        """Index what the batch put in so far. FTS5 keeps words in memory while rowids rise and nothing else is written
        between them, and makes a segment otherwise: one a batch instead of one an article."""
        if self._unindexed:
            index.add(self.conn, sorted(self._unindexed))
            self._unindexed.clear()

    def _save_again(self, row: dict[str, Any], article: Article, capture: Capture) -> Saved:
        section, identifier = self._section_id(article.section), row["id"]
        article_rows.order_as_known(self.conn, row, article)
        if capture.fetched_at < row["last_seen"]:
            revised = article_rows.insert_late(self.conn, row, article, capture)
            article_rows.begin(self.conn, identifier, capture)
        else:
            revised = self._save_newest(row, article, section, capture)
            article_rows.read(self.conn, identifier, capture)
        article_rows.see(self.conn, identifier, capture)
        return Saved(identifier, "revised" if revised else "unchanged")

    def _save_newest(self, row: dict[str, Any], article: Article, section: int | None, capture: Capture) -> bool:
        if row["content_hash"] == content_hash(article):
            article_rows.refresh(self.conn, row, article, section)
        elif self._shows_the_same(row["capture"], capture):
            # the very bytes the article was read from: it is we who read them otherwise now, not the portal that changed
            article_rows.read_otherwise(self.conn, row, article, section, capture.fetched_at)
        else:
            article_rows.revise(self.conn, row, article, section, capture)
            return True
        return False

    def _shows_the_same(self, record_id: str, capture: Capture) -> bool:
        row = self.conn.execute("SELECT digest FROM capture WHERE record_id = ?", (record_id,)).fetchone()
        return bool(row) and row[0] == capture.digest

    def _portal_id(self, name: str) -> int:
        if name not in self._portal_ids:
            row = self.conn.execute("SELECT id FROM portal WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise UnknownPortal(f"no portal named {name!r} in {self.path}")
            self._portal_ids[name] = row[0]
        return self._portal_ids[name]

    def _section_id(self, name: str | None) -> int | None:
        if name is None:
            return None
        if name not in self._section_ids:
            self._section_ids[name] = article_rows.section_id(self.conn, name)
        return self._section_ids[name]
