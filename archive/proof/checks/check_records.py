"""WARC files held against the database: every record by its own digests, every capture by its row, every file by its note.

A file is read once, from its beginning to its end. Behind what is damaged reading goes on at the next record.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

from archive.database.mend import fields_of
from archive.model import Capture
from archive.proof.checks.faults import Fault
from archive.proof.log import Log
from archive.text.plurals import counted
from archive.warc.read import CaptureUnreadable, find_file
from archive.warc.record import uri
from archive.warc.scan import RecordDamaged, Scanned, is_digest, next_record, scan_record
from archive.warc.write import OPEN_SUFFIX, Finished

RESTORE = "restore the file from a backup"
_NAMES = [column.name for column in fields(Capture)]
_COLUMNS = ", ".join(_NAMES)
Progress = Callable[[int], None]
"""Told the bytes that were read."""


@dataclass(slots=True)
class RecordsChecked:
    """What was read: WARC files, records, captures, bytes; and ``whole``: closed files that are well and that the log has
    no digest of yet."""

    files: int = 0
    records: int = 0
    captures: int = 0
    bytes: int = 0
    faults: list[Fault] = field(default_factory=list)
    whole: list[Finished] = field(default_factory=list)


def noted_files(log: Log) -> dict[str, tuple[int, str]]:
    """The size and SHA-256 of WARC files as notes of the log have them, the latest note of each."""
    noted: dict[str, tuple[int, str]] = {}
    for _, line in log.notes():
        try:
            values = json.loads(line)
            if values["note"] == "file":
                noted[values["name"]] = (values["bytes"], values["sha256"])
        except (ValueError, KeyError, TypeError):
            continue
    return noted


def check_files(
    conn: sqlite3.Connection, warc: Path, noted: dict[str, tuple[int, str]], progress: Progress
) -> RecordsChecked:
    """Check every WARC file, those that are missing too."""
    checked, files = RecordsChecked(), file_digests(conn)
    named = {row[0] for row in conn.execute("SELECT DISTINCT file FROM capture")}
    there = {path.name.removesuffix(OPEN_SUFFIX) for path in warc.glob("*.warc*")} if warc.is_dir() else set()
    for name in sorted(named | there | noted.keys()):
        try:
            _File(conn, find_file(warc, name), noted.get(name), checked, progress, files).check()
        except FileNotFoundError:  # renamed just now, when its crawl closed it
            _File(conn, find_file(warc, name), noted.get(name), checked, progress, files).check()
        except CaptureUnreadable:
            checked.faults.append(_missing(conn, warc, name))
            continue
        checked.files += 1
    return checked


def _missing(conn: sqlite3.Connection, warc: Path, name: str) -> Fault:
    count = conn.execute("SELECT count(*) FROM capture WHERE file = ?", (name,)).fetchone()[0]
    return Fault("file", name, f"{name} is not in {warc}, with {counted(count, 'capture')}: {RESTORE}")


@dataclass(slots=True)
class _File:
    """One WARC file while it is checked."""

    conn: sqlite3.Connection
    path: Path
    noted: tuple[int, str] | None
    checked: RecordsChecked
    progress: Progress
    files: FileDigests
    rows: dict[int, int] = field(default_factory=dict)
    """The row numbers of the captures that are to be in the file, by offset: the rows themselves would be 100 MB of 100,000."""
    head: bytes | None = None
    well: bool = True

    def check(self) -> None:
        self._load()
        raw = hashlib.sha256()
        with self.path.open("rb", buffering=1 << 20) as file:
            size = os.fstat(file.fileno()).st_size  # only now: a crawl may be writing it
            self._records(file, size, raw)
        self._left_over(size)
        self._whole(size, raw.hexdigest())

    def _load(self) -> None:
        found = self.conn.execute(
            "SELECT rowid, offset, length FROM capture WHERE file = ? ORDER BY offset", (self.name,)
        )
        for rowid, offset, length in found:
            if isinstance(offset, int) and isinstance(length, int):
                self.rows[offset] = rowid
                continue
            row = self._held(rowid)
            named = capture_name(row) if row is not None else f"row {rowid} of capture"
            told = f"{named} has no place in {self.name}: the row was changed; restore archive.db from a backup"
            self.fault("capture row", named, told)

    def _held(self, rowid: int | None) -> dict[str, Any] | None:
        """A row of capture; None for one that was taken down meanwhile."""
        if rowid is None:
            return None
        values = self.conn.execute(f"SELECT {_COLUMNS} FROM capture WHERE rowid = ?", (rowid,)).fetchone()
        return _row(tuple(values)) if values is not None else None

    def _left_over(self, size: int) -> None:
        """Captures of the database that no record was found for."""
        beyond = 0
        for row in filter(None, map(self._held, self.rows.values())):
            if row["offset"] + row["length"] > size:
                beyond += 1
                continue
            named, place = capture_name(row), f"byte {row['offset']:,} of {self.name}"
            self.fault("record", named, f"{named} of {row['url']} is not at {place}: {RESTORE}")
        if beyond:
            lost = f"before {counted(beyond, 'capture')} of the database"
            self.fault("file", self.name, f"{self.name} ends at byte {size:,}, {lost}: it was cut; {RESTORE}")

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(OPEN_SUFFIX)

    @property
    def is_open(self) -> bool:
        return self.path.name.endswith(OPEN_SUFFIX)

    def fault(self, kind: Any, of: str, text: str) -> None:
        self.well = False
        self.checked.faults.append(Fault(kind, of, text))

    def _records(self, file: BinaryIO, size: int, raw: Any) -> None:
        at, before = 0, None
        while at < size:
            rowid = self.rows.pop(at, None)
            row = self._held(rowid)
            try:
                record = scan_record(file, at, decoded=row is not None and row["kind"] != "page", raw=raw)
            except RecordDamaged as damage:
                if self.is_open and row is None and not any(offset > at for offset in self.rows):
                    return  # a crawl is writing it, or was killed: the tail is repaired when one begins
                if rowid is not None and row is not None and row["offset"] + row["length"] > size:
                    self.rows[at] = rowid  # cut off with the end of the file
                    if self.noted is None:
                        return
                else:
                    self._damaged(at, row, damage)
                behind = next_record(file, at + 1)
                if behind is None:
                    return
                at = behind
                continue
            self._record(record, row)
            if before is not None and record.record_type == "metadata" and not self.name.startswith("import-"):
                self._metadata(record, before)
            before = row if row is not None else None
            self.progress(record.end - at)
            self.checked.bytes += record.end - at
            at = record.end

    def _damaged(self, at: int, row: dict[str, Any] | None, damage: RecordDamaged) -> None:
        of = f"the record of {capture_name(row)}, {row['url']}," if row is not None else "the record"
        self.fault("record", f"{self.name}:{at}", f"{of} at byte {at:,} of {self.name} is damaged: {damage}; {RESTORE}")

    def _record(self, record: Scanned, row: dict[str, Any] | None) -> None:
        self.checked.records += 1
        place = f"{self.name}:{record.offset}"
        for name in record.wrong_digests():
            told = f"the record {record.record_id} at byte {record.offset:,} of {self.name} does not have its {name}: it was changed; {RESTORE}"
            self.fault("record", place, told)
        if self.name.startswith("tinhuyen-"):  # ours begin all alike; those bytes are covered by no checksum
            self.head = self.head or record.gzip_head
            if record.gzip_head != self.head:
                self.fault(
                    "record", place, f"the gzip header at byte {record.offset:,} of {self.name} was changed; {RESTORE}"
                )
        if row is None:
            return
        self.checked.captures += 1
        if record.end - record.offset != row["length"]:
            self.fault("capture row", capture_name(row), _differs(row, "length", record.end - record.offset))
        for fault in against_row(self.conn, self.files, record, row):
            self.fault(fault.kind, fault.of, fault.text)

    def _metadata(self, record: Scanned, row: dict[str, Any]) -> None:
        """What the metadata record of a capture says of it beside."""
        if record.headers.get("warc-refers-to", "").strip("<>") != row["record_id"].strip("<>"):
            return
        said = fields_of(record.fields)
        for name, column in (("portal", "portal"), ("tls", "secure")):
            if name in said and said[name] != row[column]:
                self.fault("capture row", capture_name(row), _differs(row, column, said[name]))

    def _whole(self, size: int, sha256: str) -> None:
        if self.noted is not None and self.well and (size, sha256) != self.noted:
            told = f"{self.name} is not the file whose SHA-256 the log has ({self.noted[0]:,} bytes, now {size:,}): {RESTORE}"
            self.fault("file", self.name, told)
        if self.well and not self.is_open and self.noted is None:
            self.checked.whole.append(Finished(self.name, size, sha256))


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(_NAMES, values, strict=True))


def capture_name(row: dict[str, Any]) -> str:
    return f"capture {row['record_id'].strip('<>')}"


def _differs(row: dict[str, Any], column: str, said: object) -> str:
    return (
        f"{capture_name(row)} of {row['url']}: the database has {column} {row[column]!r}, its WARC record {said!r}: the row"
        " was changed; restore archive.db from a backup, or make it anew from the WARC files"
    )


def against_row(conn: sqlite3.Connection, files: FileDigests, record: Scanned, row: dict[str, Any]) -> Iterator[Fault]:
    """Where a capture's row says otherwise than its record."""
    headers = record.headers
    said: dict[str, object] = {
        "record_id": record.record_id,
        "record_type": record.record_type,
        "url": headers.get("warc-target-uri", ""),
        "fetched_at": headers.get("warc-date", ""),
    }
    has = {**row, "record_id": row["record_id"].strip("<>"), "url": uri(row["url"])}
    said["url"] = str(said["url"]).strip("<>")
    if record.status:
        said |= {"status": record.status, "content_type": record.http_header(b"content-type")}
    if record.record_type == "response":
        said |= {"truncated": headers.get("warc-truncated"), "payload_bytes": record.payload_bytes}
    for column, value in said.items():
        if has[column] != value and not (column == "payload_bytes" and has[column] is None):
            yield Fault("capture row", capture_name(row), _differs(row, column, value))
    yield from _digest(conn, record, row)
    yield from _file_row(files, record, row)


