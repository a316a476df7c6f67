"""The content of a body as sent: its content codings undone, within a limit.

Scrapy's own middleware gives up on a body that is torn, mislabelled or twice compressed. Here, as in the reading of
stored captures, what can be read is read: a page labelled gzip that is plain text is that text.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable
from typing import Any

from fastwarc.stream_io import BrotliReader, ZstdReader


class ContentTooLarge(Exception):
    """Raised when a body, decoded, is larger than the limit: a compression bomb, or a page too large to keep."""


class UnknownCoding(Exception):
    """Raised for a body under a coding that was not asked for and cannot be undone."""


MOST_CODINGS = 4  # one is usual, two are a mistake that was seen
MAX_STREAMS = 1000  # of gzip, one behind the other: more is made to keep us busy
PIECE = 1 << 16
MOST_CHUNKS = 400_000
"""Chunks of one body; a server sends some 8 kB in each. Behind them the body counts as cut off."""

_GZIP, _ZLIB, _RAW = 31, 15, -15
_SMALL_PIECE = 1 << 12
_READERS = {"br": BrotliReader, "zstd": ZstdReader}


def codings_of(values: Iterable[bytes]) -> list[str]:
    """The codings that ``Content-Encoding`` headers name, in the order they were applied."""
    names = b",".join(values).decode("latin-1").lower().split(",")
    return [name.strip() for name in names if name.strip() not in ("", "identity")]


def decoded(body: bytes, codings: list[str], limit: int = 0, *, foreign: bool = False) -> bytes:
    """``body`` with its codings undone, at most ``limit`` bytes of it (0: any number). ``foreign``: also those that we never
    ask for, and that other tools captured.

    Raises :class:`ContentTooLarge` and :class:`UnknownCoding`.
    """
    if len(codings) > MOST_CODINGS:
        raise UnknownCoding(f"{len(codings)} codings on top of each other")
    for name in reversed(codings):
        if name in ("gzip", "x-gzip"):
            body = _inflated(body, limit, _GZIP)
        elif name == "deflate":
            # RFC 9110 means zlib's format; some servers send the raw stream
            body = _inflated(body, limit, _ZLIB, _RAW)
        elif _is_plain(body):
            continue
        elif foreign and name in _READERS:
            body = _unpacked(body, limit, _READERS[name])
        else:
            raise UnknownCoding(name)
    return body


def _unpacked(body: bytes, limit: int, reader: Any) -> bytes:
    """A body that fastwarc unpacks; of one that breaks off, what came before. Raises `ContentTooLarge`."""
    out, stream = bytearray(), reader(io.BytesIO(body))
    try:
        while piece := stream.read(_SMALL_PIECE):
            out += piece
            if limit and len(out) > limit:
                raise ContentTooLarge(limit)
    except OSError:
        return bytes(out) or body
    return bytes(out)


def unzipped(body: bytes, limit: int) -> bytes:
    """The content of a file that is gzipped itself, whatever its headers say. Raises :class:`ContentTooLarge`."""
    return _inflated(body, limit, _GZIP) if body.startswith(b"\x1f\x8b") else body


def _inflated(data: bytes, limit: int, *windows: int) -> bytes:
    """What of ``data`` can be inflated by the first of ``windows`` that fits; ``data`` itself when none does."""
    for window in windows:
        out = _inflate(data, limit, window)
        if out is not None:
            return out
    return data


def _inflate(data: bytes, limit: int, window: int) -> bytes | None:
    """All streams in ``data``, one behind the other, up to the first byte that is of none; ``None`` for no stream."""
    out = bytearray()
    at = 0
    for _ in range(MAX_STREAMS):
        inflate = zlib.decompressobj(window)
        try:
            at = _one_stream(inflate, data, at, out, limit)
        except zlib.error:
            return bytes(out) if at or out else None
        if window != _GZIP or not inflate.eof or at >= len(data):
            break
    return bytes(out)


def _one_stream(inflate: zlib._Decompress, data: bytes, at: int, out: bytearray, limit: int) -> int:
    """Inflate the stream that begins at ``at`` into ``out``; returns where it ends. What came before an error is kept."""
    while at < len(data) and not inflate.eof:
        piece = data[at : at + PIECE]
        at += len(piece)
        while piece and not inflate.eof:
            out += inflate.decompress(piece, PIECE)
            piece = inflate.unconsumed_tail
            if limit and len(out) > limit:
                raise ContentTooLarge(limit)
    return at - len(inflate.unused_data)


def _is_plain(body: bytes) -> bool:
    """Whether a body is text whatever its label says."""
    return b"<" in body[:1024] and b"\0" not in body[:1024] and _is_utf8(body[:1024])


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.end >= len(head) - 3 and error.reason == "unexpected end of data"
    return True


def dechunk(data: bytes) -> tuple[bytes, bool]:
    """The content of a chunked body and whether its last chunk came (RFC 9112, 7.1). What is torn is kept."""
    out: list[bytes] = []
    at = 0
    for _ in range(MOST_CHUNKS):
        end = data.find(b"\n", at)
        if end < 0:
            return b"".join(out), False
        size_text = data[at:end].split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size_text):
            # not a chunk size: what is left is the best reading of what was sent
            return b"".join(out) + data[at:], False
        size = int(size_text, 16)
        if size == 0:
            return b"".join(out), True
        piece = data[end + 1 : end + 1 + size]
        out.append(piece)
        if len(piece) < size:
            return b"".join(out), False
        at = end + 1 + size
        at += 2 if data[at : at + 2] == b"\r\n" else data[at : at + 1] == b"\n"
    return b"".join(out), False
