"""Sitemaps (sitemaps.org): indexes, page lists, news sitemaps, gzipped ones, and plain lists of addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.warc.read import decode_content
from crawler.discovery.feed import local_name, parse_xml

MAX_URLS = 50_000  # the protocol's own limit for one file


@dataclass(slots=True)
class SitemapEntry:
    """One page of a sitemap, with the time of its last change as printed."""

    url: str
    lastmod: str | None = None


@dataclass(slots=True)
class Sitemap:
    """What one sitemap file names: other sitemaps, pages, or both."""

    sitemaps: list[SitemapEntry] = field(default_factory=list)
    pages: list[SitemapEntry] = field(default_factory=list)


def parse_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap; an empty one when ``body`` is none."""
    if body[:2] == b"\x1f\x8b":
        body = decode_content(body, "gzip")
    found = Sitemap()
    root = parse_xml(body)
    if root is None or local_name(root) not in ("urlset", "sitemapindex"):
        return _plain(body)
    for node in root:
        name = local_name(node)
        if name not in ("url", "sitemap"):
            continue
        texts = {local_name(child): (child.text or "").strip() for child in node}
        if texts.get("loc"):
            entry = SitemapEntry(texts["loc"], texts.get("lastmod") or None)
            (found.sitemaps if name == "sitemap" else found.pages).append(entry)
    del found.pages[MAX_URLS:]
    return found


def _plain(body: bytes) -> Sitemap:
    """A text file of one address a line is a sitemap too; a page of HTML is not."""
    lines = body[: 4 << 20].decode("utf-8", "replace").split()
    if lines and all(line.startswith(("http://", "https://")) for line in lines):
        return Sitemap(pages=[SitemapEntry(line) for line in lines[:MAX_URLS]])
    return Sitemap()
