"""From the bytes of one connection to an exchange fit for WARC: head and body told apart, chunking undone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.warc.codings import dechunk

HEAD_LIMIT = 32_000
"""Bytes of a head. fastwarc, which reads our files, stops at a record whose HTTP head is larger than 32 kiB, and reads
nothing behind it; web servers themselves seldom allow more than 8 kB."""

_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE)
_CODING = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE)
_INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d")
_LINE_END = re.compile(rb"\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(slots=True)
class RawResponse:
    """A response as received: status, head (with its blank line, chunk header renamed), body without chunking."""

    status: int
    head: bytes
    body: bytes
    complete: bool
    """False when the declared length or the last chunk never came."""


def read_response(raw: bytes) -> RawResponse | None:
    """Take the bytes of one response apart; ``None`` when not even a whole head came, or one beyond all measure.

    The head is kept as sent, line by line, but for two changes the WARC standard makes necessary: a chunked
    ``Transfer-Encoding`` is renamed ``X-Archive-Orig-Transfer-Encoding``, and a ``Content-Length`` is added.
    """
    found = _HEAD_END.search(raw)
    begin = 0
    while found is not None and _INTERIM.match(raw, begin):
        begin = found.end()
        found = _HEAD_END.search(raw, begin)
    if found is None or found.start() - begin > HEAD_LIMIT:
        return None
    body = raw[found.end() :]
    status_line, *header_lines = [line for line in _LINE_END.split(raw[begin : found.start()]) if line] or [b""]
    status = re.match(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)", status_line)
    if status is None:
        return None
    chunked = any(_CODING.match(line) and b"chunked" in line.lower() for line in header_lines)
    code = int(status.group(1))
    if chunked:
        body, complete = dechunk(body)
        header_lines = [_renamed(line) for line in header_lines if not _LENGTH.match(line)]
        header_lines.append(b"Content-Length: %d" % len(body))
    else:
        declared = next((int(m.group(1)) for line in header_lines if (m := _LENGTH.match(line))), None)
        if code == 304:  # its length is that of the page it does not send
            declared, body = 0, b""
        complete = declared is None or len(body) >= declared
        body = body if declared is None else body[:declared]
    head = b"\r\n".join([status_line, *header_lines]) + b"\r\n\r\n"
    return RawResponse(code, head, body, complete)


def _renamed(line: bytes) -> bytes:
    if _CODING.match(line) and b"chunked" in line.lower():
        return b"X-Archive-Orig-" + line
    return line


def location_of(value: bytes | None) -> str | None:
    """A ``Location`` header as text. Bytes that are no ASCII are taken as UTF-8, else percent-encoded just as they came."""
    if value is None:
        return None
    try:
        return value.decode().strip() or None
    except UnicodeDecodeError:
        return re.sub(rb"[\x80-\xff]", lambda found: b"%%%02X" % ord(found[0]), value).decode("ascii").strip()
