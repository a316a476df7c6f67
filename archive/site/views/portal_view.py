"""The pages of portals: all of them, and one."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from archive.changes.events import Event, latest_changes
from archive.model import Portal
from archive.places.gazetteer import gazetteer
from archive.queries import records as reading
from archive.queries import summaries as overview
from archive.queries.coverage_by_month import Coverage, coverage
from archive.queries.full_text import search
from archive.queries.units import lineage
from archive.rows import portal_health
from archive.site.safe_links import web_address
from archive.site.server.frame import Page
from archive.site.words.speaker import Speaker
from archive.text.fold import sort_key

PORTAL_ARTICLES = 10
PORTAL_CHANGES = 8
MONTHS = 12
"""Month pages that are linked, the latest."""


async def portal_list(datasette: Any, request: Any) -> Response:
    """Every portal in Vietnamese order."""
    page = Page(datasette, request)
    summaries = await page.read(overview.portal_summaries)
    return await page.render("portals.html", portals=sorted(summaries, key=lambda portal: sort_key(portal.title)))


@dataclass(slots=True)
class PortalPage:
    """What the page of a portal shows."""

    portal: Portal
    summary: overview.PortalSummary
    counts: overview.PortalCounts
    coverage: Coverage
    health: portal_health.Health | None
    runs: list[overview.Run]
    changes: list[Event]
    hits: list[search.Hit]
    unit: str | None
    unit_known: bool
    """Whether the gazetteer has the unit, so that it has a page."""
    became: list[lineage.Step]
    made_of: list[lineage.Step]
    before: list[lineage.Neighbour]
    after: list[lineage.Neighbour]
    related: list[lineage.Neighbour]

    @property
    def not_held(self) -> dict[str, int]:
        """Addresses that the last crawl knew and did not keep, by reason."""
        return next((run.skipped_why for run in self.runs if run.skipped_why), {})


async def portal(datasette: Any, request: Any) -> Response:
    """One portal: how much of it is kept, when, what was changed and removed, and what was not kept and why."""
    page = Page(datasette, request)
    name = request.url_vars["name"]
    gathered = await page.read(lambda conn: _gathered(conn, name))
    if gathered is None:
        return await page.not_found()
    return await page.render(
        "portal.html",
        **{field: getattr(gathered, field) for field in gathered.__slots__},
        not_held=gathered.not_held,
        address=web_address(gathered.portal.url),
        outages=[month for _, months in gathered.coverage.years for month in months if month and month.down],
        recent=[month.month for _, months in gathered.coverage.years for month in reversed(months) if month][:MONTHS],
        gaps=[_gap(gap, page.speak) for gap in gathered.coverage.gaps],
    )


def _gathered(conn: sqlite3.Connection, name: str) -> PortalPage | None:
    found = reading.portal(conn, name)
    if found is None:
        return None
    counts = overview.portal_counts(conn, name)
    (identifier,) = conn.execute("SELECT id FROM portal WHERE name = ?", (name,)).fetchone()
    return PortalPage(
        found,
        next(one for one in overview.portal_summaries(conn) if one.name == name),
        counts,
        coverage(conn, name, counts.years, datetime.now(UTC)),
        portal_health.of_portal(conn, name),
        overview.runs(conn, name),
        latest_changes(conn, PORTAL_CHANGES, [identifier]),
        search.newest(conn, PORTAL_ARTICLES, name),
        reading.unit_address(conn, found.unit),
        found.unit is not None and found.unit in gazetteer(),
        lineage.became(found.unit) if found.unit else [],
        lineage.made_of(found.unit) if found.unit else [],
        lineage.portals_before(conn, name),
        lineage.portals_after(conn, name),
        list(lineage.portals_of_successors(conn, name, found.unit)) if found.unit else [],
    )


def _gap(gap: Any, speak: Speaker) -> str:
    """Years without articles, with the reason: ``2013–2014 (cổng không trả lời)``."""
    years = str(gap.first) if gap.first == gap.last else f"{gap.first}–{gap.last}"
    why = speak.verdict(gap.verdict).lower() if gap.cause == "down" and gap.verdict else speak(f"gap_{gap.cause}")
    return f"{years} ({why})"
