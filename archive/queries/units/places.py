"""Places: what is held of a unit's portals, and what is said of it under the names it has and had."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from dataclasses import dataclass

from archive.places.gazetteer import gazetteer
from archive.places.tiles import Layer, Tile, tiles
from archive.places.unit import Unit
from archive.queries.full_text.matching import Query
from archive.queries.portal_places import kin, places_of, province_now
from archive.queries.summaries import articles_by_portal
from archive.queries.units.lineage import became, made_of
from archive.text.fold import sort_key

SHADES = 5
MOST_NAMES = 12
"""Names of a unit that are searched for: a commune was made of seven at most, a province of three."""


@dataclass(frozen=True, slots=True)
class Shaded:
    """A tile with the portals and articles held of it; ``shade`` from 0 (no article) to `SHADES`."""

    tile: Tile
    portals: int
    articles: int
    shade: int


def counts(conn: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Portals and articles of each unit that has some, by its id: those of the units below it and of what went into it, too."""
    articles = dict(articles_by_portal(conn))
    portals: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for portal, unit in conn.execute("SELECT id, unit FROM portal WHERE unit IS NOT NULL").fetchall():
        for place in places_of(unit):
            portals[place] += 1
            held[place] += articles.get(portal, 0)
    return {place: (number, held[place]) for place, number in portals.items()}


def shaded(layer: Layer, held: dict[str, tuple[int, int]]) -> list[Shaded]:
    """The tiles of a layer; shades go by orders of magnitude, since one province may have a thousand times another's."""
    most = max((held.get(tile.unit.id, (0, 0))[1] for tile in tiles(layer)), default=0)
    found = []
    for tile in tiles(layer):
        portals, articles = held.get(tile.unit.id, (0, 0))
        share = math.log1p(articles) / math.log1p(most) if articles else 0.0
        found.append(Shaded(tile, portals, articles, math.ceil(SHADES * share) if articles else 0))
    return found


def in_order(found: list[Shaded]) -> list[Shaded]:
    """Tiles by name as a Vietnamese list has them, the archipelagos after the provinces."""
    return sorted(found, key=lambda one: (one.tile.archipelago, sort_key(one.tile.unit.name)))


@dataclass(frozen=True, slots=True)
class Names:
    """What a unit is and was called, and whether others bear those names."""

    names: tuple[str, ...]
    namesakes: tuple[Unit, ...]
    """Units elsewhere that bear one of them."""
    within: str | None
    """The province (id) whose portals are asked where there are namesakes."""

    @property
    def text(self) -> str:
        """The names as a search: any of them, each as a phrase."""
        return " OR ".join(f'"{name}"' for name in self.names)

    @property
    def query(self) -> Query:
        return Query(self.text, place=self.within, order="newest")


def names_of(unit: Unit) -> Names:
    """The names of a unit, of what it was made of whole, and of what it became whole."""
    places = gazetteer()
    units = [unit, *kin(unit.id)]
    names = tuple(dict.fromkeys(map(_written, units)))[:MOST_NAMES]
    own = {one.id for one in units}
    others = [one for name in names for one in places.find(name) if one.id not in own and _written(one) in names]
    namesakes = {one.id: one for one in others if not _same_place(one, own)}
    return Names(names, tuple(namesakes.values()), province_now(unit.id) if namesakes else None)


def _written(unit: Unit) -> str:
    """As articles name it: a province mostly by its name alone, others with their kind."""
    return unit.name if unit.level == "province" else unit.full_name


def _same_place(unit: Unit, own: set[str]) -> bool:
    """Whether a unit is an earlier or later one of those."""
    return any(step.unit.id in own for step in (*became(unit.id), *made_of(unit.id)))
