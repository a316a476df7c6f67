"""``tinhuyen export --format wacz``: a portal as WACZ 1.1.1, which replay tools open and `tinhuyen import` reads back.

In it are the WARC records of the portal byte for byte (requests, answers, metadata), the originals of revisits too where
another portal brought them, an index, and a page for each version of its articles with title and text.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.export.cdxj_index import SortedLines, captures_of
from archive.model import Article, Capture, Portal
from archive.queries.records import capture as capture_of
from archive.queries.records import records
from archive.warc.cdxj import line_of
from archive.warc.cut import cut_exchange, warcinfo
from archive.warc.read import CaptureUnreadable
from archive.warc.write import MAX_FILE_BYTES, utc_now, warc_date

SOFTWARE = "tinhuyen"
INDEX, PAGES, THEME = "indexes/index.cdx", "pages/pages.jsonl", "tinhuyen/theme.toml"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: what changes is told by the digests."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Exported:
    """What an export holds: captures, pages, and captures that could not be read and are left out, each with why."""

    captures: int = 0
    pages: int = 0
    left_out: list[str] = field(default_factory=list)


def export_wacz(
    conn: sqlite3.Connection,
    warc: Path,
    portal: Portal,
    path: Path,
    theme: bytes | None = None,
    progress: Progress = lambda _step: None,
    clock: Callable[[], datetime] = utc_now,
) -> Exported:
    """Write all that is held of a portal into one file. Streams: memory does not grow with the portal.

    ``theme`` is what was learnt of how its pages are read: who imports the file reads them alike.
    """
    done = Exported()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, SortedLines() as index:
        package = _Package(out, path.parent)
        with closing(_Records(package, warc, index)) as data:
            _add_captures(conn, portal, data, done, progress)
        package.add(INDEX, (f"{line}\n".encode() for line in index), stored=True)
        package.add(PAGES, _pages(conn, portal, done))
        if theme is not None:
            package.add(THEME, iter([theme]))
        package.close(_about(conn, portal, warc_date(clock())))
    return done


def _add_captures(conn: sqlite3.Connection, portal: Portal, data: _Records, done: Exported, progress: Progress) -> None:
    """Add every capture of the portal, then what they repeat and is another's."""
    elsewhere: dict[str, None] = {}
    for capture in captures_of(conn, [portal.name]):
        progress(1)
        refers_to = _add(data, capture, done)
        original = _held(conn, refers_to) if refers_to else None
        if original is not None and original.portal != portal.name:
            elsewhere[original.record_id] = None
    for record_id in elsewhere:
        original = capture_of(conn, record_id)
        if original is not None:
            _add(data, original, done)


def _add(data: _Records, capture: Capture, done: Exported) -> str:
    """Add a capture; answers the record id of what it repeats."""
    try:
        refers_to = data.add(capture)
    except CaptureUnreadable as error:
        done.left_out.append(f"{capture.url}: {error}")
        return ""
    done.captures += 1
    return refers_to


def _held(conn: sqlite3.Connection, record_id: str) -> Capture | None:
    return capture_of(conn, record_id) or capture_of(conn, f"<{record_id}>")


