"""Append exchanges to a series of WARC files.

A file is named ``tinhuyen-<utc, 14 digits>-<serial>-<instance>.warc.gz`` and carries ``.open`` while it is written; its
writer holds a lock on it, so that a repair never touches a file in use. All records of one exchange are compressed
first and appended by one write: a kill leaves a torn tail at most, which :mod:`archive.warc.repair` cuts off.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archive.warc import record as rec

OPEN_SUFFIX = ".open"
HEAD_NOTE = "http-response-head"  # in a metadata record: a line of the head of an answer whose record has no block
MAX_FILE_BYTES = 1_000_000_000  # annex C of ISO 28500 recommends files of about 1 GB


class DiskFull(OSError):
    """Raised by the writer when the disk or quota is full; what was written before is whole."""


@dataclass(slots=True)
class Exchange:
    """One request and what came back, as bytes: ``head`` ends with a blank line, ``body`` is free of chunking."""

    url: str
    fetched_at: str
    request: bytes
    head: bytes
    body: bytes
    address: str | None
    truncated: str | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Original:
    """The earlier capture a revisit refers to."""

    record_id: str
    url: str
    date: str
    not_modified: bool = False


@dataclass(slots=True)
class Placed:
    """Where a record came to stand: its id, file, byte offset and length, and its payload digest."""

    record_id: str
    file: str
    offset: int
    length: int
    digest: str
    record_type: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A closed WARC file: its name, its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


def utc_now() -> datetime:
    return datetime.now(UTC)


def warc_date(moment: datetime) -> str:
    """``moment`` as a WARC-Date of microsecond precision."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_record_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


