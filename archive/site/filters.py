"""The search form's GET parameters: read, shown as removable chips, written back into addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from archive.queries.search import COUNT_CAP, PAGE_SIZE, Query
from archive.site.words.speaker import Speaker

LAST_PAGE = COUNT_CAP // PAGE_SIZE


@dataclass(slots=True)
class Chip:
    """One filter in use: its words, the query without it, and the address parameters of that."""

    label: str
    without: Query


@dataclass(slots=True)
class Asked:
    """What an address asks for. ``bad_dates`` are values that are no days."""

    query: Query
    page: int
    bad_dates: list[str]


def asked(args: Any) -> Asked:
    """Read Datasette's ``request.args``; what cannot be read is left out and, for dates, reported."""
    bad: list[str] = []

    def day(name: str) -> date | None:
        value = (args.get(name) or "").strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            bad.append(value)
            return None

    year = args.get("year") or ""
    query = Query(
        text=(args.get("q") or "").strip()[:500],
        portal=args.get("portal") or None,
        section=args.get("section") or None,
        since=day("since"),
        until=day("until"),
        year=int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else None,
        exact=args.get("exact") == "1",
    )
    page = args.get("page") or "1"
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1
    return Asked(query, max(1, min(number, LAST_PAGE)), bad)


def parameters(query: Query, page: int = 1) -> dict[str, object]:
    """The address parameters of a query; empty ones are None."""
    return {
        "q": query.text or None,
        "portal": query.portal,
        "section": query.section,
        "year": None if query.year is None else str(query.year),
        "since": query.since.isoformat() if query.since else None,
        "until": query.until.isoformat() if query.until else None,
        "exact": "1" if query.exact else None,
        "page": page if page > 1 else None,
    }


def chips(query: Query, portal_title: str | None, speak: Speaker) -> list[Chip]:
    """A chip for each filter in use."""
    found: list[Chip] = []
    if query.portal is not None:
        found.append(Chip(portal_title or query.portal, replace(query, portal=None)))
    if query.section is not None:
        found.append(Chip(query.section, replace(query, section=None)))
    if query.year is not None:
        found.append(Chip(str(query.year) if query.year else speak("undated"), replace(query, year=None)))
    if query.since is not None:
        label = f"{speak('since')} {speak.when(query.since.isoformat())}"
        found.append(Chip(label, replace(query, since=None)))
    if query.until is not None:
        label = f"{speak('until')} {speak.when(query.until.isoformat())}"
        found.append(Chip(label, replace(query, until=None)))
    if query.exact:
        found.append(Chip(speak("exact"), replace(query, exact=False)))
    return found


def without_filters(query: Query) -> Query:
    return Query(text=query.text)
