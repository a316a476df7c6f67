"""The home page, the notebook, and the page of addresses that are none of ours."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from archive.queries import search
from archive.queries import summaries as overview
from archive.site.server.frame import Page

HOME_ARTICLES = 10


async def home(datasette: Any, request: Any) -> Response:
    """Search box, how complete the archive is, portals, newest articles."""
    page = Page(datasette, request)

    def read(conn: sqlite3.Connection) -> tuple[Any, ...]:
        summaries = overview.portal_summaries(conn)
        newest = search.newest(conn, HOME_ARTICLES)
        return summaries, overview.completeness(conn, summaries), newest

    summaries, completeness, newest = await page.read(read)
    largest = sorted(summaries, key=lambda portal: -portal.articles)[:12]
    return await page.render("home.html", portals=largest, completeness=completeness, hits=newest)


async def notebook(datasette: Any, request: Any) -> Response:
    """The reader's notebook: empty as sent, filled by the browser that keeps it."""
    return await Page(datasette, request).render("notebook.html")


async def nowhere(datasette: Any, request: Any) -> Response:
    """An address that is none."""
    return await Page(datasette, request).not_found()
