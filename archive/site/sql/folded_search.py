"""Datasette's ``?_search=`` in the letters of the index, which holds đ as d (`archive.text.fold.fold_d`)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from archive.site.server.request_limits import App, Send
from archive.text.combining import nfc
from archive.text.fold import fold_d


def folded_search(app: App, route: str, prefix: str = "") -> App:
    """The app with search words of tables folded as the index is; everything else goes on as it came."""

    async def wrapped(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{prefix}/{route}/"):
            query = scope.get("query_string", b"").decode("latin-1")
            if "_search" in query:
                scope = {**scope, "query_string": _folded(query).encode("ascii")}
        await app(scope, receive, send)

    return wrapped


def _folded(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, fold_d(nfc(value)) if name.startswith("_search") else value) for name, value in pairs])
