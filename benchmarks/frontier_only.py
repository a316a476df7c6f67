"""Run as a child: crawl an archive with everything but the reading of pages. Arguments: its folder, pages a portal.

Scheduler, ledger, download handler and WARC are the project's own. Addresses are put into the ledger beforehand, an
answer is recorded and acknowledged, nothing is parsed. Delays are exact: the share by which they are lengthened is off.
"""

from __future__ import annotations

import sys
from typing import Any

from portal_site import tiny_path
from scrapy.http import Response

from archive.ids import url_key
from crawler.addresses.urls import canonical
from crawler.crawl import run, scheduler
from crawler.crawl.exchanges import Exchanges
from crawler.crawl.hosts import host_turn as turn
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.rows import Ack, Found


class FrontierOnly(Exchanges):
    """Exchanges of which nothing is read."""

    def page(self, response: Response) -> None:
        with self._ending(response.request) as (ask, page):
            answer = self._answer(response.request, page, response)
            self.trouble.succeeded(ask.turn)
            ack = Ack(page.key, ask.turn.lease.epoch, "listed", "asked")
            self.crawl.batch.add(Visit(page, ack, answer.capture if answer else None))
            self.enough()


def seed_tiny(crawl: Crawl, visitor: Any, pages: int) -> None:
    """Rows for the articles of every portal, as if they had been found before."""
    for portal in crawl.portals.values():
        urls = [portal.url.rstrip("/") + tiny_path(number) for number in range(pages)]
        crawl.ledger.add(Found(url, url_key(canonical(url)), portal.name, "article", "seed") for url in urls)


if __name__ == "__main__":
    turn.JITTER = 0.0
    scheduler.Exchanges = FrontierOnly  # type: ignore[misc]
    scheduler.seed = lambda crawl, visitor: seed_tiny(crawl, visitor, int(sys.argv[2]))
    run.crawl(ArchiveFolder(sys.argv[1]), [], progress=False)
