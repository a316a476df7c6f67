"""The map of addresses to ids: given once, kept for good. Only `archive.store` calls what writes here, inside a transaction."""

from __future__ import annotations

import sqlite3

from archive.ids import CANONICALISER_VERSION, article_id, day_for_id, url_key
from archive.model import Article, Capture


def give(conn: sqlite3.Connection, key: bytes, article: Article, capture: Capture) -> int:
    """Give an article its id: of its day and key, probed upward from where it is taken."""
    identifier = article_id(day_for_id(article, capture), key)
    while conn.execute("SELECT 1 FROM article_id WHERE id = ?", (identifier,)).fetchone():
        identifier += 1
    conn.execute("INSERT INTO article_id VALUES (?, ?, ?)", (key.hex(), identifier, CANONICALISER_VERSION))
    return identifier


def remember(conn: sqlite3.Connection, canonical_url: str, identifier: int) -> None:
    """Give an article the id it had before; a URL that has one keeps it."""
    conn.execute(
        "INSERT INTO article_id(url_key, id, canonicaliser) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (url_key(canonical_url).hex(), identifier, CANONICALISER_VERSION),
    )


def of_kept(conn: sqlite3.Connection, canonical_url: str) -> int | None:
    """The id of the article kept under a canonical URL."""
    row = conn.execute(
        "SELECT article.id FROM article_id JOIN article USING (id) WHERE url_key = ?", (url_key(canonical_url).hex(),)
    ).fetchone()
    return row[0] if row else None
