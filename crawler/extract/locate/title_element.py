"""Which element of a page prints its title, on software we do not know."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.clean.blocks import opening, squeeze
from crawler.extract.locate.title_text import agreed_title, without_site
from crawler.page.dom import node_text, some, stands_beside_title, title_text
from crawler.page.metadata import Metadata
from crawler.page.outside import SKIPPED_TAGS, lies_outside, marks, path_to
from crawler.page.page import Page

_TITLES = "h1, h2, h3, h4, [itemprop=headline], [class*=title i], [class*=tieude i], [class*=tieu-de i], [class*=headline i], [class*=header i] > span, [id*=title i]"
_TITLE_LIMIT = 400
_RAW_LIMIT = 4000
"""Characters of an element, blanks of the markup among them, above which it is no title."""
_PLAIN = "p, div, span, strong, b, td, font, legend"
_BEGINNING = 12
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
    site = squeeze(metadata.site_name or "")
    if any(len(key.replace(site, "")) > len(site) for key in said):
        said = [key for key in said if key != site]
    else:  # a CMS that fills in the page's title for the site's name
        site = ""
    agreed = squeeze(agreed_title(metadata) or "")
    # markup within the page may call a summary the headline
    alone = {squeeze(metadata.titles.get("microdata") or "")} - {
        squeeze(without_site(text, metadata.site_name)) for name, text in metadata.titles.items() if name != "microdata"
    }
    best: tuple[int, LexborNode] | None = None
    first_h1: LexborNode | None = None
    sites_h1 = others = 0
    for node in page.tree.css(_TITLES):
        if node.tag in SKIPPED_TAGS or node.tag in ("body", "a"):
            continue
        text = (title_text(node) or "") if len(node.text(deep=True)) <= _RAW_LIMIT else ""
        key = squeeze(text)
        if node.tag == "h1":
            sites_h1, others = sites_h1 + bool(site and key == site), others + (key != site)
        if len(key) < 4 or len(text) > _TITLE_LIMIT or key == site:
            continue
        heading = node.tag in ("h1", "h2", "h3", "h4")
        score = 0
        if key in said:
            score = 60 if agreed and key in alone else 100
        elif any(len(key) >= 12 and other.startswith(key) for other in whole) or any(
            len(other) >= 12 and key.startswith(other.rstrip("…")) for other in said
        ):
            score = 60
        elif len(key) >= 16 and any(key in other and 2 * len(key) > len(other) for other in whole):
            score = 50
        elif (
            node.tag == "h1"
            and first_h1 is None
            and not lies_outside(node)
            and not _names_the_site(node, page, metadata)
        ):
            first_h1 = node
        if not score or (not heading and stands_beside_title(node)) or (heading and _leads_home(node, page)):
            continue
        score += {"h1": 12, "h2": 8, "h3": 4, "h4": 2}.get(node.tag or "", 0) - (0 if heading else 1)
        score -= 30 if lies_outside(node) else 0
        score -= 15 if _is_link(node) else 0
        if best is None or score > best[0]:
            best = (score, node)
    if best is not None and best[0] >= 30 and not (first_h1 is not None and _is_in_trail(best[1])):
        return best[1]
    if sites_h1 and others > 1:  # every heading of such a theme is an h1
        first_h1 = None
    return _plain_title(page, whole) or first_h1


def _is_in_trail(node: LexborNode) -> bool:
    """Whether an element stands in the trail of bread crumbs, which names a page in short."""
    return any("breadcrumb" in marks(parent).lower() for parent in path_to(node)[-4:])


def _leads_home(node: LexborNode, page: Page) -> bool:
    """Whether a heading links to the home page of its site: a logo. The home page's own heading does not count."""
    link = node.css_first("a[href]")
    if link is None or not _is_link(node):
        return False
    there = urlsplit(page.resolve(link.attributes.get("href")) or "")
    here = urlsplit(page.url)
    return there.path in ("", "/") and not there.query and there.netloc == here.netloc and here.path.strip("/") != ""


def _plain_title(page: Page, whole: list[str]) -> LexborNode | None:
    """The innermost element of no heading's name or tag that says what the window's title begins with, and nothing else."""
    best: tuple[int, LexborNode] | None = None
    for node in some(page.tree.css(_PLAIN)):
        text = node_text(node) if len(node.text(deep=True)) <= 2 * _TITLE_LIMIT else ""
        if not _TITLE_LEAST <= len(text) <= _TITLE_LIMIT:
            continue
        begin = opening(text, _BEGINNING)
        if not any(other.startswith(begin) for other in whole):  # most elements
            continue
        key = squeeze(text)
        if (best is None or len(key) >= best[0]) and any(other.startswith(key) for other in whole):
            # asked last: it climbs to the root
            best = best if _is_link(node) or lies_outside(node) else (len(key), node)
    return best[1] if best is not None else None


def _is_link(node: LexborNode) -> bool:
    link = node.css_first("a[href]")
    return link is not None and len(node_text(link)) > 0.8 * len(node_text(node))


def _names_the_site(node: LexborNode, page: Page, metadata: Metadata) -> bool:
    text = node_text(node)
    link = node.css_first("a[href]")
    home = link is not None and (link.attributes.get("href") or "").rstrip("/") in ("", "/", ".", "/index.php")
    return (
        home
        or _leads_home(node, page)
        or (metadata.site_name is not None and squeeze(text) == squeeze(metadata.site_name))
        or re.search(r"site-?(?:title|name)|logo|brand", marks(node), re.I) is not None
    )
