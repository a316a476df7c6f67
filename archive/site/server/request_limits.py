"""What may be asked of the site: methods, addresses, sizes, times; every limit stands here, in front of all pages.

Datasette comes with arbitrary SQL, pages for debugging and an API that writes; a published archive needs none of them.
Its SQL is off unless the archive's owner serves it for himself (``tinhuyen serve --sql``): one call of ``instr()`` runs
for hours beneath every time limit, and its check that a query is a SELECT takes the square of the blanks in it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from archive.site.server.csv_cells import NeutralCells

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Send], Awaitable[None]]

TARGET_BYTES = 4_096
"""Bytes of a path with its query; the longest search that counts has some 600."""
PARAMETERS = 60
ANSWER_SECONDS = 15.0
"""Seconds until an answer begins; our pages read for two at most."""
TABLE_PAGES = 3
"""Pages of tables (Datasette's) that are made at once; the next ones wait their turn."""

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")
_OURS = re.compile(r"/-/(?:capture/|tinhuyen/|static/|static-plugins/)")
# Tables and rows to read, in Datasette's formats; anything with `/-/` behind the database but a table's count is a tool.
_TABLES = re.compile(r"(?:/(?!-/)[^/]+(?:/[^/]+)?(?:\.(?:json|csv|blob))?)?\Z|\.json\Z|/[^/]+/-/count\Z")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that the gate gives itself: its status and a sentence for people in Vietnamese and in English."""

    status: int
    vi: str
    en: str


_METHOD = Refusal(405, "Trang này chỉ để đọc.", "This site can only be read: GET and HEAD.")
_TOO_LONG = Refusal(414, "Địa chỉ quá dài.", "The address is too long.")
_BAD_HOST = Refusal(400, "Tên máy chủ trong yêu cầu không hợp lệ.", "The request names no valid host.")
_NOT_HERE = Refusal(404, "Không có trang này.", "There is no such page.")
_NO_SQL = Refusal(
    403,
    "Không chạy SQL tùy ý ở đây. Trên máy của mình: tinhuyen serve --sql",
    "Arbitrary SQL is off here. For yourself, on your own machine: tinhuyen serve --sql",
)
_TOO_SLOW = Refusal(503, "Quá lâu nên đã dừng. Hãy thu hẹp yêu cầu.", "Stopped: it took too long. Ask for less.")


def refusal(method: str, path: str, query: str, *, route: str, sql: bool) -> Refusal | None:
    """Why a request is refused, ``None`` for one that may go on.

    ``path`` is without the site's prefix, ``route`` the first part of Datasette's addresses of the archive, ``sql``
    whether the owner serves it for himself with arbitrary SQL and all of Datasette.
    """
    if len(path) + len(query) > TARGET_BYTES or query.count("&") >= PARAMETERS:
        return _TOO_LONG
    if sql:
        return None
    if method not in ("GET", "HEAD"):
        return _METHOD
    below = (
        path.removeprefix(f"/{route}") if path == f"/{route}" or path.startswith((f"/{route}/", f"/{route}.")) else None
    )
    if below is not None:
        names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
        if below.startswith("/-/quer") or names & {"sql", "_where"}:
            return _NO_SQL
        return None if _TABLES.match(below) else _NOT_HERE
    if (path == "/-" or path.startswith("/-/")) and not _OURS.match(path):
        return _NOT_HERE
    return None


def guarded(app: App, *, route: str, sql: bool, prefix: str = "") -> App:
    """The app behind the gate; ``prefix`` is the path the site lies under (``/kho``), without a slash at its end."""
    tables = asyncio.Semaphore(TABLE_PAGES)

    async def wrapped(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            return  # no websockets here
        path = scope["path"].removeprefix(prefix) or "/"
        query = scope.get("query_string", b"").decode("latin-1")
        why = None if _names_host(scope) else _BAD_HOST
        why = why or refusal(scope["method"], path, query, route=route, sql=sql)
        if why is not None:
            await _refuse(send, scope, why)
            return
        is_table = path == f"/{route}" or path.startswith((f"/{route}/", f"/{route}."))
        answer = _Answer(send, is_table and path.endswith(".csv"))
        try:
            if is_table:
                async with tables:
                    await _within(answer, app(scope, receive, answer.send))
            else:
                await _within(answer, app(scope, receive, answer.send))
        except TimeoutError:
            if not answer.begun:
                await _refuse(send, scope, _TOO_SLOW)

    return wrapped


class _Answer:
    """One answer on its way out: whether it has begun, its CSV cells neutralised, no body on a HEAD's own account."""

    def __init__(self, send: Send, is_csv_of_datasette: bool) -> None:
        self._send = send
        self._cells = NeutralCells() if is_csv_of_datasette else None
        self.begun = asyncio.Event()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun.set()
            if self._cells:  # another length than was counted
                kept = [(k, v) for k, v in message.get("headers", []) if k.lower() != b"content-length"]
                message = {**message, "headers": kept}
        elif message["type"] == "http.response.body" and self._cells:
            more = message.get("more_body", False)
            message = {**message, "body": self._cells.feed(message.get("body", b""), last=not more)}
        await self._send(message)


async def _within(answer: _Answer, work: Awaitable[None]) -> None:
    """Do the work; raises `TimeoutError` when its answer has not begun after `ANSWER_SECONDS`."""
    task = asyncio.ensure_future(work)
    begun = asyncio.ensure_future(answer.begun.wait())
    try:
        done, _ = await asyncio.wait({task, begun}, timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise TimeoutError
        await task
    finally:
        begun.cancel()
        if not task.done():
            task.cancel()


def _names_host(scope: Any) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return all(_HOST.match(host.decode("latin-1")) for host in hosts) and len(hosts) <= 1


async def _refuse(send: Send, scope: Any, why: Refusal) -> None:
    """A short answer without templates: it must cost nothing."""
    if scope["path"].endswith(".json"):
        kind, body = "application/json", json.dumps({"ok": False, "error": why.en, "status": why.status})
    else:
        kind = "text/html"
        body = (
            f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{why.status}</title>'
            f'<p>{escape(why.vi)}</p><p lang="en">{escape(why.en)}</p>'
        )
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body.encode())).encode()),
        *([(b"allow", b"GET, HEAD")] if why.status == 405 else []),
    ]
    await send({"type": "http.response.start", "status": why.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body.encode()})
