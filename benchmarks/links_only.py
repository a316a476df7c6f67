"""The baseline: a Scrapy spider that follows links and keeps nothing. Arguments: the addresses to begin at."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from selectolax.lexbor import LexborHTMLParser


class LinksOnly(Spider):
    name = "links"

    async def start(self) -> AsyncIterator[Any]:
        for base in sys.argv[1:]:
            yield Request(base + "/")

    def parse(self, response: Response) -> Iterator[Request]:
        for node in LexborHTMLParser(response.body).css("a[href]"):
            yield response.follow(node.attributes["href"] or "")


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "RETRY_ENABLED": False,
        }
    )
    process.crawl(LinksOnly)
    process.start()
