"""Replay of the redo log: every operation done again in its order, with articles and files read anew from their captures."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from archive import erasure
from archive.corrections import correct, take_back
from archive.errors import ArchiveDamaged
from archive.imports import Import, add_import, save_imported
from archive.model import Article, Capture, Portal
from archive.queries.records import one
from archive.redo import inferred
from archive.redo.recorded_store import IMPORTED, Op, links_of
from archive.redo.redo_scan import Found, Index, RedoFound, redo_ops
from archive.rows import portal_rows
from archive.store import Store
from archive.suspension import Rows, reinstate, suspend
from archive.warc.read import CaptureUnreadable

_OF_CAPTURE = frozenset(
    {"capture", "article", "imported", "touch", "observe", "file", "seen", "look", "read", "stored"}
)
"""Operations that begin with a capture: its record, portal, role, and what the record does not say."""
_PORTAL_COLUMNS = ("id", "name", "url", "title", "family", "unit", "allow_private", "added_at")
SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Job:
    """One capture to be read: as a page by the themes and selectors of its time, or as a file."""

    url: str
    found: Found
    original: Found | None
    """The record that holds the payload, of a revisit."""
    as_file: bool = False
    lifted: bool = False
    theme: str = ""
    """The file of themes (TOML) of the portal at that time; empty for none."""
    selectors: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What was read: an article, or why there is none; of a file its SHA-256 in hex, its size and its name."""

    article: Article | None = None
    why: str = ""
    file: tuple[str, int, str | None] | None = None


class Reader(Protocol):
    """What reads captures, a batch at a time: ``submit`` begins it, what it answers waits for the results."""

    ahead: int
    """Batches that are begun before the first of them is waited for."""

    def submit(self, jobs: list[Job]) -> Callable[[], list[Result]]: ...


@dataclass(slots=True)
class Replayed:
    """What a replay did, and what it could not do."""

    records: int = 0
    operations: int = 0
    captures: int = 0
    pages: int = 0
    """Captures that were read as pages."""
    lost: list[tuple[str, str]] = field(default_factory=list)
    """Captures (record id, operation) that no WARC file holds any more; the first ones."""
    lost_count: int = 0
    no_longer: list[tuple[str, str]] = field(default_factory=list)
    """Pages that were articles and are read as something else now, each with as what."""
    newly: list[str] = field(default_factory=list)
    """Pages that are read as articles now and were not."""
    suspended: dict[int, Rows] = field(default_factory=dict)
    """The rows of articles that are suspended at the end."""


@dataclass(slots=True)
class _Ready:
    """A redo record that is being read for: its operations, each with the place of its result."""

    found: RedoFound | None
    """``None`` for operations that were inferred."""
    ops: list[tuple[Op, int | None]]
    results: Callable[[], list[Result]]


