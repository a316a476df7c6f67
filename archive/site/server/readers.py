"""Readers' connections: a few threads of our own, each with its own read-only connection to ``archive.db``.

Datasette's pages share one pool of threads; eight slow tables there would keep every reader's page waiting.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from datasette.utils import sqlite_timelimit

THREADS = 4
READ_LIMIT_MS = 2000
"""Milliseconds one page may read; a search that needs longer is stopped and says so."""
MOST_WAITING = 400
"""Pages that may wait for a thread; more are told to come back, before all of them wait too long."""

T = TypeVar("T")


class TooSlow(Exception):
    """Raised by `Readers.read` when SQLite was stopped at `READ_LIMIT_MS`."""


class TooMany(Exception):
    """Raised by `Readers.read` when `MOST_WAITING` pages wait already."""


class Readers:
    """Read-only access to one ``archive.db`` for the pages of one site."""

    def __init__(self, path: Path, immutable: bool) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro" + ("&immutable=1" if immutable else "")
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="readers")
        self._own = threading.local()
        self._waiting = 0

    async def read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """What a function reads from the archive. Raises `TooSlow` and `TooMany`."""
        if self._waiting >= MOST_WAITING:
            raise TooMany
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, function)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise TooSlow from error
            raise
        finally:
            self._waiting -= 1

    def _run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        conn: sqlite3.Connection | None = getattr(self._own, "conn", None)
        if conn is None:
            conn = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            conn.row_factory = sqlite3.Row
            self._own.conn = conn
        with sqlite_timelimit(conn, READ_LIMIT_MS):
            return function(conn)


_of_site: WeakKeyDictionary[object, Readers] = WeakKeyDictionary()


def readers_of(datasette: object, path: Path, immutable: bool) -> Readers:
    """The readers of a site, made at its first page."""
    if datasette not in _of_site:
        _of_site[datasette] = Readers(path, immutable)
    return _of_site[datasette]
