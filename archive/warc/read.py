"""Read one exchange back from a WARC file by its offset.

The bytes are a capture's truth: ``payload`` is what the server sent (still compressed if it sent it compressed),
``body`` is that content decoded.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator

from archive.warc.codings import MAX_STREAMS, ContentTooLarge, UnknownCoding, codings_of, dechunk, decoded
from archive.warc.record import REVISIT_NOT_MODIFIED
from archive.warc.write import OPEN_SUFFIX

NOT_MODIFIED = 304  # the status of a revisit by that profile, which has no block to say it
MAX_BODY = 256 << 20  # a decoded body larger than this is a compression bomb, not a page


PIECE = 1 << 16


class CaptureUnreadable(Exception):
    """Raised when a capture's file is missing, shorter than its offset, or holds another record there."""


@dataclass(slots=True)
class StoredExchange:
    """A response or revisit record as stored."""

    record_id: str
    record_type: str
    target_uri: str
    date: str
    status: int
    reason: str
    http_headers: list[tuple[str, str]]
    payload: bytes
    record_headers: dict[str, str] = field(default_factory=dict)

    @property
    def refers_to(self) -> str | None:
        """The record id of a revisit's original, without brackets."""
        value = self.record_headers.get("WARC-Refers-To")
        return value.strip("<>") if value else None

    @property
    def body(self) -> bytes:
        """The payload with its content codings undone."""
        named = (
            value.encode("latin-1", "replace")
            for name, value in self.http_headers
            if name.lower() == "content-encoding"
        )
        return decode_content(self._dechunked(), codings_of(named))

    def _dechunked(self) -> bytes:
        """The payload without chunks: other tools store them as they came; ours have the header renamed."""
        chunked = "chunked" in (self.header("transfer-encoding") or "").lower()
        return dechunk(self.payload)[0] if chunked else self.payload

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.http_headers if k.lower() == name.lower()), None)


def find_file(warc_dir: Path, file: str) -> Path:
    """The path of ``file``, which may still carry the suffix of a file being written."""
    name = Path(file).name  # a name from a database never leaves the folder
    for candidate in (warc_dir / name, warc_dir / (name + OPEN_SUFFIX)):
        if candidate.exists():
            return candidate
    raise CaptureUnreadable(f"{name} is not in {warc_dir}: restore it from a backup")


def read_exchange(warc_dir: Path, file: str, offset: int, length: int) -> StoredExchange:
    """The exchange whose record stands at ``offset`` (bytes) of ``file``. Raises :class:`CaptureUnreadable`."""
    path = find_file(warc_dir, file)
    with path.open("rb") as stream:
        stream.seek(offset)
        data = stream.read(length)
    if len(data) < length:
        raise CaptureUnreadable(f"{path.name} ends before byte {offset + length}: run tinhuyen repair on it")
    record = _record(io.BytesIO(data), path.name, offset)
    headers = {str(k): str(v) for k, v in record.headers.items()}
    http = record.http_headers
    unchanged = headers.get("WARC-Profile") == REVISIT_NOT_MODIFIED
    return StoredExchange(
        record_id=str(record.record_id).strip("<>"),
        record_type=headers.get("WARC-Type", ""),
        target_uri=headers.get("WARC-Target-URI", ""),
        date=headers.get("WARC-Date", ""),
        status=int(http.status_code or 0) if http and http.status_code else NOT_MODIFIED if unchanged else 0,
        reason=str(http.reason_phrase or "") if http else "",
        http_headers=[(str(k), str(v)) for k, v in http.items()] if http else [],
        payload=record.reader.read(),
        record_headers=headers,
    )


def _record(stream: BinaryIO, name: str, offset: int) -> Any:
    """The record at which ``stream`` stands. Raises :class:`CaptureUnreadable` where none does."""
    try:
        record = next(iter(ArchiveIterator(stream, parse_http=True)), None)
    except OSError as error:
        if error.errno is not None:
            raise  # the disk's
        record = None
    if record is None:
        raise CaptureUnreadable(f"no record at byte {offset} of {name}")
    return record


