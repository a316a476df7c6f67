"""Answers to requests that fail, in one line for the operator and one sentence for the reader.

Datasette prints every exception with all local variables wherever `rich` is installed: 0.7 to 1.1 seconds of CPU in
the one event loop for each wrong address, and paths of the machine on the terminal. Its handler is taken out where
``tinhuyen serve`` runs; in any other Datasette ours answers first and its own goes on printing.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from datasette.plugins import pm
from datasette.utils.asgi import Response

from archive.site.server.frame import Page
from archive.site.server.readers import TooMany, TooSlow

logger = logging.getLogger("tinhuyen.site")

_SHOWN = 200
_PAUSE = 10.0
"""Seconds between two lines about faults of one kind: a log is no place for an attack to write to."""
_told: dict[str, float] = {}


def silence_datasette() -> None:
    """Take Datasette's own answer to exceptions out of this process."""
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


async def answer(datasette: Any, request: Any, exception: Exception) -> Response:
    """The answer to an exception: its status, and for what the reader did wrong, why."""
    if request.path.startswith("/en/"):
        request.scope.setdefault("url_route", {"kwargs": {"lang": "en"}})
    status = 503 if isinstance(exception, TooSlow | TooMany) else int(getattr(exception, "status", None) or 500)
    if status >= 500 and not isinstance(exception, TooSlow | TooMany):
        _log(request, exception)
    detail = _detail(exception) if status < 500 else ""
    if request.path.endswith((".json", ".csv", ".blob")):
        return Response.json({"ok": False, "error": detail or f"error {status}", "status": status}, status=status)
    page = Page(datasette, request)
    if status == 404:
        return await page.not_found()
    response = await page.render("fault.html", status=status, status_code=status, reason=detail)
    if status == 503:
        response.headers["retry-after"] = "5"
    return response


def _detail(exception: Exception) -> str:
    text = getattr(exception, "plain_message", None) or getattr(exception, "message", None) or str(exception)
    return " ".join(str(text).split())[:_SHOWN]


def _log(request: Any, exception: Exception) -> None:
    kind, now = type(exception).__name__, time.monotonic()
    if now - _told.get(kind, -_PAUSE) < _PAUSE:
        return
    _told[kind] = now
    logger.error("%s %s: %s: %s", request.method, repr(request.path)[:_SHOWN], kind, repr(str(exception))[:_SHOWN])
