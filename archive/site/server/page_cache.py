"""A short memory of rendered pages, for as long as the archive does not change.

Two hundred readers ask for a few hundred different pages; making each anew takes some 8 ms of the one event loop. A page
is kept until ``archive.db`` or its journal is written to, and for `KEPT_SECONDS` at most (citations bear today's date).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from archive.site.server.request_limits import App, Message, Send

KEPT_SECONDS = 60.0
KEPT_BYTES = 32_000_000
LARGEST = 500_000
"""Bytes of a page that is kept."""

Key = tuple[str, bytes, bytes]


@dataclass(slots=True)
class _Kept:
    headers: list[tuple[bytes, bytes]]
    body: bytes
    etag: bytes
    signature: tuple[int, ...]
    until: float


class PageCache:
    """The pages kept, the one that was asked for longest ago first."""

    def __init__(self, database: Path) -> None:
        self._files = (database, database.with_name(f"{database.name}-wal"))
        self._pages: OrderedDict[Key, _Kept] = OrderedDict()
        self._bytes = 0

    def signature(self) -> tuple[int, ...]:
        """What changes with every write to the archive: sizes and times of the file and its journal."""
        found: list[int] = []
        for path in self._files:
            try:
                stat = path.stat()
            except OSError:
                continue
            if stat.st_size:  # an empty journal is made by whoever only reads
                found += (stat.st_mtime_ns, stat.st_size)
        return tuple(found)

    def get(self, key: Key) -> _Kept | None:
        """A page as kept, None where there is none or it may have changed."""
        kept = self._pages.get(key)
        if kept is None:
            return None
        if kept.until < time.monotonic() or kept.signature != self.signature():
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return kept

    def put(self, key: Key, headers: list[tuple[bytes, bytes]], body: bytes, signature: tuple[int, ...]) -> _Kept:
        """Keep a page that was made while the archive had this signature."""
        etag = b'W/"' + blake2b(body, digest_size=12).hexdigest().encode() + b'"'
        kept = _Kept([*headers, (b"etag", etag)], body, etag, signature, time.monotonic() + KEPT_SECONDS)
        self._drop(key)
        self._pages[key] = kept
        self._bytes += len(body)
        while self._bytes > KEPT_BYTES:
            self._drop(next(iter(self._pages)))
        return kept

    def _drop(self, key: Key) -> None:
        kept = self._pages.pop(key, None)
        if kept is not None:
            self._bytes -= len(kept.body)


_of_site: WeakKeyDictionary[object, PageCache] = WeakKeyDictionary()


def cache_of(datasette: object, database: Path) -> PageCache:
    """The pages kept of a site; Datasette wraps its app anew for each request of its own client."""
    if datasette not in _of_site:
        _of_site[datasette] = PageCache(database)
    return _of_site[datasette]


def cached(app: App, cache: PageCache, is_ours: Callable[[str], bool]) -> App:
    """The app with its pages kept; ``is_ours`` says by the path whether a page is one of the readers' site."""

    async def wrapped(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not is_ours(scope["path"]):
            await app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        # permalinks may be made of the host, and nothing else of a request's head changes a page
        key: Key = (scope["path"], scope.get("query_string", b""), headers.get(b"host", b""))
        kept = cache.get(key)
        if kept is None:
            kept = await _made(app, scope, receive, send, cache, key)
            if kept is None:
                return  # sent already
        await _give(kept, headers.get(b"if-none-match"), scope["method"], send)

    return wrapped


async def _made(app: App, scope: Any, receive: Any, send: Send, cache: PageCache, key: Key) -> _Kept | None:
    """Make the page; one that cannot be kept goes out as it is made."""
    signature = cache.signature()
    start: Message = {}
    pieces: list[bytes] = []
    passed_on = False

    async def collect(message: Message) -> None:
        nonlocal start, passed_on
        if passed_on:
            await send(message)
        elif message["type"] == "http.response.start" and message["status"] == 200 and _is_page(message):
            start = message
        elif not start:
            passed_on = True
            await send(message)
        else:
            pieces.append(message.get("body", b""))
            if sum(map(len, pieces)) > LARGEST:
                passed_on = True
                await send(start)
                more = message.get("more_body", False)
                await send({"type": "http.response.body", "body": b"".join(pieces), "more_body": more})

    # a HEAD is answered from the page that a GET would give
    await app({**scope, "method": "GET"}, receive, collect)
    return None if passed_on or not start else cache.put(key, start["headers"], b"".join(pieces), signature)


def _is_page(start: Message) -> bool:
    return any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in start.get("headers", []))


async def _give(kept: _Kept, asked: bytes | None, method: str, send: Send) -> None:
    if asked is not None and kept.etag in (tag.strip() for tag in asked.split(b",")):
        headers = [(k, v) for k, v in kept.headers if k.lower() not in (b"content-type", b"content-length")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else kept.body})
