"""Descriptions of tables, columns and queries as Datasette wants them: by its internal database from 1.0 on, by hooks before."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_CONFIGURED = ("facets", "sort_desc", "fts_table", "fts_pk")
"""Keys that Datasette 1.0 takes from its configuration, not from its metadata."""

TITLE = "Dữ liệu của kho lưu / The archive's data"
ABOUT = (
    "Bảng và khung nhìn để tra bằng SQL, CSV và JSON. / Tables and views for SQL, CSV and JSON. "
    "Bắt đầu từ / Begin with: articles, changes, citations."
)


@cache
def tables() -> dict[str, dict[str, Any]]:
    """What is said of each table and view, by its name."""
    return tomllib.loads((_HERE / "tables.toml").read_text("utf-8"))


@cache
def queries() -> dict[str, dict[str, str]]:
    """The queries to start from, by name: ``title``, ``description``, ``sql``."""
    found = tomllib.loads((_HERE / "queries.toml").read_text("utf-8"))
    return {name: {**query, "sql": query["sql"].strip()} for name, query in found.items()}


def metadata() -> dict[str, Any]:
    """All of it in the form of Datasette before 1.0, for the archive's database."""
    return {"title": TITLE, "description": ABOUT, "tables": {name: dict(table) for name, table in tables().items()}}


def configure(datasette: Any, database: str) -> None:
    """Put facets, orders and the search index of tables into a Datasette's configuration; what its owner set there stays."""
    own = datasette.config.setdefault("databases", {}).setdefault(database, {}).setdefault("tables", {})
    for name, table in tables().items():
        own[name] = {**{key: table[key] for key in _CONFIGURED if key in table}, **own.get(name, {})}


async def describe(datasette: Any, database: str) -> None:
    """Say what the tables hold and offer the queries: Datasette 1.0 and later."""
    await datasette.set_database_metadata(database, "title", TITLE)
    await datasette.set_database_metadata(database, "description", ABOUT)
    for name, table in tables().items():
        for key in ("title", "description"):
            if key in table:
                await datasette.set_resource_metadata(database, name, key, table[key])
        for column, text in table.get("columns", {}).items():
            await datasette.set_column_metadata(database, name, column, "description", text)
    for name, query in queries().items():
        # trusted: they run where arbitrary SQL is off, as they stand
        await datasette.add_query(database, name, is_trusted=True, **query)
