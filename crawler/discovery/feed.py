"""Feeds: RSS 0.9-2.0, RDF and Atom, read by their element names whatever the namespace.

Feeds of portals are often broken: stray ampersands, a leading blank line, a charset that is not the declared one. The
parser recovers what it can; a feed that holds no entry at all says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

_ENTRY = {"item", "entry"}


@dataclass(slots=True)
class FeedEntry:
    """One entry: its address and, as printed, its title and date."""

    url: str
    title: str | None = None
    published: str | None = None


def parse_feed(body: bytes) -> list[FeedEntry]:
    """The entries of a feed, in its order; none when ``body`` is no feed."""
    root = parse_xml(body)
    if root is None:
        return []
    entries = (_entry(node) for node in root.iter() if local_name(node) in _ENTRY)
    return [entry for entry in entries if entry is not None]


def parse_xml(body: bytes) -> etree._Element | None:
    """``body`` as XML, recovering from what is broken; ``None`` when nothing of it is. No entity is ever resolved."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(node: etree._Element) -> str:
    """The element's name without its namespace, in lower case; empty for comments."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _entry(node: etree._Element) -> FeedEntry | None:
    url = title = published = guid = None
    for child in node:
        name = local_name(child)
        if name == "link":
            if child.get("rel", "alternate") == "alternate":
                url = url or (child.text or "").strip() or child.get("href")
        elif name == "title":
            title = (child.text or "").strip() or None
        elif name in ("pubdate", "published", "date"):
            published = published or (child.text or "").strip() or None
        elif name == "guid" and child.get("isPermaLink", "true").lower() == "true":
            guid = (child.text or "").strip()
    url = url or (guid if guid and guid.startswith("http") else None)
    return FeedEntry(url, title, published) if url else None
