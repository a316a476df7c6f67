"""Index of the records of WARC files, made by reading them once: where each capture stands and what its record says."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.database.mend import fields_of
from archive.imports import PREFIX
from archive.redo.recorded_store import URN
from archive.warc.read import NOT_MODIFIED
from archive.warc.write import HEAD_NOTE, OPEN_SUFFIX

PART = 4000
"""Records after which a part of a file ends: what one process reads at a time, and holds in memory."""
MOST_HEAD = 1 << 16
_ANSWERS = WarcRecordType.response | WarcRecordType.revisit


@dataclass(slots=True)
class Found:
    """A response or revisit record. ``digest`` is as the database has it: empty for a 304, which has no payload."""

    record_id: str
    file: str
    offset: int
    length: int
    record_type: str
    url: str
    fetched_at: str
    status: int
    digest: str
    content_type: str | None
    payload_bytes: int | None
    truncated: str | None
    secure: str
    refers_to: str | None
    portal: str
    notes: str = "{}"
    """What its metadata record says beside, as JSON."""


@dataclass(slots=True)
class RedoFound:
    """A redo record: its number, its series, when it was written, and where it stands."""

    number: int
    series: str
    at: str
    file: str
    offset: int
    length: int
    erases: int = 0
    """1 where it tells of an erasure."""


@dataclass(slots=True)
class Part:
    """What was found in a part of a file; ``end`` is where the next one begins, ``None`` at the end of the file.

    ``damage`` is the byte behind which nothing could be read any more.
    """

    file: str
    captures: list[Found] = field(default_factory=list)
    redo: list[RedoFound] = field(default_factory=list)
    records: int = 0
    end: int | None = None
    damage: int | None = None
    recorded: bool | None = None
    """Of the first part: whether the file says that redo records tell of its captures."""


def scan_part(path: Path, start: int = 0) -> Part:
    """Read a WARC file from a byte at which a record begins; of one that a kill left open all whole records."""
    part = Part(path.name.removesuffix(OPEN_SUFFIX))
    before: Found | RedoFound | None = None
    place = start
    with path.open("rb") as stream:
        stream.seek(start)
        try:
            for record in ArchiveIterator(stream, parse_http=False):
                place = start + record.stream_pos if start and record.stream_pos < start else record.stream_pos
                if before is not None:
                    before.length = place - before.offset
                    before = None
                if part.records >= PART and record.record_type == WarcRecordType.request:
                    part.end = place
                    return part
                part.records += 1
                before = _take(part, record, place)
        except (OSError, EOFError, ValueError):
            part.damage = place
            if before is not None:  # its end was not seen
                (part.captures if isinstance(before, Found) else part.redo).pop()
            return part
        if before is not None:
            before.length = path.stat().st_size - before.offset
    return part


def _take(part: Part, record: Any, place: int) -> Found | RedoFound | None:
    kind = record.record_type
    if kind & _ANSWERS or (kind == WarcRecordType.resource and part.file.startswith(PREFIX)):
        part.captures.append(_answer(part.file, record, place))
        return part.captures[-1]
    if kind == WarcRecordType.metadata:
        url = str(record.headers.get("WARC-Target-URI") or "")
        if url.startswith(URN):
            series, _, number = url.removeprefix(URN).rpartition(":")
            at = str(record.headers.get("WARC-Date") or "")
            erases = int(b'["erase",' in record.reader.read())
            part.redo.append(RedoFound(int(number), series, at, part.file, place, 0, erases))
            return part.redo[-1]
        _note(part, record)
    elif kind == WarcRecordType.warcinfo and place == 0:
        part.recorded = "redo" in fields_of(record.reader.read(MOST_HEAD))
    return None


def _answer(file: str, record: Any, place: int) -> Found:
    headers = {str(name).lower(): str(value) for name, value in record.headers.items()}
    revisit = headers.get("warc-type") == "revisit"
    size = int(headers.get("content-length") or 0)
    head = record.reader.read(min(size, MOST_HEAD))
    end = head.find(b"\r\n\r\n")
    if end < 0 and not size:
        end = -4
    status, content_type = _http(head[: max(end, 0)])
    status = status or (NOT_MODIFIED if revisit else 0)
    url = headers.get("warc-target-uri", "").strip("<>")
    return Found(
        str(record.record_id).strip("<>"), file, place, 0, "revisit" if revisit else "response", url,
        headers.get("warc-date", ""), status, headers.get("warc-payload-digest", ""), content_type,
        None if revisit else size - end - 4, None if revisit else headers.get("warc-truncated"),
        "none" if url.startswith("http:") else "unverified",
        (headers.get("warc-refers-to") or "").strip("<>") or None, "",
    )  # fmt: skip


def _http(head: bytes) -> tuple[int, str | None]:
    first, *lines = head.split(b"\r\n")
    parts = first.split(None, 2)
    status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
    for line in lines:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-type":
            return status, value.strip().decode("latin-1")
    return status, None


def _note(part: Part, record: Any) -> None:
    """What the metadata record of a capture says of it."""
    said = part.captures[-1] if part.captures else None
    if said is None or str(record.headers.get("WARC-Refers-To") or "").strip("<>") != said.record_id:
        return
    notes = fields_of(record.reader.read())
    said.portal, said.secure = notes.pop("portal", ""), notes.pop("tls", said.secure)
    notes.pop(HEAD_NOTE, None)
    if notes:
        said.notes = json.dumps(notes, ensure_ascii=False)


_COLUMNS = [one.name for one in fields(Found)]
_REDO = [one.name for one in fields(RedoFound)]


class Index:
    """The index of all records, in a database of its own beside the one that is made anew: it never is in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.conn = sqlite3.connect(path, isolation_level=None)
        self.conn.execute("PRAGMA journal_mode = OFF")
        self.conn.execute("PRAGMA synchronous = OFF")
        self.conn.execute(f"CREATE TABLE found ({', '.join(_COLUMNS)}, PRIMARY KEY (record_id)) WITHOUT ROWID")
        self.conn.execute(f"CREATE TABLE redo ({', '.join(_REDO)})")
        self.conn.execute("CREATE TABLE file (name TEXT PRIMARY KEY, recorded INTEGER, damage INTEGER)")
        self.conn.execute("CREATE TABLE told (record_id TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, part: Part) -> None:
        """Take what was found in a part of a file into the index."""
        self.conn.execute("BEGIN")
        marks = ", ".join("?" * len(_COLUMNS))
        self.conn.executemany(f"INSERT OR IGNORE INTO found VALUES ({marks})", map(astuple, part.captures))
        self.conn.executemany(f"INSERT INTO redo VALUES ({', '.join('?' * len(_REDO))})", map(astuple, part.redo))
        if part.recorded is not None:
            self.conn.execute("INSERT OR IGNORE INTO file(name, recorded) VALUES (?, ?)", (part.file, part.recorded))
        if part.damage is not None:
            self.conn.execute(
                "INSERT INTO file(name, recorded, damage) VALUES (?1, 0, ?2)"
                " ON CONFLICT(name) DO UPDATE SET damage = ?2",
                (part.file, part.damage),
            )
        self.conn.execute("COMMIT")

    def __getitem__(self, record_id: str) -> Found | None:
        """The record of an id, ``None`` where no file holds it."""
        row = self.conn.execute("SELECT * FROM found WHERE record_id = ?", (record_id.strip("<>"),)).fetchone()
        return Found(*row) if row is not None else None

    def redo(self, committed: dict[str, int] | None = None) -> Iterator[RedoFound]:
        """The redo records in the order of their commits; ``committed``: by series the last number that is known to hold.

        Of several with one number the latest was committed.
        """
        rows = self.conn.execute(
            f"SELECT {', '.join(_REDO)} FROM (SELECT *, row_number() OVER (PARTITION BY number ORDER BY at DESC, file DESC,"
            " offset DESC) AS place FROM redo) WHERE place = 1 ORDER BY number"
        )
        for row in rows:
            found = RedoFound(*row)
            if committed is None or found.series not in committed or found.number <= committed[found.series]:
                yield found

    def untold(self) -> Iterator[Found]:
        """Captures of files that have no redo records, in the order they were fetched, of portals that are named."""
        rows = self.conn.execute(
            "SELECT found.* FROM found JOIN file ON file.name = found.file WHERE NOT recorded AND portal != ''"
            " AND found.file NOT LIKE 'import-%'"
            " ORDER BY fetched_at, record_id"
        )
        for row in rows:
            yield Found(*row)

    def close(self) -> None:
        self.conn.close()
        self.path.unlink(missing_ok=True)


def corrections_told(path: Path, article: int) -> Iterator[tuple[str, str]]:
    """The redo records of a WARC file that tell what a person said of an article, each with its series: words of it stand
    in them."""
    begins = b'["correct",%d,' % article
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.metadata, parse_http=False):
            url = str(record.headers.get("WARC-Target-URI") or "")
            if url.startswith(URN) and begins in record.reader.read():
                yield str(record.record_id).strip("<>"), url.removeprefix(URN).rpartition(":")[0]


def redo_ops(warc: Path, found: RedoFound) -> list[list[Any]]:
    """The operations of a redo record."""
    with _opened(warc, found.file) as stream:
        stream.seek(found.offset)
        data = stream.read(found.length)
    record = next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False)))
    said = json.loads(record.reader.read().decode("utf-8", "surrogatepass"))
    ops: list[list[Any]] = said["ops"]
    return ops


def _opened(warc: Path, name: str) -> BinaryIO:
    from archive.warc.read import find_file

    return find_file(warc, name).open("rb")