def _digest(conn: sqlite3.Connection, record: Scanned, row: dict[str, Any]) -> Iterator[Fault]:
    """The digest of the row: that of the bytes; of a revisit, that of its original."""
    if record.record_type != "revisit":
        if is_digest(row["digest"], record.payload_digests) is False:
            yield Fault("capture row", capture_name(row), f"{capture_name(row)} of {row['url']} does not have the digest of its row: one of them was changed; {RESTORE}")  # fmt: skip
        return
    told = record.headers.get("warc-payload-digest", "")
    # other tools name other algorithms; what their original holds is reckoned by ours
    if row["digest"] != told and (told.startswith("sha256:") or not row["file"].startswith("import-")):
        yield Fault(
            "capture row", capture_name(row), _differs(row, "digest", record.headers.get("warc-payload-digest"))
        )
    original = record.headers.get("warc-refers-to", "").strip("<>")
    held = conn.execute("SELECT digest FROM capture WHERE record_id IN (?, ?)", (original, f"<{original}>")).fetchone()
    if held is None or (row["digest"] and held[0] != row["digest"]):
        yield Fault("capture row", capture_name(row), f"{capture_name(row)} of {row['url']} repeats {original}, which is not held with the same digest: restore archive.db from a backup")  # fmt: skip


FileDigests = dict[str, list[tuple[str, str, str]]]
"""Of each capture that brought a file: the table that says so, the file's address and its SHA-256."""


