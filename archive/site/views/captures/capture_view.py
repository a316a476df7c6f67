"""The raw capture: the bytes that a server sent, as a download, or drawn in a sandbox without scripts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive.model import Capture
from archive.queries import records as reading
from archive.queries.suspensions import suspension_of_capture
from archive.site.inert import MAX_DRAWN
from archive.site.safe_links import file_name
from archive.site.server.frame import Page
from archive.site.server.headers import CAPTURE_POLICY
from archive.site.views.article_view import SHOWN_IMAGES
from archive.site.views.captures.drawn_page import drawn_page
from archive.warc.read import CaptureUnreadable, StoredPayload, stream_payload

MAX_CONTENT = 64_000_000
"""Bytes of a file, unpacked, that are given out; as it was sent it can be had whatever its size."""

_PAGES = ("text/html", "application/xhtml+xml")


async def raw_capture(datasette: Any, request: Any) -> Any:
    """A capture's payload as a download, byte for byte as it was sent, so that its digest is the one that is told.

    With ``?content=1`` its content, a transfer's compression undone; with ``?view=1`` a page or an image is shown, sandboxed.
    All of it is streamed: a file that unpacks to a thousand times its size costs no memory.
    """
    page = Page(datasette, request)
    record_id = unquote(request.url_vars["record_id"])

    def find(conn: Any) -> Capture | None:
        return reading.capture(conn, record_id) or reading.capture(conn, f"<{record_id}>")

    capture = await page.read(find)
    if capture is None:
        stone = await page.read(lambda conn: suspension_of_capture(conn, record_id))
        return await (page.suspended(stone) if stone is not None else page.not_found())
    if await page.read(lambda conn: reading.has_masked_numbers(conn, record_id)):
        return await page.render("not_found.html", status=403, reason=page.speak("capture_masked"))
    try:
        payload = await original(page, capture)
        own = capture.content_type if capture.record_type == "resource" else None  # kept without its HTTP head
        printed = payload.header("content-type") or own or ""
        kind = printed.split(";")[0].strip().lower()
        if request.args.get("view") and kind in _PAGES:
            return await drawn_page(page, capture, payload, printed)
        if request.args.get("view") and kind in SHOWN_IMAGES:
            pieces = await asyncio.to_thread(_begun, payload.content(MAX_DRAWN))
            return Streamed(pieces, {"content-type": kind})
        as_content = bool(request.args.get("content"))
        pieces = await asyncio.to_thread(_begun, payload.content(MAX_CONTENT) if as_content else payload.pieces)
    except (CaptureUnreadable, OSError) as error:
        return await page.not_found(page.speak("capture_unreadable", x=error))
    name = _download_name(capture, kind) + ("" if as_content else _ending(payload))
    return Streamed(
        pieces, {"content-type": "application/octet-stream", "content-disposition": f'attachment; filename="{name}"'}
    )


class Streamed:
    """An answer sent piece by piece, each read in a thread when the reader has taken the one before."""

    def __init__(self, pieces: Iterator[bytes], headers: dict[str, str]) -> None:
        self._pieces = pieces
        self._headers = {**headers, "content-security-policy": CAPTURE_POLICY, "x-dns-prefetch-control": "off"}

    async def asgi_send(self, send: Any) -> None:
        headers = [(name.encode(), value.encode()) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            while (piece := await asyncio.to_thread(next, self._pieces, None)) is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except CaptureUnreadable:
            return  # torn, or beyond the limit: the answer breaks off without its end, and a reader's program says so
        finally:
            self._pieces.close()  # type: ignore[attr-defined]
        await send({"type": "http.response.body", "body": b""})


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the first of them read already, so that what cannot be read is told in words."""
    first = next(pieces, None)

    def again() -> Iterator[bytes]:
        with closing(pieces):  # type: ignore[type-var]
            if first is not None:
                yield first
                yield from pieces

    return again()


async def original(page: Page, capture: Capture) -> StoredPayload:
    """The payload, or for a revisit that of the capture which holds its bytes."""
    warc: Path = page.folder / "warc"
    payload = await asyncio.to_thread(stream_payload, warc, capture.file, capture.offset, capture.length)
    refers_to = payload.refers_to if capture.record_type == "revisit" else None
    if refers_to is None:
        return payload
    original = await page.read(lambda conn: reading.capture(conn, refers_to) or reading.capture(conn, f"<{refers_to}>"))
    if original is None:
        raise CaptureUnreadable(f"the original {refers_to} of this revisit is not in the archive")
    return await asyncio.to_thread(stream_payload, warc, original.file, original.offset, original.length)


def _ending(payload: StoredPayload) -> str:
    """What to add to the name of a payload that was sent compressed."""
    return ".gz" if (payload.header("content-encoding") or "").strip().lower() in ("gzip", "x-gzip") else ""


def _download_name(capture: Capture, kind: str) -> str:
    """A file name in ASCII: time of capture, then the address's last part."""
    last = file_name(capture.url.rstrip("/")) or "index"
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.")[-80:] or "page"
    if kind in _PAGES and not name.lower().endswith((".html", ".htm")):
        name += ".html"
    moment = re.sub(r"\D", "", capture.fetched_at)[:14]
    return f"{moment}-{name}"
