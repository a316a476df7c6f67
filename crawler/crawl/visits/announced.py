"""Feeds and sitemaps: the addresses they name."""

from __future__ import annotations

from crawler.addresses.urls import absolute
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import LinkFinder
from crawler.crawl.visits.outcomes import Endings
from crawler.discovery.feed import parse_feed
from crawler.discovery.sitemap import Sitemap, parse_sitemap
from crawler.fetch.codings import ContentTooLarge, unzipped
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

MAX_LIST_TAGS = 600_000
"""Tags beyond which a feed or sitemap is not parsed; a full sitemap has 500,000."""

MAX_SITEMAP_BYTES = 32_000_000  # decompressed; 50,000 addresses take about 10 MB


class Announcements:
    """Reads what a portal announces by itself."""

    def __init__(self, links: LinkFinder, endings: Endings) -> None:
        self.links, self.endings = links, endings

    def feed(self, visit: Visit, sent: bytes, url: str, content_type: str | None) -> bool:
        """The entries of a feed at ``url``; False, and nothing is said, when a page of HTML came instead."""
        body = self._unzipped(visit, sent)
        if body is None or self.endings.too_dense(visit, body, MAX_LIST_TAGS):
            return True
        entries = parse_feed(body, content_type)
        if not entries and (pages := parse_sitemap(body, content_type)).pages:
            self._sitemap(visit, pages, url)
            return True
        if not entries and is_page(body):
            return False
        urls = [url for url in (absolute(url, entry.url) for entry in entries) if url]
        visit.found += self.links.named(visit, urls, "feed", "article")
        visit.ack.state, visit.ack.kind = "listed", "feed"
        visit.ack.reason = Reason(Code.FEED, entries=len(entries))
        return True

    def sitemap(self, visit: Visit, sent: bytes, url: str, content_type: str | None) -> None:
        """The pages and further sitemaps of a sitemap at ``url``."""
        body = self._unzipped(visit, sent)
        if body is None or self.endings.too_dense(visit, body, MAX_LIST_TAGS):
            return
        sitemap = parse_sitemap(body, content_type)
        if not sitemap.pages and not sitemap.sitemaps:
            self.endings.skip(visit, Reason(Code.NO_SITEMAP))
            return
        self._sitemap(visit, sitemap, url)

    def _unzipped(self, visit: Visit, sent: bytes) -> bytes | None:
        """A list that may be gzipped without a label; ``None``, and the visit says so, when it is too large."""
        try:
            return unzipped(sent, MAX_SITEMAP_BYTES)
        except ContentTooLarge:
            self.endings.fail(visit, Reason(Code.TOO_LARGE_INFLATED, megabytes=MAX_SITEMAP_BYTES / 1e6))
            return None

    def _sitemap(self, visit: Visit, sitemap: Sitemap, url: str) -> None:
        maps = [u for u in (absolute(url, e.url) for e in sitemap.sitemaps) if u]
        pages = [u for u in (absolute(url, e.url) for e in sitemap.pages) if u]
        visit.found += self.links.named(visit, maps, "sitemap", "sitemap")
        visit.found += self.links.named(visit, pages, "sitemap", "page")
        visit.ack.state, visit.ack.kind = "listed", "sitemap"
        visit.ack.reason = Reason(Code.SITEMAP, pages=len(pages), sitemaps=len(maps))


def is_page(body: bytes) -> bool:
    """Whether a body is a page of HTML, whatever its type says."""
    head = body[:2000].lower()
    return b"<html" in head or b"<!doctype html" in head or b"<body" in head
