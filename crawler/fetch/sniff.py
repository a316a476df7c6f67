"""Content sniffing: files told by their first bytes, whatever type the server calls them."""

from __future__ import annotations

import re

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),  # DOCX, XLSX and ODT too
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "application/x-ole-storage"),  # DOC, XLS, PPT
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"FLV\x01", "video/x-flv"),
    (b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    (b"AC10", "image/vnd.dwg"),
    (b"%!PS-", "application/postscript"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
)
_WEB_ARCHIVE = re.compile(rb"(?:From:[^\n]*\n(?:[\w-]+:[^\n]*\n)*)?MIME-Version: 1\.0\r?\n", re.I)
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|div|p|br|table|span|a|meta|script|title)\b", re.I)
_JUNK = b" \t\r\n\x0b\x0c\xef\xbb\xbf"
"""What a script prints by mistake before the file it sends: blank lines of PHP, a byte-order mark."""


def file_type(body: bytes) -> str | None:
    """The media type of a file that shows it in its first bytes; ``None`` for a page, text, or anything unknown."""
    head = body[:1100].lstrip(_JUNK)
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if _WEB_ARCHIVE.match(head):
        return "multipart/related"
    if b"%PDF-1." in head[:1024] and _MARKUP.search(head[: head.find(b"%PDF-1.")]) is None:
        return "application/pdf"
    return None


def has_markup(body: bytes) -> bool:
    """Whether a body begins as a page of HTML may: with any of its usual elements."""
    return _MARKUP.search(body[:4096]) is not None
