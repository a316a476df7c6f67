"""Facets: how the newest matches spread over portals, places, sections, years, months and states; and how many there are.

One pass counts all of it, over `FACET_BASE` matches at most, and whoever shows the numbers says so.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from archive.places.unit import Unit
from archive.queries.matching import Matching
from archive.queries.portal_places import place_counts
from archive.queries.records import rows

COUNT_CAP = 10_000
FACET_BASE = 10_000
MOST_VALUES = 12


@dataclass(slots=True)
class Count:
    """``number`` articles, or more than that when ``capped``."""

    number: int
    capped: bool


@dataclass(slots=True)
class Facets:
    """How the newest matches spread: (value, label, articles), most first; years newest first, 0 for undated."""

    portals: list[tuple[str, str, int]] = field(default_factory=list)
    sections: list[tuple[str, str, int]] = field(default_factory=list)
    years: list[tuple[int, str, int]] = field(default_factory=list)
    months: dict[int, int] = field(default_factory=dict)
    """Articles by yyyymm of publication."""
    places: list[tuple[Unit, int]] = field(default_factory=list)
    states: list[tuple[str, int]] = field(default_factory=list)
    """``changed``, ``removed``, ``returned`` and ``files``, with their articles."""


def spread(conn: sqlite3.Connection, found: Matching) -> tuple[Count, Facets]:
    """The number of matches and their facets."""
    sql, params = found.sql()
    cells = list(
        rows(
            conn,
            f"""WITH match AS MATERIALIZED ({sql} ORDER BY 1 DESC LIMIT {FACET_BASE + 1})
                SELECT portal, section, day / 100 AS month, changed, removed, returned, files, count(*) AS articles
                FROM match JOIN article_facet ON article = match.id GROUP BY 1, 2, 3, 4, 5, 6, 7""",
            params,
        )
    )
    number = sum(cell["articles"] for cell in cells)
    counted = Count(min(number, COUNT_CAP), number > COUNT_CAP)
    portals = {row["id"]: row for row in rows(conn, "SELECT id, name, coalesce(title, name) AS title FROM portal")}
    by_portal, by_section, by_month = _total(cells, "portal"), _total(cells, "section"), _total(cells, "month")
    years: dict[int, int] = {}
    for month, articles in by_month:
        years[month // 100] = years.get(month // 100, 0) + articles
    return counted, Facets(
        [(portals[key]["name"], portals[key]["title"], n) for key, n in by_portal[:MOST_VALUES]],
        _named_sections(conn, [(key, n) for key, n in by_section if key][:MOST_VALUES]),
        [(year, str(year), n) for year, n in sorted(years.items(), reverse=True)],
        {month: n for month, n in by_month if month},
        place_counts(conn, by_portal)[:MOST_VALUES],
        [
            (state, n)
            for state in ("changed", "removed", "returned", "files")
            if (n := sum(cell["articles"] for cell in cells if cell[state]))
        ],
    )


def count(conn: sqlite3.Connection, found: Matching) -> Count:
    """The number of matches alone."""
    sql, params = found.sql()
    (number,) = conn.execute(f"SELECT count(*) FROM ({sql} LIMIT {COUNT_CAP + 1})", params).fetchone()
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def _named_sections(conn: sqlite3.Connection, counted: list[tuple[int, int]]) -> list[tuple[str, str, int]]:
    marks = ",".join("?" * len(counted))
    names = dict(
        tuple(row)
        for row in conn.execute(f"SELECT id, name FROM section WHERE id IN ({marks})", [key for key, _ in counted])
    )
    return [(names[key], names[key], n) for key, n in counted]


def _total(cells: list[dict[str, int]], key: str) -> list[tuple[int, int]]:
    totals: dict[int, int] = {}
    for cell in cells:
        totals[cell[key]] = totals.get(cell[key], 0) + cell["articles"]
    return sorted(totals.items(), key=lambda item: -item[1])
