"""A crawl under the watchdog: what cannot be read is left out, and the crawl goes on without it."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from archive.text.plain_output import printable
from crawler.crawl.records import fatal_pages
from crawler.errors import CrawlStuck
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.watchdog.watchdog import READING_SECONDS, Broken, watched

T = TypeVar("T")

MOST_OF_A_PORTAL = 10
"""Pages of one portal that may break a crawl off; behind them the rest of that portal waits for the next crawl."""
MOST_WITHOUT_A_PAGE = 3
"""How often a crawl may break off while it reads no page: that is no page's fault, and starting again does not help."""

_HEX = re.compile("(?:[0-9a-f]{2})+")
_WHY = {
    "cpu": f"took more than {READING_SECONDS:g} s of computing",
    "memory": "took too much memory",
    "signal": "ended the process",
}


def watched_crawl(folder: ArchiveFolder, names: list[str], crawl: Callable[[list[str]], T]) -> tuple[T, list[str]]:
    """Crawl in a child process, and again in the next where a page's reading had it killed.

    Answers what the last child's crawl gave, and a line for each page that had one killed.
    A kill at any moment loses nothing, so the next child goes on where the last one stood. Raises what the crawl raises,
    and :class:`CrawlStuck` when it cannot go on.
    """
    left = list(names)
    broken_off: list[str] = []
    by_portal: Counter[str] = Counter()
    without_a_page = 0
    while True:
        ended = watched(lambda: crawl(left), reading_seconds=READING_SECONDS)
        if not isinstance(ended, Broken):
            return ended.value, broken_off
        url, portal = _note(folder, ended)
        if portal is None:
            without_a_page += 1
            if without_a_page >= MOST_WITHOUT_A_PAGE:
                raise CrawlStuck(
                    f"the crawl's process {_WHY[ended.reason]} {without_a_page} times while it read no page"
                )
            continue
        line = f"{url}: reading it {_WHY[ended.reason]}"
        broken_off.append(line)
        print(f"tinhuyen: {printable(line)}; it is left out, and the crawl goes on", file=sys.stderr, flush=True)
        by_portal[portal] += 1
        if by_portal[portal] >= MOST_OF_A_PORTAL and portal in left:
            left.remove(portal)
            broken_off.append(
                f"{portal}: {MOST_OF_A_PORTAL} of its pages broke the crawl off: the rest waits for the next"
            )
            if not left:
                raise CrawlStuck("; ".join(broken_off[-3:]))


def _note(folder: ArchiveFolder, broken: Broken) -> tuple[str, str | None]:
    """Count the page that was being read among those that are left out; its address and portal, if there was one."""
    key = broken.key.decode("ascii", "replace")
    if not _HEX.fullmatch(key):
        return "", None
    frontier = Ledger(folder.ledger)
    try:
        with frontier.write() as conn:
            deaths = 1 if broken.reason == "signal" else fatal_pages.MOST_DEATHS
            fatal_pages.count(conn, [bytes.fromhex(key)], time.time(), deaths)
        row = frontier.conn.execute("SELECT url, portal FROM page WHERE key = ?", (bytes.fromhex(key),)).fetchone()
    finally:
        frontier.conn.close()
    return (row[0], row[1]) if row is not None else ("", None)
