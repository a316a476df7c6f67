"""Telling a page of teasers from an article: entries that each link one other page by its title and say something of it."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawler.page.dom import node_text, some
from crawler.page.page import Page

LEAST = 3
"""Entries of one shape that make a list."""
TITLE = 25
"""Characters of a link from which on it is a title; the names of sections are shorter."""
TOLD = 60
"""Characters an entry says beside its title."""
PROSE = 80
"""Characters of a line from which on it is prose."""
OWN = 400
"""Characters of prose of its own that make a page more than its teasers."""
LONGEST = 1500
_STEPS = 5


def is_page_of_teasers(page: Page) -> bool:
    """Whether a page holds entries of one shape, each with a titled link of its own and a text beside it, and little else."""
    shapes: dict[tuple[str, str, str], dict[str, LexborNode]] = {}
    for link in some(page.tree.css("a[href]")):
        title = node_text(link)
        url = page.resolve(link.attributes.get("href")) if len(title) >= TITLE else None
        entry = _entry(link, title) if url is not None and url.partition("#")[0] != page.url else None
        if entry is None or url is None:
            continue
        outer = entry.parent
        shape = (
            outer.tag or "" if outer is not None else "",
            entry.tag or "",
            link.parent.tag or "" if link.parent is not None else "",
        )
        shapes.setdefault(shape, {})[url] = entry
    entries = [entry for found in shapes.values() if len(found) >= LEAST for entry in found.values()]
    return bool(entries) and _prose_beside(page, {entry.mem_id for entry in entries}) < OWN


def _prose_beside(page: Page, entries: set[int]) -> int:
    """Characters of prose that stand in none of the entries: an article has modules with teasers beside it, too."""
    length = 0
    for node in some(page.tree.css("p, div, td, li, blockquote, section, span, font")):
        own = len((node.text(deep=False) or "").strip())
        if own >= PROSE and not _is_within(node, entries):
            length += own
    return length


def _is_within(node: LexborNode | None, entries: set[int]) -> bool:
    while node is not None:
        if node.mem_id in entries:
            return True
        node = node.parent
    return False


def _entry(link: LexborNode, title: str) -> LexborNode | None:
    """The innermost element around a link that says more than its title; ``None`` where that is a paragraph, or the page."""
    node = link.parent
    for _ in range(_STEPS):
        if node is None or node.tag in ("body", "html", "p"):
            return None
        length = len(node.text(deep=True))
        if length > LONGEST:
            return None
        if len(node_text(node)) >= len(title) + TOLD:
            others = [other for other in node.css("a[href]") if len(node_text(other)) >= TITLE]
            same = all(other.attributes.get("href") == link.attributes.get("href") for other in others)
            return node if same else None
        node = node.parent
    return None
