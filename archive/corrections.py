"""Corrections: a person's word on a field of an article is kept beside what was read, and taken back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.queries.records import article_from_row, article_row
from archive.queries.standing_corrections import value_of
from archive.rows import search_index as index
from archive.store import Store
from archive.text.numbers.private_numbers import masked_text

_JSON = json.JSONEncoder(ensure_ascii=False).encode


def correct(store: Store, article: int, field: str, value: Any, reason: str, at: str, who: str | None) -> None:
    """Keep a person's word on a field, in place of an earlier one; of an article that is not kept, for when it is.

    What it does for readers says `archive.queries.standing_corrections`.
    """
    kept = value
    if store.masks and field != "published":
        kept = [masked_text(one) for one in value] if isinstance(value, list) else masked_text(value)
    with store.batch():
        _keep(store.conn, article, field, kept, reason, at, who)
        store.note("correct", article, field, value, reason, at, who)


def take_back(store: Store, article: int, field: str, at: str) -> bool:
    """Let a field stand as it was read; False where it is not corrected."""
    with store.batch():
        done = _drop(store.conn, article, field, at)
        if done:
            store.note("uncorrect", article, field, at)
    return done


def _keep(
    conn: sqlite3.Connection, article: int, field: str, value: Any, reason: str, at: str, who: str | None
) -> None:
    row = article_row(conn, article)
    read, made = (value_of(article_from_row(conn, row), field), row["version_seen"]) if row is not None else (None, "")
    if row is not None:
        index.remove(conn, article)
    conn.execute(
        "INSERT OR REPLACE INTO correction(article, field, value, read, reason, at, who, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (article, field, _JSON(value), _JSON(read), reason, at, who, made),
    )
    _changed(conn, row, at)


def _drop(conn: sqlite3.Connection, article: int, field: str, at: str) -> bool:
    if conn.execute("SELECT 1 FROM correction WHERE article = ? AND field = ?", (article, field)).fetchone() is None:
        return False
    row = article_row(conn, article)
    if row is not None:
        index.remove(conn, article)
    conn.execute("DELETE FROM correction WHERE article = ? AND field = ?", (article, field))
    _changed(conn, row, at)
    return True


def _changed(conn: sqlite3.Connection, row: dict[str, Any] | None, at: str) -> None:
    if row is not None:
        index.add(conn, [row["id"]])
        conn.execute(
            "INSERT INTO journal(article, what, at, url) VALUES (?, 'corrected', ?, ?)", (row["id"], at, row["url"])
        )
