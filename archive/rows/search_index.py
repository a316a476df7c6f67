"""What is derived from an article's row and must move with it: the full-text indexes and the monthly summary.

Call `remove` before an article's row or body changes and `add` after. FTS5's external content deletes by the text that
was inserted, so `remove` must still see the old one; and what was inserted is folded (đ as d), so both fold alike.
What becomes altered without another text comes into its index by `add_altered`, which ends every batch of the store.
SQLite's own ``INSERT INTO article_fts(article_fts) VALUES('rebuild')`` would undo the folding: use `rebuild`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from archive.text.fold import fold_d
from archive.text.pairs import pairs_of

INDEXES = ("article_fts", "bigram_fts", "altered_fts")
"""The full-text indexes: of words, of pairs of them, of the words of what was changed, removed or put back."""

_TEXT = "SELECT title, body, facets FROM article_text WHERE id = ?"
_MONTH = """SELECT portal, coalesce(CAST(substr(published, 1, 4) || substr(published, 6, 2) AS INTEGER), 0),
    coalesce(section, 0) FROM article_shown WHERE id = ?"""
_INSERT = "INSERT INTO article_fts(rowid, title, body, facets) VALUES (?, ?, ?, ?)"
_INSERT_PAIRS = "INSERT INTO bigram_fts(rowid, pairs) VALUES (?, ?)"
_INSERT_ALTERED = "INSERT INTO altered_fts(rowid, title, body, facets) VALUES (?, ?, ?, ?)"
_ALTERED = "(changed OR removed OR returned) AND NOT EXISTS (SELECT 1 FROM altered_fts_docsize WHERE id = article)"
_COUNT = """INSERT INTO portal_month(portal, month, section, articles) VALUES (?, ?, ?, 1)
    ON CONFLICT(portal, month, section) DO UPDATE SET articles = articles + 1"""


def add(conn: sqlite3.Connection, identifiers: Sequence[int]) -> None:
    """Index articles, as they are shown, and count them in their months; each index by itself, which makes one segment of it."""
    refresh_corrected(conn, identifiers)
    for identifier in identifiers:
        title, body, facets = conn.execute(_TEXT, (identifier,)).fetchone()
        conn.execute(_INSERT, (identifier, *_folded(title, body, facets)))
        conn.execute(_INSERT_PAIRS, (identifier, pairs_of(title, body, facets)))
    for identifier in identifiers:
        conn.execute(_COUNT, conn.execute(_MONTH, (identifier,)).fetchone())
    for identifier in identifiers:
        if conn.execute(f"SELECT 1 FROM article_facet WHERE article = ? AND {_ALTERED}", (identifier,)).fetchone():
            _add_altered(conn, identifier)


def add_altered(conn: sqlite3.Connection) -> None:
    """Put the articles of which a change, a removal or a return is due to be told into the index of those."""
    due = f"SELECT article FROM article_facet WHERE article IN (SELECT article FROM change_due) AND {_ALTERED} ORDER BY article"
    for (identifier,) in conn.execute(due).fetchall():
        _add_altered(conn, identifier)


def add_every_altered(conn: sqlite3.Connection) -> None:
    """The same with all that were ever changed, removed or put back: those that an earlier version kept."""
    for (identifier,) in conn.execute(
        f"SELECT article FROM article_facet WHERE {_ALTERED} ORDER BY article"
    ).fetchall():
        _add_altered(conn, identifier)


def _add_altered(conn: sqlite3.Connection, identifier: int) -> None:
    conn.execute(_INSERT_ALTERED, (identifier, *_folded(*conn.execute(_TEXT, (identifier,)).fetchone())))


def _folded(title: str, body: str, facets: str) -> tuple[str, str, str]:
    return fold_d(title), fold_d(body), facets


def remove(conn: sqlite3.Connection, identifier: int) -> None:
    """Take an article, still as it was added, out of the index and out of its month."""
    title, body, facets = conn.execute(_TEXT, (identifier,)).fetchone()
    holding = ["article_fts"]
    if conn.execute("SELECT 1 FROM altered_fts_docsize WHERE id = ?", (identifier,)).fetchone():
        holding.append("altered_fts")
    for index in holding:
        conn.execute(
            f"INSERT INTO {index}({index}, rowid, title, body, facets) VALUES ('delete', ?, ?, ?, ?)",
            (identifier, *_folded(title, body, facets)),
        )
    conn.execute(
        "INSERT INTO bigram_fts(bigram_fts, rowid, pairs) VALUES ('delete', ?, ?)",
        (identifier, pairs_of(title, body, facets)),
    )
    cell = conn.execute(_MONTH, (identifier,)).fetchone()
    conn.execute("UPDATE portal_month SET articles = articles - 1 WHERE portal = ? AND month = ? AND section = ?", cell)
    conn.execute(
        "DELETE FROM portal_month WHERE portal = ? AND month = ? AND section = ? AND articles <= 0", cell
    )  # fmt: skip


_LISTED = ("title", "lead", "section", "byline", "author", "published")
"""Fields that lists and search show or sort by: the columns of `corrected`."""


def refresh_corrected(conn: sqlite3.Connection, identifiers: Sequence[int]) -> None:
    """Make the rows of `corrected` anew from the corrections that stand, and what facets count of these articles."""
    if conn.execute("SELECT 1 FROM correction LIMIT 1").fetchone() is None and (
        conn.execute("SELECT 1 FROM corrected LIMIT 1").fetchone() is None
    ):
        return  # nearly always
    for identifier in identifiers:
        had = conn.execute("DELETE FROM corrected WHERE article = ?", (identifier,)).rowcount
        said = conn.execute(
            "SELECT field, value FROM correction WHERE article = ? AND ended IS NULL", (identifier,)
        ).fetchall()
        values = {field: json.loads(value) for field, value in said if field in _LISTED}
        if values:
            _put_corrected(conn, identifier, values)
        if had or values:
            conn.execute(
                """UPDATE article_facet SET (section, day) = (SELECT coalesce(section, 0),
                       coalesce(CAST(replace(substr(published || '-01', 1, 10), '-', '') AS INTEGER), 0)
                       FROM article_shown WHERE id = ?1) WHERE article = ?1""",
                (identifier,),
            )


def _put_corrected(conn: sqlite3.Connection, identifier: int, values: dict[str, Any]) -> None:
    conn.execute(
        """INSERT INTO corrected SELECT id, title, lead, section, byline, author, published, published_precision
           FROM article JOIN body ON body.article = id WHERE id = ?""",
        (identifier,),
    )
    if (section := values.get("section")) is not None:
        conn.execute("INSERT INTO section(name) VALUES (?) ON CONFLICT DO NOTHING", (section,))
        values["section"] = conn.execute("SELECT id FROM section WHERE name = ?", (section,)).fetchone()[0]
    if "published" in values:
        day = values["published"]
        values["published_precision"] = day and {7: "month", 10: "day"}.get(len(day), "minute")
    told = ", ".join(f"{name} = ?" for name in values)
    conn.execute(f"UPDATE corrected SET {told} WHERE article = ?", (*values.values(), identifier))


def add_pairs(conn: sqlite3.Connection, identifier: int) -> None:
    """Put an article into the index of pairs alone: one that an earlier version indexed without."""
    conn.execute(_INSERT_PAIRS, (identifier, pairs_of(*conn.execute(_TEXT, (identifier,)).fetchone())))


def rebuild(conn: sqlite3.Connection) -> int:
    """Make index and summary anew from the articles; answers how many. Call it inside one transaction."""
    for index in INDEXES:
        conn.execute(f"INSERT INTO {index}({index}) VALUES ('delete-all')")
    conn.execute("DELETE FROM portal_month")
    identifiers = [identifier for (identifier,) in conn.execute("SELECT id FROM article ORDER BY id")]
    add(conn, identifiers)
    return len(identifiers)
