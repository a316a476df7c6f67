"""The search page: what is typed, filters in the address, facets, a histogram by year or month."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from datasette.utils.asgi import Response

from archive.queries import records as reading
from archive.queries.full_text import search
from archive.queries.full_text.facets import FACET_BASE, Count, Facets
from archive.queries.full_text.known_address import KnownAddress, is_address, known
from archive.queries.full_text.matching import Query
from archive.queries.full_text.related import Related, related
from archive.site import filters
from archive.site.server.frame import Page, capture_path
from archive.site.server.readers import TooSlow
from archive.text.fold import sort_key

MOST_BARS = 40


@dataclass(slots=True)
class Bar:
    """One bar of a histogram; ``height`` of 48 units at most, 0 where there is nothing."""

    label: str
    name: str
    number: int
    height: int
    href: str


async def find(datasette: Any, request: Any) -> Response:
    """Search with filters in the address; an address that is typed leads to its article."""
    page = Page(datasette, request)
    asked = filters.asked(request.args)
    query = asked.query
    if is_address(query.text) and asked.page == 1:
        return await _of_address(page, query.text.strip())

    def read(conn: sqlite3.Connection) -> tuple[Any, ...]:
        result = search.search(conn, query, asked.page, after=asked.after)
        portals = reading.portals(conn)
        chips = filters.chips(query, next((p.title for p in portals if p.name == query.portal), None), page.speak)
        hints = [] if result.count.number else _without(conn, chips)
        return result, portals, chips, hints, related(conn, result.typed, query.text)

    context: dict[str, Any] = {"query": query, "asked": asked, "parameters": filters.parameters}
    try:
        result, portals, chips, hints, beside = await page.read(read)
    except TooSlow:
        return await page.render("slow.html", status=503, **context)
    return await page.render(
        "search.html",
        **context,
        result=result,
        counted_over=FACET_BASE,
        counted=_counted(page, result.count),
        chips=chips,
        hints=hints,
        cleared=filters.without_filters(query),
        portals=sorted(portals, key=lambda portal: sort_key(portal.title or portal.name)),
        facets=_facet_groups(page, query, result.facets),
        bars=_bars(page, query, result.facets),
        related=_related_links(page, beside),
        orders=[(order, replace(query, order=order)) for order in ("relevance", "newest")],
        as_typed=replace(query, text=f'"{query.text}"') if '"' not in query.text else query,
        exact_base=page.speak("exact_base", n=page.speak.number(search.EXACT_CANDIDATES)),
        beyond=asked.page > 1 and not result.hits,
    )


async def _of_address(page: Page, typed: str) -> Response:
    """Lead to the one article of an address, else say what is known of it."""
    found: KnownAddress = await page.read(lambda conn: known(conn, typed))
    if found.suspended is not None:
        return await page.suspended(found.suspended)
    if len(found.articles) == 1 and not found.is_file:
        return Response.redirect(page.link(f"/bai/{found.articles[0]['id']}"), 303)
    captures = [(one, page.link(capture_path(one["record_id"]))) for one in found.captures]
    return await page.render("address.html", found=found, captures=captures, query=Query(typed))


def _counted(page: Page, count: Count) -> str:
    number = page.speak.number(count.number)
    if count.at_least:
        return page.speak("at_least", x=page.speak.count("articles", count.number))
    return page.speak("capped", n=number) if count.capped else page.speak.count("articles", count.number)


def _without(conn: sqlite3.Connection, chips: list[filters.Chip]) -> list[tuple[filters.Chip, Count]]:
    """For a search that found nothing: the filters whose removal finds something."""
    tried = [(chip, search.number(conn, chip.without)) for chip in chips]
    return [(chip, count) for chip, count in tried if count.number]


def _related_links(page: Page, beside: Related) -> list[tuple[str, str]]:
    """What else the typed words name, as (words, address)."""
    links = [(page.speak("related_portal", x=title), page.link(f"/cong/{name}")) for name, title in beside.portals]
    for unit in beside.places:
        label = filters.place_label(unit.id, page.speak)
        links.append((page.speak("related_place", x=label), page.link(f"/noi/{unit.id}")))
    for since, until in beside.dates:
        label = page.speak.when(f"{since:%Y-%m}" if since != until else since.isoformat())
        address = page.link("/tim", since=since.isoformat(), until=until.isoformat())
        links.append((page.speak("related_date", x=label), address))
    for number in beside.documents:
        links.append((page.speak("related_document", x=number), page.link(page.document_path(number))))
    return links


def _facet_groups(page: Page, query: Query, facets: Facets) -> list[dict[str, Any]]:
    """Facets as groups of links, each adding its filter to the query; a filter in use shows no group."""

    def entry(label: str, number: int, narrowed: Query) -> dict[str, Any]:
        return {"label": label, "number": number, "href": page.link("/tim", **filters.parameters(narrowed))}

    groups: list[tuple[str, list[dict[str, Any]]]] = []
    if query.state is None and not query.files:
        wanted: list[tuple[str, int, Query]] = [
            (state, n, replace(query, files=True) if state == "files" else replace(query, state=state))  # type: ignore[arg-type]
            for state, n in facets.states
        ]
        groups.append(("state", [entry(page.speak(f"state_{state}"), n, to) for state, n, to in wanted]))
    if query.portal is None:
        groups.append(("portal", [entry(label, n, replace(query, portal=name)) for name, label, n in facets.portals]))
    if query.place is None:
        places = [
            entry(filters.place_label(unit.id, page.speak), n, replace(query, place=unit.id))
            for unit, n in facets.places
        ]
        groups.append(("place", places))
    if query.section is None:
        groups.append(
            ("section", [entry(label, n, replace(query, section=name)) for name, label, n in facets.sections])
        )
    if query.year is None:
        years = [
            entry(label if year else page.speak("undated"), n, replace(query, year=year))
            for year, label, n in facets.years
        ]
        groups.append(("year", years))
    return [{"title": page.speak(key), "entries": entries} for key, entries in groups if entries]


def _bars(page: Page, query: Query, facets: Facets) -> list[Bar]:
    """The histogram: by month within a year that is asked for, else by year; what is empty stands there, too."""
    if filters.month_of(query) is not None or query.year == 0:
        return []
    if query.year is not None:
        wanted = [
            (str(month), page.speak.when(f"{query.year}-{month:02d}"), facets.months.get(query.year * 100 + month, 0))
            for month in range(1, 13)
        ]
        to = [filters.within_month(query, query.year, month) for month in range(1, 13)]
    else:
        by_year = {year: n for year, _, n in facets.years}
        dated = sorted(year for year in by_year if year)
        years = [*([0] if 0 in by_year else []), *(range(dated[0], dated[-1] + 1) if dated else ())][-MOST_BARS:]
        if len(years) < 2:
            return []
        wanted = [
            (str(year) if year else "?", str(year) if year else page.speak("undated"), by_year.get(year, 0))
            for year in years
        ]
        to = [replace(query, year=year) for year in years]
    tallest = max(1, *(n for _, _, n in wanted))
    return [
        Bar(label, name, n, max(2, round(48 * n / tallest)) if n else 0, page.link("/tim", **filters.parameters(one)))
        for (label, name, n), one in zip(wanted, to, strict=True)
    ]
