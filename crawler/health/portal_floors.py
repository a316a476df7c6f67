"""Floors of a portal: what its articles must at least be before a copy is published, held against what the archive shows.

Articles a month are those published in the last whole month, Vietnam's time. The fill of a field is the share of the
portal's newest articles that have it, as they are shown: what was corrected by hand counts (tags: as they were read).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.text.vietnam_time import VIETNAM
from crawler.folder.config import Config
from crawler.folder.portal_settings import Floors

NEWEST = 200
"""Articles whose fields are counted: enough for a share in halves of a per cent, few enough to show a change of layout."""

_HAS = {
    **{name: f"article_shown.{name} IS NOT NULL" for name in ("title", "section", "byline", "author", "source", "published")},
    "lead": "iif(corrected.article IS NULL, body.lead, corrected.lead) IS NOT NULL",
    "text": "trim(body.text) <> ''",
    "tags": "body.tags <> '[]'",
    "images": "EXISTS (SELECT 1 FROM image WHERE image.article = article_shown.id)",
    "attachments": "EXISTS (SELECT 1 FROM attachment WHERE attachment.article = article_shown.id)",
}  # fmt: skip
"""By field of :data:`crawler.folder.portal_settings.FLOOR_FIELDS`, what says that an article has it."""


@dataclass(frozen=True, slots=True)
class BelowFloor:
    """A floor that a portal does not reach: its key in ``tinhuyen.toml``, what it asks for, and what was seen of what."""

    portal: str
    floor: str
    asked: float
    seen: float
    of: str

    def __str__(self) -> str:
        return f"{self.portal}: {self.floor} = {self.asked:g}, seen {self.seen:g} ({self.of})"


def below_floors(conn: sqlite3.Connection, config: Config, now: datetime) -> list[BelowFloor]:
    """The floors that are not reached, portal by portal."""
    found: list[BelowFloor] = []
    for name in config.portals:
        floors = config.of(name).floors
        if floors is not None:
            found += _of_portal(conn, name, floors, last_month(now))
    return found


def last_month(now: datetime) -> str:
    """The last whole month in Vietnam, as ``2026-10``."""
    return (now.astimezone(VIETNAM).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _of_portal(conn: sqlite3.Connection, name: str, floors: Floors, month: str) -> Iterator[BelowFloor]:
    if floors.articles_a_month is not None:
        count = (
            "SELECT count(*) FROM article_shown JOIN portal ON portal.id = article_shown.portal WHERE portal.name = ?"
        )
        (published,) = conn.execute(f"{count} AND substr(published, 1, 7) = ?", (name, month)).fetchone()
        if published < floors.articles_a_month:
            yield BelowFloor(
                name, "floors.articles_a_month", floors.articles_a_month, published, f"published in {month}"
            )
    if not floors.fill:
        return
    counted, *having = conn.execute(
        f"""SELECT count(*), {", ".join(f"sum({_HAS[field]})" for field in floors.fill)}
            FROM (SELECT article.id FROM article JOIN portal ON portal.id = article.portal WHERE portal.name = ?
                  ORDER BY article.id DESC LIMIT {NEWEST}) AS newest
            JOIN article_shown ON article_shown.id = newest.id JOIN body ON body.article = newest.id
            LEFT JOIN corrected ON corrected.article = newest.id""",
        (name,),
    ).fetchone()
    for (field, least), have in zip(floors.fill.items(), having, strict=True):
        share = (have or 0) / counted if counted else 0.0
        if share < least:
            of = f"{have} of the newest {counted} articles" if counted else "no article is held"
            # rounded down: a share below its floor never looks like one that reaches it
            yield BelowFloor(name, f"floors.fill.{field}", least, int(share * 1000) / 1000, of)
