"""Pages whose reading ended a crawl: counted in the ledger, and left out once it happened twice.

A killed crawl's answers are read again from its WARC file before anything is asked for; a page that kills its reader
would be read first, for ever, by every crawl of the archive. A single death proves nothing: the plug may have been pulled.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from crawler.ledger.frontier import Ledger
from crawler.ledger.processes import Worker
from crawler.watchdog import watchdog

_HEX = re.compile("(?:[0-9a-f]{2})+")

MOST_DEATHS = 2
"""Deaths after which a page is not read; the watchdog, which saw it happen, counts for two."""
LEFT_OUT_SECONDS = 86_400.0
"""How long such a page is left out: portals are mended, too."""


class FatalPages:
    """What one crawl knows of them, and its mark of what it reads just now."""

    def __init__(self, frontier: Ledger, worker: Worker) -> None:
        self._frontier, self._worker = frontier, worker
        self._keys: set[bytes] = set()

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys

    def note(self, died: Mapping[str, str]) -> None:
        """Count what processes that died were reading (name to key), and say anew which pages are left out."""
        now = self._frontier.clock()
        with self._frontier.write() as conn:
            count(conn, (bytes.fromhex(key) for key in died.values() if _HEX.fullmatch(key)), now)
            forgive(conn, now)
        self._keys = fatal(self._frontier.conn, now)

    @contextmanager
    def reading(self, key: bytes) -> Iterator[None]:
        """Around the reading of a page: who ends this process by it is known afterwards."""
        told = key.hex()
        self._worker.reads(told)
        if watchdog.current is not None:
            watchdog.current.begin(told.encode())
        try:
            yield
        finally:
            if watchdog.current is not None:
                watchdog.current.end()
            self._worker.reads("")


def count(conn: sqlite3.Connection, keys: Iterable[bytes], now: float, deaths: int = 1) -> None:
    """Note that a process died while it read the pages of these keys."""
    conn.executemany(
        "UPDATE page SET reading_deaths = reading_deaths + ?, reading_died_at = ? WHERE key = ?",
        [(deaths, now, key) for key in keys],
    )


def fatal(conn: sqlite3.Connection, now: float) -> set[bytes]:
    """The keys of pages that are left out at this time (Unix seconds)."""
    rows = conn.execute(
        "SELECT key FROM page WHERE reading_deaths > 0 AND reading_deaths >= ? AND reading_died_at > ?",
        (MOST_DEATHS, now - LEFT_OUT_SECONDS),
    )
    return {row[0] for row in rows}


def forgive(conn: sqlite3.Connection, now: float) -> None:
    """Give pages that were left out long enough one more try: a single death more is enough to leave them out again."""
    conn.execute(
        "UPDATE page SET reading_deaths = ? WHERE reading_deaths > 0 AND reading_deaths >= ? AND reading_died_at <= ?",
        (MOST_DEATHS - 1, MOST_DEATHS, now - LEFT_OUT_SECONDS),
    )
