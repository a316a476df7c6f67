"""Feeds and sitemaps: the addresses they name."""

from __future__ import annotations

from crawler.discovery.feed import parse_feed
from crawler.discovery.sitemap import parse_sitemap
from crawler.fetch.content import ContentTooLarge, unzipped
from crawler.frontier.urls import absolute
from crawler.spiders.endings import Endings
from crawler.spiders.links import LinkFinder
from crawler.visit import Visit

MAX_LIST_TAGS = 600_000
"""Tags beyond which a feed or sitemap is not parsed; a full sitemap has 500,000."""

MAX_SITEMAP_BYTES = 32_000_000  # decompressed; 50,000 addresses take about 10 MB


class Announcements:
    """Reads what a portal announces by itself."""

    def __init__(self, links: LinkFinder, endings: Endings) -> None:
        self.links, self.endings = links, endings

    def feed(self, visit: Visit, body: bytes, url: str, is_page: bool) -> None:
        """The entries of a feed at ``url``; ``is_page``: it was sent as HTML."""
        if self.endings.too_dense(visit, body, MAX_LIST_TAGS):
            return
        entries = parse_feed(body)
        if not entries and is_page:
            self.endings.skip(visit, "no feed: a page came instead", "no feed there")
            return
        urls = [url for url in (absolute(url, entry.url) for entry in entries) if url]
        visit.found += self.links.named(visit, urls, "feed", "article")
        visit.ack.state, visit.ack.reason, visit.ack.kind = "listed", f"a feed of {len(entries)} entries", "feed"

    def sitemap(self, visit: Visit, sent: bytes, url: str) -> None:
        """The pages and further sitemaps of a sitemap at ``url``."""
        try:
            body = unzipped(sent, MAX_SITEMAP_BYTES)
        except ContentTooLarge:
            self.endings.fail(visit, f"larger than the limit of {MAX_SITEMAP_BYTES / 1e6:g} MB once it is decompressed")
            return
        if self.endings.too_dense(visit, body, MAX_LIST_TAGS):
            return
        sitemap = parse_sitemap(body)
        if not sitemap.pages and not sitemap.sitemaps:
            self.endings.skip(visit, "no sitemap: nothing in it names a page", "no sitemap there")
            return
        maps = [u for u in (absolute(url, e.url) for e in sitemap.sitemaps) if u]
        pages = [u for u in (absolute(url, e.url) for e in sitemap.pages) if u]
        visit.found += self.links.named(visit, maps, "sitemap", "sitemap")
        visit.found += self.links.named(visit, pages, "sitemap", "page")
        visit.ack.state, visit.ack.kind = "listed", "sitemap"
        visit.ack.reason = f"a sitemap of {len(pages)} pages and {len(maps)} further sitemaps"
