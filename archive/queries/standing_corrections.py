"""Corrections of articles: which stand by a version, and the article as readers see it.

A correction stands by the version it was made of, however that is read later, and by every later one until a page comes
that says something else in that field; of earlier versions by those in which the same was read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from archive.model import Article, Precision, PrintedDate

FIELDS = ("title", "lead", "section", "byline", "author", "published", "tags")
"""What of an article can be corrected. Its text cannot: what a page said at length is the capture's."""
BY_HAND = "by hand"
"""The source of a date that a person gave."""
_PRECISIONS: dict[int, Precision] = {7: "month", 10: "day"}
_COLUMNS = "article, field, value, read, reason, at, who, made, ended"


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of an article as a person says it is. ``read`` is what was read of the version it is shown with."""

    article: int
    field: str
    value: Any
    read: Any
    reason: str
    at: str
    who: str | None
    made: str
    """Since when the version stood of which it was said."""
    ended: str | None
    """When a version came whose page says something else in the field: from then on the correction does not apply."""


def corrections(conn: sqlite3.Connection, article: int | None = None) -> list[Correction]:
    """The corrections of an article, or all of them, those that apply no longer too."""
    where, params = ("", ()) if article is None else (" WHERE article = ?", (article,))
    found = conn.execute(f"SELECT {_COLUMNS} FROM correction{where} ORDER BY article, field", params)
    return [
        Correction(row[0], row[1], json.loads(row[2]), json.loads(row[3]), *tuple(row)[4:]) for row in found.fetchall()
    ]


def value_of(article: Article, field: str) -> Any:
    """A field as corrections have it: a date as its value."""
    found = getattr(article, field)
    return found.value if isinstance(found, PrintedDate) else found


def standing(made: Iterable[Correction], article: Article, first_seen: str, is_newest: bool) -> list[Correction]:
    """Those of an article's corrections that stand by one version, each with what was read of that version."""
    found = []
    for one in made:
        read = value_of(article, one.field)
        later = first_seen >= one.made and (one.ended is None or first_seen < one.ended)
        if (one.ended is None if is_newest else later or read == one.read) and read != one.value:
            found.append(replace(one, read=read))
    return found


def as_shown(article: Article, stand: Iterable[Correction]) -> Article:
    """The article with corrected fields in place of those that were read."""
    said = {one.field: one.value for one in stand}
    if "published" in said:
        said["published"] = printed(said["published"])
    return replace(article, **said) if said else article


def printed(value: str | None) -> PrintedDate | None:
    """A day a person gave as articles hold it."""
    return None if value is None else PrintedDate(value, _PRECISIONS.get(len(value), "minute"), BY_HAND, value)
