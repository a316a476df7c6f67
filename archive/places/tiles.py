"""The tile map: each province as one square of the same size, about where it lies. A diagram, not a map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from archive.places.gazetteer import gazetteer
from archive.places.unit import Unit

Layer = Literal["34", "63"]
"""The provinces of today, or those before 1 July 2025."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map: where it stands (from 0), its three letters, and the unit it stands for."""

    column: int
    row: int
    code: str
    unit: Unit
    archipelago: bool
    """Hoàng Sa or Trường Sa: a unit of its own below a province."""


@lru_cache(maxsize=2)
def tiles(layer: Layer) -> tuple[Tile, ...]:
    """The tiles of a layer, row by row."""
    text = files("archive.places").joinpath("tiles.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    found = [
        Tile(int(column), int(row), code, gazetteer().unit(unit), kind == "archipelago")
        for of, column, row, code, unit, kind in rows
        if of == layer
    ]
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))
