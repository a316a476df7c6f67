"""Scan a WARC file record by record, with the digests of what stands there: for checking, in bounded memory.

Files of one gzip member a record, and files without compression. Nothing is believed that a record says of itself: lengths
and digests are reckoned from its bytes.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

PIECE = 1 << 16
MOST_HEADERS, MOST_HTTP_HEAD, MOST_FIELDS = 1 << 16, 1 << 20, 1 << 16
"""Bytes of the head of a record, of the HTTP head in its block, and of a block of fields that is kept."""

ALGORITHMS = ("sha256", "sha1", "md5", "sha512")
_GZIP = b"\x1f\x8b\x08"


class RecordDamaged(Exception):
    """Raised where the bytes at an offset are no whole record; its text says in what."""


@dataclass(slots=True)
class Scanned:
    """One record as its bytes have it: where it begins and ends, its headers by lower-case name, and reckoned digests."""

    offset: int
    end: int
    headers: dict[str, str]
    http_head: bytes
    payload_bytes: int
    block_digests: dict[str, bytes]
    payload_digests: dict[str, bytes]
    fields: bytes = b""
    """The block, of a record that holds fields."""
    decoded_sha256: str | None = None
    """SHA-256 of the payload with its content encoding undone, where that was asked for and there is one."""
    gzip_head: bytes = b""

    @property
    def record_type(self) -> str:
        return self.headers.get("warc-type", "")

    @property
    def record_id(self) -> str:
        return self.headers.get("warc-record-id", "").strip("<>")

    @property
    def status(self) -> int:
        """The status of a response; 0 for what has none."""
        words = self.http_head.split(b"\r\n", 1)[0].split()
        return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit() else 0

    def http_header(self, name: bytes) -> str | None:
        for line in self.http_head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip().decode("latin-1")
        return None

    def wrong_digests(self) -> list[str]:
        """The digests the record tells of itself that its bytes do not have."""
        told = [("warc-block-digest", self.block_digests)]
        # a revisit's payload stands elsewhere; other tools take the digest of one without its chunks, as ours is stored
        if self.record_type != "revisit" and "chunked" not in (self.http_header(b"transfer-encoding") or "").lower():
            told.append(("warc-payload-digest", self.payload_digests))
        return [
            name for name, reckoned in told if name in self.headers and is_digest(self.headers[name], reckoned) is False
        ]


def is_digest(label: str, reckoned: dict[str, bytes]) -> bool | None:
    """Whether a labelled digest, in base32 or hexadecimal, is the reckoned one; None where its algorithm is not known."""
    algorithm, _, text = label.partition(":")
    digest = reckoned.get(algorithm.strip().lower().replace("-", ""))
    if digest is None:
        return None
    text = text.strip()
    return text.lower() == digest.hex() or text.rstrip("=").upper() == base64.b32encode(digest).decode().rstrip("=")


@dataclass(slots=True)
class _Bytes:
    """The bytes of one record, unpacked, taken piece by piece; ``file`` stands at its beginning."""

    file: BinaryIO
    offset: int
    raw: Any = None
    """A hash that the bytes of the file go into as they are used."""
    inflate: Any = None
    consumed: int = 0
    held: bytearray = field(default_factory=bytearray)
    packed: bytes = b""
    ended: bool = False

    def begin(self) -> bytes:
        """Find out whether the record is compressed; answers the head of its gzip member."""
        self.file.seek(self.offset)
        head = self.file.read(10)
        self.file.seek(self.offset)
        if head.startswith(_GZIP):
            self.inflate = zlib.decompressobj(31)
            return head
        if not head.startswith(b"WARC/"):
            raise RecordDamaged("no record begins there")
        return b""

    def _more(self) -> None:
        if self.inflate is None:
            data = self.file.read(PIECE)
            self.consumed += len(data)
            if not data:
                self.ended = True
            self.held += data
            return
        data = self.packed or self.file.read(PIECE)
        if not data:
            raise RecordDamaged("the file ends within it")
        try:
            out = self.inflate.decompress(data, PIECE)
        except zlib.error as error:
            raise RecordDamaged(f"it does not unpack ({error})") from error
        left = self.inflate.unused_data if self.inflate.eof else self.inflate.unconsumed_tail
        used = data[: len(data) - len(left)]
        self.consumed += len(used)
        if self.raw is not None:
            self.raw.update(used)
        self.packed = b"" if self.inflate.eof else left
        self.held += out
        self.ended = self.inflate.eof

    def until(self, mark: bytes, most: int) -> bytes:
        """What stands before a mark, and the mark, of at most so many bytes."""
        start = 0
        while (found := self.held.find(mark, start)) < 0:
            if self.ended or len(self.held) > most:
                raise RecordDamaged("its head has no end")
            start = max(0, len(self.held) - len(mark))
            self._more()
        return self._take(found + len(mark))

    def _take(self, size: int) -> bytes:
        taken = bytes(self.held[:size])
        del self.held[:size]
        return taken

    def pieces(self, size: int) -> Iterator[bytes]:
        """The next ``size`` bytes."""
        while size:
            if not self.held:
                if self.ended:
                    raise RecordDamaged("it is shorter than it says")
                self._more()
                continue
            piece = self._take(min(size, len(self.held)))
            size -= len(piece)
            yield piece

    def finish(self) -> int:
        """See the record end as it must; answers the byte of the file behind it."""
        if b"".join(self.pieces(4)) != b"\r\n\r\n":
            raise RecordDamaged("it is longer than it says")
        if self.inflate is None:
            end = self.offset + self.consumed - len(self.held)
            if self.raw is not None:
                self.file.seek(self.offset)
                for piece in _read(self.file, end - self.offset):
                    self.raw.update(piece)
            return end
        while not (self.ended or self.held):  # the trailer may stand in another piece; nothing may come of it
            self._more()
        if self.held:
            raise RecordDamaged("more than one record stands in its gzip member")
        return self.offset + self.consumed


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := file.read(min(size, PIECE))):
        size -= len(piece)
        yield piece


def scan_record(
    file: BinaryIO, offset: int, *, algorithms: Iterable[str] = (), decoded: bool = False, raw: Any = None
) -> Scanned:
    """The record at a byte of a file. Raises `RecordDamaged`.

    Digests are reckoned by SHA-256, by what the record itself names, and by ``algorithms``. ``decoded``: also that of the
    payload with its content encoding undone. The bytes of the file go into the hash ``raw``.
    """
    source = _Bytes(file, offset, raw)
    gzip_head = source.begin()
    headers = _headers(source.until(b"\r\n\r\n", MOST_HEADERS))
    length = headers.get("content-length", "")
    if not length.isdecimal():
        raise RecordDamaged("it has no length")
    named = {headers.get(name, "").partition(":")[0].lower().replace("-", "") for name in _DIGESTS}
    chosen = [name for name in ALGORITHMS if name == "sha256" or name in named or name in algorithms]
    block = {name: hashlib.new(name) for name in chosen}
    payload = {name: hashlib.new(name) for name in chosen}
    is_http = headers.get("content-type", "").startswith("application/http")
    keeps = headers.get("content-type", "").startswith("application/warc-fields") and int(length) <= MOST_FIELDS
    head, kept, size, unpacked = bytearray(), [], 0, None
    in_head = is_http
    for piece in source.pieces(int(length)):
        for one in block.values():
            one.update(piece)
        if in_head:
            head += piece
            found = head.find(b"\r\n\r\n")
            if found < 0 and len(head) <= MOST_HTTP_HEAD:
                continue
            end = found + 4 if found >= 0 else len(head)
            piece = bytes(head[end:])
            del head[end:]
            in_head = False
            if decoded:
                unpacked = _Decoded(bytes(head))
        if keeps:
            kept.append(piece)
        size += len(piece)
        for one in payload.values():
            one.update(piece)
        if unpacked is not None:
            unpacked.update(piece)
    return Scanned(
        offset, source.finish(), headers, bytes(head), size,
        {name: one.digest() for name, one in block.items()}, {name: one.digest() for name, one in payload.items()},
        b"".join(kept), unpacked.sha256() if unpacked is not None else None, gzip_head,
    )  # fmt: skip


_DIGESTS = ("warc-block-digest", "warc-payload-digest")


class _Decoded:
    """SHA-256 of a payload with gzip or deflate undone; of nothing else, and of nothing that breaks off."""

    def __init__(self, head: bytes) -> None:
        coding = next(
            (line.partition(b":")[2].strip().lower() for line in head.split(b"\r\n") if line.lower().startswith(b"content-encoding:")),
            b"",
        )  # fmt: skip
        self._hash = hashlib.sha256()
        self._inflate = zlib.decompressobj(31) if coding in (b"gzip", b"x-gzip") else None
        self._more = False  # bytes behind the end of the stream: of another one, or of none
        self._plain = coding in (b"", b"identity")

    def update(self, piece: bytes) -> None:
        if self._plain:
            self._hash.update(piece)
        while piece and self._inflate is not None and not self._inflate.eof:
            try:
                self._hash.update(self._inflate.decompress(piece, PIECE))
            except zlib.error:
                self._inflate = None
                return
            piece = self._inflate.unconsumed_tail
        self._more |= bool(piece or (self._inflate is not None and self._inflate.unused_data))

    def sha256(self) -> str | None:
        whole = self._plain or (self._inflate is not None and self._inflate.eof and not self._more)
        return self._hash.hexdigest() if whole else None


def _headers(head: bytes) -> dict[str, str]:
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not first.startswith("WARC/"):
        raise RecordDamaged("no WARC record stands there")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def next_record(file: BinaryIO, start: int, beginnings: tuple[bytes, ...] = (b"WARC/1.",)) -> int | None:
    """The byte at or after ``start`` where a gzip member begins that holds one of the ``beginnings`` of a record."""
    overlap = 4096
    at = start
    file.seek(at)
    window = file.read(1 << 20)
    while window:
        found = window.find(_GZIP)
        while found >= 0:
            if _begins_record(window[found : found + overlap], beginnings):
                return at + found
            found = window.find(_GZIP, found + 1)
        more = file.read(1 << 20)
        if not more:
            return None
        at += max(0, len(window) - overlap)
        window = window[-overlap:] + more
    return None


def _begins_record(data: bytes, beginnings: tuple[bytes, ...]) -> bool:
    try:
        return zlib.decompressobj(31).decompress(data, max(map(len, beginnings))).startswith(beginnings)
    except zlib.error:
        return False
