"""The baseline: a Scrapy spider that follows links and keeps nothing. Arguments: the addresses to begin at.

As fast as stock Scrapy goes: links by lexbor, each address asked once by a set of its own, no pipeline, no robots.txt,
middlewares that do nothing here left out. A crawl that did less would not find the pages.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from selectolax.lexbor import LexborHTMLParser

SETTINGS = {
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,  # more changes nothing
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "LOG_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "COOKIES_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
}


class LinksOnly(Spider):
    name = "links"

    async def start(self) -> AsyncIterator[Any]:
        self.seen = {base: {"/"} for base in sys.argv[1:]}
        for base in self.seen:
            yield self.request(base, "/")

    def request(self, base: str, path: str) -> Request:
        return Request(urljoin(base, path), dont_filter=True, cb_kwargs={"base": base})

    def parse(self, response: Response, base: str) -> Iterator[Request]:
        seen = self.seen[base]
        for node in LexborHTMLParser(response.body).css("a[href]"):
            path = node.attributes["href"] or ""
            if path.startswith("/") and path not in seen:
                seen.add(path)
                yield self.request(base, path)


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(LinksOnly)
    process.start()
