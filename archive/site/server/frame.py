"""What every page shares: its language, its links, its connection to ``archive.db`` and how it is rendered.

English pages stand under ``/en``; the address alone decides the language, so that pages can be cached and shared.
"""

from __future__ import annotations

import sqlite3
from calendar import monthrange
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from datasette.utils.asgi import Response

from archive.queries.suspensions import Suspension
from archive.site.server.headers import PAGE_POLICY
from archive.site.server.readers import readers_of
from archive.site.words.speaker import Language, Speaker

DATABASE = "archive.db"

SECTIONS = (
    ("/tim", "search"),
    ("/thay-doi", "changes"),
    ("/noi", "places_title"),
    ("/van-ban", "documents_title"),
    ("/cong", "portals"),
)
"""The sections of the site in the order of its header, as paths and the keys of their words: what is not there yet is not linked."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")

T = TypeVar("T")


def archive_database(datasette: Any, options: dict[str, Any] | None = None) -> Any | None:
    """The Datasette database that is an archive, None in a Datasette that serves something else."""
    names = {DATABASE, (options_of(datasette) if options is None else options).get("snapshot") or DATABASE}
    for database in datasette.databases.values():
        if database.path and Path(database.path).name in names:
            return database
    return None


def options_of(datasette: Any) -> dict[str, Any]:
    """The plugin's own settings: ``gate``, ``sql``, ``address`` and ``snapshot``, as `archive.site.datasette_for` sets them."""
    return datasette.plugin_config("tinhuyen") or {}


def record_path(record_id: str) -> str:
    """The address of a raw capture, without language."""
    return f"/-/capture/{quote(record_id.strip('<>'), safe='')}"


def capture_path(record_id: str) -> str:
    """The page that shows a capture: what it is, of when, and the page as it was."""
    return f"/ban-chup/{quote(record_id.strip('<>'), safe='')}"


class Page:
    """One request for one of our pages."""

    def __init__(self, datasette: Any, request: Any, language: Language | None = None) -> None:
        self.datasette = datasette
        self.request = request
        self.speak = Speaker(language or ("en" if request.url_vars.get("lang") == "en" else "vi"))
        self.database = archive_database(datasette)

    @property
    def folder(self) -> Path:
        """The archive folder."""
        return Path(self.database.path).parent  # type: ignore[union-attr]

    def link(self, path: str, language: str | None = None, /, **query: object) -> str:
        """The address of one of our pages in this or the given language; parameters that are empty are left out."""
        prefix = "/en" if (language or self.speak.language) == "en" else ""
        filled = {key: value for key, value in query.items() if value not in (None, "", False)}
        query_string = f"?{urlencode(filled)}" if filled else ""
        full = f"{prefix}{path}" if prefix and path != "/" else (prefix or path)
        return str(self.datasette.urls.path(full + query_string))

    def tool(self, path: str) -> str:
        """The address of one of Datasette's pages or of a file, which have no language."""
        return str(self.datasette.urls.path(path))

    def document_path(self, number: str) -> str:
        """The path of a document number's page."""
        return f"/van-ban/{quote(number, safe='/-')}"

    def last_day(self, month: str) -> str:
        """The last day of a month (``YYYY-MM``), for a search that ends with it."""
        year, number = map(int, month.split("-"))
        return f"{month}-{monthrange(year, number)[1]}"

    def absolute(self, path: str) -> str:
        """The whole address of a path, for permalinks and citations: made of the site's own address where one is set.

        A request's Host header is whatever its sender wrote; it counts only where it names this machine itself.
        Otherwise the path stays as it is.
        """
        address = options_of(self.datasette).get("address")
        if address:
            prefix = str(self.datasette.setting("base_url")).rstrip("/")
            return str(address).rstrip("/") + path.removeprefix(prefix)
        host = urlsplit(f"//{self.request.host}").hostname
        return str(self.datasette.absolute_url(self.request, path)) if host in _LOOPBACK else path

    def knows_its_address(self) -> bool:
        """Whether whole addresses of this site can be made: see `absolute`."""
        return "://" in self.absolute("/")

    def can_write_xlsx(self) -> bool:
        """Whether the package that writes XLSX is installed, which is an extra."""
        return find_spec("openpyxl") is not None

    def sections(self) -> list[tuple[str, str, bool]]:
        """The sections as path, key of the word and whether this page belongs to it."""
        own = self._bare_path().removeprefix("/en")
        return [(path, key, own == path or own.startswith(f"{path}/")) for path, key in SECTIONS]

    def _bare_path(self) -> str:
        """This page's path without the prefix the site lies under."""
        own = str(self.request.path)
        base = str(self.datasette.urls.path("/")).rstrip("/")
        return own[len(base) :] if base and own.startswith(base) else own

    def other_language(self) -> str:
        """This page in the other language."""
        bare = self._bare_path()
        other = "vi" if self.speak.language == "en" else "en"
        if bare == "/en" or bare.startswith("/en/"):
            bare = "/" + bare[3:].lstrip("/\\")  # never `//host`, which leads elsewhere
        address = self.link(bare, other)
        return address + (f"?{self.request.query_string}" if self.request.query_string else "")

    async def read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """What a function reads from the archive, in one of the readers' threads. Raises `TooSlow` and `TooMany`."""
        database = self.database
        return await readers_of(self.datasette, Path(database.path), not database.is_mutable).read(function)  # type: ignore[union-attr]

    async def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page from one of our templates, with the strict security policy."""
        html = await self.datasette.render_template(
            f"tinhuyen/{template}",
            {"page": self, "t": self.speak, "language": self.speak.language, **context},
            request=self.request,
        )
        headers = {
            "content-security-policy": PAGE_POLICY,
            "content-language": self.speak.language,
        }
        return Response(html, status=status, headers=headers, content_type="text/html; charset=utf-8")

    async def not_found(self, reason: str | None = None) -> Response:
        return await self.render("not_found.html", status=404, reason=reason)

    async def suspended(self, stone: Suspension) -> Response:
        """The tombstone of an article that was taken down (RFC 7725)."""
        erased = self.speak.day(stone.erased) if stone.erased is not None else None
        return await self.render("suspended.html", status=451, stone=stone, day=self.speak.day(stone.at), erased=erased)
