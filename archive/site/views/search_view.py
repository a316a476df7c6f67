"""The search page: filters in the address, facets, a histogram by year."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from datasette.utils.asgi import Response

from archive.queries import records as reading
from archive.queries import search
from archive.site import filters
from archive.site.server.frame import Page
from archive.site.server.readers import TooSlow
from archive.text.fold import sort_key


async def find(datasette: Any, request: Any) -> Response:
    """Search with filters in the address."""
    page = Page(datasette, request)
    asked = filters.asked(request.args)
    query = asked.query

    def read(conn: sqlite3.Connection) -> tuple[Any, ...]:
        result = search.search(conn, query, asked.page)
        portals = reading.portals(conn)
        chips = filters.chips(query, next((p.title for p in portals if p.name == query.portal), None), page.speak)
        hints = [] if result.count.number else _without(conn, chips)
        return result, search.facets(conn, query), portals, chips, hints

    context: dict[str, Any] = {"query": query, "asked": asked, "parameters": filters.parameters}
    try:
        result, facets, portals, chips, hints = await page.read(read)
    except TooSlow:
        return await page.render("slow.html", status=503, **context)
    number = page.speak.number(result.count.number)
    counted = (
        page.speak("capped", n=number) if result.count.capped else page.speak.count("articles", result.count.number)
    )
    return await page.render(
        "search.html",
        **context,
        result=result,
        counted=counted,
        chips=chips,
        hints=hints,
        cleared=filters.without_filters(query),
        portals=sorted(portals, key=lambda portal: sort_key(portal.title or portal.name)),
        facets=_facet_groups(page, query, facets),
        bars=_bars(page, query, facets),
    )


def _without(conn: sqlite3.Connection, chips: list[filters.Chip]) -> list[tuple[filters.Chip, search.Count]]:
    """For a search that found nothing: the filters whose removal finds something."""
    tried = [(chip, search.search(conn, chip.without, size=1).count) for chip in chips]
    return [(chip, count) for chip, count in tried if count.number]


def _facet_groups(page: Page, query: search.Query, facets: search.Facets) -> list[dict[str, Any]]:
    """Facets as groups of links, each adding its filter to the query; a filter in use shows no group."""

    def entry(label: str, number: int, narrowed: search.Query) -> dict[str, Any]:
        return {"label": label, "number": number, "href": page.link("/tim", **filters.parameters(narrowed))}

    groups = []
    if query.portal is None:
        entries = [entry(label, n, replace(query, portal=name)) for name, label, n in facets.portals]
        groups.append({"title": page.speak("portal"), "entries": entries})
    if query.section is None:
        entries = [entry(label, n, replace(query, section=name)) for name, label, n in facets.sections]
        groups.append({"title": page.speak("section"), "entries": entries})
    if query.year is None:
        entries = [
            entry(label if year else page.speak("undated"), n, replace(query, year=year))
            for year, label, n in facets.years
        ]
        groups.append({"title": page.speak("year"), "entries": entries})
    return [group for group in groups if group["entries"]]


def _bars(page: Page, query: search.Query, facets: search.Facets) -> list[dict[str, Any]]:
    """The histogram by year: undated first, then oldest to newest, heights of 48 units at most."""
    if query.year is not None or len(facets.years) < 2:
        return []
    tallest = max(number for _, _, number in facets.years)
    return [
        {
            "label": label if year else "?",
            "name": label if year else page.speak("undated"),
            "number": number,
            "height": max(2, round(48 * number / tallest)),
            "href": page.link("/tim", **filters.parameters(replace(query, year=year))),
        }
        for year, label, number in sorted(facets.years)[-24:]
    ]
