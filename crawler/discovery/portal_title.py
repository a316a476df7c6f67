"""What a portal calls itself, read off its home page."""

from __future__ import annotations

import re

from crawler.page.dom import node_text
from crawler.page.metadata import Metadata
from crawler.page.page import Page

_FRONT = r"(?:trang (?:chủ|nhất|chính)|home(?: ?page)?|default|index)"
_WITH_FRONT = re.compile(rf"^{_FRONT}\s*+[-–|:»]+\s*|(?:(?<!\s)\s++)?(?<![-–|:»])[-–|:»]++\s*+{_FRONT}$", re.I)
_NO_NAME = re.compile(rf"{_FRONT}|joomla!?|my site|welcome.*|untitled.*|website", re.I)
_BRANDS = (
    "[class*=site-title i], [class*=sitename i], [class*=site-name i], #site-name, #logo, [class*=brand i], "
    "header h1, #header h1, [class*=logo i]"
)
_FEED_NAME = re.compile(r"(?:(?<!\s)\s++)?(?:[»|:-]\s*+)?(?:feed|rss(?: 2\.0)?|dòng thông tin)\s*+[»|:-]?\s*+", re.I)


def portal_title(page: Page, metadata: Metadata) -> str | None:
    """The site's own name: from OpenGraph, the window's title without "Trang chủ", what the header prints, the feed's title."""
    for said in (metadata.site_name, metadata.titles.get("title")):
        text = _WITH_FRONT.sub("", said or "").strip()
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
        text = _FEED_NAME.sub("", link.attributes.get("title") or "").strip()
        if len(text) >= 8 and not _NO_NAME.fullmatch(text):
            return text
    return None