class Replay:
    """One replay into an empty database."""

    def __init__(
        self,
        store: Store,
        index: Index,
        warc: Path,
        reader: Reader,
        portals: Mapping[str, Portal],
        themes: Mapping[str, str],
        selectors: Mapping[str, dict[str, Any]],
    ) -> None:
        """``portals``, ``themes`` and ``selectors`` are today's: what captures without redo records are read by."""
        self.portals = portals
        self.store, self.index, self.warc, self.reader = store, index, warc, reader
        self.done = Replayed()
        self._themes = {("", portal): text for portal, text in themes.items()}
        self._selectors = {("", portal): dict(said) for portal, said in selectors.items()}
        self._moment = datetime.now(UTC)
        self._lost_last = ""
        self._erased: set[str] = set()
        self._lines: dict[int, tuple[int, str, str]] = {}
        store._clock = lambda: self._moment

    def run(self, committed: dict[str, int] | None, progress: Callable[[int], None]) -> Replayed:
        """Replay all records; ``progress`` is told how many operations each had."""
        self._foresee_erasures(committed)
        waiting: deque[_Ready] = deque()
        for ready in self._all(committed):
            waiting.append(ready)
            if len(waiting) > self.reader.ahead:
                progress(self._apply(waiting.popleft()))
        while waiting:
            progress(self._apply(waiting.popleft()))
        with self.store.batch():
            erasure.put_in_lines(self.store.conn, self._lines)
        return self.done

    def _all(self, committed: dict[str, int] | None) -> Iterator[_Ready]:
        for ops in inferred.operations(self.index):
            for portal in {op[2] for op in ops}:
                self.store.add_portal(self.portals.get(portal) or Portal(portal, f"http://{portal}.gov.vn/"))
            yield self._ready(None, ops)
        for found in self.index.redo(committed):
            yield self._ready(found, _operations(self.warc, found))

    def _foresee_erasures(self, committed: dict[str, int] | None) -> None:
        """Captures that were erased later are no lost ones: what is told of them is left out."""
        for found in self.index.redo(committed):
            if found.erases:
                for op in _operations(self.warc, found):
                    self._erased.update(op[2]["records"] if op[0] == "erase" else ())

    # What is to be read for a record

    def _ready(self, found: RedoFound | None, said: list[Op]) -> _Ready:
        jobs: list[Job] = []
        ops: list[tuple[Op, int | None]] = []
        other = {(op[0], op[1]) for op in said if op[0] in ("lifted", "unread", "observe", "file")}
        for op in said:
            job = self._job(found.series if found is not None else "", op, other)
            ops.append((op, len(jobs) if job is not None else None))
            jobs += [job] if job is not None else []
        return _Ready(found, ops, self.reader.submit(jobs))

    def _job(self, series: str, op: Op, other: set[tuple[str, str]]) -> Job | None:
        if op[0] == "theme":
            self._themes[series, op[1]] = op[2]
        elif op[0] == "selectors":
            self._selectors[series, op[1]] = op[2]
        if op[0] not in ("article", "imported", "again", "file", "capture", "read", "stored"):
            return None
        found = self.index[op[1]]
        if found is None or (op[0] == "capture" and not _may_be_article(op, found, other)):
            return None
        portal, beside = op[2], op[4]
        original = self.index[found.refers_to] if found.record_type == "revisit" and found.refers_to else None
        if beside.get("secure") == IMPORTED:
            kind = beside["content_type"] or (original.content_type if original is not None else None)
            found = replace(found, content_type=kind)
        return Job(
            beside.get("url", found.url), found, original, op[0] in ("file", "stored"), ("lifted", op[1]) in other,
            self._themes.get((series, portal), ""), self._selectors.get((series, portal)),
        )  # fmt: skip

    # Doing it again

    def _apply(self, ready: _Ready) -> int:
        results = ready.results()
        alone = any(op[0] == "suspend" for op, _ in ready.ops)  # it folds the journal in behind its transaction
        if alone:
            self._do(ready, results)
        else:
            with self.store.batch():
                self._do(ready, results)
        if ready.found is None:
            return len(ready.ops)
        self.store.conn.execute(
            "INSERT INTO redo(series, number) VALUES (?, ?) ON CONFLICT(series) DO UPDATE SET number = excluded.number",
            (ready.found.series, ready.found.number),
        )
        self.done.records += 1
        return len(ready.ops)

    def _do(self, ready: _Ready, results: list[Result]) -> None:
        for op, place in ready.ops:
            self.done.operations += 1
            name, arguments = op[0], op[1:]
            result = results[place] if place is not None else None
            if name in _OF_CAPTURE:
                capture = self._capture(op)
                if capture is None:
                    continue
                self._with_capture(name, capture, arguments[4:], result)
            else:
                self._without_capture(name, arguments, result)

    def _capture(self, op: Op) -> Capture | None:
        """The capture of an operation, by its record; ``None``, and noted, where no file holds it."""
        record_id, portal, kind, beside = op[1:5]
        if record_id in self._erased:
            return None
        found = self.index[record_id]
        if found is None:
            self._lost(record_id, op[0])
            return None
        self.done.captures += 1
        return Capture(
            record_id, found.file, found.offset, found.length, beside.get("url", found.url), found.fetched_at,
            beside.get("status", found.status), beside.get("digest", found.digest), portal,
            content_type=beside.get("content_type", found.content_type),
            payload_bytes=beside.get("payload_bytes", found.payload_bytes), kind=kind,
            record_type=beside.get("record_type", found.record_type),
            truncated=beside.get("truncated", found.truncated), secure=beside.get("secure", found.secure),
        )  # fmt: skip

    def _lost(self, record_id: str, what: str) -> None:
        if record_id == self._lost_last:  # several operations tell of one capture
            return
        self._lost_last = record_id
        self.done.lost_count += 1
        if len(self.done.lost) < SAMPLES:
            self.done.lost.append((record_id, what))

    def _with_capture(self, name: str, capture: Capture, more: list[Any], result: Result | None) -> None:
        store = self.store
        if name in ("capture", "read"):
            self._page(capture, result, inferred=name == "read")
        elif name == "look":
            inferred.look(store, capture)
        elif name == "stored" and result is not None and result.file is not None:
            store.save_file(capture.url, capture.portal, capture, *result.file)
        elif name == "article":
            self._article(capture, more[0], more[1], result, store.save_article)
        elif name == "imported":
            self._article(capture, more[0], more[1], result, partial(save_imported, store))
        elif name == "touch":
            store.touch(more[0], capture)
        elif name == "observe":
            url, found, article = more
            known = article if article is None or store.load(article) is not None else None
            store.observe(url, capture, found, known)
        elif name == "file":
            if result is not None and result.file is not None:
                store.save_file(more[0], more[1], capture, *result.file)
            else:
                store.save_capture(capture)
        elif name == "seen":
            store.touch_file(more[0], capture)
        else:
            store.save_capture(capture)

    def _page(self, capture: Capture, result: Result | None, *, inferred: bool) -> None:
        """A page that was kept as no article; read as one now, it is kept as one."""
        if result is not None:
            self.done.pages += 1
            if result.article is not None:
                self.done.newly += [] if inferred else [capture.url]
                self.store.save_article(result.article, capture, capture.portal)
                return
        self.store.save_capture(capture)

    def _article(
        self, capture: Capture, identifier: int, portal: str, result: Result | None, save: Callable[..., object]
    ) -> None:
        self.done.pages += 1
        if result is None or result.article is None:
            self.done.no_longer.append((capture.url, result.why if result is not None else "cannot be read"))
            self.store.save_capture(capture)
            return
        self.store.remember_id(result.article.canonical_url, identifier)
        save(result.article, capture, portal)

    def _without_capture(self, name: str, arguments: list[Any], result: Result | None) -> None:
        store = self.store
        if name == "again":
            self._again(arguments, result)
        elif name == "alias":
            store.alias_file(*arguments)
        elif name == "gone":
            store.mark_gone(*arguments)
        elif name == "id":
            store.remember_id(arguments[0], arguments[1])
        elif name == "withdraw":
            if store.withdraw(arguments[0]):
                self._journal_at(arguments[1])
        elif name == "portal":
            self._portal(*arguments)
        elif name == "run":
            store.record_run(arguments[0])
        elif name == "health":
            store.save_health(arguments[0], arguments[1], **arguments[2])
        elif name == "check":
            store.save_check(arguments[0], **arguments[1])
        elif name == "correct":
            correct(store, *arguments)
        elif name == "uncorrect":
            take_back(store, *arguments)
        elif name == "suspend":
            self._suspend(*arguments)
        elif name == "reinstate":
            rows = self.done.suspended.pop(arguments[0], None)
            if rows is not None:
                reinstate(store, arguments[0], rows, arguments[1])
        elif name == "import":
            add_import(store, Import(**arguments[0]))
        elif name == "erase":
            erasure.again(store.conn, arguments[0], arguments[1])
            self._lines |= {seq: (arguments[0], what, at) for seq, what, at in arguments[1]["journal"]}
        elif name not in ("theme", "selectors", "lifted", "unread"):
            raise ArchiveDamaged(f"the redo log was written by a newer version of tinhuyen (it holds {name!r})")

    def _again(self, arguments: list[Any], result: Result | None) -> None:
        record_id, _, _, _, identifier, at = arguments
        if result is None:
            if record_id not in self._erased:
                self._lost(record_id, "again")
        elif result.article is not None:
            self._moment = datetime.fromisoformat(at)
            self.store.read_again(identifier, result.article)

    def _suspend(self, identifier: int, reason: str, at: str, journal_at: str) -> None:
        if suspend(self.store, identifier, reason, at, lambda rows: self.done.suspended.update({identifier: rows})):
            self._journal_at(journal_at)

    def _journal_at(self, at: str) -> None:
        """The journal's last line as of its time: a trigger wrote it as of now."""
        self.store.conn.execute("UPDATE journal SET at = ? WHERE seq = (SELECT max(seq) FROM journal)", (at,))

    def _portal(self, row: dict[str, Any], links: list[dict[str, Any]]) -> None:
        conn = self.store.conn
        if one(conn, "SELECT 1 FROM portal WHERE name = ?", (row["name"],)) is None:
            taken = one(conn, "SELECT 1 FROM portal WHERE id = ?", (row["id"],)) is not None
            values = [None if name == "id" and taken else row[name] for name in _PORTAL_COLUMNS]
            conn.execute(f"INSERT INTO portal({', '.join(_PORTAL_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        known = {name: row[name] for name in _PORTAL_COLUMNS if name != "id"}
        portal_rows.update(conn, Portal(**{**known, "allow_private": bool(row["allow_private"])}))
        portal_rows.link(conn, links_of(links))


def _operations(warc: Path, found: RedoFound) -> list[Op]:
    try:
        return redo_ops(warc, found)
    except (CaptureUnreadable, OSError, ValueError, KeyError, StopIteration) as error:
        raise ArchiveDamaged(
            f"the redo record at byte {found.offset:,} of {found.file} cannot be read ({error}): restore it from a backup"
        ) from error


def _may_be_article(op: Op, found: Found, other: set[tuple[str, str]]) -> bool:
    """Whether a page that was kept as no article is read once more: a newer version may know better."""
    if op[3] != "page" or found.status != 200 or found.record_type != "response" or found.truncated is not None:
        return False
    kind = (found.content_type or "").partition(";")[0].strip().lower()
    if kind and kind not in ("text/html", "application/xhtml+xml"):
        return False
    return not any((name, op[1]) in other for name in ("unread", "observe", "file"))
