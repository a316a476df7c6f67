"""Which element of a page prints its title, on software we do not know."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extract.clean.blocks import squeeze
from crawler.extract.locate.title_text import without_site
from crawler.page.dom import node_text, some, title_text
from crawler.page.metadata import Metadata
from crawler.page.outside import SKIPPED_TAGS, lies_outside, marks
from crawler.page.page import Page

_TITLES = "h1, h2, h3, h4, [itemprop=headline], [class*=title i], [class*=tieude i], [class*=tieu-de i], [class*=headline i], [class*=header i] > span, [id*=title i]"
_TITLE_LIMIT = 400
_PLAIN = "p, div, span, strong, b, td, font"
_TITLE_LEAST = 25
"""Characters that a title outside of a heading has at least: a shorter text is the site's name, or a word of a menu."""


def title_node(page: Page, metadata: Metadata) -> LexborNode | None:
    """The element that prints the title: the one that says what the markup says, else the first heading of the content."""
    said = [
        squeeze(without_site(text, metadata.site_name))
        for name in ("jsonld", "microdata", "og", "meta", "title")
        if (text := metadata.titles.get(name))
    ]
    whole = [squeeze(text) for text in metadata.titles.values()]
    best: tuple[int, LexborNode] | None = None
    first_h1: LexborNode | None = None
    for node in page.tree.css(_TITLES):
        if node.tag in SKIPPED_TAGS or node.tag in ("body", "a"):
            continue
        text = title_text(node) or ""
        key = squeeze(text)
        if len(key) < 4 or len(text) > _TITLE_LIMIT:
            continue
        heading = node.tag in ("h1", "h2", "h3", "h4")
        score = 0
        if key in said:
            score = 100
        elif any(len(key) >= 12 and other.startswith(key) for other in whole) or any(
            len(other) >= 12 and key.startswith(other.rstrip("…")) for other in said
        ):
            score = 60
        elif len(key) >= 16 and any(key in other for other in whole):
            score = 50
        if not score:
            if node.tag == "h1" and first_h1 is None and not lies_outside(node) and not _names_the_site(node, metadata):
                first_h1 = node
            continue
        score += {"h1": 12, "h2": 8, "h3": 4, "h4": 2}.get(node.tag or "", 0) - (0 if heading else 1)
        score -= 30 if lies_outside(node) else 0
        score -= 15 if _is_link(node) else 0
        if best is None or score > best[0]:
            best = (score, node)
    if best is not None and best[0] >= 30:
        return best[1]
    return _plain_title(page, whole) or first_h1


def _plain_title(page: Page, whole: list[str]) -> LexborNode | None:
    """The innermost element of no heading's name or tag that says what the window's title begins with, and nothing else."""
    best: tuple[int, LexborNode] | None = None
    for node in some(page.tree.css(_PLAIN)):
        text = node_text(node) if len(node.text(deep=True)) <= 2 * _TITLE_LIMIT else ""
        if not _TITLE_LEAST <= len(text) <= _TITLE_LIMIT:
            continue
        key = squeeze(text)
        if (best is None or len(key) >= best[0]) and any(other.startswith(key) for other in whole):
            # asked last: it climbs to the root
            best = best if _is_link(node) or lies_outside(node) else (len(key), node)
    return best[1] if best is not None else None


def _is_link(node: LexborNode) -> bool:
    link = node.css_first("a[href]")
    return link is not None and len(node_text(link)) > 0.8 * len(node_text(node))


def _names_the_site(node: LexborNode, metadata: Metadata) -> bool:
    text = node_text(node)
    link = node.css_first("a[href]")
    home = link is not None and (link.attributes.get("href") or "").rstrip("/") in ("", "/", ".", "/index.php")
    return (
        home
        or (metadata.site_name is not None and squeeze(text) == squeeze(metadata.site_name))
        or re.search(r"site-?(?:title|name)|logo|brand", marks(node), re.I) is not None
    )