class WarcWriter:
    """Write one series of WARC files into ``folder``.

    ``info`` are the fields of each file's warcinfo record (software, operator, robots policy, user agent …).
    ``clock`` and ``new_id`` are passed in so that a test knows every byte. A file is begun by the first record, so a
    run that fetches nothing leaves nothing.
    """

    def __init__(
        self,
        folder: Path,
        info: list[tuple[str, str]],
        *,
        max_bytes: int = MAX_FILE_BYTES,
        instance: str | None = None,
        prefix: str = "tinhuyen",
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], str] = new_record_id,
    ) -> None:
        self.folder = folder
        self.info = info
        self.max_bytes = max_bytes
        self.instance = re.sub(r"[^A-Za-z0-9_]", "", instance or uuid.uuid4().hex[:8])
        self.prefix = prefix
        self.clock = clock
        self.new_id = new_id
        self.serial = 0
        self.bytes_written = 0
        self.finished: list[Finished] = []
        """The files that were closed, with their digests: to be noted in the log."""
        self._hash = hashlib.sha256()
        self._fd: int | None = None
        self._name = ""
        self._size = 0
        self._info_id = ""
        self._dirty = False

    def write(self, exchange: Exchange, original: Original | None = None) -> Placed:
        """Append one exchange: request, response (or revisit of ``original``) and metadata. Returns the response's place.

        Raises :class:`DiskFull` when there is no room; the file is then as it was before.
        """
        self._roll_over()
        payload_digest = rec.digest(exchange.body)
        response_id = self.new_id()
        common = [("WARC-Target-URI", rec.uri(exchange.url)), ("WARC-Warcinfo-ID", f"<{self._info_id}>")]
        response = self._response(exchange, original, response_id, payload_digest, common)
        request = rec.Record(
            "request",
            self.new_id(),
            exchange.fetched_at,
            "application/http; msgtype=request",
            exchange.request,
            [*common, *_address(exchange), ("WARC-Concurrent-To", f"<{response_id}>")],
        )
        records = [request, response]
        notes = list(exchange.notes)
        if original is not None and original.not_modified:
            notes += [(HEAD_NOTE, line.decode("latin-1")) for line in exchange.head.split(b"\r\n") if line]
        if notes:
            metadata = rec.Record(
                "metadata",
                self.new_id(),
                exchange.fetched_at,
                "application/warc-fields",
                rec.fields(notes),
                [*common, ("WARC-Refers-To", f"<{response_id}>")],
            )
            records.append(metadata)
        members = rec.serialise(records)
        start = self._append(b"".join(members))
        return Placed(
            response_id, self._name, start + len(members[0]), len(members[1]), payload_digest, response.record_type
        )

    def write_resource(self, url: str, content_type: str, data: bytes) -> Placed:
        """Append a ``resource`` record: something of ours worth keeping with the captures (settings, a crawl's log)."""
        return self._write_own("resource", url, content_type, data)

    def write_metadata(self, url: str, content_type: str, data: bytes) -> Placed:
        """Append a ``metadata`` record that belongs to no single capture: what was done with many of them."""
        return self._write_own("metadata", url, content_type, data)

    def _write_own(self, record_type: str, url: str, content_type: str, data: bytes) -> Placed:
        self._roll_over()
        now = warc_date(self.clock())
        headers = [("WARC-Target-URI", rec.uri(url)), ("WARC-Warcinfo-ID", f"<{self._info_id}>")]
        record = rec.Record(record_type, self.new_id(), now, content_type, data, headers)
        (member,) = rec.serialise([record])
        start = self._append(member)
        return Placed(record.record_id, self._name, start, len(member), rec.digest(data), record_type)

    def append(self, members: list[bytes]) -> tuple[str, list[int]]:
        """Append records that are serialised already, together; answers the file, and where each begins in it."""
        self._roll_over()
        at = self._append(b"".join(members))
        offsets = []
        for member in members:
            offsets.append(at)
            at += len(member)
        return self._name, offsets

    def sync(self) -> None:
        """Make everything appended so far survive a power cut."""
        if self._fd is not None and self._dirty:
            try:
                os.fdatasync(self._fd)
            except OSError as error:
                raise disk_error(error, self._name) from error
            self._dirty = False

    def close(self) -> None:
        """Finish the current file: sync it and take the ``.open`` suffix off."""
        if self._fd is None:
            return
        self.sync()
        (self.folder / (self._name + OPEN_SUFFIX)).rename(self.folder / self._name)
        os.close(self._fd)  # only now: the lock ends with it
        self._fd = None
        self.finished.append(Finished(self._name, self._size, self._hash.hexdigest()))

    def _response(
        self,
        exchange: Exchange,
        original: Original | None,
        record_id: str,
        payload_digest: str,
        common: list[tuple[str, str]],
    ) -> rec.Record:
        headers = [*common, *_address(exchange)]
        kind, block, truncated = "response", exchange.head + exchange.body, exchange.truncated
        if original is None or not original.not_modified:
            headers.append(("WARC-Payload-Digest", payload_digest))
        if original is not None:
            # Not modified: no block, as the standard allows. With the head of the 304 in it, replay would answer that
            # to a reader instead of the page; the head is kept in the metadata record.
            kind, block = "revisit", b"" if original.not_modified else exchange.head
            profile = rec.REVISIT_NOT_MODIFIED if original.not_modified else rec.REVISIT_IDENTICAL
            headers += [
                ("WARC-Profile", profile),
                ("WARC-Refers-To", f"<{original.record_id}>"),
                ("WARC-Refers-To-Target-URI", rec.uri(original.url)),
                ("WARC-Refers-To-Date", original.date),
            ]
            # the block holds no payload: for a revisit by digest the standard wants that said
            truncated = truncated if original.not_modified else "length"
        if truncated:
            headers.append(("WARC-Truncated", truncated))
        return rec.Record(kind, record_id, exchange.fetched_at, "application/http; msgtype=response", block, headers)

    def _roll_over(self) -> None:
        if self._fd is not None and self._size >= self.max_bytes:
            self.close()
        if self._fd is None:
            self._begin_file()

    def _begin_file(self) -> None:
        self.serial += 1
        now = self.clock()
        self._name = f"{self.prefix}-{now.astimezone(UTC):%Y%m%d%H%M%S}-{self.serial:05d}-{self.instance}.warc.gz"
        self._info_id = self.new_id()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self._fd = os.open(self.folder / (self._name + OPEN_SUFFIX), flags, 0o644)
        except OSError as error:
            raise disk_error(error, self._name) from error
        fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._size = 0
        self._hash = hashlib.sha256()
        block = rec.fields([*self.info, ("format", "WARC File Format 1.1")])
        headers = [("WARC-Filename", self._name)]
        info = rec.Record("warcinfo", self._info_id, warc_date(now), "application/warc-fields", block, headers)
        try:
            self._append(b"".join(rec.serialise([info])))
        except OSError:  # no room for its first record: there is no such file then
            (self.folder / (self._name + OPEN_SUFFIX)).unlink()
            os.close(self._fd)
            self._fd = None
            raise

    def _append(self, data: bytes) -> int:
        """Write all of ``data`` or nothing of it; returns the offset it begins at."""
        assert self._fd is not None
        start = self._size
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            os.ftruncate(self._fd, start)
            raise disk_error(error, self._name) from error
        self._size += len(data)
        self._hash.update(data)
        self.bytes_written += len(data)
        self._dirty = True
        return start


def _address(exchange: Exchange) -> list[tuple[str, str]]:
    """The address the exchange was with, where it is known."""
    return [("WARC-IP-Address", exchange.address)] if exchange.address else []


def disk_error(error: OSError, name: str) -> OSError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(error.errno, f"the disk is full while writing {name}: free some space and crawl again")
    return error