@dataclass(slots=True)
class StoredPayload:
    """The payload of a record in pieces, never whole in memory: ``pieces`` as the server sent it, to be used up once."""

    http_headers: list[tuple[str, str]]
    refers_to: str | None
    pieces: Iterator[bytes]

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.http_headers if k.lower() == name.lower()), None)

    def content(self, limit: int) -> Iterator[bytes]:
        """The payload with its content encoding undone, in pieces. Raises :class:`TooLarge` behind ``limit`` bytes."""
        name = (self.header("content-encoding") or "").strip().lower()
        pieces = self.pieces
        if "chunked" in (self.header("transfer-encoding") or "").lower():  # of other tools, in files that were imported
            pieces = iter([dechunk(b"".join(_limited(pieces, limit)))[0]])
        if name not in ("gzip", "x-gzip", "deflate"):
            return _limited(pieces, limit)
        return _limited(_unpacked(pieces, name), limit)


class TooLarge(CaptureUnreadable):
    """Raised for content that is larger, unpacked, than who asked for it can bear."""


def stream_payload(warc_dir: Path, file: str, offset: int, length: int) -> StoredPayload:
    """The payload of the record at ``offset`` (bytes) of ``file``. Raises :class:`CaptureUnreadable`.

    The file is open until the pieces are used up or closed.
    """
    path = find_file(warc_dir, file)
    if path.stat().st_size < offset + length:
        raise CaptureUnreadable(f"{path.name} ends before byte {offset + length}: run tinhuyen repair on it")
    with ExitStack() as stack:
        stream = stack.enter_context(path.open("rb"))
        stream.seek(offset)
        record = _record(stream, path.name, offset)
        refers_to = next((str(v) for k, v in record.headers.items() if str(k) == "WARC-Refers-To"), None)
        headers = [(str(k), str(v)) for k, v in record.http_headers.items()] if record.http_headers else []
        pieces = _pieces(record, stack.pop_all())
    return StoredPayload(headers, refers_to.strip("<>") if refers_to else None, pieces)


def _pieces(record: Any, opened: ExitStack) -> Iterator[bytes]:
    with opened:
        while piece := record.reader.read(PIECE):
            yield piece


def _unpacked(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """What can be inflated, a piece at a time, however much comes out of it."""
    inflate: Any = None
    streams = 1
    for piece in pieces:
        if inflate is None:
            inflate, plain = _decompressor(piece, name)
            if plain:
                yield piece
                yield from pieces
                return
        while piece:
            try:
                yield inflate.decompress(piece, PIECE)
            except zlib.error:
                return
            piece = inflate.unconsumed_tail
            if not inflate.eof:
                continue
            if name == "deflate" or streams == MAX_STREAMS:
                return
            piece, inflate = inflate.unused_data, zlib.decompressobj(31)  # streams of gzip, one behind the other
            streams += 1


def _decompressor(head: bytes, name: str) -> tuple[Any, bool]:
    """The decompressor for a payload that begins so, and whether it is plain whatever its label says."""
    for window in (31,) if name != "deflate" else (15, -15):
        with suppress(zlib.error):
            zlib.decompressobj(window).decompress(head, 1)
            return zlib.decompressobj(window), False
    return zlib.decompressobj(31), True


def _limited(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise TooLarge(f"larger than {limit / 1e6:g} MB: download it as it was sent")
        yield piece


def decode_content(payload: bytes, codings: list[str]) -> bytes:
    """``payload`` with its content codings undone, as in the crawl that brought it.

    A body that breaks off gives what could be decoded: a torn page is still worth reading. One under a coding that cannot
    be undone, or larger than :data:`MAX_BODY`, stays as it was sent.
    """
    try:
        return decoded(payload, codings, MAX_BODY, foreign=True)
    except (UnknownCoding, ContentTooLarge):
        return payload
