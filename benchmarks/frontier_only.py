"""Run as a child: crawl an archive with everything but the reading of pages. Arguments: its folder, pages a portal.

Scheduler, ledger, download handler and WARC are the project's own. Addresses are put into the ledger beforehand, an
answer is recorded and acknowledged, nothing is parsed. Delays are exact: the share by which they are lengthened is off.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from portal_site import tiny_path
from scrapy.http import Response

from archive.ids import url_key
from crawler.addresses.urls import canonical
from crawler.crawl import run
from crawler.crawl.hosts import host_turn as turn
from crawler.crawl.visit import Visit
from crawler.crawl.visits.visitor import Visitor
from crawler.folder.config import ArchiveFolder
from crawler.ledger.rows import Ack, Found, Page
from crawler.spiders.portal import PortalSpider


class FrontierOnly(PortalSpider):
    """The portal spider with nothing to read."""

    pages = 0

    async def start(self) -> AsyncIterator[Any]:
        self.visitor = Visitor(self.session)
        for portal in self.session.portals.values():
            urls = [portal.url.rstrip("/") + tiny_path(number) for number in range(self.pages)]
            self.session.frontier.add(
                Found(url, url_key(canonical(url)), portal.name, "article", "seed") for url in urls
            )
        return
        yield

    def parse_page(self, response: Response) -> Iterator[Any]:
        page: Page = response.meta["page"]
        turn = response.meta["turn"]
        try:
            answer = self._answer(response.request, page, response)
            self.scheduler.succeeded(turn)
            yield Visit(page, Ack(page.key, turn.lease.epoch, "listed", "asked"), answer.capture if answer else None)
        finally:
            self.scheduler.done(turn, response.meta["recording"].sent_at)


if __name__ == "__main__":
    turn.JITTER = 0.0
    FrontierOnly.pages = int(sys.argv[2])
    run.PortalSpider = FrontierOnly  # type: ignore[misc]
    run.crawl(ArchiveFolder(sys.argv[1]), [], progress=False)
