"""The gazetteer: units by id, by name, by what they were before and what became of them.

Derived from the tables of the package vietnamadminunits 1.0.4 (MIT), see ``README.md`` beside this file. Nothing is
read before the first question; a unit is made when it is asked for, so that a few of them cost little memory.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from importlib.resources import files

from archive.places.unit import LEVELS, Level, Succession, Unit
from archive.text.fold import fold, sort_key

PROVINCES_MERGED = "202/2025/QH15"
"""The resolution of the National Assembly that made 34 provinces of 63."""

_KINDS = {
    "tinh": "Tỉnh", "thanh pho": "Thành phố", "tp": "Thành phố", "quan": "Quận", "huyen": "Huyện",
    "thi xa": "Thị xã", "tx": "Thị xã", "thi tran": "Thị trấn", "tt": "Thị trấn", "phuong": "Phường", "xa": "Xã",
    "dac khu": "Đặc khu",
}  # fmt: skip
_KIND = re.compile(rf"({'|'.join(sorted(_KINDS, key=len, reverse=True))})(?:\. *| +)(?=\S)")


class Gazetteer:
    """Every unit of both layers. Use `gazetteer`, which reads the data once."""

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._lines

    def get(self, identifier: str) -> Unit | None:
        """The unit of that id, or None."""
        line = self._lines.get(identifier)
        if line is None:
            return None
        kind, name, parent, valid_from, valid_to, lat, lon = line.split("\t")
        return Unit(
            identifier,
            LEVELS[identifier[0]],
            kind,
            name,
            parent or None,
            valid_from or None,
            valid_to or None,
            float(lat) if lat else None,
            float(lon) if lon else None,
        )

    def unit(self, identifier: str) -> Unit:
        """The unit of that id. Raises `KeyError`."""
        found = self.get(identifier)
        if found is None:
            raise KeyError(identifier)
        return found

    def find(
        self, name: str, *, level: Level | None = None, within: str | None = None, on: str | None = None
    ) -> list[Unit]:
        """The units a name can mean, in order of id; none for a name nobody bears.

        Accents, case and the place of a tone do not matter (``hung ha``, ``Hoà Bình``), but where accents are typed
        and some units have just those, only they are meant. A kind before the name (``huyện Hưng Hà``, ``TP. Huế``)
        narrows to that kind. Where no unit is found so, spaces, hyphens and i for y do not matter either (``Krông Ana``
        is ``Krông A Na``, ``Phú Quý`` is ``Phú Quí``). ``within`` is the id of a unit anywhere above, ``on`` a day
        (``YYYY-MM-DD``).
        """
        name = unicodedata.normalize("NFC", name).strip()
        kind = _KIND.match(fold(name))
        readings = [(name, None)] + ([(name[kind.end() :], _KINDS[kind[1]])] if kind else [])
        for index in (self._named, self._loosely_named):
            for bare, wanted in readings:
                key = _key(bare) if index is self._named else _loose(_key(bare))
                found = [
                    unit
                    for unit in map(self.unit, index.get(key, ()))
                    if wanted in (None, unit.kind)
                    and level in (None, unit.level)
                    and (on is None or unit.valid_on(on))
                    and (within is None or any(above.id == within for above in self.above(unit)))
                ]
                if found:
                    exact = [unit for unit in found if _accents(unit.name) == _accents(bare)]
                    return exact if exact and not bare.isascii() else found
        return []

    def above(self, unit: Unit) -> list[Unit]:
        """The units a unit belongs to, the nearest first, the province last."""
        chain = []
        while unit.parent is not None:
            unit = self.unit(unit.parent)
            chain.append(unit)
        return chain

    def province_of(self, unit: Unit) -> Unit:
        """The province a unit belongs to, in its own layer; a province is its own."""
        return (self.above(unit) or [unit])[-1]

    def address(self, unit: Unit) -> str:
        """A unit as written in full: ``Phường 1, thành phố Sa Đéc, tỉnh Đồng Tháp``."""
        return ", ".join([unit.full_name, *(f"{one.kind.lower()} {one.name}" for one in self.above(unit))])

    def children(self, identifier: str) -> list[Unit]:
        """The units directly below, in order of id."""
        return [self.unit(child) for child in self._below.get(identifier, ())]

    def successors(self, identifier: str) -> list[Succession]:
        """What took a unit's place, in order of id; none for a unit that still exists."""
        return [self._succession(identifier, new) for new in self._new.get(identifier, "").split()]

    def predecessors(self, identifier: str) -> list[Succession]:
        """What a unit was made of, in order of id: provinces of provinces, communes of communes and of districts."""
        return [self._succession(old, new) for old, new in self._old.get(identifier, ())]

    def _succession(self, old: str, new: str) -> Succession:
        after = self.unit(new.removeprefix("~"))
        document = PROVINCES_MERGED if after.level == "province" else self._documents.get(self.province_of(after).id)
        return Succession(old, after.id, new.startswith("~"), after.valid_from, document)

    @cached_property
    def _lines(self) -> dict[str, str]:
        return dict(_rows("units.tsv"))

    @cached_property
    def _new(self) -> dict[str, str]:
        return dict(_rows("succession.tsv"))

    @cached_property
    def _documents(self) -> dict[str, str]:
        return dict(_rows("resolutions.tsv"))

    @cached_property
    def _old(self) -> dict[str, list[tuple[str, str]]]:
        index: dict[str, list[tuple[str, str]]] = {}
        for old, successors in self._new.items():
            for new in successors.split():
                index.setdefault(new.removeprefix("~"), []).append((old, new))
        return index

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for identifier, line in self._lines.items():
            index.setdefault(_key(line.split("\t", 2)[1]), []).append(identifier)
        return index

    @cached_property
    def _loosely_named(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for key, identifiers in self._named.items():
            index.setdefault(_loose(key), []).extend(identifiers)
        return index

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for identifier, line in self._lines.items():
            index.setdefault(line.split("\t", 3)[2], []).append(identifier)
        return index


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer, one for the process."""
    return Gazetteer()


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def _accents(name: str) -> list[tuple[str, str]]:
    """A name with its accents, wherever in each word the tone stands."""
    return [sort_key(word) for word in name.split()]


def _loose(key: str) -> str:
    return re.sub(r"[\W_]", "", key).replace("y", "i")


def _rows(name: str) -> list[tuple[str, str]]:
    """The rows of a table below its head: the first column, and the rest as one string."""
    text = files("archive.places").joinpath(name).read_text("utf-8")
    return [(key, rest) for key, _, rest in (line.partition("\t") for line in text.splitlines()[1:])]
