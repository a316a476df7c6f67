"""The capture page, the TimeGate and the TimeMap: what was captured of an address, of when, as it was (Memento, RFC 7089)."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from itertools import groupby
from typing import Any
from urllib.parse import quote, unquote

from datasette.utils.asgi import Response

from archive.model import Capture
from archive.queries import records as reading
from archive.queries.captures import Look, captures_of, nearest
from archive.queries.full_text.known_address import writings
from archive.queries.suspensions import Suspension, suspended_at, suspension, suspension_of_capture
from archive.site.memento import http_date, links, memento_link, moment_asked, timemap
from archive.site.safe_links import web_address
from archive.site.server.frame import Page, capture_path, record_path
from archive.site.server.headers import PAGE_POLICY
from archive.site.views.article_view import SHOWN_IMAGES, hex_digest
from archive.site.views.captures.capture_calendar import calendar, first_of_day
from archive.text.vietnam_time import in_vietnam
from archive.warc.read import CaptureUnreadable, stream_payload

_PAGES = ("text/html", "application/xhtml+xml")
_FRAMING = f"{PAGE_POLICY}; frame-src 'self'"
"""Our own pages let no one frame them, so that nothing but a drawn capture can be shown in the frame."""
LONGEST = 2_000
"""Characters of an address that is looked for."""


async def capture_page(datasette: Any, request: Any) -> Response:
    """What a capture is, of when, and the page as it was in a frame without scripts."""
    page = Page(datasette, request)
    record_id = unquote(request.url_vars["record_id"])

    def read(conn: sqlite3.Connection) -> tuple[Any, ...] | None:
        capture = reading.capture(conn, record_id) or reading.capture(conn, f"<{record_id}>")
        if capture is None:
            return None
        looks = captures_of(conn, capture.url)
        of_article = conn.execute(
            """SELECT article.id, article.title FROM article_shown AS article WHERE id = (SELECT article FROM capture WHERE record_id = ?1)
               OR id = (SELECT article FROM observation WHERE capture = ?1)""",
            (capture.record_id,),
        ).fetchone()
        portal = reading.portal(conn, capture.portal)
        return capture, looks, of_article, portal

    found = await page.read(read)
    if found is None:
        stone = await page.read(lambda conn: suspension_of_capture(conn, record_id))
        return await (page.suspended(stone) if stone is not None else page.not_found())
    capture, looks, of_article, portal = found
    kind = (capture.content_type or "").split(";")[0].strip().lower()
    raw = page.tool(record_path(capture.record_id))
    response = await page.render(
        "capture.html",
        capture=capture,
        article=of_article,
        portal=portal,
        looks=looks,
        months=months(looks),
        calendar=calendar(looks),
        first_of_day=first_of_day(looks).get,
        head=await asyncio.to_thread(_head, page, capture),
        sha256=hex_digest(capture.digest),
        is_page=kind in _PAGES and capture.status != 304,
        is_image=kind in SHOWN_IMAGES,
        raw=raw,
        framed=f"{raw}?view=1&lang={page.speak.language}",
        safe_url=web_address(capture.url),
        capture_path=capture_path,
        timemap=_timemap(page, capture.url),
    )
    response.headers["content-security-policy"] = _FRAMING
    response.headers["memento-datetime"] = http_date(capture.fetched_at)
    response.headers["link"] = links(capture.url, _timegate(page, capture.url), _timemap(page, capture.url))
    return response


def months(looks: list[Look]) -> list[tuple[str, list[Look]]]:
    """The looks by month in Vietnam, the newest month first."""
    grouped = groupby(looks, key=lambda look: in_vietnam(look.fetched_at)[:7])
    return [(month, list(some)) for month, some in grouped][::-1]


def _head(page: Page, capture: Capture) -> list[tuple[str, str]]:
    """The head of the answer as it was sent; nothing where it cannot be read."""
    try:
        payload = stream_payload(page.folder / "warc", capture.file, capture.offset, capture.length)
    except (CaptureUnreadable, OSError):
        return []
    payload.pieces.close()  # type: ignore[attr-defined]
    return [(name[:100], value[:1_000]) for name, value in payload.http_headers[:60]]


async def led_to(datasette: Any, request: Any) -> Response:
    """Where a link of a drawn page leads: the capture of its address nearest in time, else a page that says there is none."""
    page = Page(datasette, request)
    address = (request.args.get("url") or "")[:LONGEST]
    stamp = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", (request.args.get("at") or "")[:14], re.ASCII)
    at = "{}-{}-{}T{}:{}:{}Z".format(*stamp.groups()) if stamp and _is_moment(stamp) else "9999"

    looks, stone = await page.read(lambda conn: _looks(conn, address))
    if stone is not None:
        return await page.suspended(stone)
    good = [look for look in looks if look.status == 200] or looks
    found = nearest(good, at) if at != "9999" else good[-1] if good else None
    if found is not None:
        return Response.redirect(page.link(capture_path(found.record_id)))
    return await page.render("not_saved.html", status=404, address=address, safe_url=web_address(address))


def _is_moment(stamp: re.Match[str]) -> bool:
    try:
        http_date("{}-{}-{}T{}:{}:{}Z".format(*stamp.groups()))
    except ValueError:
        return False
    return True


def _looks(conn: sqlite3.Connection, address: str) -> tuple[list[Look], Suspension | None]:
    """The captures of an address that hold something, or the tombstone of what was there."""
    taken_down = suspended_at(conn, [address, *writings(address)])
    if taken_down is not None:
        return [], suspension(conn, taken_down)
    return captures_of(conn, address, shown=True), None


async def timegate(datasette: Any, request: Any) -> Response:
    """The capture nearest to ``Accept-Datetime``, the newest without it."""
    page, address = Page(datasette, request), _asked(request, "timegate")
    try:
        at = moment_asked(request.headers.get("accept-datetime"))
    except ValueError:
        return Response(
            "Accept-Datetime is no date of HTTP (RFC 7231).\n", status=400, content_type="text/plain; charset=utf-8"
        )
    looks, stone = await page.read(lambda conn: _looks(conn, address))
    if stone is not None:
        return await page.suspended(stone)
    found = nearest(looks, at) if at else looks[-1] if looks else None
    if found is None:
        return await page.render("not_saved.html", status=404, address=address, safe_url=web_address(address))
    where = page.absolute(page.link(capture_path(found.record_id)))
    headers = {
        "location": where,
        "vary": "accept-datetime",
        "link": links(found.url, _timegate(page, address), _timemap(page, address), memento_link(where, found, looks)),
    }
    return Response("", status=302, headers=headers, content_type="text/plain; charset=utf-8")


async def timemap_of(datasette: Any, request: Any) -> Response:
    """Every capture of an address, in link format."""
    page, address = Page(datasette, request), _asked(request, "timemap/link")
    looks, stone = await page.read(lambda conn: _looks(conn, address))
    if stone is not None:
        return await page.suspended(stone)
    if not looks:
        return await page.render("not_saved.html", status=404, address=address, safe_url=web_address(address))

    def where(look: Look) -> str:
        return page.absolute(page.link(capture_path(look.record_id)))

    text = timemap(looks[-1].url, _timegate(page, address), _timemap(page, address), looks, where)
    return Response(text, content_type="application/link-format; charset=utf-8")


def _asked(request: Any, before: str) -> str:
    """The address behind a path, as it was sent: with its query, and two strokes where a server made them one."""
    raw = request.scope.get("raw_path") or str(request.path).encode()
    path = raw.decode("latin-1").partition("?")[0]
    address = path.partition(f"/{before}/")[2]
    if "%3A%2F%2F" in address[:20].upper():
        address = unquote(address)
    address = re.sub(r"^(https?):/+", r"\1://", address)
    query = str(request.query_string or "")
    return (f"{address}?{query}" if query else address)[:LONGEST]


def _timegate(page: Page, address: str) -> str:
    return page.absolute(page.tool(f"/timegate/{quote(address, safe=_SAFE)}"))


def _timemap(page: Page, address: str) -> str:
    return page.absolute(page.tool(f"/timemap/link/{quote(address, safe=_SAFE)}"))


_SAFE = "/:?&=%+,;@!$*()~-._"
