"""What the archive knows of an article that is asked for again: its address, and since when its age counts."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.model import PrintedDate


@dataclass(slots=True)
class Kept:
    """A kept article. ``since`` (Unix seconds) is its publication, else when it was seen first: the ladder counts from there."""

    canonical_url: str
    since: float


def kept(conn: sqlite3.Connection, article: int) -> Kept | None:
    """The article of that id in ``archive.db``."""
    row = conn.execute(
        "SELECT canonical_url, published, published_precision, first_seen FROM article WHERE id = ?", (article,)
    ).fetchone()
    if row is None:
        return None
    seen = datetime.fromisoformat(row[3]).timestamp()
    published = _moment(row[1], row[2])
    return Kept(row[0], seen if published is None else min(published, seen))


def attachments(conn: sqlite3.Connection, article: int) -> list[str]:
    """The addresses of the files that an article offers."""
    return [
        row[0] for row in conn.execute("SELECT url FROM attachment WHERE article = ? ORDER BY position", (article,))
    ]


def published_at(printed: PrintedDate | None) -> float | None:
    """When an article was published (Unix seconds), where that is known to the day."""
    return _moment(printed.value, printed.precision) if printed is not None else None


def _moment(value: str | None, precision: str | None) -> float | None:
    if value is None or precision == "month":
        return None
    try:
        return datetime.fromisoformat(value if "T" in value else f"{value}T00:00:00+07:00").timestamp()
    except ValueError:
        return None