def file_digests(conn: sqlite3.Connection) -> FileDigests:
    """What `file` and `file_revision` say of the bytes that captures brought: they have no index by capture."""
    found: FileDigests = {}
    for table in ("file", "file_revision"):
        for capture, url, sha256 in conn.execute(f"SELECT capture, url, sha256 FROM {table}"):
            found.setdefault(capture, []).append((table, url, sha256))
    return found


def _file_row(files: FileDigests, record: Scanned, row: dict[str, Any]) -> Iterator[Fault]:
    """Where the row of a file has another digest than the bytes that its capture brought."""
    if record.decoded_sha256 is not None and record.record_type == "response":
        for table, url, sha256 in files.get(row["record_id"], ()):
            if sha256 not in (record.decoded_sha256, record.payload_digests["sha256"].hex()):
                yield Fault("file row", url, f"the file {url} has another SHA-256 in {table} than in {capture_name(row)}: the row was changed; restore archive.db from a backup")  # fmt: skip


def check_sample(
    conn: sqlite3.Connection, warc: Path, count: int, choose: random.Random, progress: Progress
) -> RecordsChecked:
    """Check so many captures, chosen by chance, and that every file is there."""
    checked, files = RecordsChecked(), file_digests(conn)
    for (name,) in conn.execute("SELECT DISTINCT file FROM capture ORDER BY file").fetchall():
        try:
            find_file(warc, name)
            checked.files += 1
        except CaptureUnreadable:
            checked.faults.append(_missing(conn, warc, name))
    last = conn.execute("SELECT max(rowid) FROM capture").fetchone()[0] or 0
    for rowid in sorted(choose.sample(range(1, last + 1), min(count, last))):
        found = conn.execute(f"SELECT {_COLUMNS} FROM capture WHERE rowid = ?", (rowid,)).fetchone()
        if found is not None:
            _one(conn, warc, _row(tuple(found)), files, checked)
        progress(1)
    return checked


def _one(
    conn: sqlite3.Connection, warc: Path, row: dict[str, Any], files: FileDigests, checked: RecordsChecked
) -> None:
    try:
        path = find_file(warc, row["file"])
    except CaptureUnreadable:
        return
    checked.captures += 1
    try:
        with path.open("rb") as file:
            record = scan_record(file, row["offset"], decoded=row["kind"] != "page")
    except RecordDamaged as damage:
        told = f"{capture_name(row)} of {row['url']} at byte {row['offset']:,} of {row['file']} is damaged: {damage}; {RESTORE}"
        checked.faults.append(Fault("record", f"{row['file']}:{row['offset']}", told))
        return
    checked.records += 1
    checked.bytes += record.end - record.offset
    for name in record.wrong_digests():
        told = f"{capture_name(row)} of {row['url']} does not have its {name}: it was changed; {RESTORE}"
        checked.faults.append(Fault("record", f"{row['file']}:{row['offset']}", told))
    if record.end - record.offset != row["length"]:
        checked.faults.append(
            Fault("capture row", capture_name(row), _differs(row, "length", record.end - record.offset))
        )
    checked.faults += against_row(conn, files, record, row)
