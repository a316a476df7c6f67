"""Following an archive: what became of its articles since a cursor, tombstones included, for another database to keep up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive.queries.records import Record, record, rows

What = Literal["new", "changed", "read again", "removed", "returned", "withdrawn", "restored", "corrected"]
PAGE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``record`` is the article as it stands now; ``None`` for one that was withdrawn or is suspended."""

    cursor: int
    what: What
    at: str
    article: int
    url: str
    record: Record | None


def entries(conn: sqlite3.Connection, after: int = 0) -> Iterator[Entry]:
    """The journal behind a cursor (0: from the beginning), in its order; of an article only its newest line.

    Who keeps the cursor of the last line and asks again with it misses nothing and is told nothing twice. Read in pages:
    no snapshot stays open while a crawl writes.
    """
    while True:
        found = list(
            rows(
                conn,
                """SELECT seq, what, at, article, url FROM journal WHERE seq > ? AND NOT EXISTS
                   (SELECT 1 FROM journal AS later WHERE later.article = journal.article AND later.seq > journal.seq)
                   ORDER BY seq LIMIT ?""",
                (after, PAGE),
            )
        )
        for row in found:
            held = record(conn, row["article"]) if row["what"] != "withdrawn" else None
            yield Entry(row["seq"], row["what"], row["at"], row["article"], row["url"], held)
        if len(found) < PAGE:
            return
        after = found[-1]["seq"]
