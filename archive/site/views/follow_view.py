"""Follow and download: a search or a portal as Atom, JSON Feed, CSV, XLSX and JSON lines."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
import tempfile
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from archive.changes.events import Event, events
from archive.export.jsonl import as_dict
from archive.export.result_table import COLUMNS, rows_of
from archive.export.xlsx_file import LONGEST_CELL, text_cell
from archive.queries import records as reading
from archive.queries.full_text import search
from archive.queries.full_text.matching import Query
from archive.rows import portal_health
from archive.site import filters
from archive.site.reader_feeds import Feed, atom, json_feed
from archive.site.server.frame import Page
from archive.text.fold import fold
from archive.text.safe_cells import neutral

MOST_ROWS = 10_000
"""Articles of one download; its name says so where there are more."""
FEED_ENTRIES = 50
_PAGE = 200

_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}


async def of_search(datasette: Any, request: Any) -> Any:
    """What a search finds."""
    page = Page(datasette, request)
    query = filters.asked(request.args).query
    title = query.text or page.speak("all_articles")
    return await _given(page, query, title, "/tim", filters.parameters(query))


async def of_portal(datasette: Any, request: Any) -> Any:
    """The articles of a portal."""
    page = Page(datasette, request)
    name = request.url_vars["name"]
    portal = await page.read(lambda conn: reading.portal(conn, name))
    if portal is None:
        return await page.not_found()
    return await _given(page, Query(portal=name), portal.title or name, f"/cong/{name}", {})


async def _given(page: Page, query: Query, title: str, home: str, parameters: dict[str, object]) -> Any:
    ending = page.request.url_vars["ending"]
    if ending in ("atom", "feed.json"):
        return await _feed(page, query, title, home, parameters, ending)
    if ending == "xlsx" and not page.can_write_xlsx():
        return await page.not_found(page.speak("no_xlsx"))
    identifiers, capped = await page.read(lambda conn: _wanted(conn, query))
    number = f"{len(identifiers)}-bai" + ("-dau" if capped else "")
    more = f" of more than {MOST_ROWS}" if len(identifiers) == MOST_ROWS else " or more"
    name = "-".join(filter(None, ("tinhuyen", re.sub(r"[^a-z0-9]+", "-", fold(title))[:40].strip("-"), number)))
    headers = {
        "content-type": _TYPES[ending],
        "content-disposition": f'attachment; filename="{name}.{ending}"',
        "x-tinhuyen-rows": f"{len(identifiers)}" + (more if capped else ""),
    }
    pieces = {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx}[ending](page, identifiers)
    return Pieces(pieces, headers)


def _wanted(conn: sqlite3.Connection, query: Query) -> tuple[list[int], bool]:
    """The ids that are given out, newest first, and whether there are more, or may be: exact accents are looked for among so many."""
    found = search.matching_ids(conn, replace(query, order="newest"), MOST_ROWS + 1)
    unseen = query.exact and search.number(conn, query).number > search.EXACT_CANDIDATES
    return found[:MOST_ROWS], len(found) > MOST_ROWS or unseen


async def _feed(
    page: Page, query: Query, title: str, home: str, parameters: dict[str, object], ending: str
) -> Response:
    def read(conn: sqlite3.Connection) -> tuple[list[Event], list[portal_health.Health]]:
        silent = [one for one in portal_health.all_portals(conn) if not one.is_well] if query.portal else []
        return events(conn, query, limit=FEED_ENTRIES), [one for one in silent if one.portal == query.portal]

    found, silent = await page.read(read)
    said = [page.speak("feed_of", n=FEED_ENTRIES)]
    said += [
        page.speak("feed_silent", x=page.speak.verdict(one.verdict), d=page.speak.day(one.since)) for one in silent
    ]
    own = f"{home}/bai" if home != "/tim" else home
    feed = Feed(
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"tinhuyen:{own}?{urlencode(_filled(parameters))}").urn,
        title=f"{page.speak('name')}: {title}",
        subtitle=" ".join(said),
        home=page.absolute(page.link(home, **parameters)),
        own=page.absolute(page.link(f"{own}.{ending}", **parameters)),
        events=found,
        link=lambda article, version: page.absolute(page.link(f"/bai/{article}", v=version)),
        speak=page.speak,
    )
    return Response(atom(feed) if ending == "atom" else json_feed(feed), content_type=_TYPES[ending])


def _filled(parameters: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in parameters.items() if value not in (None, "", False)}


async def _rows(page: Page, identifiers: list[int]) -> AsyncIterator[list[list[str]]]:
    for at in range(0, len(identifiers), _PAGE):
        some = identifiers[at : at + _PAGE]
        found = await page.read(lambda conn, some=some: rows_of(conn, some))  # type: ignore[misc]
        yield [[*row, page.absolute(page.link(f"/bai/{row[0]}", "vi", v=int(row[11]) + 1))] for row in found]


async def _csv(page: Page, identifiers: list[int]) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf"  # without it a spreadsheet reads Vietnamese as Latin
    yield _as_csv([list(COLUMNS)])
    async for some in _rows(page, identifiers):
        yield _as_csv(some)


def _as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


async def _jsonl(page: Page, identifiers: list[int]) -> AsyncIterator[bytes]:
    def lines(conn: sqlite3.Connection, some: list[int]) -> bytes:
        records = (reading.record(conn, identifier) for identifier in some)
        written = (json.dumps(as_dict(record), ensure_ascii=False) + "\n" for record in records if record is not None)
        return "".join(written).encode()

    for at in range(0, len(identifiers), 50):
        some = identifiers[at : at + 50]
        yield await page.read(lambda conn, some=some: lines(conn, some))  # type: ignore[misc]


async def _xlsx(page: Page, identifiers: list[int]) -> AsyncIterator[bytes]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("tin")

    def written(rows: list[list[str]]) -> None:
        for row in rows:
            sheet.append([text_cell(sheet, text[:LONGEST_CELL]) for text in row])

    written([list(COLUMNS)])
    async for some in _rows(page, identifiers):
        await asyncio.to_thread(written, some)
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(book.save, file)
        file.seek(0)
        while piece := file.read(64_000):
            yield piece


class Pieces:
    """An answer sent as it is made."""

    def __init__(self, pieces: AsyncIterator[bytes], headers: dict[str, str]) -> None:
        self._pieces = pieces
        self._headers = headers

    async def asgi_send(self, send: Any) -> None:
        headers = [(name.encode(), value.encode()) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
