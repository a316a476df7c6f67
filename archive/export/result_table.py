"""Articles as rows of a table: the columns of CSV and XLSX, a page of ids at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

COLUMNS = (
    "id", "title", "portal", "portal_title", "section", "published", "published_precision", "first_seen", "last_seen",
    "last_checked", "gone_at", "revisions", "byline", "url", "capture", "permalink",
)  # fmt: skip
"""In their order. ``capture`` is the record id of the bytes that were read, ``permalink`` the page of that version."""


def rows_of(conn: sqlite3.Connection, identifiers: Sequence[int]) -> list[list[str]]:
    """The rows of articles in the order given, without ``permalink``; one that was taken out meanwhile is left out."""
    found = {
        row[0]: ["" if value is None else str(value) for value in row]
        for row in conn.execute(
            f"""SELECT article.id, article.title, portal.name, coalesce(portal.title, portal.name), section.name, published,
                    published_precision, first_seen, last_seen, last_checked, gone_at, revisions, byline, article.url, capture
                FROM article_shown AS article JOIN portal ON portal.id = article.portal
                    LEFT JOIN section ON section.id = article.section
                WHERE article.id IN ({",".join("?" * len(identifiers))})""",
            tuple(identifiers),
        )
    }
    return [found[identifier] for identifier in identifiers if identifier in found]
