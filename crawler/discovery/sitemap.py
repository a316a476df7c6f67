"""Sitemaps (sitemaps.org): indexes, page lists, news sitemaps, gzipped ones, feeds, and plain lists of addresses."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

from lxml import etree

from archive.text.decode import decode
from archive.warc.codings import ContentTooLarge, unzipped
from crawler.discovery.feed import based, feed_entries
from crawler.discovery.lenient_xml import local_name, parse_xml, text_of

MAX_URLS = 50_000  # the protocol's own limit for one file
MAX_UNPACKED = 16_000_000
"""Bytes that are read of a gzipped sitemap: what a page may have by default. 50,000 addresses of 200 characters are 14 MB."""

_OWN = ("sitemaps.org", "google.com/schemas/sitemap/0.", "sitemap/0.9")
"""Parts of the name spaces of the protocol itself, as they are written and miswritten."""
_LINE = re.compile(r"https?://\S", re.I)


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


def parse_sitemap(body: bytes, content_type: str | None = None) -> Sitemap:
    """Read a sitemap; an empty one when ``body`` is none. A feed named as sitemap, as the protocol permits, is read too."""
    body = _unpacked(body)
    root = parse_xml(body, content_type)
    if root is None:
        return _plain(body, content_type)
    if local_name(root) not in ("urlset", "sitemapindex"):
        return Sitemap(pages=[SitemapEntry(entry.url, entry.published) for entry in feed_entries(root)[:MAX_URLS]])
    found = Sitemap()
    for node in root.iter():
        name = local_name(node)
        if name not in ("url", "sitemap") or node is root:
            continue
        address = _own_child(node, "loc")
        if address:
            lastmod = _own_child(node, "lastmod")
            (found.sitemaps if name == "sitemap" else found.pages).append(
                SitemapEntry(based(node, address.replace("&amp;", "&")), lastmod)
            )
    del found.pages[MAX_URLS:]
    return found


def _unpacked(body: bytes) -> bytes:
    """A sitemap that is gzipped itself, unpacked; of a larger one than :data:`MAX_UNPACKED` the beginning."""
    try:
        return unzipped(body, MAX_UNPACKED)
    except ContentTooLarge:
        return zlib.decompressobj(31).decompress(body, MAX_UNPACKED)


def _own_child(node: etree._Element, name: str) -> str | None:
    """The text of a child of the protocol's own name space: ``image:loc`` beside ``loc`` is a picture, no page."""
    named = [child for child in node if local_name(child) == name and not _is_extension(child)]
    return next((text for child in named if (text := text_of(child))), None)


def _is_extension(node: etree._Element) -> bool:
    """Whether an element belongs to an extension (pictures, videos, news), by its name space or, undeclared, its prefix."""
    space = node.tag[1:].partition("}")[0] if isinstance(node.tag, str) and node.tag.startswith("{") else ""
    if not space or any(part in space for part in _OWN):
        return False
    return node.prefix is not None


def _plain(body: bytes, content_type: str | None) -> Sitemap:
    """A text file of one address a line is a sitemap too; a page of HTML is not."""
    text = decode(body[: 4 << 20], content_type).text.lstrip("\ufeff")
    lines = [line.strip() for line in re.split(r"[\r\n]+", text)]
    lines = [line for line in lines if line]
    found = [line for line in lines if _LINE.match(line)]
    if "<" in text or 2 * len(found) <= len(lines):
        return Sitemap()
    return Sitemap(pages=[SitemapEntry(line) for line in found[:MAX_URLS]])
