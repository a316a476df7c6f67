"""The readers' site: a Datasette plugin over ``archive.db``.

In a Datasette that serves an archive its pages replace the front page; Datasette's own stay at ``/-/`` and ``/archive``.
Only hooks that Datasette 0.65 and 1.0 share are used.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from archive.database.sqlite_file import is_read_only

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Response

# Datasette loads this module as a plugin while it is itself being imported. Nothing of Datasette is imported up here:
# whoever imports `archive.site` first would make Datasette register a module whose hooks are not defined yet.
hookimpl = pluggy.HookimplMarker("datasette")

SETTINGS = {
    # A facet suggestion scans whole tables; journalists can still ask for the facet they want.
    "suggest_facets": False,
    # One over all rows of a large table is told as having taken too long, not waited for.
    "facet_time_limit_ms": 30,
    "sql_time_limit_ms": 2000,
    # Three by default: three slow queries then block every reader.
    "num_sql_threads": 8,
    # The file is the archive's own; whoever may copy it copies the folder.
    "allow_download": False,
    "default_cache_ttl": 0,
    # A hundred rows of thirty columns take Datasette a quarter of a second to draw, and make half a megabyte.
    "default_page_size": 20,
}

COUNTED_ROWS = 1_000
"""Rows that are counted of each of the forty tables for the list of them; of more Datasette says that there are more."""

LONGEST_PATTERN = 200
"""Bytes of a LIKE or GLOB pattern."""

_STATIC = Path(__file__).parent / "static"
_STATIC_TYPES = {
    "site.css": "text/css; charset=utf-8",
    "tool.css": "text/css; charset=utf-8",
    "notebook.js": "text/javascript; charset=utf-8",
    "copy.js": "text/javascript; charset=utf-8",
    "tool.js": "text/javascript; charset=utf-8",
}
_READERS = re.compile(
    r"(?:/en)?(?:/?|/(?:tim|thay-doi|cong(?:/[^/]+)?|suc-khoe|so-tay|ban-chup/[^/]+|bai/\d+(?:/so-sanh)?|noi(?:/[^/]+)?|van-ban(?:/.+)?))\Z"
)
"""Pages of ours that only change with the archive."""
_FOLLOWED = r"(?P<ending>atom|feed\.json|csv|xlsx|jsonl)"
_LANG = r"^(?:/(?P<lang>en))?"


def datasette_for(folder: Path, *, sql: bool = False, address: str | None = None, **options: Any) -> Datasette:
    """A Datasette that serves the archive in ``folder``, or a snapshot (and nothing else); ``options`` go to its settings.

    With ``sql`` it runs arbitrary SQL and shows all of Datasette's own pages: for the owner alone. ``address`` is where
    readers find the site (``https://kho.example.org/tin``): permalinks and citations are made of it.
    """
    from datasette.app import Datasette

    from archive.site.server.frame import DATABASE

    path = folder if folder.is_file() else folder / DATABASE
    settings = {**SETTINGS, "default_allow_sql": sql, **options}
    # as metadata: 1.0 moves it to its configuration, 0.65 has no other place for it
    metadata = {"plugins": {"tinhuyen": {"gate": True, "sql": sql, "address": address, "snapshot": path.name}}}
    if path == folder or is_read_only(path):  # read as it stands: not even the files of its journal can be made there
        return Datasette([], immutables=[str(path)], settings=settings, metadata=metadata, memory=False)
    return Datasette([str(path)], settings=settings, metadata=metadata, memory=False)


async def _static(request: Any) -> Response:
    from datasette.utils.asgi import Response

    name = request.url_vars["name"]
    headers = {"cache-control": "max-age=300"}
    return Response((_STATIC / name).read_text("utf-8"), headers=headers, content_type=_STATIC_TYPES[name])


@hookimpl
def startup(datasette: Any) -> Any:
    """Describe the tables and offer the queries, where Datasette keeps such things itself (1.0 and later)."""
    from archive.site.server.frame import archive_database
    from archive.site.server.schema_memory import remember
    from archive.site.sql.descriptions import configure, describe

    archive = archive_database(datasette)
    if archive is None:
        return None
    archive.count_limit = COUNTED_ROWS
    remember(archive)
    if not hasattr(datasette, "set_resource_metadata"):
        return None
    configure(datasette, archive.name)
    return lambda: describe(datasette, archive.name)


@hookimpl
def get_metadata(datasette: Any, key: str | None, database: str | None, table: str | None) -> Any:
    """The same before 1.0, which asks this hook for the plugin's own options, too: they are taken from where they lie."""
    from archive.site.server.frame import archive_database
    from archive.site.sql.descriptions import metadata

    own = (getattr(datasette, "_metadata_local", None) or {}).get("plugins", {}).get("tinhuyen", {})
    archive = archive_database(datasette, own)
    return {"databases": {archive.name: metadata()}} if archive is not None else {}


@hookimpl
def canned_queries(datasette: Any, database: str) -> Any:
    """The queries before 1.0."""
    from archive.site.server.frame import archive_database
    from archive.site.sql.descriptions import queries

    archive = archive_database(datasette)
    return queries() if archive is not None and archive.name == database else {}


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    from archive.site.sql.row_links import COLUMNS, linked

    if column not in COLUMNS:
        return None
    from archive.site.server.frame import archive_database

    archive = archive_database(datasette)
    return linked(datasette, table, column, value, row) if archive is not None and archive.name == database else None


@hookimpl
def filters_from_request(request: Any, database: str, table: str, datasette: Any) -> Any:
    from archive.site.server.frame import archive_database
    from archive.site.sql.table_search import narrowed

    archive = archive_database(datasette)
    return narrowed(datasette, request, archive, table) if archive is not None and archive.name == database else None


@hookimpl
def top_database(datasette: Any, database: str) -> str | None:
    """All of the queries: Datasette 1.0 shows five and leads to a list that is closed where arbitrary SQL is."""
    from archive.site.server.frame import archive_database
    from archive.site.sql.row_links import query_list

    archive = archive_database(datasette)
    return query_list(datasette, archive.route) if archive is not None and archive.name == database else None


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """What the frame of Datasette's own pages is made of; they are English."""
    from archive.site.server.frame import Page, archive_database
    from archive.site.sql.table_search import WORDS

    if request is None or archive_database(datasette) is None:
        return {}
    own: dict[str, Any] = {"tinhuyen": Page(datasette, request, language="en")}
    typed = request.args.get(WORDS)
    return {**own, "search": typed} if typed else own  # Datasette's box forgets what was typed


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    from archive.site.server.frame import archive_database
    from archive.site.views import (
        article_view,
        changes_view,
        compare_view,
        document_view,
        follow_view,
        health_view,
        home_view,
        opensearch_view,
        place_view,
        portal_view,
        search_view,
    )
    from archive.site.views.captures import capture_view, drawn_page, replay_view

    archive = archive_database(datasette)
    if archive is None:
        return []
    return [
        (_LANG + r"/?$", home_view.home),
        (_LANG + r"/tim$", search_view.find),
        (_LANG + rf"/tim\.{_FOLLOWED}$", follow_view.of_search),
        (_LANG + rf"/cong/(?P<name>[A-Za-z0-9._-]+)/bai\.{_FOLLOWED}$", follow_view.of_portal),
        (_LANG + r"/bai/(?P<id>\d{1,16})$", article_view.article),
        (_LANG + r"/bai/(?P<id>\d{1,16})\.json$", article_view.article_json),
        (_LANG + r"/bai/(?P<id>\d{1,16})/so-sanh$", compare_view.comparison),
        (_LANG + r"/thay-doi$", changes_view.changes),
        (r"^/changes$", changes_view.in_english),
        (_LANG + r"/thay-doi\.(?P<ending>atom|feed\.json|csv)$", changes_view.followed),
        (_LANG + r"/cong/(?P<name>[A-Za-z0-9._-]+)/thang/(?P<month>\d{4}-\d{2})$", changes_view.month),
        (_LANG + r"/cong$", portal_view.portal_list),
        (_LANG + r"/cong/(?P<name>[A-Za-z0-9._-]+)$", portal_view.portal),
        (_LANG + r"/noi$", place_view.place_list),
        (_LANG + r"/noi/(?P<unit>[pdw]\d+(?:@\d{4}-\d\d)?)$", place_view.place),
        (_LANG + r"/van-ban$", document_view.document_list),
        (_LANG + r"/van-ban/(?P<number>.+)$", document_view.document),
        (_LANG + r"/suc-khoe$", health_view.portals),
        (_LANG + r"/so-tay$", home_view.notebook),
        (_LANG + r"/opensearch\.xml$", opensearch_view.description),
        (r"^/-/tinhuyen/metrics$", health_view.metrics),
        (r"^/-/capture/(?P<record_id>[^/]+)$", capture_view.raw_capture),
        (r"^/-/capture-file/(?P<record_id>[^/]+)$", drawn_page.picture),
        (_LANG + r"/ban-chup/(?P<record_id>[^/]+)$", replay_view.capture_page),
        (_LANG + r"/luu$", replay_view.led_to),
        (r"^/timegate/.", replay_view.timegate),
        (r"^/timemap/link/.", replay_view.timemap_of),
        (r"^/-/tinhuyen/(?P<name>(?:site|tool)\.css|(?:notebook|copy|tool)\.js)$", _static),
        # Whatever is neither ours nor Datasette's: Datasette would take it for a table and print a traceback.
        (rf"^(?:/(?P<lang>en))?/(?!-/|-$|{re.escape(archive.route)}(?:[/.]|$)|favicon\.ico$)", home_view.nowhere),
    ]


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    from archive.site.server.frame import archive_database, options_of
    from archive.site.server.headers import with_headers
    from archive.site.server.page_cache import cache_of, cached
    from archive.site.server.request_limits import guarded
    from archive.site.sql.table_search import searched_by_us

    archive = archive_database(datasette)
    if archive is None:
        return lambda app: app
    options = options_of(datasette)
    prefix = str(datasette.setting("base_url")).rstrip("/")
    if not options.get("gate"):
        return lambda app: with_headers(searched_by_us(app, archive.route, prefix))
    path, sql = Path(archive.path), bool(options.get("sql"))

    def wrapped(app: Any) -> Any:
        pages = cached(
            app, cache_of(datasette, path), lambda asked: bool(_READERS.match(asked.removeprefix(prefix) or "/"))
        )
        return with_headers(
            guarded(searched_by_us(pages, archive.route, prefix), route=archive.route, sql=sql, prefix=prefix)
        )

    return wrapped


@hookimpl
def prepare_connection(conn: Any) -> None:
    import sqlite3

    # LIKE and GLOB with many wildcards over a long text are one instruction that no time limit reaches.
    conn.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Every fault is answered by ourselves where an archive is served."""
    from archive.site.server.frame import archive_database
    from archive.site.server.server_faults import answer

    if archive_database(datasette) is None:
        return None

    async def answered() -> Response:
        return await answer(datasette, request, exception)

    return answered
