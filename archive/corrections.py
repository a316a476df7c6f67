"""Corrections are kept beside what was read, and taken back. `archive.store` calls these, inside a transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive import search_index as index
from archive.model import Article
from archive.queries.corrections import corrections, value_of
from archive.queries.records import article_from_row, article_row

_JSON = json.JSONEncoder(ensure_ascii=False).encode


def correct(
    conn: sqlite3.Connection, article: int, field: str, value: Any, reason: str, at: str, who: str | None
) -> None:
    """Keep a person's word on a field, in place of an earlier one; of an article that is not kept, for when it is."""
    row = article_row(conn, article)
    read, made = (value_of(article_from_row(conn, row), field), row["version_seen"]) if row is not None else (None, "")
    if row is not None:
        index.remove(conn, article)
    conn.execute(
        "INSERT OR REPLACE INTO correction(article, field, value, read, reason, at, who, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (article, field, _JSON(value), _JSON(read), reason, at, who, made),
    )
    _changed(conn, row, at)


def take_back(conn: sqlite3.Connection, article: int, field: str, at: str) -> bool:
    """Let a field stand as it was read; False where it is not corrected."""
    if conn.execute("SELECT 1 FROM correction WHERE article = ? AND field = ?", (article, field)).fetchone() is None:
        return False
    row = article_row(conn, article)
    if row is not None:
        index.remove(conn, article)
    conn.execute("DELETE FROM correction WHERE article = ? AND field = ?", (article, field))
    _changed(conn, row, at)
    return True


def end(conn: sqlite3.Connection, row: dict[str, Any], article: Article, at: str) -> None:
    """A version comes: corrections of fields in which its page says something else do not apply from here on."""
    made = [one for one in corrections(conn, row["id"]) if one.ended is None]
    if not made:
        return  # nearly always
    before = article_from_row(conn, row)
    over = [one.field for one in made if value_of(before, one.field) != value_of(article, one.field)]
    conn.executemany(
        "UPDATE correction SET ended = ? WHERE article = ? AND field = ?", [(at, row["id"], field) for field in over]
    )


def _changed(conn: sqlite3.Connection, row: dict[str, Any] | None, at: str) -> None:
    if row is not None:
        index.add(conn, [row["id"]])
        conn.execute(
            "INSERT INTO journal(article, what, at, url) VALUES (?, 'corrected', ?, ?)", (row["id"], at, row["url"])
        )
