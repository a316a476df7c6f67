"""The title of an article on portals whose every window bears the name of the site: the line set apart above the text."""

from __future__ import annotations

import re
from typing import Literal

from selectolax.lexbor import LexborNode

from archive.text.normalise import line
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean.blocks import squeeze
from crawler.extract.dates.date_lines import is_date_line
from crawler.extract.locate.title_text import names_site, without_site
from crawler.page.dom import node_text, some
from crawler.page.metadata import Metadata
from crawler.page.outside import SKIPPED_TAGS, is_outside, marks, path_to
from crawler.page.page import Page
from crawler.words.tables import WithWords

_LEAST, _MOST = 20, 300
"""Characters of such a line: a shorter one is the name of a section."""
_PROSE = 80
"""Characters of text of its own from which on an element is a paragraph, and what follows is no title any more."""
_LOOKED_AT = 2_000  # elements and texts, at most
_CLIMB = 4
"""Elements around the text in which the line is looked for."""
_PLACE_ALONE = WithWords(r"(?:{places_by_kind} (?:[^\W\d_]++\s?){1,4}(?:\s*+[-,–]\s*+)?){1,4}", "line")
_NOTHING = WithWords("{no_titles}", "title")
_SET_TAGS = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"))
_SET_NAME = re.compile(r"title|tieu-?de|headline|ten-?(?:bai|tin)|(?:^|[\s_-])td-?(?:tin|bai)", re.I)
_SET_STYLE = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:1[5-9]|[2-4]\d)(?:\.\d+)?(?:px|pt)|font-size\s*:\s*(?:x+-)?large",
    re.I,
)
_SENTENCE_END = re.compile(r"[.;:,!]\s*[\"”’)]*$")
_INLINE = frozenset(("span", "font", "b", "strong", "i", "em", "u", "a", "small", "big"))


def names_no_article(page: Page, metadata: Metadata) -> bool:
    """Whether no title of the markup says what the page is about: they name the site, or a section that a link leads to."""
    titles = [title for title in metadata.titles.values() if not _is_no_title(title, metadata.site_name)]
    if not titles:
        return True
    said = {squeeze(without_site(title, metadata.site_name)) for title in titles}
    sections: set[str] = set()
    for link in some(page.tree.css("a[href]")):
        key = squeeze(node_text(link)) if len(link.text(deep=True)) <= _MOST else ""
        if key in said and page.resolve(link.attributes.get("href")) != page.url.partition("#")[0]:
            sections.add(key)
    return said <= sections


def title_above(body: LexborNode) -> LexborNode | None:
    """The first line set apart (bold, large, named a title) that stands alone before the first paragraph of a text."""
    scope: LexborNode | None = body
    around = frozenset(node.mem_id for node in path_to(body))
    for _ in range(_CLIMB):
        if scope is None or scope.tag in ("body", "html") or _is_of_links(scope):
            return None
        found = _before_prose(scope, around)
        if found is not None:
            return found
        scope = scope.parent
    return None


def _is_no_title(title: str, site: str | None) -> bool:
    tidy = line(title)
    return (
        not tidy
        or (site is not None and tidy.lower() == site.lower())
        or names_site(tidy)
        or _PLACE_ALONE.fullmatch(tidy) is not None
        or _NOTHING.fullmatch(tidy) is not None
    )


def _before_prose(scope: LexborNode, around: frozenset[int]) -> LexborNode | None:
    """The line in an element, looked for in page order as far as the first paragraph. Cells beside the text's own, of the
    rows that are ``around`` it, are other columns of the page."""
    stack = [scope]
    for _ in range(_LOOKED_AT):
        if not stack:
            return None
        node = stack.pop()
        if not node.is_element_node:
            if len((node.text_content or "").strip()) >= _PROSE:
                return None
            continue
        inner = node.mem_id != scope.mem_id
        if node.tag in SKIPPED_TAGS or node.tag == "a" or (inner and is_outside(node)):
            continue
        if inner and _is_title(node):
            return node
        if node.tag == "tr" and node.mem_id in around:
            stack += [cell for cell in node.iter() if cell.mem_id in around]
            continue
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return None


def _is_title(node: LexborNode) -> bool:
    text = node_text(node) if len(node.text(deep=True)) <= 2 * _MOST else ""
    if (
        not _LEAST <= len(text) <= _MOST
        or not any(map(str.isalpha, text))
        or _SENTENCE_END.search(text)
        or not _is_set_apart(node)
    ):
        return False
    if boilerplate.kind_of(text) is not None or is_date_line(text) or node.css_first("a[href]") is not None:
        return False
    return _stands_alone(node)


def _is_set_apart(node: LexborNode) -> bool:
    if node.tag in _SET_TAGS or _SET_NAME.search(marks(node)) or _SET_STYLE.search(node.attributes.get("style") or ""):
        return True
    size = (node.attributes.get("size") or "").strip() if node.tag == "font" else ""
    return size.startswith("+") or (size.isdigit() and int(size) >= 4)


def _stands_alone(node: LexborNode) -> bool:
    """Whether nothing runs on in the same line: bold words that begin a paragraph are no title."""
    while True:
        if _runs_on(node.prev, "prev") or _runs_on(node.next, "next"):
            return False
        parent = node.parent
        if parent is None or parent.tag not in _INLINE:
            return True
        node = parent


def _runs_on(beside: LexborNode | None, way: Literal["prev", "next"]) -> bool:
    while beside is not None and not beside.is_element_node and not (beside.text_content or "").strip():
        beside = beside.next if way == "next" else beside.prev
    return beside is not None and (not beside.is_element_node or (beside.tag in _INLINE and node_text(beside) != ""))


def _is_of_links(node: LexborNode) -> bool:
    linked = sum(len(node_text(link)) for link in node.css("a[href]"))
    return linked > 0.35 * (len(node_text(node)) or 1)
