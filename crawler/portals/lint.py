"""The rules of the registry, each a small function that tells what breaks it. `check` applies them all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from archive.places import gazetteer
from archive.text.fold import fold
from crawler.addresses.scope import portal_name
from crawler.addresses.urls import absolute, canonical, host_port
from crawler.cms.recognise import FAMILIES
from crawler.portals.entry import EVIDENCE, LEVELS, STATES, Fault, PortalEntry, ProvinceFile
from crawler.portals.registry import Registry, read_files, shipped

NO_MODULE_YET = frozenset(
    {"aspnet_ui", "dotnetnuke", "drupal", "liferay", "multi_tenant", "plone", "sharepoint", "webcenter", "websphere"}
)
"""Software that portals are known to run on, whether or not ``crawler.cms`` has a module for it."""

KNOWN_FAMILIES = frozenset(family.name for family in FAMILIES) | NO_MODULE_YET

_LAST_DAY_OF_THE_OLD = "2025-06-30"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DOCUMENT = re.compile(r"\d{1,9}(?:/\d{4})?/[A-ZĐ]++(?:[-–]?[A-ZĐ0-9]++)*+")
_UNIT_LEVEL = {"province": "province", "department": "province", "district": "district", "commune": "commune"}


def check(files: list[Path] | None = None) -> list[Fault]:
    """What is wrong with the registry, file by file; with ``files``, with those alone.

    A file of one's own is judged as if it lay beside the ones that come with the program: in the place of the one of its
    name, else as one more.
    """
    own = {path.name: path for path in files or []}
    paths = {path.name: path for path in shipped()} | own
    provinces, faults = read_files(paths[name] for name in sorted(paths))
    registry = Registry(provinces)
    for province in provinces:
        faults += (Fault(province.file, None, says) for rule in _FILE_RULES for says in rule(province, registry))
        faults += (
            Fault(province.file, entry.name, says)
            for entry in province.portals
            for rule in _ENTRY_RULES
            for says in rule(entry, registry)
        )
    faults += _twice(registry)
    faults += _one_file_each([province for province in provinces if province.file in {one.name for one in shipped()}])
    shown = [fault for fault in faults if not own or fault.file in own]
    return sorted(dict.fromkeys(shown), key=lambda fault: (fault.file, fault.entry or "", fault.says))


def _head(province: ProvinceFile, registry: Registry) -> Iterator[str]:
    unit = gazetteer().get(province.unit)
    if unit is None or unit.level != "province" or not unit.valid_on(_LAST_DAY_OF_THE_OLD):
        yield f"province.unit: {province.unit} is no province of before July 2025 in the gazetteer"


def _order(province: ProvinceFile, registry: Registry) -> Iterator[str]:
    standing = [entry.name for entry in province.portals]
    sorted_ = [entry.name for entry in sorted(province.portals, key=_place)]
    for stands, should in zip(standing, sorted_, strict=True):
        if stands != should:
            yield f"is not sorted by level ({', '.join(LEVELS)}), then name: {should} must stand before {stands}"
            return


def _place(entry: PortalEntry) -> tuple[int, str]:
    return (LEVELS.index(entry.level) if entry.level in LEVELS else len(LEVELS)), entry.name


def _words(entry: PortalEntry, registry: Registry) -> Iterator[str]:
    known: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
        ("level", entry.level, LEVELS),
        ("state", entry.state, STATES),
        ("evidence", entry.evidence, EVIDENCE),
        ("family", entry.family, tuple(sorted(KNOWN_FAMILIES))),
    )
    for key, value, words in known:
        if value is not None and value not in words:
            yield f"{key} {value!r} is not one of {', '.join(words)}"


def _address(entry: PortalEntry, registry: Registry) -> Iterator[str]:
    address = absolute(entry.url, entry.url)
    if address is None or "." not in host_port(address)[0]:
        yield f"url {entry.url!r} is no address of a portal"
    elif address != entry.url:
        yield f"url {entry.url!r} must be written {address}"
    elif portal_name(address) != entry.name:
        yield f"its address gives it the name {portal_name(address)}"
    if not _NAME.fullmatch(entry.name):
        yield "a name is made of a-z, 0-9, dot and hyphen"


def _unit(entry: PortalEntry, registry: Registry) -> Iterator[str]:
    if entry.unit is None:
        return
    unit = gazetteer().get(entry.unit)
    wanted = _UNIT_LEVEL.get(entry.level)
    if unit is None:
        yield f"unit {entry.unit} is not in the gazetteer"
    elif wanted is not None and unit.level != wanted:
        yield f"unit {entry.unit} is a {unit.level} ({unit.full_name}), not a {wanted}"
    elif not _lies_in(entry, registry):
        yield f"unit {entry.unit} ({gazetteer().address(unit)}) lies outside {entry.province} and what it became"


def _lies_in(entry: PortalEntry, registry: Registry) -> bool:
    province = next(one for one in registry.provinces if one.file == entry.file)
    allowed = {province.unit, *(after.new for after in gazetteer().successors(province.unit))}
    return entry.unit is None or gazetteer().province_of(gazetteer().unit(entry.unit)).id in allowed


def _links(entry: PortalEntry, registry: Registry) -> Iterator[str]:
    for link in registry.successors(entry.name):
        if registry.get(link.new) is None:
            yield f"its successor {link.new} is not in the registry"
        if link.new == entry.name:
            yield "is its own successor"
        if link.since is not None and not _is_day(link.since):
            yield f"since {link.since!r} is no day like 2025-07-01"
        if link.document is not None and not _DOCUMENT.fullmatch(link.document):
            yield f"document {link.document!r} is no number like 202/2025/QH15"
        yield from _too_early(entry, link.since)
    for link in registry.predecessors(entry.name):
        if registry.get(link.old) is None:
            yield f"its predecessor {link.old} is not in the registry"


def _too_early(entry: PortalEntry, since: str | None) -> Iterator[str]:
    """The news of a former portal goes on elsewhere when its authority has ended, not before."""
    ended = gazetteer().unit(entry.unit).valid_to if entry.unit and entry.unit in gazetteer() else None
    if since and ended and _is_day(since) and entry.state == "former" and since <= ended:
        yield f"since {since}: its unit {entry.unit} lasted until {ended}"


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _twice(registry: Registry) -> Iterator[Fault]:
    """Names and addresses that stand in the registry more than once, told at each place."""
    keys: tuple[tuple[str, Callable[[PortalEntry], str]], ...] = (
        ("name", lambda entry: entry.name),
        ("address", lambda entry: canonical(entry.url).partition("://")[2].removeprefix("www.").rstrip("/")),
    )
    for what, key in keys:
        first: dict[str, PortalEntry] = {}
        for entry in registry:
            other = first.setdefault(key(entry), entry)
            if other is not entry:
                yield Fault(entry.file, entry.name, f"its {what} stands in {other.file} already ({other.name})")
                yield Fault(other.file, other.name, f"its {what} stands in {entry.file} too ({entry.name})")


def _one_file_each(provinces: list[ProvinceFile]) -> Iterator[Fault]:
    """Files that come with the program are named after their province, and a province has one of them."""
    times = Counter(province.unit for province in provinces)
    for province in provinces:
        slug = "-".join(re.findall(r"[a-z0-9]+", fold(province.name)))
        if province.file != f"{slug}.toml":
            yield Fault(province.file, None, f"must be named after its province: {slug}.toml")
        if times[province.unit] > 1:
            yield Fault(province.file, None, f"province {province.unit} has {times[province.unit]} files")


_FILE_RULES = (_head, _order)
_ENTRY_RULES = (_words, _address, _unit, _links)
