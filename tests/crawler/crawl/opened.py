"""A real crawl without a reactor: a folder on the disk, its ledger and store, and hosts leased by hand."""

from __future__ import annotations

import json
import time
from collections import deque
from pathlib import Path
from typing import Any

from archive.ids import url_key
from crawler.addresses.roles import Role
from crawler.addresses.urls import canonical
from crawler.crawl.arguments import Arguments
from crawler.crawl.hosts.host_turn import Terms, Turn
from crawler.crawl.one_crawl import Crawl
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Found, HostState, Lease, Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

HOME = "http://xahoa.gov.vn/"


class Bell:
    """Stands for the timer that wakes Scrapy's engine: what it was asked for, in seconds from now."""

    def __init__(self) -> None:
        self.rings: list[float] = []

    def ring_in(self, seconds: float) -> None:
        self.rings.append(seconds)


def why(text: str) -> Reason:
    """A reason that says what it says and nothing is decided by."""
    return Reason(Code.OTHER, said=text)


def key_of(url: str) -> bytes:
    return url_key(canonical(url))


def open_crawl(path: Path, *, settings: str = "", arguments: Arguments | None = None, **portals: str) -> Crawl:
    """An archive with ``portals`` (name and home page) and these ``settings``, being crawled; close it."""
    folder = ArchiveFolder(path)
    if not folder.exists():
        folder.init(name="Kho thử")
        entries = "".join(
            f"\n[portals.{name}]\nurl = {json.dumps(url)}\n{settings if n == 0 else ''}"
            for n, (name, url) in enumerate((portals or {"xahoa": HOME}).items())
        )
        folder.config_path.write_text(folder.config_path.read_text(encoding="utf-8") + entries, encoding="utf-8")
    return Crawl(folder, list(folder.config().portals.values()), user_agent="thử", arguments=arguments)


def add(ledger: Ledger, *urls: str, portal: str = "xahoa", role: Role = "page", method: str = "link") -> None:
    """Rows for addresses that wait for their first visit."""
    ledger.add([Found(url, key_of(url), portal, role, method) for url in urls])


def page_of(url: str, **known: Any) -> Page:
    """A row on its way out, as the ledger leases it."""
    row = {"portal": "xahoa", "role": "page", "depth": 1, "tries": 0, "was": "new", **known}
    return Page(key_of(url), url, **row)


def turn_of(origin: str = "http://xahoa.gov.vn", *pages: Page, delay: float = 1.0, **known: Any) -> Turn:
    """A host leased by this process, of which the ledger knows nothing."""
    lease = Lease(HostState(origin), 1, time.time() + 600, list(pages))
    return Turn(lease, deque(pages), **{"terms": Terms(delay), **known})


def leased(crawl: Crawl, n: int = 1, pages: int = 50) -> list[Turn]:
    """Hosts leased from the ledger, as turns."""
    leases = crawl.ledger.claim(crawl.worker.name, n, pages, 600.0, crawl.names)
    return [Turn(lease, deque(lease.pages), Terms(1.0), bound=True) for lease in leases]


def row_of(ledger: Ledger, url: str) -> dict[str, Any]:
    """A row of the ledger as it stands."""
    return dict(ledger.conn.execute("SELECT * FROM page WHERE key = ?", (key_of(url),)).fetchone())
