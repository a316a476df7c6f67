"""Suspended articles as the public file knows them: the tombstones, and what belongs to each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.ids import url_key
from archive.queries.records import one, rows


@dataclass(frozen=True, slots=True)
class Suspension:
    """The tombstone of an article that was taken down: since when (UTC) and why, as readers are told."""

    article: int
    at: str
    reason: str
    erased: str | None = None
    """When it was erased from the WARC files as well; ``None`` for one that is kept."""


def suspensions(conn: sqlite3.Connection) -> list[Suspension]:
    """Every tombstone, the oldest first."""
    return [Suspension(**row) for row in rows(conn, "SELECT * FROM suspended ORDER BY at, article")]


def suspension(conn: sqlite3.Connection, article: int) -> Suspension | None:
    """The tombstone of an article, None for one that is not suspended."""
    row = one(conn, "SELECT * FROM suspended WHERE article = ?", (article,))
    return Suspension(**row) if row else None


def suspension_of_capture(conn: sqlite3.Connection, record_id: str) -> Suspension | None:
    """The tombstone of the article to which a capture belongs that is no longer public."""
    row = one(
        conn,
        "SELECT suspended.* FROM suspended_capture JOIN suspended USING (article) WHERE record_id IN (?, ?)",
        (record_id, f"<{record_id}>"),
    )
    return Suspension(**row) if row else None


def suspended_at(conn: sqlite3.Connection, addresses: Iterable[str], article: int | None = None) -> int | None:
    """The suspended article to which one of the addresses belongs, or that is ``article``; nearly always None."""
    if one(conn, "SELECT 1 FROM suspended LIMIT 1") is None:
        return None
    if article is not None and suspension(conn, article) is not None:
        return article
    for address in addresses:
        row = one(conn, "SELECT article FROM suspended_address WHERE key = ?", (url_key(address).hex(),))
        if row is not None:
            return int(row["article"])
    return None


def erased_at(conn: sqlite3.Connection, address: str) -> bool:
    """Whether an address is one of an article that was erased: it is not asked for again."""
    if one(conn, "SELECT 1 FROM suspended WHERE erased IS NOT NULL LIMIT 1") is None:
        return False
    found = one(
        conn,
        "SELECT 1 FROM suspended_address JOIN suspended USING (article) WHERE key = ? AND erased IS NOT NULL",
        (url_key(address).hex(),),
    )
    return found is not None


def suspended_leaves(conn: sqlite3.Connection) -> Iterator[bytes]:
    """Hashes in the log of captures whose rows are kept in private while their article is suspended."""
    for row in rows(conn, "SELECT leaf FROM suspended_capture JOIN suspended USING (article)"):
        yield bytes.fromhex(row["leaf"])
