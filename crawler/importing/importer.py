"""One file imported: each record taken into a WARC file of the archive's own, read as a crawl reads, and accounted for.

The order of writes is a crawl's: records, fdatasync, then one commit. What a kill leaves is whole up to its last commit, and
the same command goes on: a record that is held is not taken again.
"""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from archive.imports import PREFIX, Import, add_import, record_ids_held, save_imported, save_imported_file, see_imported
from archive.model import Article, Capture, CaptureKind
from archive.queries.suspensions import suspended_at
from archive.store import Store
from archive.warc.codings import codings_of, dechunk
from archive.warc.foreign.foreign_records import Fault, Foreign
from archive.warc.read import CaptureUnreadable, decode_content, read_exchange
from archive.warc.write import Finished, WarcWriter, utc_now, warc_date
from crawler.addresses.urls import canonical
from crawler.crawl.records.learning import Themes
from crawler.crawl.records.run.warcinfo import warcinfo
from crawler.extract import read
from crawler.fetch.disposition import file_name
from crawler.fetch.sniff import file_type
from crawler.folder.archive_folder import ArchiveFolder
from crawler.importing.account import Account
from crawler.importing.import_learning import adopt
from crawler.importing.source import Source
from crawler.importing.taken import ANSWERS, BESIDE, Refused, Taken, serialised, take
from crawler.importing.whose import Whose
from crawler.page.page import Page
from crawler.watchdog import watchdog

BATCH_RECORDS, BATCH_BYTES = 100, 16 << 20
MOST_REMEMBERED = 50_000
"""Originals that revisits without a record id are looked up in."""
MOST_WAITING, MOST_BESIDE = 64, 8 << 20
"""Requests and metadata that wait for their answer, and bytes of one."""
MIXED = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "unknown/unknown", "")


@dataclass(slots=True)
class Terms:
    """How to import: through whom, whose addresses of unknown hosts are, whether to write at all, what not to read."""

    through: str | None = None
    portal: str | None = None
    dry: bool = False
    fatal: frozenset[str] = frozenset()
    """Keys of records whose reading ended a process."""


