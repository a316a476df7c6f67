"""What a portal calls itself, read off its home page."""

from __future__ import annotations

from crawler.page.dom import node_text
from crawler.page.metadata import Metadata
from crawler.page.page import Page
from crawler.words.tables import WithWords

_WITH_FRONT = WithWords(
    r"^{front_pages}\s*+[-–|:»]+\s*|(?:(?<!\s)\s++)?(?<![-–|:»])[-–|:»]++\s*+{front_pages}$", "title"
)
_NO_NAME = WithWords(r"{front_pages}|joomla!?|my site|welcome.*|untitled.*|website", "title")
_BRANDS = (
    "[class*=site-title i], [class*=sitename i], [class*=site-name i], #site-name, #logo, [class*=brand i], "
    "header h1, #header h1, [class*=logo i]"
)
_FEED_NAME = WithWords(r"(?:(?<!\s)\s++)?(?:[»|:-]\s*+)?{feed_names}\s*+[»|:-]?\s*+", "title")


def portal_title(page: Page, metadata: Metadata) -> str | None:
    """The site's own name: from OpenGraph, the window's title without "Trang chủ", what the header prints, the feed's title."""
    for said in (metadata.site_name, metadata.titles.get("title")):
        text = _WITH_FRONT.made.sub("", said or "").strip()
        if text and not _NO_NAME.fullmatch(text):
            return text
    for node in page.tree.css(_BRANDS)[:10]:
        picture = node if node.tag == "img" else node.css_first("img[alt]")
        inner = node.css_first("[class*=title i], [title]")
        for text in (node_text(inner), node_text(node), (picture.attributes.get("alt") or "") if picture else ""):
            text = " ".join(text.split())
            if 8 <= len(text) <= 150 and not _NO_NAME.fullmatch(text):
                return text
    for link in page.tree.css('link[type="application/rss+xml"][title]')[:3]:
        text = _FEED_NAME.made.sub("", link.attributes.get("title") or "").strip()
        if len(text) >= 8 and not _NO_NAME.fullmatch(text):
            return text
    return None
