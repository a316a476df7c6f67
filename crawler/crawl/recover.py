"""After a kill: what was fetched and written, but not yet told to the ledger, is taken up instead of asked for again.

A page costs its server a request once. The tail of each WARC file that a dead process left is read from where the
ledger knows it, and each answer goes the way it would have gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from scrapy.http.headers import Headers

from archive.database.mend import fields_of
from archive.model import Capture
from archive.warc.read import CaptureUnreadable, StoredExchange, read_exchange
from archive.warc.repair import repair_all
from archive.warc.write import OPEN_SUFFIX
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.visits.visitor import Answer, Visitor
from crawler.fetch import failures
from crawler.ledger.rows import Page

LIST_NOTE, FORM_NOTE = "list", "form"
"""Fields of the metadata record of a posted page: the list, and which page of it by which pager."""

Identity = tuple[str, ...]
"""What tells the answers of a file apart: the address, and for a posted page its notes."""


def recover(crawl: Crawl, visitor: Visitor, workers: list[str]) -> int:
    """Take up the tails of the files that ``workers``, which are dead, left. Returns how many pages that spared."""
    crawl.left_behind.repaired += repair_all(crawl.folder.warc)
    held = {_identity(page.url, page): (epoch, page) for epoch, page in crawl.ledger.orphans(workers)}
    done = 0
    for name, acked in _files(crawl, workers):
        path = crawl.folder.warc / name
        if not path.exists():
            continue
        for place in _tail(path, acked) if held else ():
            done += _take_up(crawl, visitor, name, place, held)
        with crawl.ledger.write() as conn:
            conn.execute("UPDATE warc_file SET state = 'closed' WHERE name = ?", (name,))
    crawl.batch.flush()
    return done


def _files(crawl: Crawl, workers: list[str]) -> list[tuple[str, int]]:
    """(name, bytes known to the ledger) of the files dead workers left, and of those just repaired that it never heard of."""
    marks = ", ".join("?" * len(workers))
    rows = crawl.ledger.conn.execute(
        f"SELECT name, acked FROM warc_file WHERE state = 'open' AND worker IN ({marks})", workers
    ).fetchall()
    files = {row[0]: row[1] for row in rows}
    known = {row[0] for row in crawl.ledger.conn.execute("SELECT name FROM warc_file")}
    for repaired in crawl.left_behind.repaired:
        # what an import left is no answer to this crawl
        if (
            repaired.path is not None
            and repaired.path.name not in known
            and not repaired.path.name.startswith("import-")
        ):
            files.setdefault(repaired.path.name.removesuffix(OPEN_SUFFIX), 0)
    return list(files.items())


def posted_notes(page: Page) -> list[tuple[str, str]]:
    """What the metadata record of a posted page says: by it the answer is told from others of the same address."""
    return [(LIST_NOTE, page.found_on or page.url), (FORM_NOTE, page.form or "")]


def _identity(url: str, page: Page) -> Identity:
    return (url, *(value for _, value in posted_notes(page))) if page.form is not None else (url,)


@dataclass(slots=True)
class _Place:
    """Where the record of an answer stands, and what its metadata record says."""

    offset: int
    length: int
    notes: dict[str, str]

    @property
    def posted(self) -> tuple[str, ...]:
        """The notes of a posted page; none for any other page."""
        return (self.notes[LIST_NOTE], self.notes[FORM_NOTE]) if {LIST_NOTE, FORM_NOTE} <= self.notes.keys() else ()


def _tail(path: Path, start: int) -> Iterator[_Place]:
    """The records of answers at or after the byte ``start``."""
    kinds = WarcRecordType.response | WarcRecordType.revisit
    places: list[tuple[int, bool]] = []
    notes: dict[int, dict[str, str]] = {}
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            places.append((record.stream_pos, bool(record.record_type & kinds)))
            if record.record_type == WarcRecordType.metadata and record.stream_pos > start and len(places) > 1:
                notes[places[-2][0]] = fields_of(record.reader.read())
    ends = [*(offset for offset, _ in places[1:]), path.stat().st_size]
    for (offset, is_answer), end in zip(places, ends, strict=True):
        if is_answer and offset >= start:
            yield _Place(offset, end - offset, notes.get(offset, {}))


def _take_up(crawl: Crawl, visitor: Visitor, name: str, place: _Place, held: dict[Identity, tuple[int, Page]]) -> int:
    try:
        exchange = read_exchange(crawl.folder.warc, name, place.offset, place.length)
    except CaptureUnreadable:
        return 0
    found = held.pop((exchange.target_uri, *place.posted), None)
    if found is None or (exchange.record_type == "revisit" and exchange.status != 304):
        return 0  # not ours to tell, or the answer's body stands elsewhere: it is asked again
    epoch, page = found
    capture = _capture(exchange, page, name, place)
    headers = Headers(
        [(key.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for key, value in exchange.http_headers]
    )
    verdict = failures.of_status(exchange.status, headers)
    crawl.batch.add(visitor.visit(page, epoch, Answer(capture, exchange.payload, exchange.body, headers), verdict))
    return 1


def _capture(exchange: StoredExchange, page: Page, name: str, place: _Place) -> Capture:
    kind = {"file": "file", "requisite": "requisite", "feed": "listing", "sitemap": "listing"}.get(page.role, "page")
    return Capture(
        exchange.record_id,
        name,
        place.offset,
        place.length,
        exchange.target_uri,
        exchange.date,
        exchange.status,
        exchange.record_headers.get("WARC-Payload-Digest", ""),
        page.portal,
        content_type=exchange.header("Content-Type"),
        payload_bytes=len(exchange.payload),
        kind=kind,  # type: ignore[arg-type]
        record_type=exchange.record_type,  # type: ignore[arg-type]
        truncated=exchange.record_headers.get("WARC-Truncated"),
        # without its metadata record, torn off by the kill, nothing is known: then nothing is promised
        secure=place.notes.get("tls") or ("none" if exchange.target_uri.startswith("http:") else "unverified"),
    )
