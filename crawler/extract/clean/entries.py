"""Entries of lists of other articles beside a text: a titled link with a date beside it, which is that of the other."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawler.extract.clean.blocks import squeeze
from crawler.page.dom import node_text


def is_entry(node: LexborNode, title: str | None) -> bool:
    """Whether a node is, or lies in, an entry of a list of other articles: a titled link with a date beside it."""
    at: LexborNode | None = node
    for _ in range(3):
        if at is None or at.tag in ("body", "html", "table", "ul", "ol") or len(text := node_text(at)) > 250:
            return False
        for link in at.css("a[href]"):
            words = node_text(link)
            if len(words) >= 20 and 3 * len(words) > len(text) and squeeze(words) != squeeze(title or ""):
                return True
        at = at.parent
    return False
