"""Content-Disposition: the name under which a server sends a file (RFC 6266), as it is really written."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote, unquote_to_bytes

from archive.text.decode import decode
from archive.text.normalise import line

LONGEST = 250
"""Characters of a name; file systems stop at 255 bytes."""

_EXTENDED = re.compile(r"filename\*(?:0\*)?\s*=\s*\"?([\w-]*)'[^']*'\"?([^;\"]*)\"?", re.I)
_CONTINUED = re.compile(r"filename\*(\d+)(\*?)\s*=\s*(?:\"([^\"]*)\"|([^;]*))", re.I)
_QUOTED = re.compile(r"(?:file)?name\s*=\s*\"((?:[^\"\\]|\\.)*)\"", re.I)
_PLAIN = re.compile(r"(?:file)?name\s*=\s*([^\"]+)", re.I)
_PATH = re.compile(r"^.*[/\\]")


def file_name(header: bytes | None) -> str | None:
    """The file's name, without any folder; ``None`` when the header gives none.

    ``filename*`` (RFC 5987) wins; a plain ``filename`` may hold raw UTF-8, UTF-8 read as Latin-1, percent-encoding or the
    encoded words of mail (RFC 2047), all of which were seen.
    """
    if not header:
        return None
    text = decode(header).text
    name = _extended(text) or _plain(text)
    if name is None:
        return None
    name = _PATH.sub("", line(name)).strip(" .\"'")
    return name[:LONGEST] or None


def _extended(text: str) -> str | None:
    found = _EXTENDED.search(text)
    if found is not None and "filename*1" not in text.lower():
        raw = found[2].strip()
        try:
            return unquote_to_bytes(raw).decode(found[1] or "utf-8")
        except (LookupError, UnicodeDecodeError):
            return decode(unquote_to_bytes(raw)).text
    parts = {int(part[1]): (part[3] if part[3] is not None else part[4]).strip() for part in _CONTINUED.finditer(text)}
    if not parts:
        return None
    joined = "".join(parts[number] for number in sorted(parts))
    return unquote(re.sub(r"^[\w-]*'[^']*'", "", joined))


def _plain(text: str) -> str | None:
    found = _QUOTED.search(text)
    name = re.sub(r"\\(.)", r"\1", found[1]) if found is not None and not re.search(r"\\\w{2}", found[1]) else None
    if name is None:
        found = found or _PLAIN.search(text)
        if found is None:
            return None
        name = found[1]
        name = re.split(r";\s*\w+\*?\s*=", name, maxsplit=1)[0].strip().rstrip(";")
    if "=?" in name:
        try:
            return str(make_header(decode_header(name)))
        except (HeaderParseError, LookupError, UnicodeError, ValueError):
            return name
    return _as_meant(unquote(name) if re.search(r"%[0-9a-f]{2}", name, re.I) else name)


def _as_meant(name: str) -> str:
    """UTF-8 that something on the way read as Latin-1 or windows-1252, undone."""
    if name.isascii():
        return name
    try:
        return b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("cp1252") for c in name).decode("utf-8")
    except UnicodeError:
        return name