@dataclass(slots=True)
class _Batch:
    """What waits for the next commit."""

    steps: list[Callable[[], None]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    bytes: int = 0


class Importer:
    """Imports one file. ``finished`` are the WARC files it closed."""

    def __init__(self, folder: ArchiveFolder, store: Store, source: Source, terms: Terms, themes: Themes) -> None:
        self.folder, self.store, self.source, self.terms, self.themes = folder, store, source, terms, themes
        self.config = folder.config()
        self.whose = Whose(list(self.config.portals.values()), terms.portal)
        self.account = Account(source.path.name, is_dry=terms.dry)
        self.through = terms.through or source.path.name
        self.now: datetime = utc_now()
        self.most = int(max(self.config.politeness.max_page_mb, self.config.politeness.max_file_mb) * 1e6)
        # a name nobody has: what a kill left of the same file may have been closed this very second
        instance = f"{source.sha256[:8]}_{uuid.uuid4().hex[:8]}"
        self.writer = WarcWriter(folder.warc, self._info(), prefix=PREFIX, instance=instance)
        self._batch = _Batch()
        self._current: tuple[Taken, str] | None = None
        self._waiting: OrderedDict[str, list[bytes]] = OrderedDict()
        self._originals: OrderedDict[str, str] = OrderedDict()
        self._file = ""
        self._theme = source.theme()
        self.progress: Callable[[int], None] = lambda _step: None

    def run(self) -> Account:
        """Import the file. Twice is as once."""
        for found in self.source.records(self.most):
            self.progress(1)
            if watchdog.current is not None:
                watchdog.current.beat()
            if isinstance(found, Fault):
                self.account.fault(f"{found.place}: {found.text}")
                continue
            self.account.records += 1
            self._record(found)
        self._end_current()
        self._flush()
        return self.account

    def close(self) -> None:
        """Close the WARC file. Learning what was imported still notes into it what it reads again."""
        self.writer.close()

    @property
    def finished(self) -> list[Finished]:
        return self.writer.finished

    def _info(self) -> list[tuple[str, str]]:
        """What the WARC files say first: whose records they hold, from which file."""
        ours = warcinfo(self.config, "none: these records were imported")
        said = [pair for pair in ours if pair[0] != "robots"]
        return [
            *said,
            ("imported-from", self.source.path.name),
            ("imported-sha256", self.source.sha256),
            ("imported-bytes", str(self.source.size)),
            ("imported-through", self.through),
            ("imported-at", warc_date(self.now)),
            (
                "description",
                "Records of another archive, as they were found in the file named; not captured by this one",
            ),
        ]

    # records

    def _record(self, found: Foreign) -> None:
        if found.kind in BESIDE:
            self._beside(found)
            return
        if found.kind not in ANSWERS:
            self.account.other(f"records that show no page ({found.kind[:20] or 'of no kind'})", found.place)
            return
        self._end_current()
        try:
            taken = take(found, self.now)
        except Refused as why:
            self.account.other(f"answers {why}", f"{found.place}: {found.headers.get('warc-target-uri', '')}")
            return
        portal = self.whose.portal(taken.url)
        if portal is None:
            self.account.hosts[_host(taken.url)] += 1
            return
        if self._is_held(taken):
            self.account.held += 1
            return
        if taken.record_type == "revisit" and not self._resolve(taken):
            self.account.other("revisits of what is in none of the files imported so far", taken.url)
            return
        self._adopt_theme(portal)
        taken.beside += self._waiting.pop(taken.record_id, [])
        self._current = (taken, portal)

    def _adopt_theme(self, portal: str) -> None:
        """Read a portal of which nothing is held by the theme that the file brings, if it does: as it was read there."""
        theme, self._theme = self._theme, None
        if theme is None or self.terms.dry or self.themes.of(portal) or portal in self.themes.edited:
            return
        if self.store.conn.execute("SELECT 1 FROM capture WHERE portal = ? LIMIT 1", (portal,)).fetchone():
            return
        if adopt(self.folder.path, portal, theme):
            self.themes.known.pop(portal, None)
            self.account.themes.append(portal)

    def _is_held(self, taken: Taken) -> bool:
        conn = self.store.conn
        if taken.record_id in self._batch.ids or record_ids_held(conn, [taken.record_id]):
            return True
        if suspended_at(conn, [taken.url, canonical(taken.url)]) is not None:
            self.account.other("answers of articles that are suspended here", taken.url)
            return True
        row = conn.execute(
            "SELECT 1 FROM capture WHERE url = ? AND fetched_at = ? AND digest = ? AND record_type = ?",
            (taken.url, taken.date, taken.digest, taken.record_type),
        ).fetchone()
        return row is not None

    def _beside(self, found: Foreign) -> None:
        """A request or a note: kept with the answer it belongs to, before or behind it."""
        if found.block is None or found.size > MOST_BESIDE or not found.record_id:
            return
        named = [found.headers.get(name, "").strip("<> ") for name in ("warc-concurrent-to", "warc-refers-to")]
        member = serialised(found.headers, found.block)
        current = self._current[0] if self._current is not None else None
        if current is not None and current.record_id in named:
            current.beside.append(member)
            return
        for name in filter(None, named):
            self._waiting.setdefault(name, []).append(member)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)

    def _resolve(self, taken: Taken) -> bool:
        """Find what a revisit repeats, and name it in the record; false where it is not held."""
        headers = taken.headers
        named = [
            taken.refers_to,
            self._originals.get(
                _key(headers.get("warc-refers-to-target-uri", ""), headers.get("warc-refers-to-date", ""))
            ),
            self._originals.get(headers.get("warc-payload-digest", "-")),
        ]
        for record_id in filter(None, named):
            if record_id in self._batch.ids:
                self._flush()
            if self.store.capture(record_id) is not None:
                taken.refers_to = record_id
                headers["warc-refers-to"] = f"<{record_id}>"
                return True
        return self.terms.dry and any(name in self._batch.ids for name in named)

    def _end_current(self) -> None:
        """Put the answer in hand, with what belongs to it, into the batch."""
        if self._current is None:
            return
        (taken, portal), self._current = self._current, None
        self._batch.ids.add(taken.record_id)
        self._remember(taken)
        kind, article = self._read(taken, portal)
        if self.terms.dry:
            self._count_dry(taken, kind, article)
            return
        capture = self._place(taken, portal, kind)
        self._batch.steps.append(lambda: self._store(taken, capture, article))
        self._batch.bytes += capture.length
        taken.beside.clear()
        taken.block = b""
        if kind == "page":
            taken.payload = b""
        if len(self._batch.steps) >= BATCH_RECORDS or self._batch.bytes > BATCH_BYTES:
            self._flush()

    def _remember(self, taken: Taken) -> None:
        if taken.record_type != "response":
            return
        for key in (_key(taken.url, taken.date), taken.headers.get("warc-payload-digest"), taken.digest):
            if key:
                self._originals[key] = taken.record_id
        while len(self._originals) > MOST_REMEMBERED:
            self._originals.popitem(last=False)

    # reading

    def _read(self, taken: Taken, portal: str) -> tuple[CaptureKind, Article | None]:
        """What an answer is, and the article where it is one; what it is otherwise is accounted for."""
        if taken.not_modified:
            return "page", None
        body, content_type = self._body(taken)
        kind = _kind(taken, body, content_type)
        if kind != "page" or taken.status not in (0, 200):
            if taken.status not in (0, 200):
                self.account.other(f"answers with status {taken.status}", taken.url)
            return kind, None
        if taken.truncated is not None:
            self.account.other("answers that were cut off", taken.url)
            return kind, None
        key = hashlib.sha256(taken.record_id.encode()).hexdigest()[:60]
        if key in self.terms.fatal:
            self.account.other("pages whose reading takes too much", taken.url)
            return kind, None
        if watchdog.current is not None:
            watchdog.current.begin(key.encode())
        try:
            page = Page.parse(body, taken.url, content_type=content_type, fetched_at=taken.date)
            reading = read(page, self.config.of(portal).selectors, self.themes.of(portal))
        except Exception as error:  # whatever a page holds, the others are read
            self.account.other(f"pages that cannot be read ({type(error).__name__})", taken.url)
            return kind, None
        finally:
            if watchdog.current is not None:
                watchdog.current.end()
        if reading.article is None:
            self.account.other(f"pages that are no article: {reading.kind}", f"{taken.url} ({reading.reason})")
        return kind, reading.article

    def _body(self, taken: Taken) -> tuple[bytes, str | None]:
        """The content of an answer, of a revisit that of its original, with its type."""
        if taken.record_type == "revisit":
            held = self.store.capture(taken.refers_to)
            if held is None:
                return b"", None
            try:
                exchange = read_exchange(self.folder.warc, held.file, held.offset, held.length)
            except CaptureUnreadable:
                return b"", None
            return exchange.body, taken.content_type or held.content_type
        payload = taken.payload
        if "chunked" in (taken.http_header(b"transfer-encoding") or "").lower():
            payload = dechunk(payload)[0]
        coding = taken.http_header(b"content-encoding")
        codings = codings_of([coding.encode("latin-1", "replace")] if coding else [])
        return decode_content(payload, codings, foreign=True), taken.content_type

    # writing

    def _place(self, taken: Taken, portal: str, kind: CaptureKind) -> Capture:
        requests = [member for member in taken.beside if _is_request(member)]
        others = [member for member in taken.beside if not _is_request(member)]
        own = taken.member()
        name, offsets = self.writer.append([*requests, own, *others])
        held = self.store.capture(taken.refers_to) if taken.record_type == "revisit" else None
        digest = "" if taken.not_modified else held.digest if held is not None else taken.digest
        return Capture(
            taken.record_id, name, offsets[len(requests)], len(own), taken.url, taken.date, taken.status, digest, portal,
            content_type=taken.content_type, payload_bytes=len(taken.payload), kind=kind,
            record_type=taken.record_type,  # type: ignore[arg-type]
            truncated=taken.headers.get("warc-truncated"), secure="imported",
        )  # fmt: skip

    def _store(self, taken: Taken, capture: Capture, article: Article | None) -> None:
        """Keep one answer, inside the transaction of its batch."""
        if capture.file != self._file:
            source = self.source
            one = Import(
                capture.file, source.path.name, source.sha256, source.size, self.through, warc_date(self.now)
            )  # fmt: skip
            add_import(self.store, one)
            self._file = capture.file
        if article is not None:
            saved = save_imported(self.store, article, capture, capture.portal)
            self.account.articles[_OUTCOMES[saved.outcome]] += 1
            if saved.outcome == "new":
                self.account.portals[capture.portal] += 1
        elif taken.not_modified:
            see_imported(self.store, taken.refers_to, capture)
            self.account.other("answers that nothing had changed", capture.url)
        elif capture.kind in ("file", "requisite") and capture.status in (0, 200) and capture.truncated is None:
            self._store_file(taken, capture)
        else:
            self.store.save_capture(capture)

    def _store_file(self, taken: Taken, capture: Capture) -> None:
        body, _ = self._body(taken)
        said = taken.http_header(b"content-disposition")
        name = file_name(said.encode("latin-1", "replace")) if said else None
        save_imported_file(
            self.store, capture.url, capture.portal, capture, hashlib.sha256(body).hexdigest(), len(body), name
        )
        self.account.files += 1

    def _count_dry(self, taken: Taken, kind: CaptureKind, article: Article | None) -> None:
        if article is not None:
            known = self.store.article_of(article.canonical_url) is not None
            self.account.articles["of addresses known here" if known else "new"] += 1
        elif kind in ("file", "requisite") and taken.status in (0, 200):
            self.account.files += 1

    def _flush(self) -> None:
        """Write the batch: the records onto the disk first, then one commit."""
        batch, self._batch = self._batch, _Batch()
        if self.terms.dry:
            self._batch.ids = batch.ids
            return
        if not batch.steps:
            return
        self.writer.sync()
        with self.store.batch():
            self._file = ""
            for step in batch.steps:
                step()


_OUTCOMES = {"new": "new", "revised": "older or other versions", "unchanged": "with a text that is held"}


def _key(url: str, date: str) -> str:
    return f"{url.strip('<> ')} {date[:19]}" if url and date else "-"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2][:100]


def _is_request(member: bytes) -> bool:
    return b"\r\nWARC-Type: request\r\n" in zlib.decompressobj(31).decompress(member, 4096)


def _kind(taken: Taken, body: bytes, content_type: str | None) -> CaptureKind:
    """What an answer is kept as: told by its first bytes, else by its declared type."""
    declared = (content_type or "").partition(";")[0].strip().lower()
    seen = file_type(body)
    media = seen or declared
    if media.startswith(("image/", "font/", "audio/", "video/")) or declared in (
        "text/css",
        "text/javascript",
        "application/javascript",
    ):
        return "requisite"
    if seen is not None:
        return "file"
    if declared in MIXED or declared.startswith(("text/html", "application/xml", "text/xml")) or "/" not in declared:
        return "robots" if taken.url.endswith("/robots.txt") else "page"
    return "listing" if declared.endswith("+xml") else "file"
