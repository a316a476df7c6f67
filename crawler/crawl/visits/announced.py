"""Feeds and sitemaps: the addresses they name."""

from __future__ import annotations

from archive.warc.codings import ContentTooLarge, unzipped
from crawler.addresses.urls import absolute
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import LinkFinder
from crawler.crawl.visits.outcomes import Look, announced, failed, skipped
from crawler.discovery.feed import parse_feed
from crawler.discovery.sitemap import Sitemap, parse_sitemap
from crawler.ledger.rows import Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

MAX_LIST_TAGS = 600_000
"""Tags beyond which a feed or sitemap is not parsed; a full sitemap has 500,000."""

MAX_SITEMAP_BYTES = 32_000_000  # decompressed; 50,000 addresses take about 10 MB


class Announcements:
    """Reads what a portal announces by itself."""

    def __init__(self, links: LinkFinder) -> None:
        self.links = links

    def feed(self, visit: Visit, look: Look, sent: bytes, url: str, content_type: str | None) -> Outcome | None:
        """The entries of a feed at ``url``; ``None`` when a page of HTML came instead."""
        body, problem = readable(sent)
        if problem is not None:
            return failed(look, problem)
        entries = parse_feed(body, content_type)
        if not entries and (pages := parse_sitemap(body, content_type)).pages:
            return self._sitemap(visit, look, pages, url)
        if not entries and is_page(body):
            return None
        urls = [url for url in (absolute(url, entry.url) for entry in entries) if url]
        visit.found += self.links.named(visit, urls, "feed", "article")
        return announced(look, Reason(Code.FEED, entries=len(entries)), "feed")

    def sitemap(self, visit: Visit, look: Look, sent: bytes, url: str, content_type: str | None) -> Outcome:
        """The pages and further sitemaps of a sitemap at ``url``."""
        body, problem = readable(sent)
        if problem is not None:
            return failed(look, problem)
        sitemap = parse_sitemap(body, content_type)
        if not sitemap.pages and not sitemap.sitemaps:
            return skipped(look, Reason(Code.NO_SITEMAP))
        return self._sitemap(visit, look, sitemap, url)

    def _sitemap(self, visit: Visit, look: Look, sitemap: Sitemap, url: str) -> Outcome:
        maps = [u for u in (absolute(url, e.url) for e in sitemap.sitemaps) if u]
        pages = [u for u in (absolute(url, e.url) for e in sitemap.pages) if u]
        visit.found += self.links.named(visit, maps, "sitemap", "sitemap")
        visit.found += self.links.named(visit, pages, "sitemap", "page")
        return announced(look, Reason(Code.SITEMAP, pages=len(pages), sitemaps=len(maps)), "sitemap")


def readable(sent: bytes, most_tags: int = MAX_LIST_TAGS) -> tuple[bytes, Reason | None]:
    """A feed or sitemap, which may be gzipped without a label, and why it is not parsed: too large, or too many tags."""
    try:
        body = unzipped(sent, MAX_SITEMAP_BYTES)
    except ContentTooLarge:
        return b"", Reason(Code.TOO_LARGE_INFLATED, megabytes=MAX_SITEMAP_BYTES / 1e6)
    dense = body.count(b"<") > most_tags
    return body, Reason(Code.TOO_DENSE, tags=most_tags) if dense else None


def is_page(body: bytes) -> bool:
    """Whether a body is a page of HTML, whatever its type says."""
    head = body[:2000].lower()
    return b"<html" in head or b"<!doctype html" in head or b"<body" in head
