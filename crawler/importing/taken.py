"""One record of another tool as it is taken into the archive: its facts, and its bytes as a record of our own files.

The block is taken as it is. Of the headers only those change that tools of ours read otherwise than was meant: an address
with blanks is encoded, a record without an id gets one made of its address, time and payload, so that it is the same each time.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from zlib_ng import zlib_ng

from archive.warc.foreign.foreign_records import Foreign
from archive.warc.record import GZIP_LEVEL, REVISIT_NOT_MODIFIED, digest, uri
from archive.warc.scan import is_digest
from crawler.fetch.exchange import HEAD_LIMIT

ANSWERS = ("response", "revisit", "resource", "arc", "text")
"""Kinds of records that may show a page."""
BESIDE = ("request", "metadata")
"""Kinds that belong to one of those."""
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_EARLIEST = "1991-"
"""No page of the web is older."""


class Refused(Exception):
    """Raised for a record that is not taken; says why, in the words of a count."""


@dataclass(slots=True)
class Taken:
    """A record that shows what an address answered."""

    record_id: str
    record_type: str
    url: str
    date: str
    status: int
    head: bytes
    payload: bytes
    headers: dict[str, str]
    block: bytes
    refers_to: str = ""
    beside: list[bytes] = field(default_factory=list)

    @property
    def not_modified(self) -> bool:
        return self.headers.get("warc-profile", "").rstrip("/") == REVISIT_NOT_MODIFIED or self.status == 304

    @property
    def content_type(self) -> str | None:
        if not self.head:
            return self.headers.get("content-type")
        return self.http_header(b"content-type")

    @property
    def digest(self) -> str:
        """The labelled digest of the payload as it is stored."""
        return digest(self.payload)

    @property
    def truncated(self) -> str | None:
        return self.headers.get("warc-truncated") if self.record_type == "response" else None

    def http_header(self, name: bytes) -> str | None:
        for line in self.head.split(b"\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip().decode("latin-1")
        return None

    def member(self) -> bytes:
        """The record as one gzip member."""
        return serialised(self.headers, self.block)


def take(found: Foreign, now: datetime) -> Taken:
    """The record as it is taken. Raises `Refused`."""
    headers = dict(found.headers)
    url = headers.get("warc-target-uri", "").strip("<> ")
    if not url.lower().startswith(("http://", "https://")):
        raise Refused("of no page of the web")
    try:
        host = urlsplit(url).hostname
        _ = urlsplit(url).port
    except ValueError:
        host = None
    if not host:
        raise Refused("with an address that is none")
    date = headers.get("warc-date", "")
    if not _is_date(date, now):
        raise Refused("without a time that can be")
    if found.block is None:
        raise Refused("larger than the archive takes")
    head, payload, status = _http(found)
    url = uri(url)
    record_type = (
        "response" if found.kind == "arc" and head else "resource" if found.kind in ("arc", "text") else found.kind
    )
    record_id = found.record_id or _made_id(url, date, payload)
    if not re.fullmatch(r"[!-;=?-~]{1,256}", record_id):
        record_id = _made_id(url, date, payload)
    _digest_checked(headers, head, payload, record_type)
    content = {"response": "application/http; msgtype=response"}.get(record_type) if found.kind == "arc" else None
    headers |= {
        "warc-type": record_type, "warc-record-id": f"<{record_id}>", "warc-date": date, "warc-target-uri": url,
        "content-type": content or headers.get("content-type") or "application/octet-stream",
    }  # fmt: skip
    refers_to = headers.get("warc-refers-to", "").strip("<> ")
    return Taken(record_id, record_type, url, date, status, head, payload, headers, found.block, refers_to)


def serialised(headers: dict[str, str], block: bytes) -> bytes:
    """A record with those headers (by lower-case name) as one gzip member; its block digest and length are reckoned."""
    first = ("warc-type", "warc-record-id", "warc-date", "warc-target-uri")
    last = {"warc-block-digest": headers.get("warc-block-digest") or digest(block), "content-length": str(len(block))}
    names = [*(name for name in first if name in headers), *(name for name in headers if name not in (*first, *last))]
    pairs = [(name, headers[name]) for name in names] + list(last.items())
    lines = ["WARC/1.1", *(f"{_shown(name)}: {' '.join(value.split())}" for name, value in pairs if name and value)]
    packer = zlib_ng.compressobj(GZIP_LEVEL, zlib_ng.DEFLATED, 31)
    text = "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"
    return packer.compress(text) + packer.compress(block) + packer.compress(b"\r\n\r\n") + packer.flush()


def _shown(name: str) -> str:
    return "-".join(
        {"warc": "WARC", "uri": "URI", "ip": "IP", "id": "ID"}.get(word, word.title()) for word in name.split("-")
    )


def _is_date(date: str, now: datetime) -> bool:
    if not _DATE.fullmatch(date) or date < _EARLIEST:
        return False
    try:
        moment = datetime.fromisoformat(f"{date[:19]}+00:00")
    except ValueError:
        return False
    return moment <= now.astimezone(UTC) + timedelta(days=1)


def _http(found: Foreign) -> tuple[bytes, bytes, int]:
    """Head, payload and status of what was answered; no head and status 0 for what was kept without. Raises `Refused`."""
    block = found.block or b""
    if found.kind in ("text", "resource") or (found.kind == "arc" and not block.startswith(b"HTTP/")):
        return b"", block, 0
    if found.kind == "revisit" and not block:
        return b"", b"", 304 if found.headers.get("warc-profile", "").rstrip("/") == REVISIT_NOT_MODIFIED else 200
    if (
        not found.headers.get("content-type", "application/http").lower().startswith("application/http")
        and found.kind != "arc"
    ):
        raise Refused("of another protocol than HTTP")
    end = _HEAD_END.search(block)
    status = _STATUS.match(block)
    if status is None:
        raise Refused("without a status line of HTTP")
    if end is None and found.kind != "revisit":
        raise Refused("whose HTTP head has no end")
    if end is not None and end[0] != b"\r\n\r\n":
        raise Refused("whose HTTP head ends its lines otherwise than HTTP does")
    stop = end.end() if end is not None else len(block)
    if stop > HEAD_LIMIT:
        raise Refused("whose HTTP head is beyond all measure")
    return block[:stop], block[stop:], int(status[1])


def _digest_checked(headers: dict[str, str], head: bytes, payload: bytes, record_type: str) -> None:
    """Hold a payload against its digest. Raises `Refused`; a digest of what no tool agrees on is kept under another name."""
    told = headers.get("warc-payload-digest")
    if told is None or record_type == "revisit":
        return
    algorithm = told.partition(":")[0].lower().replace("-", "")
    if algorithm not in ("sha1", "sha256", "sha512", "md5"):
        return
    if is_digest(told, {algorithm: hashlib.new(algorithm, payload).digest()}) is not False:
        return
    if b"chunked" in head.lower():
        return  # taken of what was sent without its chunks
    if (
        "warc-block-digest" in headers
    ):  # which was right: so the payload was not changed, and the other is of something else
        headers["x-source-warc-payload-digest"] = headers.pop("warc-payload-digest")
        return
    raise Refused("that does not have its payload digest: it was changed")


def _made_id(url: str, date: str, payload: bytes) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{url} {date} {digest(payload)}')}"
