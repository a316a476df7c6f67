"""Captures by address and time: all of an address, the one nearest to a moment, our copies of what a page needs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.model import Capture
from archive.queries.full_text.known_address import writings
from archive.queries.records import capture_from_row, one, rows

MOST = 2_000
"""Captures of one address that are listed, the newest."""

_SHOWS = "status != 304"
"""A 304 holds nothing to be shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """A capture of an address in a list."""

    record_id: str
    url: str
    fetched_at: str
    status: int
    article: int | None


def captures_of(conn: sqlite3.Connection, address: str, *, shown: bool = False) -> list[Look]:
    """The captures of an address in any of its writings, oldest first; with ``shown`` those alone that hold something."""
    forms = list(dict.fromkeys((address, *writings(address))))
    marks = ",".join("?" * len(forms))
    found = rows(
        conn,
        f"""SELECT record_id, url, fetched_at, status, article FROM capture
            WHERE url IN ({marks}) {f"AND {_SHOWS}" if shown else ""} ORDER BY fetched_at DESC LIMIT {MOST}""",
        forms,
    )
    return [Look(**row) for row in found][::-1]


def nearest(looks: list[Look], at: str) -> Look | None:
    """The look nearest to a moment (ISO 8601, UTC): the last one before it or the first one after it."""
    before = [look for look in looks if look.fetched_at <= at]
    after = [look for look in looks if look.fetched_at > at]
    if before and after:
        return before[-1] if _seconds(before[-1].fetched_at, at) <= _seconds(at, after[0].fetched_at) else after[0]
    return before[-1] if before else after[0] if after else None


def _seconds(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def held_at(conn: sqlite3.Connection, address: str, at: str) -> Capture | None:
    """The capture of a picture or style that was nearest to a page's: the last one until then, else the first one after.

    An address that redirects leads to its file.
    """
    row = one(
        conn,
        """SELECT * FROM capture WHERE url = ?1 AND status = 200 ORDER BY fetched_at > ?2,
               CASE WHEN fetched_at <= ?2 THEN julianday(?2) - julianday(fetched_at) ELSE julianday(fetched_at) END LIMIT 1""",
        (address, at),
    ) or one(
        conn,
        "SELECT capture.* FROM file JOIN capture ON capture.record_id = file.capture WHERE file.url = ? AND status = 200",
        (address,),
    )
    return capture_from_row(row) if row else None
