"""What the gazetteer knows: a unit for as long as it exists, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["province", "district", "commune"]

LEVELS: dict[str, Level] = {"p": "province", "d": "district", "w": "commune"}
"""The levels by the first letter of an id."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit in one layer of the country. Dates are ``YYYY-MM-DD``.

    ``id`` alone is its identity: the code of the General Statistics Office and the name were both given away again.
    ``parent`` is the id of the unit above, in the same layer.
    """

    id: str
    level: Level
    kind: str
    """As written before the name: ``Tỉnh``, ``Thị xã``, ``Phường`` …"""
    name: str
    parent: str | None
    valid_from: str | None
    """The first day; ``None`` where it is not known."""
    valid_to: str | None
    """The last day; ``None`` while it exists."""
    lat: float | None = None
    lon: float | None = None

    @property
    def code(self) -> str:
        """The code of the General Statistics Office, which another unit may have had before or have now."""
        return self.id[1:].partition("@")[0]

    @property
    def full_name(self) -> str:
        """Kind and name: ``Huyện Hưng Hà``."""
        return f"{self.kind} {self.name}"

    def valid_on(self, day: str) -> bool:
        """Whether the unit existed on ``day`` (``YYYY-MM-DD``); a first day that is not known counts as long ago."""
        return (self.valid_from or "") <= day <= (self.valid_to or "9999")


@dataclass(frozen=True, slots=True)
class Succession:
    """A unit that took another's place, or a part of it.

    ``since`` is the first day of the new one (``YYYY-MM-DD``), ``document`` the number of the resolution that made it.
    """

    old: str
    new: str
    part: bool
    """Whether only a part of the old unit went there."""
    since: str | None
    document: str | None
