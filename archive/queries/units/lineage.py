"""Lineage: what a unit or a portal was before and became, each step with its day and the resolution that made it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model import PortalLink
from archive.places.gazetteer import gazetteer
from archive.places.unit import Unit
from archive.queries.portal_places import places_of
from archive.queries.records import one, portal_links


@dataclass(frozen=True, slots=True)
class Step:
    """A unit that another was made of, or became. ``part``: only a part of the older one went into the newer."""

    unit: Unit
    address: str
    """As written in full, with the units above."""
    since: str | None
    document: str | None
    part: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A portal before or after another. ``title`` is None for one that is not in the archive."""

    name: str
    title: str | None
    link: PortalLink


def became(identifier: str) -> list[Step]:
    """What took a unit's place, none while it exists."""
    places = gazetteer()
    return [
        Step(after, places.address(after), step.since, step.document, step.part)
        for step in places.successors(identifier)
        if (after := places.get(step.new)) is not None
    ]


def made_of(identifier: str) -> list[Step]:
    """What a unit was made of, none where that is not known."""
    places = gazetteer()
    return [
        Step(before, places.address(before), step.since, step.document, step.part)
        for step in places.predecessors(identifier)
        if (before := places.get(step.old)) is not None
    ]


def portals_before(conn: sqlite3.Connection, name: str) -> list[Neighbour]:
    """The portals whose place one took."""
    return [_neighbour(conn, link.old, link) for link in portal_links(conn, name) if link.new == name]


def portals_after(conn: sqlite3.Connection, name: str) -> list[Neighbour]:
    """The portals that took one's place."""
    return [_neighbour(conn, link.new, link) for link in portal_links(conn, name) if link.old == name]


def portals_of_successors(conn: sqlite3.Connection, name: str, unit: str) -> Iterator[Neighbour]:
    """Portals in the archive of the very units that a portal's unit became or was made of, other than itself."""
    units = {step.unit.id: step for step in (*became(unit), *made_of(unit))}
    for row in conn.execute(
        "SELECT name, coalesce(title, name), unit FROM portal WHERE unit IS NOT NULL AND name != ?", (name,)
    ):
        if row[2] in units:
            step = units[row[2]]
            yield Neighbour(row[0], row[1], PortalLink(name, row[0], step.since, step.document))


def _neighbour(conn: sqlite3.Connection, name: str, link: PortalLink) -> Neighbour:
    row = one(conn, "SELECT coalesce(title, name) AS title FROM portal WHERE name = ?", (name,))
    return Neighbour(name, row["title"] if row else None, link)


def portals_of(conn: sqlite3.Connection, identifier: str) -> list[tuple[int, str, str, str]]:
    """The portals of a unit, of those below it and of what went into it whole: id, name, title and unit."""
    found = conn.execute("SELECT id, name, coalesce(title, name), unit FROM portal WHERE unit IS NOT NULL").fetchall()
    return [tuple(row) for row in found if identifier in places_of(row[3])]
