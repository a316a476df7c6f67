"""What else the words of a query name: a portal, a place, a day, a document number; shown above the articles."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import date

from archive.places.gazetteer import gazetteer
from archive.places.unit import Unit
from archive.queries.full_text.matching import Query, match
from archive.queries.full_text.query_language import Typed, number_writings
from archive.queries.portal_places import of_place
from archive.text.fold import words_of
from archive.text.numbers.document_numbers import documents_in

MOST = 4
_LOOKED_AT = 60
"""Articles whose cited numbers are looked through."""


@dataclass(slots=True)
class Related:
    portals: list[tuple[str, str]] = field(default_factory=list)
    """Name and title."""
    places: list[Unit] = field(default_factory=list)
    """Units of whose portals something is held; where there is none, those that were named with their kind."""
    dates: list[tuple[date, date]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    """Numbers as articles cite them."""


def related(conn: sqlite3.Connection, typed: Typed, text: str) -> Related:
    """What a query names besides what articles say."""
    found = Related(dates=typed.dates[:MOST])
    words = words_of(text)
    if not words or len(words) > 12:
        return found
    found.portals = [
        (row[1], row[2])
        for row in conn.execute("SELECT id, name, coalesce(title, name) FROM portal")
        if words in (words_of(row[1]), words_of(row[2]))
    ][:MOST]
    if not typed.fields and 1 < len(words) <= 6:
        units = gazetteer().find(text)[:20]
        with_portals = [unit for unit in units if of_place(conn, unit.id)]
        found.places = (with_portals or [unit for unit in units if words_of(unit.full_name) == words])[:MOST]
    found.documents = _documents(conn, text)
    return found


def _documents(conn: sqlite3.Connection, text: str) -> list[str]:
    """The document numbers of a query as the articles cite them, most often first."""
    numbers: dict[str, int] = {}
    for typed in documents_in(text.upper())[:2]:
        wanted = {" ".join(tokens) for tokens in number_writings(typed)}
        sql, params = match(conn, Query(f'"{typed}"')).sql()
        cited = conn.execute(
            f"SELECT documents FROM body WHERE article IN ({sql} ORDER BY 1 DESC LIMIT {_LOOKED_AT})", params
        )
        for (documents,) in cited:
            for one in json.loads(documents):
                if " ".join(words_of(one)) in wanted:
                    numbers[one] = numbers.get(one, 0) + 1
    return sorted(numbers, key=lambda one: -numbers[one])[:MOST]
