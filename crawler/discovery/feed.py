"""Feeds: RSS 0.9-2.0, RDF and Atom, read by their element names whatever the namespace.

Feeds of portals are often broken; :mod:`crawler.discovery.lenient_xml` mends them. A feed that holds no entry at all says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from crawler.discovery.lenient_xml import local_name, parse_xml, text_of

_ENTRY = {"item", "entry"}
_SITEMAPS = ("urlset", "sitemapindex")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(slots=True)
class FeedEntry:
    """One entry: its address (resolved where the feed names its base) and, as printed, its title and date."""

    url: str
    title: str | None = None
    published: str | None = None


def parse_feed(body: bytes, content_type: str | None = None) -> list[FeedEntry]:
    """The entries of a feed, in its order; none when ``body`` is no feed."""
    root = parse_xml(body, content_type)
    return [] if root is None else feed_entries(root)


def feed_entries(root: etree._Element) -> list[FeedEntry]:
    """The entries below the root of a feed; none below that of a sitemap."""
    if local_name(root) in _SITEMAPS:
        return []
    entries = (_entry(node) for node in root.iter() if local_name(node) in _ENTRY)
    return [entry for entry in entries if entry is not None]


def _entry(node: etree._Element) -> FeedEntry | None:
    url = title = published = guid = None
    for child in node:
        name = local_name(child)
        if name == "link":
            if child.get("rel", "alternate") == "alternate" and (said := text_of(child) or child.get("href")):
                url = url or based(child, said.strip())
        elif name == "origlink":  # the portal's own address, where a service counts who follows the links
            guid = text_of(child) or guid
            url = None if url is not None and guid else url
        elif name == "title":
            title = text_of(child) or None
        elif name in ("pubdate", "published", "date"):
            published = published or text_of(child) or None
        elif name == "guid" and child.get("isPermaLink", "true").lower() == "true":
            guid = text_of(child)
    url = url or (guid if guid and guid.startswith("http") else None)
    return FeedEntry(url.replace("&amp;", "&"), title, published) if url else None


def based(node: etree._Element, address: str) -> str:
    """``address`` resolved by the ``xml:base`` of the elements around it, innermost first (RFC 4287, 2)."""
    around: etree._Element | None = node
    while around is not None:
        base = around.get(_BASE)
        if base:
            try:
                address = urljoin(base.strip(), address)
            except ValueError:  # a bracket out of place in the host
                return address
        around = around.getparent()
    return address
