"""Scrapy's door: one spider for every portal, which seeds the frontier. What is asked, the frontier says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy import Spider

from crawler.crawl.arguments import Arguments
from crawler.crawl.extension import crawl_of


class PortalSpider(Spider):
    """Crawl portals of an archive.

    Arguments (``scrapy crawl portal -a portal=NAME``): ``portal``, one or several names with commas, all when none;
    ``full=1`` asks for every known article again; ``delay`` in seconds overrides the archive's; ``limit`` stops after
    that many articles; ``sample`` after that many requests, a quarter of them articles and then lists; ``survey=1`` reads
    home pages, feeds, sitemaps and lists alone, to see what the portal lists.
    """

    name = "portal"
    default_portals: ClassVar[list[str]] = []

    def __init__(
        self,
        *args: Any,
        portal: str = "",
        full: Any = False,
        delay: Any = None,
        limit: Any = None,
        sample: Any = None,
        survey: Any = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.portal_names = [name for name in portal.split(",") if name] or list(self.default_portals)
        self.arguments = Arguments.parse(full, delay, limit, sample, survey)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing is yielded: the scheduler has seeded the frontier as it opened, and gives out what is due."""
        if crawl_of(self.crawler) is None:
            raise RuntimeError("no archive here: make one with  tinhuyen init, or set TINHUYEN_ARCHIVE")
        return
        yield
