"""The pages of portals: all of them, and one."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from archive.queries import records as reading
from archive.queries import search
from archive.queries import summaries as overview
from archive.site.safe_links import web_address
from archive.site.server.frame import Page
from archive.text.fold import sort_key

PORTAL_ARTICLES = 10


async def portal_list(datasette: Any, request: Any) -> Response:
    """Every portal in Vietnamese order."""
    page = Page(datasette, request)
    summaries = await page.read(overview.portal_summaries)
    return await page.render("portals.html", portals=sorted(summaries, key=lambda portal: sort_key(portal.title)))


async def portal(datasette: Any, request: Any) -> Response:
    """One portal: how much of it is kept, when, and what was not."""
    page = Page(datasette, request)
    name = request.url_vars["name"]

    def read(conn: sqlite3.Connection) -> tuple[Any, ...] | None:
        found = reading.portal(conn, name)
        if found is None:
            return None
        summary = next(one for one in overview.portal_summaries(conn) if one.name == name)
        newest = search.newest(conn, PORTAL_ARTICLES, name)
        lineage = reading.unit_address(conn, found.unit), reading.portal_links(conn, name)
        return found, summary, overview.portal_counts(conn, name), overview.runs(conn, name), newest, lineage

    gathered = await page.read(read)
    if gathered is None:
        return await page.not_found()
    found, summary, counts, runs, newest, (unit, links) = gathered
    busiest = max((max(months) for _, months, _ in counts.years), default=0)
    return await page.render(
        "portal.html",
        portal=found,
        unit=unit,
        links=links,
        address=web_address(found.url),
        summary=summary,
        counts=counts,
        runs=runs,
        hits=newest,
        busiest=busiest,
    )
