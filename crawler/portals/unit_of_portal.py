"""Which administrative unit a portal speaks for: the registry knows, else the host and the title say a name and a place."""

from __future__ import annotations

import re

from archive.places import Unit, gazetteer
from archive.text.fold import fold
from crawler.portals.registry import registry

_NAME = re.compile(
    r"\b(tỉnh|thành phố|tp\.?|quận|huyện|thị xã|tx\.?|thị trấn|phường|xã|đặc khu)\s+((?:[^\W\d_][\w'’]*\s*[-–]?\s*){1,5})",
    re.I,
)


def unit_of(host: str, title: str | None) -> str | None:
    """The id of the unit of the portal on ``host`` that calls itself ``title``; ``None`` where it is not known for sure.

    A title names the unit with its kind ("huyện Hưng Hà, tỉnh Thái Bình"); its province, or the label of the host before
    ``gov.vn``, tells it from others of that name.
    """
    entry = registry().find(f"http://{host}/")
    if entry is not None and entry.unit is not None:
        return entry.unit
    named = [units for kind, words in _NAME.findall(title or "") if (units := _units(kind, words))]
    labels = host.lower().removesuffix(".gov.vn").split(".")
    province = next((unit for units in named for unit in units if unit.level == "province"), None)
    for units in named:
        below = [unit for unit in units if unit.level != "province"] or units
        fits = [unit for unit in below if province is None or _lies_in(unit, province)]
        if len(fits) > 1:
            fits = [unit for unit in fits if _label(gazetteer().province_of(unit)) in labels] or fits
        if len(fits) == 1:
            return fits[0].id
    return None


def _units(kind: str, words: str) -> list[Unit]:
    """The units that a kind and the longest beginning of the words after it name."""
    parts = words.split()
    for length in range(len(parts), 0, -1):
        found = gazetteer().find(f"{kind} {' '.join(parts[:length]).rstrip(' -–')}")
        if found:
            return found
    return []


def _lies_in(unit: Unit, province: Unit) -> bool:
    return _label(gazetteer().province_of(unit)) == _label(province)


def _label(unit: Unit) -> str:
    """A province's name as hosts write it: ``thaibinh``."""
    return re.sub(r"[^a-z]", "", fold(unit.name))
