"""Datasette's ``?_search=`` on the tables of articles, answered by the readers' search: its language, its spelling, its limits.

Datasette would have the index list every match before it shows the first row, twice: half a second at 300,000 articles. The readers'
search stops at the newest matches. ``_search`` is called ``_words`` on the way, or Datasette would search as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import matching_ids
from archive.site.server.readers import readers_of
from archive.site.server.request_limits import App, Send
from archive.text.combining import nfc
from archive.text.fold import fold_d

TABLES = ("article", "articles")
"""Tables with an ``id`` that is an article's, whose box for a search Datasette shows by their configuration."""
WORDS = "_words"
MOST_FOUND = 2_000
"""Articles that a search of a table finds, the newest; the page says so where there are more."""


def searched_by_us(app: App, route: str, prefix: str = "") -> App:
    """The app with searches of the tables of articles under our name; words for other indexes are folded as those are."""

    async def wrapped(scope: Any, receive: Any, send: Send) -> None:
        start = f"{prefix}/{route}/"
        if scope["type"] == "http" and scope["path"].startswith(start):
            query = scope.get("query_string", b"").decode("latin-1")
            if "_search" in query:
                table = scope["path"][len(start) :].partition("/")[0].partition(".")[0]
                scope = {**scope, "query_string": _passed_on(query, table in TABLES).encode("ascii")}
        await app(scope, receive, send)

    return wrapped


def _passed_on(query: str, ours: bool) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if ours and any(name == "_search" for name, _ in pairs):  # what a form was left with goes when it is filled anew
        return urlencode([(WORDS if name == "_search" else name, value) for name, value in pairs if name != WORDS])
    return urlencode([(name, fold_d(nfc(value)) if name.startswith("_search") else value) for name, value in pairs])


def narrowed(datasette: Any, request: Any, database: Any, table: str) -> Callable[[], Awaitable[Any]] | None:
    """The rows that a search of a table finds as Datasette's filter; None where nothing is searched for."""
    typed = (request.args.get(WORDS) or "").strip()
    if table not in TABLES or not typed:
        return None

    def ids(conn: sqlite3.Connection) -> list[int]:
        return matching_ids(conn, Query(typed), MOST_FOUND + 1)

    async def filtered() -> Any:
        from datasette.filters import FilterArguments

        found = await readers_of(datasette, Path(database.path), not database.is_mutable).read(ids)
        told = f'search finds "{typed}"' + (f", the newest {MOST_FOUND:,} of more" if len(found) > MOST_FOUND else "")
        return FilterArguments(
            ["id in (select value from json_each(:th_found))"],
            params={"th_found": json.dumps(found[:MOST_FOUND])},
            human_descriptions=[told],
            extra_context={"search": typed, "supports_search": True},
        )

    return filtered
