"""Lists of queries, and links out of Datasette's tables into the readers' pages, by the name of the column."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from archive.site.sql.descriptions import queries

_ARTICLES = ("article", "articles", "article_text")
COLUMNS = frozenset(("id", "article", "title", "portal", "name", "number", "unit", "record_id"))
"""Columns of which some table's cells lead somewhere: asked first, for a page has thousands of cells."""

_NAMED = ("articles", "changes", "citations", "articles_by_month", None)
"""Views, and queries: a column ``portal`` there holds a name, not a number."""


def linked(datasette: Any, table: str | None, column: str, value: Any, row: Any) -> Markup | None:
    """The cell as a link, None for one that leads nowhere. A title leads to its article: Datasette keeps the id for the row."""
    label = value.get("label") if isinstance(value, dict) else None
    value = value.get("value") if isinstance(value, dict) else value
    path = _of_title(table, row) if column == "title" and value else _path(table, column, value)
    if path is None:
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path), label or value)


def query_list(datasette: Any, route: str) -> Markup:
    """The queries to start from, each with what it answers."""
    rows = Markup("").join(
        Markup('<li><a href="{}">{}</a><br>{}</li>').format(
            datasette.urls.path(f"/{route}/{name}"), query["title"], query["description"]
        )
        for name, query in queries().items()
    )
    return Markup("<ul>{}</ul>").format(rows)


def _of_title(table: str | None, row: Any) -> str | None:
    name = "id" if table in _ARTICLES else "article"
    return _path(table, name, row[name]) if name in row.keys() else None  # noqa: SIM118 (a row of SQLite)


def _path(table: str | None, column: str, value: Any) -> str | None:
    if isinstance(value, int) and (column == "article" or (column == "id" and table in (*_ARTICLES, None))):
        # ids of articles begin with a day; those of sections and runs are small
        return f"/bai/{value}" if value > 10**12 else None
    if not isinstance(value, str) or not value:
        return None
    if (column == "portal" and table in (*_NAMED, "run", "health", "capture")) or (
        column == "name" and table == "portal"
    ):
        return f"/cong/{quote(value, safe='')}"
    if column == "number" and table in ("document", "citation", "citations", None):
        return f"/van-ban/{quote(value, safe='/-')}"
    if column == "unit" or (column == "id" and table == "unit"):
        return f"/noi/{quote(value, safe='@')}"
    return f"/-/capture/{quote(value.strip('<>'), safe='')}" if column == "record_id" else None
