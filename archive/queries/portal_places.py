"""Portals by place: which portals belong to a unit, before and after the reform, and what a unit is called now."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from archive.places.gazetteer import gazetteer
from archive.places.unit import Unit
from archive.text.fold import hold, words_of


def portals_named(conn: sqlite3.Connection, typed: str) -> list[int]:
    """Portals whose name is what was typed, or whose name or title holds those words."""
    wanted = words_of(typed)
    found = conn.execute("SELECT id, name, coalesce(title, '') FROM portal").fetchall()
    own = [row[0] for row in found if row[1] == typed]
    return own or [row[0] for row in found if hold(words_of(row[1]), wanted) or hold(words_of(row[2]), wanted)]


def of_place(conn: sqlite3.Connection, identifier: str) -> list[int]:
    """The portals of a unit, of the units below it, and of those that went into it."""
    found = conn.execute("SELECT id, unit FROM portal WHERE unit IS NOT NULL").fetchall()
    return [portal for portal, unit in found if identifier in places_of(unit)]


@lru_cache(maxsize=4096)
def places_of(unit: str) -> tuple[str, ...]:
    """The ids of a unit, of all above it, and of what each of them became."""
    places = gazetteer()
    own = places.get(unit)
    if own is None:
        return ()
    found = [own.id, *(one.id for one in places.above(own))]
    for identifier in tuple(found):
        for step in places.successors(identifier):
            after = places.get(step.new)
            if after is not None and not step.part:
                found += [after.id, *(one.id for one in places.above(after))]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def kin(unit: str) -> tuple[Unit, ...]:
    """The units of its level that went into a unit whole, or that it went into whole."""
    places = gazetteer()
    own = places.unit(unit)
    steps = [*places.predecessors(unit), *places.successors(unit)]
    ids = [end for step in steps if not step.part for end in (step.old, step.new) if end != unit]
    others = (one for end in ids if (one := places.get(end)) is not None)
    return tuple(dict.fromkeys(one for one in others if one.level == own.level))


def other_names(unit: str) -> tuple[str, ...]:
    """The names, with their kind, of a unit's kin; none of a province, whose portals say all of it."""
    own = gazetteer().unit(unit)
    names = dict.fromkeys(one.full_name for one in kin(unit) if own.level != "province")
    return tuple(name for name in names if name != own.full_name)


@lru_cache(maxsize=1024)
def province_now(unit: str) -> str:
    """The province of today (its id) in which a unit lies or lay."""
    places = gazetteer()
    province = places.province_of(places.unit(unit)).id
    return next((step.new for step in places.successors(province) if not step.part), province)


def place_counts(conn: sqlite3.Connection, by_portal: Iterable[tuple[int, int]]) -> list[tuple[Unit, int]]:
    """How many articles (given by portal) each place has, most first; a district or commune only where portals are its own."""
    units = dict(conn.execute("SELECT id, unit FROM portal WHERE unit IS NOT NULL").fetchall())
    counts: Counter[str] = Counter()
    for portal, articles in by_portal:
        if portal in units:
            for place in places_of(units[portal]):
                counts[place] += articles
    found = [(unit, n) for place, n in counts.items() if (unit := gazetteer().get(place)) is not None]
    return sorted(found, key=lambda one: (-one[1], one[0].level != "province", one[0].id))


def became(unit: Unit) -> Iterator[Unit]:
    """What a unit became, where all of it went to one."""
    places = gazetteer()
    for step in places.successors(unit.id):
        after = places.get(step.new)
        if after is not None:
            yield after
