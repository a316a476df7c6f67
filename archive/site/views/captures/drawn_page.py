"""A saved page drawn as it was, with the styles and pictures the archive holds, for the frame of its capture page."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from datasette.utils.asgi import Response

from archive.model import Capture
from archive.queries import records as reading
from archive.queries.captures import held_at
from archive.site.inert import MAX_DRAWN, page_text
from archive.site.replay import MOST_STYLE, Replay
from archive.site.server.frame import Page
from archive.site.words.speaker import Speaker
from archive.warc.read import CaptureUnreadable, StoredPayload, stream_payload

PICTURES = frozenset(
    ("image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml", "image/bmp", "image/x-icon", "image/vnd.microsoft.icon", "image/avif")
)  # fmt: skip
"""Types of captures that a drawn page may show; a drawing that holds scripts runs none as a picture, and is sandboxed if opened."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\Z|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?\Z")
_FILES = "/-/capture-file/"


def policy(page: Page, pictures: str) -> str:
    """The policy of a drawn page: no origin, no script, no address but ``pictures``; a click on a link leaves the frame."""
    return (
        f"sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data: {pictures};"
        " form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


def pictures_at(page: Page) -> str:
    """The address below which pictures of captures lie, as a policy names it; nothing where the request names no host."""
    path = page.tool(_FILES)
    whole = page.absolute(path)
    if "://" in whole:
        return whole
    host = str(page.request.host)
    return f"{page.request.scheme}://{host}{path}" if _HOST.match(host) else ""


async def drawn_page(page: Page, capture: Capture, payload: StoredPayload, printed: str) -> Response:
    """A page to look at: in UTF-8, with nothing in it that opens a connection elsewhere."""
    charset = _CHARSET.search(printed)
    if page.request.args.get("lang") == "en":  # raw captures have no address in another language
        page.speak = Speaker("en")

    def read(conn: sqlite3.Connection) -> str:
        html = page_text(b"".join(payload.content(MAX_DRAWN)), charset[1] if charset else None)
        return _replay(page, conn, capture).drawn(html)

    html = await page.read(read)
    headers = {
        "content-security-policy": policy(page, pictures_at(page)),
        "x-dns-prefetch-control": "off",
        "cache-control": "private, max-age=60",
    }
    return Response(html, headers=headers, content_type="text/html; charset=utf-8")


def _replay(page: Page, conn: sqlite3.Connection, capture: Capture) -> Replay:
    at = capture.fetched_at

    def picture(address: str) -> str | None:
        held = held_at(conn, address, at)
        return page.tool(f"{_FILES}{_plain(held.record_id)}") if held is not None and _kind(held) in PICTURES else None

    def style(address: str) -> str | None:
        held = held_at(conn, address, at)
        if held is None or _kind(held) not in ("text/css", "text/plain", ""):
            return None
        try:
            return _text(page.folder / "warc", conn, held)
        except (CaptureUnreadable, OSError):
            return None

    stamp = re.sub(r"\D", "", at)[:14]
    return Replay(
        capture.url,
        picture=picture,
        style=style,
        link=lambda address: page.link("/luu", url=address, at=stamp),
        not_saved=page.speak("replay_not_saved"),
    )


def _plain(record_id: str) -> str:
    return quote(record_id.strip("<>"), safe="")


def _kind(capture: Capture) -> str:
    return (capture.content_type or "").split(";")[0].strip().lower()


def _text(warc: Path, conn: sqlite3.Connection, held: Capture) -> str:
    body = b"".join(payload_of(warc, conn, held).content(2 * MOST_STYLE))
    charset = _CHARSET.search(held.content_type or "")
    return page_text(body, charset[1] if charset else None)


def payload_of(warc: Path, conn: sqlite3.Connection, capture: Capture) -> StoredPayload:
    """The payload of a capture, of a revisit that of the capture it refers to. Raises `CaptureUnreadable`."""
    payload = stream_payload(warc, capture.file, capture.offset, capture.length)
    refers_to = payload.refers_to if capture.record_type == "revisit" else None
    if refers_to is None:
        return payload
    original = reading.capture(conn, refers_to) or reading.capture(conn, f"<{refers_to}>")
    if original is None:
        raise CaptureUnreadable(f"the original {refers_to} of this revisit is not in the archive")
    return stream_payload(warc, original.file, original.offset, original.length)


async def picture(datasette: Any, request: Any) -> Response:
    """A captured picture for a drawn page; by itself it is sandboxed like any capture."""
    page = Page(datasette, request)
    record_id = unquote(request.url_vars["record_id"])

    def read(conn: sqlite3.Connection) -> tuple[str, bytes] | None:
        found = reading.capture(conn, record_id) or reading.capture(conn, f"<{record_id}>")
        if found is None or _kind(found) not in PICTURES:
            return None
        try:
            return _kind(found), b"".join(payload_of(page.folder / "warc", conn, found).content(MAX_DRAWN))
        except (CaptureUnreadable, OSError):
            return None

    found = await page.read(read)
    if found is None:
        return Response("", status=404, content_type="text/plain")
    kind, body = found
    headers = {
        "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        "cache-control": "private, max-age=86400",
    }
    return Response(body, headers=headers, content_type=kind)
