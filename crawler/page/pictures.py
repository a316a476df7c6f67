"""Pictures in markup: the real one behind lazy loading, the largest of a ``srcset``, none for a placeholder."""

from __future__ import annotations

import re
from collections.abc import Mapping

LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-original-src",
    "data-url",
    "data-img",
    "data-image",
)
"""Attributes in which scripts that load pictures late keep the address; ``src`` then holds a placeholder."""
_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "srcset")

LATE = frozenset((*LAZY, *_SETS))
"""Attributes beside which ``src`` is not the picture, or not the largest."""

_CANDIDATE = re.compile(r"(?<![^\s,])([^\s,]\S*[^\s,]|[^\s,])(?:\s+(\d+(?:\.\d+)?)[wxh])?(?:\s+\d+h)?\s*(?:,|$)")
PLACEHOLDER = re.compile(
    r"^data:|/(?:[\w-]*[_-])?(?:blank|loading|loader|placeholder|spacer|pixel|transparent|lazy-?load(?:ing)?|lazy|1x1|grey|gray|dot|clear)"
    r"(?:[_-]?(?:\d++|img|image|bg|icon|white|black|small|large|thumb|x\d++)){0,8}+\.(?:gif|png|svg|jpe?g|webp)(?:$|\?)",
    re.I,
)


def addresses_of(attributes: Mapping[str, str | None]) -> list[str]:
    """The addresses an ``img`` or ``source`` gives, best first: what is loaded late, the largest of a set, ``src``."""
    found = [attributes[name] or "" for name in LAZY if attributes.get(name)]
    found += [address for name in _SETS if (said := attributes.get(name)) and (address := largest(said))]
    found.append(attributes.get("src") or "")
    return [address.strip() for address in found if _names_one(address.strip())]


def largest(srcset: str) -> str | None:
    """The candidate of a ``srcset`` with the greatest width or density; ``None`` when it names none."""
    best, size = None, -1.0
    for found in _CANDIDATE.finditer(srcset):
        address, said = found[1], float(found[2] or 1)
        if said > size and not address.startswith("data:"):
            best, size = address, said
    return best


def _names_one(address: str) -> bool:
    return (
        bool(address)
        and PLACEHOLDER.search(address if "/" in address or address.startswith("data:") else f"/{address}") is None
    )
