"""The search form's GET parameters: read, shown as removable chips, written back into addresses."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from archive.places.gazetteer import gazetteer
from archive.queries.full_text.facets import REACHED
from archive.queries.full_text.matching import STATES, Query
from archive.queries.full_text.search import PAGE_SIZE
from archive.site.words.speaker import Speaker

LAST_PAGE = REACHED // PAGE_SIZE
_AFTER = re.compile(r"\d{1,8}-\d{1,16}")


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
    after: str | None = None
    """Where the page begins, as the page before said."""


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
        place=args.get("place") or None,
        state=next((state for state in STATES if state == args.get("state")), None),
        files=args.get("files") == "1",
        order=next((order for order in ("relevance", "newest") if order == args.get("order")), None),
    )
    page = args.get("page") or "1"
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1
    after = args.get("after") or ""
    return Asked(query, max(1, min(number, LAST_PAGE)), bad, after if _AFTER.fullmatch(after) else None)


def parameters(query: Query, page: int = 1, after: str | None = None) -> dict[str, object]:
    """The address parameters of a query; empty ones are None."""
    return {
        "q": query.text or None,
        "portal": query.portal,
        "section": query.section,
        "year": None if query.year is None else str(query.year),
        "since": query.since.isoformat() if query.since else None,
        "until": query.until.isoformat() if query.until else None,
        "exact": "1" if query.exact else None,
        "place": query.place,
        "state": query.state,
        "files": "1" if query.files else None,
        "order": query.order,
        "page": page if page > 1 else None,
        "after": after if page > 1 else None,
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
    if query.place is not None:
        found.append(Chip(place_label(query.place, speak), replace(query, place=None)))
    if (month := month_of(query)) is not None:
        found.append(Chip(speak.when(month), replace(query, since=None, until=None)))
    else:
        found += _range_chips(query, speak)
    if query.state is not None:
        found.append(Chip(speak(f"state_{query.state}"), replace(query, state=None)))
    if query.files:
        found.append(Chip(speak("state_files"), replace(query, files=False)))
    if query.exact:
        found.append(Chip(speak("exact"), replace(query, exact=False)))
    return found


def _range_chips(query: Query, speak: Speaker) -> list[Chip]:
    found = []
    if query.since is not None:
        label = f"{speak('since')} {speak.when(query.since.isoformat())}"
        found.append(Chip(label, replace(query, since=None)))
    if query.until is not None:
        label = f"{speak('until')} {speak.when(query.until.isoformat())}"
        found.append(Chip(label, replace(query, until=None)))
    return found


def month_of(query: Query) -> str | None:
    """The month (``YYYY-MM``) whose first and last day a query asks for."""
    since, until = query.since, query.until
    if since is None or until is None or since.day != 1 or (since.year, since.month) != (until.year, until.month):
        return None
    return f"{since:%Y-%m}" if until.day == monthrange(until.year, until.month)[1] else None


def within_month(query: Query, year: int, month: int) -> Query:
    """The query narrowed to a month."""
    last = monthrange(year, month)[1]
    return replace(query, since=date(year, month, 1), until=date(year, month, last), year=None)


def place_label(identifier: str, speak: Speaker) -> str:
    """A unit with the one above it; one of before the reform is called so, with what it became."""
    places = gazetteer()
    unit = places.get(identifier)
    if unit is None:
        return identifier
    names = [unit.full_name, *(f"{one.kind.lower()} {one.name}" for one in places.above(unit)[-1:])]
    label = ", ".join(names)
    if unit.valid_to is None:
        return label
    after = [one for step in places.successors(identifier) if (one := places.get(step.new)) is not None]
    label = speak("place_former", x=label)
    same = [one for one in after if one.full_name == unit.full_name]
    return label if same or not after or len(after) > 1 else speak("place_now", x=label, y=after[0].full_name)


def without_filters(query: Query) -> Query:
    return Query(text=query.text)
