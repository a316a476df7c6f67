"""A file of the registry and what stands in it.

A file holds one province as it was before 1 July 2025 and is named after it (``thai-binh.toml``)::

    [province]
    name = "Thái Bình"
    unit = "p34@2025-06"                # an id of archive.places

    [portals."hungha.thaibinh"]         # the name `tinhuyen add` gives it: the host without .gov.vn
    url = "http://hungha.thaibinh.gov.vn/"
    title = "Huyện Hưng Hà, tỉnh Thái Bình"
    level = "district"                  # province, district, commune, department
    state = "former"                    # current, former, legacy, reused, unknown
    unit = "d339"                       # left out where it is not certain
    family = "multi_tenant"             # a name of crawler.cms, left out where it is not certain
    fingerprint = "/upload/80590/"      # what was seen of its software
    evidence = "wikipedia"              # wikipedia, url-in-use, link-list
    note = "…"
    successors = [{ portal = "hungyen", since = "2025-07-01", document = "202/2025/QH15" }]

Url, title, level, state and evidence must be there. ``predecessors`` may say the same of another file's portal.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from archive.model import PortalLink

REQUIRED = ("url", "title", "level", "state", "evidence")
OPTIONAL = ("unit", "family", "fingerprint", "note")
LINKS = ("successors", "predecessors")
LINK_KEYS = ("portal", "since", "document")

LEVELS = ("province", "district", "commune", "department")
STATES = ("current", "former", "legacy", "reused", "unknown")
"""The authority's own portal today; one of an authority that is no more; an older address; one that now serves another
authority; not known."""
EVIDENCE = ("wikipedia", "url-in-use", "link-list")
"""Who says that the portal is, or was, there: an encyclopedia, an address of it that was used, a list of links."""


class Fault(NamedTuple):
    """What is wrong with a file or one entry of it, as one line."""

    file: str
    entry: str | None
    says: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.entry, self.says) if part)


@dataclass(frozen=True, slots=True)
class PortalEntry:
    """One portal of the registry. ``province`` is the name of the province of before July 2025 it belongs to."""

    name: str
    url: str
    title: str
    level: str
    state: str
    evidence: str
    province: str
    file: str
    unit: str | None = None
    family: str | None = None
    fingerprint: str | None = None
    note: str | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass(slots=True)
class ProvinceFile:
    """One file of the registry, its portals in the order in which they stand there."""

    file: str
    name: str
    unit: str
    portals: list[PortalEntry] = field(default_factory=list)
    links: list[PortalLink] = field(default_factory=list)


def read_file(path: Path) -> tuple[ProvinceFile | None, list[Fault]]:
    """What a file holds, and what in it cannot be read; entries that cannot are left out."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        return None, [Fault(path.name, None, f"cannot be read: {error.strerror}")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(path.name, None, f"is no TOML: {error}")]
    return _province(path.name, data)


def _province(file: str, data: dict[str, Any]) -> tuple[ProvinceFile | None, list[Fault]]:
    faults = [Fault(file, None, f"[{name}] is not known") for name in data if name not in ("province", "portals")]
    head, entries = data.get("province"), data.get("portals", {})
    if not isinstance(head, dict) or not all(isinstance(head.get(key), str) for key in ("name", "unit")):
        return None, [*faults, Fault(file, None, "needs a [province] with name and unit")]
    if not isinstance(entries, dict):
        return None, [*faults, Fault(file, None, '[portals] must hold tables such as [portals."hungha.thaibinh"]')]
    province = ProvinceFile(file, head["name"], head["unit"])
    for name, values in entries.items():
        wrong = _wrong(values)
        faults += [Fault(file, name, says) for says in wrong]
        if not wrong:
            facts = {key: values[key] for key in (*REQUIRED, *OPTIONAL) if key in values}
            province.portals.append(PortalEntry(name, **facts, province=province.name, file=file))
            province.links += _links(name, values)
    return province, faults


def _wrong(values: Any) -> list[str]:
    """Why an entry cannot be read, if so."""
    if not isinstance(values, dict):
        return ["must be a table"]
    says = [f"needs {key}" for key in REQUIRED if key not in values]
    says += [f"{key} is not known" for key in values if key not in (*REQUIRED, *OPTIONAL, *LINKS)]
    texts = [key for key in (*REQUIRED, *OPTIONAL) if key in values]
    says += [f"{key} must be a text" for key in texts if not isinstance(values[key], str) or not values[key].strip()]
    return says + [f"{key}: {why}" for key in LINKS for link in _list(values.get(key)) if (why := _wrong_link(link))]


def _wrong_link(link: Any) -> str | None:
    if not isinstance(link, dict) or not isinstance(link.get("portal"), str):
        return 'each must be like { portal = "hungyen", since = "2025-07-01" }'
    unknown = [key for key in link if key not in LINK_KEYS]
    texts = all(isinstance(value, str) for value in link.values())
    return f"{unknown[0]} is not known" if unknown else None if texts else "its values must be texts"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _links(name: str, values: dict[str, Any]) -> list[PortalLink]:
    after = [(name, link["portal"], link) for link in values.get("successors", [])]
    before = [(link["portal"], name, link) for link in values.get("predecessors", [])]
    return [PortalLink(old, new, link.get("since"), link.get("document")) for old, new, link in after + before]
