"""The home page, and the page of addresses that are none of ours."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from archive.changes.events import latest_changes
from archive.places.tiles import Layer
from archive.queries import summaries as overview
from archive.queries.full_text import search
from archive.queries.units import places
from archive.site.server.frame import Page

HOME_ARTICLES = 6
HOME_CHANGES = 6
HOME_PORTALS = 12


async def home(datasette: Any, request: Any) -> Response:
    """What is held, the search box, latest changes, the map of provinces, the years, how complete it is."""
    page = Page(datasette, request)
    layer: Layer = "63" if request.args.get("map") == "63" else "34"

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        summaries = overview.portal_summaries(conn)
        tiles = places.shaded(layer, places.counts(conn))
        return {
            "portals": sorted(summaries, key=lambda portal: -portal.articles)[:HOME_PORTALS],
            "completeness": overview.completeness(conn, summaries),
            "hits": search.newest(conn, HOME_ARTICLES),
            "changes": latest_changes(conn, HOME_CHANGES),
            "tiles": tiles,
            "places": places.in_order(tiles),
            "years": overview.years(conn),
            "layer": layer,
        }

    return await page.render("home.html", **await page.read(read))


async def notebook(datasette: Any, request: Any) -> Response:
    """The reader's notebook: empty as sent, filled by the browser that keeps it."""
    return await Page(datasette, request).render("notebook.html")


async def nowhere(datasette: Any, request: Any) -> Response:
    """An address that is none."""
    return await Page(datasette, request).not_found()
