"""The pages of places: the provinces, and one unit as it was and is."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from archive.changes.events import latest_changes
from archive.places.gazetteer import gazetteer
from archive.places.tiles import tiles
from archive.places.unit import Unit
from archive.queries import summaries as overview
from archive.queries.full_text import search
from archive.queries.full_text.facets import Count
from archive.queries.units import lineage, places
from archive.site.server.frame import Page
from archive.text.fold import sort_key

PLACE_ARTICLES = 10
PLACE_CHANGES = 6
MOST_FOUND = 60


async def place_list(datasette: Any, request: Any) -> Response:
    """The provinces of today with those they were made of, and any unit by its name."""
    page = Page(datasette, request)
    asked = (request.args.get("q") or "").strip()[:100]
    found = gazetteer().find(asked) if asked else []
    held = await page.read(places.counts)
    provinces = sorted(
        (tile.unit for tile in tiles("34") if not tile.archipelago), key=lambda unit: sort_key(unit.name)
    )
    return await page.render(
        "places.html",
        asked=asked,
        found=sorted(found, key=lambda unit: (unit.valid_to is not None, sort_key(gazetteer().address(unit))))[
            :MOST_FOUND
        ],
        number=len(found),
        address=gazetteer().address,
        provinces=[(unit, held.get(unit.id, (0, 0)), lineage.made_of(unit.id)) for unit in provinces],
    )


async def place(datasette: Any, request: Any) -> Response:
    """A unit: what it was made of and became, its portals, what is said of it under its names, its latest changes."""
    page = Page(datasette, request)
    unit = gazetteer().get(request.url_vars["unit"])
    if unit is None:
        return await page.not_found()
    names = places.names_of(unit)
    return await page.render(
        "place.html",
        unit=unit,
        above=list(reversed(gazetteer().above(unit))),
        names=names,
        address=gazetteer().address,
        below=_below(unit),
        became=lineage.became(unit.id),
        made_of=lineage.made_of(unit.id),
        **await page.read(lambda conn: _held(conn, unit, names)),
    )


def _held(conn: sqlite3.Connection, unit: Unit, names: places.Names) -> dict[str, Any]:
    portals = lineage.portals_of(conn, unit.id)
    identifiers = [portal for portal, *_ in portals]
    articles = dict(overview.articles_by_portal(conn))
    said = search.search(conn, names.query, size=PLACE_ARTICLES)
    # what a search corrects to is another name
    meant = said if not any(note.done != "suggested" for note in said.notes) else None
    months = overview.months(conn, identifiers)
    return {
        "portals": [(name, title, gazetteer().get(of), articles.get(portal, 0)) for portal, name, title, of in portals],
        "hits": meant.hits if meant else [],
        "count": meant.count if meant else Count(0, False),
        "months": months,
        "busiest": max((max(of_year) for _, of_year in months), default=0),
        "changes": latest_changes(conn, PLACE_CHANGES, identifiers) if identifiers else [],
    }


def _below(unit: Unit) -> list[Unit]:
    return sorted(gazetteer().children(unit.id), key=lambda one: sort_key(one.name))
