"""Kept articles that their last look did not find, by portal: what ``status`` and ``coverage`` tell of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.text.vietnam_time import local_time


@dataclass(slots=True)
class NotFound:
    """Counts of articles: those that answered 404 or 410 and are not counted as gone, those where something else came,
    and those counted as gone, after 404 on every check over two weeks. ``since`` (Unix seconds) is the earliest look."""

    missing: int
    other: int
    gone: int
    since: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "answer_404": self.missing,
            "answer_otherwise": self.other,
            "counted_gone": self.gone,
            "since": local_time(self.since),
        }

    def __str__(self) -> str:
        parts = [
            f"{n:,} {what}"
            for n, what in (
                (self.missing, "answer 404, not yet counted as removed"),
                (self.other, "show something else or fail"),
                (self.gone, "answered 404 for two weeks"),
            )
            if n
        ]
        return f"{'; '.join(parts)} (since {local_time(self.since)[:10]})"


def not_found(conn: sqlite3.Connection, portals: Iterable[str]) -> dict[str, NotFound]:
    """Of the portals named those that have such articles, from the ledger."""
    rows = conn.execute(
        "SELECT portal, sum(state = 'suspect') AS missing, sum(state NOT IN ('suspect', 'gone')) AS other,"
        " sum(state = 'gone') AS gone, min(unseen_since) AS since FROM page"
        " WHERE unseen_since IS NOT NULL AND article_id IS NOT NULL GROUP BY portal"
    )
    found = {row["portal"]: NotFound(*(row[name] for name in ("missing", "other", "gone", "since"))) for row in rows}
    return {name: found[name] for name in portals if name in found}
