"""Small print beside an article whose theme renamed every class: its counter, rating and section lines, by their words."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from archive.model import Article, Removed, RemovedKind
from crawler.extract import boilerplate
from crawler.extract.located import node_text
from crawler.page import Page

_ELEMENTS = "span, div, p, li, small, em, dd, td, h4, h5, h6"
_LONGEST = 90
_WANTED = ("counter", "rating", "section")


def fill_from_small_print(page: Page, article: Article) -> None:
    """Give ``article`` the section and views that only such lines tell, and keep the lines as removed.

    The first of a kind counts: lists of other articles, whose items may bear counters too, come after.
    """
    told = {piece.kind for piece in article.removed}
    missing = {kind for kind in _WANTED if kind not in told}
    if not missing:
        return
    for node in page.tree.css(_ELEMENTS):
        if _is_frame(node) or len(node.text(deep=True)) > _LONGEST:
            continue
        text = node_text(node)
        kind: RemovedKind | None = "section" if boilerplate.section_in(text) else boilerplate.kind_of(text)
        if kind not in missing:
            continue
        if kind == "counter" and boilerplate.views_in(text) is None:
            continue
        assert kind is not None
        article.removed.append(Removed(kind, text))
        missing.discard(kind)
        if kind == "counter" and article.views is None:
            article.views = boilerplate.views_in(text)
        if kind == "section" and article.section is None:
            article.section = boilerplate.section_in(text)
        if not missing:
            return


def _is_frame(node: LexborNode) -> bool:
    """Whether an element holds so many others that it is no line: told without gathering its text."""
    child, elements = node.child, 0
    while child is not None and elements < 8:
        elements += child.is_element_node and child.tag != "br"
        child = child.next
    return elements >= 8
