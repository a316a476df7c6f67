"""The raw capture: the bytes that a server sent, as a download, or drawn in a sandbox without scripts."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response

from archive import reading
from archive.model import Capture
from archive.site.addresses import file_name
from archive.site.article_view import SHOWN_IMAGES
from archive.site.frame import Page
from archive.site.headers import CAPTURE_POLICY
from archive.warc.read import CaptureUnreadable, StoredExchange, read_exchange

_PAGES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)


async def raw_capture(datasette: Any, request: Any) -> Response:
    """A capture's payload as a download, byte for byte as it was sent, so that its digest is the one that is told.

    With ``?content=1`` its content, a transfer's compression undone; with ``?view=1`` a page or an image is shown, sandboxed.
    """
    page = Page(datasette, request)
    record_id = unquote(request.url_vars["record_id"])

    def find(conn: Any) -> Capture | None:
        return reading.capture(conn, record_id) or reading.capture(conn, f"<{record_id}>")

    capture = await page.read(find)
    if capture is None:
        return await page.not_found()
    try:
        exchange = await _original(page, capture)
        asked_content = bool(request.args.get("view") or request.args.get("content"))
        body = await asyncio.to_thread(lambda: exchange.body if asked_content else exchange.payload)
    except (CaptureUnreadable, OSError) as error:
        return await page.not_found(page.speak("capture_unreadable", x=error))
    headers = {"content-security-policy": CAPTURE_POLICY}
    printed = exchange.header("content-type") or ""
    kind = printed.split(";")[0].strip().lower()
    if request.args.get("view") and kind in (*_PAGES, *SHOWN_IMAGES):
        charset = _CHARSET.search(printed)
        shown = "text/html" if kind in _PAGES else kind
        return Response(body, headers=headers, content_type=shown + (f"; charset={charset[1]}" if charset else ""))
    headers["content-disposition"] = f'attachment; filename="{_download_name(capture, kind)}{_ending(exchange, body)}"'
    return Response(body, headers=headers, content_type="application/octet-stream")


async def _original(page: Page, capture: Capture) -> StoredExchange:
    """The exchange, or for a revisit the one that holds its bytes."""
    warc: Path = page.folder / "warc"
    exchange = await asyncio.to_thread(read_exchange, warc, capture.file, capture.offset, capture.length)
    refers_to = exchange.refers_to if capture.record_type == "revisit" else None
    if refers_to is None:
        return exchange
    original = await page.read(lambda conn: reading.capture(conn, refers_to) or reading.capture(conn, f"<{refers_to}>"))
    if original is None:
        raise CaptureUnreadable(f"the original {refers_to} of this revisit is not in the archive")
    return await asyncio.to_thread(read_exchange, warc, original.file, original.offset, original.length)


def _ending(exchange: StoredExchange, body: bytes) -> str:
    """What to add to the name of a payload that was sent compressed."""
    packed = (exchange.header("content-encoding") or "").strip().lower() in ("gzip", "x-gzip")
    return ".gz" if packed and body[:2] == b"\x1f\x8b" else ""


def _download_name(capture: Capture, kind: str) -> str:
    """A file name in ASCII: time of capture, then the address's last part."""
    last = file_name(capture.url.rstrip("/")) or "index"
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.")[-80:] or "page"
    if kind in _PAGES and not name.lower().endswith((".html", ".htm")):
        name += ".html"
    moment = re.sub(r"\D", "", capture.fetched_at)[:14]
    return f"{moment}-{name}"
