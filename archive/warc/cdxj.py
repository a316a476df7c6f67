"""CDXJ: the index of WARC records that replay tools read, a line for each answer, sorted by key and time.

The key is the address as SURT (Sort-friendly URI Reordering Transform), canonical as pywb makes its look-ups: a replay
finds an address under the very same key alone. The library that makes those keys is licensed under the AGPL, which ours
may not lean on; tests hold this module against it.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from archive.model import Capture

_DEFAULT_PORTS = {"http": 80, "https": 443}
_WWW = re.compile(r"www\d*\.")
_SLASHES = re.compile(rb"//+")
_SESSION_IN_PATH = re.compile(rb"/\((?:[a-z]\([0-9a-z]{24}\)|[0-9a-z]{24})\)(?=/[^?]+\.aspx)")
_SESSION_IN_QUERY = re.compile(
    rb"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]{1,64}&cftoken=[^&]{1,64})(?:&|\Z)"
)
MOST_UNQUOTED = 8
"""Times that an address is percent-decoded: more layers are made to keep us busy."""


def surt(url: str) -> str:
    """The key of an address: its host from the right, then its path and query, canonical; no blank is in it."""
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname
    except ValueError:  # no browser would fetch it
        return _one_word(url)
    if not host or parts.scheme.lower() not in _DEFAULT_PORTS:
        return _one_word(url)
    turned = ",".join(reversed([label for label in _WWW.sub("", host, count=1).split(".") if label]))
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f":{port}"
    query = _query(_plain(parts.query).lower())
    return f"{_one_word(turned)}{shown}){_quoted(_path(_plain(parts.path)))}{f'?{_quoted(query)}' if query else ''}"


def _path(path: bytes) -> bytes:
    """A path in lower case without dots, double slashes, session id and the slash at its end."""
    kept: list[bytes] = []
    for part in _SLASHES.sub(b"/", path).lower().split(b"/"):
        if part == b"..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif part != b".":
            kept.append(part)
    plain = _SESSION_IN_PATH.sub(b"", b"/".join(kept))
    return plain.removesuffix(b"/") or b"/"


def _query(query: bytes) -> bytes:
    """A query in lower case without session id, its arguments sorted."""
    arguments: list[bytes] = [bytes(one) for one in _SESSION_IN_QUERY.sub(b"", query).split(b"&")]
    return b"&".join(sorted(arguments, key=_in_order))


def _in_order(argument: Any) -> list[bytes]:
    return list(argument.split(b"=", 1))


def _plain(text: str) -> bytes:
    """Percent-decoded until nothing changes."""
    data = text.encode("utf-8", "surrogatepass")
    for _ in range(MOST_UNQUOTED):
        decoded = unquote_to_bytes(data)
        if decoded == data:
            break
        data = decoded
    return data


def _quoted(data: bytes) -> str:
    return "".join(chr(byte) if 0x20 < byte < 0x7F and byte not in b"#%" else f"%{byte:02x}" for byte in data)


def _one_word(text: str) -> str:
    return "".join(
        letter if "!" <= letter <= "~" else "".join(f"%{byte:02x}" for byte in letter.encode("utf-8", "surrogatepass"))
        for letter in text
    )


def time_of(fetched_at: str) -> str:
    """The time of a capture as 14 digits."""
    return "".join(letter for letter in fetched_at[:19] if letter.isdigit())


def line_of(capture: Capture, file: str, offset: int, length: int) -> str:
    """The line of a capture whose record stands at a place of a file; without the line end."""
    kind = (capture.content_type or "").partition(";")[0].strip() or "unk"
    values = {
        "url": capture.url,
        "mime": "warc/revisit" if capture.record_type == "revisit" else kind,
        "status": str(capture.status or "-"),
        "digest": capture.digest,
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    return f"{surt(capture.url)} {time_of(capture.fetched_at)} {json.dumps(values)}"
