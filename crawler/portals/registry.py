"""The registry as a whole: a portal by its name, host or address, the portals of a province, what took a portal's place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from archive.model import PortalLink
from archive.places import gazetteer
from archive.text.fold import fold
from crawler.addresses.scope import portal_name
from crawler.addresses.urls import absolute, host_port
from crawler.errors import RegistryInvalid, UnknownProvince
from crawler.portals.entry import Fault, PortalEntry, ProvinceFile, read_file

FOLDER = Path(__file__).parent

_SHORT = {"hcm": "ho chi minh", "tphcm": "ho chi minh"}
_KIND = re.compile(r"^(?:tinh|thanh pho|tp) (?=.)")


class Registry:
    """The portals of some files. Use `registry` for those that come with the program."""

    def __init__(self, provinces: Iterable[ProvinceFile]) -> None:
        self.provinces = list(provinces)

    def __iter__(self) -> Iterator[PortalEntry]:
        """Every portal, province by province, in the order of the files."""
        return (entry for province in self.provinces for entry in province.portals)

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> PortalEntry | None:
        """The portal of that name."""
        return self._by_name.get(name)

    def find(self, text: str) -> PortalEntry | None:
        """The portal a person means by a name (``hungha.thaibinh``), a host or an address of it."""
        text = text.strip()
        if known := self.get(text.lower()):
            return known
        text = text if "://" in text else f"http://{text}"
        address = absolute(text, text)
        return self.get(portal_name(address)) if address and host_port(address)[0].endswith(".gov.vn") else None

    def near(self, text: str) -> list[str]:
        """The names nearest to a text, the nearest first, at most three."""
        return difflib.get_close_matches(text.strip().lower().removesuffix(".gov.vn"), self._by_name, n=3, cutoff=0.6)

    def of_province(self, text: str) -> list[PortalEntry]:
        """The portals of a province, with or without accents, with or without ``tỉnh`` before it.

        A province is what it was before July 2025, and the portals of units that lie in the one of that name now: with
        Hưng Yên come communes of what was Thái Bình. Raises `UnknownProvince`, with the nearest names.
        """
        key = self._province_key(text)
        return [entry for entry in self if key in self._provinces_of(entry)]

    def merged_into(self, text: str) -> list[ProvinceFile]:
        """The other provinces of before July 2025 that belong to the one of that name now. Raises `UnknownProvince`."""
        key = self._province_key(text)
        return [
            province
            for province in self.provinces
            if province_key(province.name) != key
            and any(
                province_key(gazetteer().unit(one.new).name) == key for one in gazetteer().successors(province.unit)
            )
            and key not in self._names_of(province)
        ]

    def successors(self, name: str) -> list[PortalLink]:
        """The portals on which the news of a portal went on."""
        return [link for link in self.links if link.old == name]

    def predecessors(self, name: str) -> list[PortalLink]:
        """The portals whose news a portal goes on with."""
        return [link for link in self.links if link.new == name]

    @cached_property
    def links(self) -> list[PortalLink]:
        """Every succession of portals, each once, whichever end names it."""
        return list(dict.fromkeys(link for province in self.provinces for link in province.links))

    def _province_key(self, text: str) -> str:
        key = province_key(text)
        names = {known: province.name for province in self.provinces for known in self._names_of(province)}
        for known in names:
            if key in (known, known.replace(" ", "")):
                return known
        near = difflib.get_close_matches(key, names, n=3, cutoff=0.5)
        hint = (
            f"did you mean {' or '.join(names[one] for one in near)}?" if near else "list them with  tinhuyen portals"
        )
        raise UnknownProvince(f"there is no province {text!r} in the registry: {hint}")

    def _names_of(self, province: ProvinceFile) -> set[str]:
        unit = gazetteer().get(province.unit)
        return {province_key(province.name)} | ({province_key(unit.name)} if unit else set())

    def _provinces_of(self, entry: PortalEntry) -> set[str]:
        unit = gazetteer().get(entry.unit) if entry.unit else None
        now = {province_key(gazetteer().province_of(unit).name)} if unit else set()
        return self._names_by_file[entry.file] | now

    @cached_property
    def _names_by_file(self) -> dict[str, set[str]]:
        return {province.file: self._names_of(province) for province in self.provinces}

    @cached_property
    def _by_name(self) -> dict[str, PortalEntry]:
        return {entry.name: entry for entry in self}


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The registry that comes with the program, read once. Raises `RegistryInvalid`."""
    provinces, faults = read_files(shipped())
    if faults:
        raise RegistryInvalid(f"the registry of portals cannot be read: {faults[0]}")
    return Registry(provinces)


def shipped() -> list[Path]:
    """The files that come with the program, by name."""
    return sorted(FOLDER.glob("*.toml"))


def read_files(paths: Iterable[Path]) -> tuple[list[ProvinceFile], list[Fault]]:
    """What the files hold, and what in them cannot be read."""
    provinces: list[ProvinceFile] = []
    faults: list[Fault] = []
    for path in paths:
        province, wrong = read_file(path)
        faults += wrong
        if province is not None:
            provinces.append(province)
    return provinces, faults


def province_key(name: str) -> str:
    """A province's name as it is compared: folded, without its kind, ``TP.HCM`` as ``ho chi minh``."""
    key = " ".join(re.findall(r"[a-z0-9]+", fold(name)))
    bare = _KIND.sub("", key)
    return _SHORT.get(bare, bare)
