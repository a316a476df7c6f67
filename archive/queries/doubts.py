"""Doubts: days and titles that a person should look at once, of articles as they were read, newest first.

What somebody has corrected or accepted is not asked again, unless the page changed it since.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from archive.queries.records import rows
from archive.text.fold import fold
from archive.text.vietnam_time import in_vietnam

LAST_RESORTS = ("script", "title", "address")
"""Sources of a day that are asked when neither structured data nor the print around the text gives one."""
SHORT, MANY = 8, 3
"""Letters below which a title is short; articles of a portal that may not share one."""
_DISPUTED = "publication:"
"""How a note on the day of publication begins."""

DOUBTS = {
    "disputed": "the page gives several days",
    "last resort": "the day was found where one is looked for last",
    "later": "the day is after the article was first seen",
    "no date": "no day was found",
    "site name": "the title is the portal's name",
    "same title": "other articles of the portal have the same title",
    "short": "the title is short",
    "no title": "no title was found",
}
"""By code, what makes a person look."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One field of one article, with the codes of what is doubtful and what was noted when it was read."""

    article: int
    portal: str
    url: str
    field: str
    read: str | None
    why: tuple[str, ...]
    title: str | None
    source: str | None = None
    printed: str | None = None
    """Of a day: where it was read and as what it is printed there."""
    notes: tuple[str, ...] = ()


def doubts(conn: sqlite3.Connection, portal: str | None = None, limit: int | None = None) -> list[Doubt]:
    """The doubts of a portal's articles, or of all."""
    return list(islice(_doubts(conn, portal), limit))


def _doubts(conn: sqlite3.Connection, portal: str | None) -> Iterator[Doubt]:
    settled = {tuple(row) for row in conn.execute("SELECT article, field FROM correction WHERE ended IS NULL")}
    shared = _shared_titles(conn)
    where, params = ("", ()) if portal is None else ("WHERE portal.name = ?", (portal,))
    found = rows(
        conn,
        f"""SELECT article.id, article.url, article.portal, article.title, published, published_source, published_text,
                   first_seen, notes, portal.name, portal.title AS site
            FROM article JOIN body ON body.article = article.id JOIN portal ON portal.id = article.portal {where}
            ORDER BY article.id DESC""",
        params,
    )
    for row in found:
        about = (row["id"], row["name"], row["url"])
        title = _title(row, shared)
        if title and (row["id"], "title") not in settled:
            yield Doubt(*about, "title", row["title"], tuple(title), row["title"])
        notes = tuple(note for note in json.loads(row["notes"]) if note.startswith(_DISPUTED))
        day = _day(row, notes)
        if day and (row["id"], "published") not in settled:
            printed = (row["published_source"], row["published_text"])
            yield Doubt(*about, "published", row["published"], tuple(day), row["title"], *printed, notes)


def _shared_titles(conn: sqlite3.Connection) -> set[tuple[int, str]]:
    found = conn.execute(
        "SELECT portal, title FROM article WHERE title IS NOT NULL GROUP BY 1, 2 HAVING count(*) >= ?", (MANY,)
    )
    return {(portal, title) for portal, title in found}


def _title(row: dict[str, Any], shared: set[tuple[int, str]]) -> list[str]:
    title = row["title"]
    if title is None:
        return ["no title"]
    found = []
    if row["site"] and fold(title).strip() == fold(row["site"]).strip():
        found.append("site name")
    if (row["portal"], title) in shared:
        found.append("same title")
    if sum(letter.isalpha() for letter in title) < SHORT:
        found.append("short")
    return found


def _day(row: dict[str, Any], notes: tuple[str, ...]) -> list[str]:
    day = row["published"]
    if day is None:
        return ["no date"]
    found = ["disputed"] if notes else []
    if (row["published_source"] or "").split(":")[0] in LAST_RESORTS:
        found.append("last resort")
    seen = in_vietnam(row["first_seen"])[:10]
    if day[: len(seen)] > seen[: len(day)]:
        found.append("later")
    return found