class _Package:
    """The zip file while it is written, and the digests of what is in it."""

    def __init__(self, out: zipfile.ZipFile, folder: Path) -> None:
        """``folder`` is that of the package: where room for it is, there is room for a part of it, too."""
        self.out, self.folder = out, folder
        self.resources: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterator[bytes], *, stored: bool = False) -> None:
        """Write one file; ``stored`` without compression, so that a record is read where the index says."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        sha256 = hashlib.sha256()
        with tempfile.TemporaryFile(dir=self.folder) as held:
            for piece in pieces:
                held.write(piece)
                sha256.update(piece)
            # the size is known before the header is written: replayweb.page finds no file behind a header that makes room
            # for a size of more than four gigabytes and does not need it
            info.file_size = size = held.tell()
            held.seek(0)
            with self.out.open(info, "w") as file:
                shutil.copyfileobj(held, file)
        resource = {
            "name": name.replace("/", "-").lower(),
            "path": name,
            "hash": f"sha256:{sha256.hexdigest()}",
            "bytes": size,
        }
        self.resources.append(resource)

    def close(self, about: dict[str, Any]) -> None:
        """Write what the package says of itself, last: it names the digests of all else."""
        package = _json({**about, "resources": self.resources})
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        for name, data in (("datapackage.json", package), ("datapackage-digest.json", _json(digest))):
            self.out.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)


class _Records:
    """WARC files in the package, each of about 1 GB at most, one behind the other; the index learns where records stand."""

    def __init__(self, package: _Package, warc: Path, index: SortedLines) -> None:
        self._package, self._warc, self._index = package, warc, index
        self._number, self._size = 0, 0
        self._info_of = ""
        self._open: Any = None

    def add(self, capture: Capture) -> str:
        """Add the records of a capture; answers the record id of what it repeats. Raises `CaptureUnreadable`."""
        cut = cut_exchange(self._warc, capture)
        if self._open is None or self._size >= MAX_FILE_BYTES:
            self._begin()
        if capture.file != self._info_of:
            self._write(warcinfo(self._warc, capture.file))
            self._info_of = capture.file
        at = self._size + len(cut.request)
        self._write(cut.data)
        self._index.add(line_of(capture, self._name, at, len(cut.response)))
        return cut.refers_to

    @property
    def _name(self) -> str:
        return f"data-{self._number:05d}.warc.gz"

    def _begin(self) -> None:
        self.close()
        self._number, self._size, self._info_of = self._number + 1, 0, ""
        self._sha256 = hashlib.sha256()
        info = zipfile.ZipInfo(f"archive/{self._name}", EPOCH)
        info.compress_type, info.external_attr = zipfile.ZIP_STORED, 0o644 << 16
        self._open = self._package.out.open(info, "w")

    def _write(self, data: bytes) -> None:
        self._open.write(data)
        self._sha256.update(data)
        self._size += len(data)

    def close(self) -> None:
        if self._open is None:
            return
        self._open.close()
        self._open = None
        name = f"archive/{self._name}"
        resource = {
            "name": name.replace("/", "-"),
            "path": name,
            "hash": f"sha256:{self._sha256.hexdigest()}",
            "bytes": self._size,
        }
        self._package.resources.append(resource)


def _pages(conn: sqlite3.Connection, portal: Portal, done: Exported) -> Iterator[bytes]:
    """A line for each version of each article."""
    yield _line({"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True})
    for record in records(conn, [portal.name]):
        for version in record.versions:
            capture = capture_of(conn, version.record_id)
            if capture is None:
                continue
            done.pages += 1
            row = {
                "id": f"{record.id}v{version.number}",
                "url": capture.url,
                "ts": capture.fetched_at,
                "title": version.article.title or capture.url,
                "text": _text(version.article),
            }
            yield _line(row)


def _text(article: Article) -> str:
    lead = article.lead if article.lead and not article.text.startswith(article.lead) else None
    return "\n\n".join([*filter(None, [lead, article.text]), *article.captions, *filter(None, [article.byline])])


def _about(conn: sqlite3.Connection, portal: Portal, created: str) -> dict[str, Any]:
    home = conn.execute(
        """SELECT url, fetched_at FROM capture WHERE portal = ? AND url IN (?, ?) AND status = 200
           ORDER BY fetched_at DESC LIMIT 1""",
        (portal.name, portal.url, portal.url.rstrip("/")),
    ).fetchone()
    about = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": portal.title or portal.name,
        "software": SOFTWARE,
        "created": created,
    }
    return about | ({"mainPageUrl": home[0], "mainPageDate": home[1]} if home else {})


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _json(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=2).encode("utf-8")
