"""What a report leaves out: passwords and keys in settings, and a response's headers that may tell who asked.

A report is made to be sent to strangers. Of a response's headers only those of :data:`KEPT` go with it, which say how the
body is read and which software sent it; cookies, tokens of a session and what proxies add (the asker's address among them)
do not. A record without them is another record: it has an id and a block digest of its own, and the same payload.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from fastwarc.warc import ArchiveIterator

from archive.warc.record import Record, serialise

KEPT = frozenset(
    {
        "age",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "liferay-portal",
        "link",
        "server",
        "transfer-encoding",
        "vary",
        "x-archive-orig-content-encoding",
        "x-archive-orig-transfer-encoding",
        "x-aspnet-version",
        "x-aspnetmvc-version",
        "x-content-encoded-by",
        "x-drupal-cache",
        "x-generator",
        "x-pingback",
        "x-powered-by",
        "x-powered-cms",
    }
)
"""Headers of a response that a report holds, in lower case."""
_MADE_ANEW = frozenset(
    {"warc-type", "warc-record-id", "warc-date", "warc-block-digest", "content-type", "content-length"}
)

_USER = re.compile(r"(?<=//)[^/@\s]*@|(?<![\w.:/-])(?!mailto:)[\w.%+-]+:[^/@\s]+@")
"""What stands before the ``@`` of an address, with or without its scheme."""
_SECRET = re.compile(
    r"(?i)(?<!\w)([\w.-]{0,40}(?:token|key|pass|pwd|secret|sess|sid|auth|sig|credential)[\w.-]{0,40}=)[^&;#\s]+"
)
"""A parameter of an address whose name says that its value is for one asker."""
LEFT_OUT = "…"


def without_secrets(value: Any) -> Any:
    """A setting without user names, passwords and keys, however deep in its tables and lists; also in expressions."""
    if isinstance(value, Mapping):
        return {str(name): without_secrets(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [without_secrets(part) for part in value]
    if isinstance(value, str):
        return _SECRET.sub(rf"\g<1>{LEFT_OUT}", _USER.sub("", value))
    return value


def without_private_headers(member: bytes) -> tuple[bytes, list[str]]:
    """A WARC record of a response with the headers of :data:`KEPT` alone, and the names of those left out, in order.

    ``member`` is answered as it is where nothing is left out, and ``b""`` where no record can be read in it.
    """
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(member), parse_http=False)), None)
    except OSError:
        record = None
    if record is None:
        return b"", []
    named = {str(name).lower(): str(value) for name, value in record.headers.items()}
    if not named.get("content-type", "").startswith("application/http"):
        return member, []
    head, gap, payload = record.reader.read().partition(b"\r\n\r\n")
    status, *lines = _unfolded(head)
    names = [line.partition(b":")[0].strip().decode("latin-1").lower() for line in lines]
    if set(names) <= KEPT:
        return member, []
    kept = [line for name, line in zip(names, lines, strict=True) if name in KEPT]
    shown = Record(
        named.get("warc-type", "response"),
        uuid.uuid4().urn,
        named.get("warc-date", ""),
        named["content-type"],
        b"\r\n".join([status, *kept]) + gap + payload,
        [(str(name), str(value)) for name, value in record.headers.items() if str(name).lower() not in _MADE_ANEW],
    )
    return serialise([shown])[0], list(dict.fromkeys(name for name in names if name not in KEPT))


def _unfolded(head: bytes) -> list[bytes]:
    """The lines of a response's head; a line that goes on the one before stands with it (RFC 7230 3.2.4)."""
    lines: list[bytes] = []
    for line in head.split(b"\r\n"):
        if lines and line[:1] in (b" ", b"\t"):
            lines[-1] += b"\r\n" + line
        else:
            lines.append(line)
    return lines
