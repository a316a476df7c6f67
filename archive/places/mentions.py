"""Places named in a text: a kind and a name ("huyện Hưng Hà"), told as the unit of that name on the text's day.

What could be several units is none: a commune or district counts where one unit of the publisher's own province bears the
name, a province where it is the only one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.places.gazetteer import Gazetteer, gazetteer
from archive.places.unit import Unit
from archive.text.combining import nfc

LOOKED_AT = 60_000
"""Characters of a text that are read."""
MOST = 30
LONGEST_NAME = 5
"""Words of a name at most: ``Phan Rang - Tháp Chàm``."""

_MENTION = re.compile(
    r"(?<!\w)([Tt]ỉnh|[Tt]hành phố|T[Pp]\.?|[Qq]uận|[Hh]uyện|[Tt]hị xã|T[Xx]\.?|[Tt]hị trấn|T[Tt]\.?|[Pp]hường|[Xx]ã|[Đđ]ặc khu)"
    r" {0,2}(?=([^\W_]{1,20}(?: (?:- )?[^\W_]{1,20}){0,4}))"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place a text names: as printed, the unit it is, and what that became since."""

    printed: str
    unit: Unit
    became: tuple[Unit, ...]
    """The units in its place now; empty while it exists."""
    address: str
    """The unit as written in full on its day."""


def mentions(text: str, day: str, home: str | None) -> list[Mention]:
    """The places named in a text of a ``day`` (``YYYY-MM-DD``), in order, each once; ``home`` is the publisher's unit."""
    places, found = gazetteer(), dict[str, Mention]()
    provinces = _provinces(places, home)
    told = set[str]()
    for printed, names in _named(nfc(text[:LOOKED_AT])):
        if printed in told:
            continue
        told.add(printed)
        unit = next((unit for name in names if (unit := _meant(places, name, day, provinces))), None)
        if unit is None or unit.id in found:
            continue
        became = tuple(places.unit(step.new) for step in places.successors(unit.id))
        found[unit.id] = Mention(_as_printed(printed, unit), unit, became, places.address(unit))
        if len(found) == MOST:
            break
    return list(found.values())


def _named(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each kind with the capitalised words behind it, and the names that may be, the longest first."""
    for match in _MENTION.finditer(text):
        words = []
        for word in match[2].split(" "):
            if word != "-" and not (word[0].isupper() or word[0].isdigit()):
                break
            words.append(word)
        kind = match[1].rstrip(".")
        names = [f"{kind} {' '.join(words[:n])}" for n in range(len(words), 0, -1) if words[n - 1] != "-"]
        if names:
            yield names[0], names


def _meant(places: Gazetteer, name: str, day: str, provinces: set[str]) -> Unit | None:
    """The one unit a name can mean on a day, else (a text may speak of what was) on any; None where several can."""
    for on in (day, None):
        found = [
            unit
            for unit in places.find(name, on=on)
            if unit.level == "province" or places.province_of(unit).id in provinces
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _provinces(places: Gazetteer, home: str | None) -> set[str]:
    """The province of a unit, with those it was made of and those that took its place."""
    own = places.get(home) if home else None
    if own is None:
        return set()
    province = places.province_of(own).id
    after = {step.new for step in places.successors(province)}
    return {province, *after, *(step.old for step in places.predecessors(province))}


def _as_printed(printed: str, unit: Unit) -> str:
    """The kind as printed and as many words as the name has."""
    kind, name = printed.split(" ", 1) if not printed.lower().startswith(("thị ", "thành ", "đặc ")) else _two(printed)
    return f"{kind} {' '.join(name.split(' ')[: len(unit.name.split(' '))])}"


def _two(printed: str) -> tuple[str, str]:
    first, second, name = printed.split(" ", 2)
    return f"{first} {second}", name
