"""Small print beside an article whose theme renamed every class: its counter, rating and section lines, by their words."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from selectolax.lexbor import LexborNode

from archive.model import Article, Removed, RemovedKind
from archive.text.normalise import line
from crawler.extract.boilerplate import lines as boilerplate
from crawler.page.dom import node_text
from crawler.page.page import Page
from crawler.words.tables import needed_words
from crawler.words.word_search import Hints, Spellings

_ELEMENTS = "span, div, p, li, small, em, dd, td, h4, h5, h6"
_WANTED: tuple[RemovedKind, ...] = ("counter", "rating", "section")
_LONGEST = 90
_TOLD_BY: dict[RemovedKind, tuple[str, ...]] = {
    "counter": ("counter_labels", "counter_endings"),
    "rating": ("rating_labels", "rating_votes", "rating_lines"),
    "section": ("section_labels",),
}
"""The tables of what boilerplate calls by that name."""
_STARS = ("★", "☆", "⭐")


@cache
def _hints() -> Hints[RemovedKind]:
    """Words one of which stands in whatever boilerplate calls by that name."""
    told: dict[RemovedKind, list[str]] = {}
    known: set[str] = set(_STARS)
    for kind, tables in _TOLD_BY.items():
        needed = needed_words(*tables)
        if kind == "counter":  # its words and its number stand in elements of their own
            needed = {max(words.split(), key=len) for words in needed}
        told[kind] = sorted(needed - known)
        known |= needed
    told["rating"] += _STARS
    return Hints(told)


_PLAINLY: dict[RemovedKind, tuple[str, ...]] = {
    "counter": ("Đọc ", " lượt"),
    "rating": ("Đánh giá mục", "bỏ phiếu", "bình chọn"),
    "section": ("Xuất bản trong", "Đăng tại"),
}
"""What such lines are worded like most."""
_PLAIN_KINDS = {word: kind for kind, words in _PLAINLY.items() for word in words}
_PLAIN_WORDS = Spellings(_PLAIN_KINDS)
_LETTERS_SPELT = re.compile(r"&(?:#|[A-Za-z]+(?:grave|acute|circ|tilde);)")
_WORD = re.compile(r"[^\W\d_]++|[★☆⭐]")
_MANY_WORDS = 40
_AROUND = 2
"""Pieces of text on either side of a hint that may belong to its line: "Đọc <b>265</b> lượt"."""
_WINDOW = 600
_TAGS = re.compile(r"<[^<>]*>")


def fill_from_small_print(page: Page, article: Article) -> None:
    """Give ``article`` the section and views that only such lines tell, and keep the lines as removed.

    The first of a kind counts: lists of other articles, whose items may bear counters too, come after.
    """
    told = {piece.kind for piece in article.removed}
    found = "/selectors" in article.extractor and article.section and article.views is not None
    if found and all(_PLAIN_KINDS[word] in told for word, _ in _PLAIN_WORDS.places(page.utf8)):
        return  # no renamed theme: what such lines tell was found by its class
    missing, words = _printed(page, {kind for kind in _WANTED if kind not in told})
    if not missing:
        return
    for node in _elements_with(page, words) if words else page.tree.css(_ELEMENTS):
        if _is_frame(node) or len(node.text(deep=True)) > _LONGEST:
            continue
        text = node_text(node)
        kind = _kind_of(text)
        if kind not in missing:
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


def _kind_of(text: str) -> RemovedKind | None:
    if boilerplate.section_in(text):
        return "section"
    kind = boilerplate.kind_of(text)
    return None if kind == "counter" and boilerplate.views_in(text) is None else kind


def _printed(page: Page, kinds: set[RemovedKind]) -> tuple[set[RemovedKind], set[str]]:
    """Which of the kinds a page prints, and the words that hint at them as it spells them, none where they cannot be told.

    Told from its markup, or its text where letters are spelt as entities: looking at its elements takes ten times as long.
    """
    if not kinds:
        return kinds, set()
    spelt = _LETTERS_SPELT.search(page.text) is not None
    text = page.tree.root.text(deep=True) if spelt and page.tree.root is not None else page.text
    low = text.lower() if spelt else page.lowered
    if len(low) != len(text):
        return kinds, set()
    found: set[RemovedKind] = set()
    words: set[str] = set()
    for kind, at in _hints().places(low):
        if kind not in kinds:
            continue
        match = _WORD.match(text, at)
        word = match[0] if match else ""
        if word in words and kind in found:
            continue
        printed = [] if spelt else _lines_at(text, at)
        if spelt or printed:
            words.add(word)
        if spelt or any(_kind_of(line_) == kind for line_ in printed):
            found.add(kind)
    return found, set() if "" in words or len(words) > _MANY_WORDS else words


def _elements_with(page: Page, words: set[str]) -> list[LexborNode]:
    """The elements that may be a line with one of the words: those whose text holds it and the short ones around, in page order."""
    near: set[int] = set()
    for holder in page.tree.css(", ".join(f':lexbor-contains("{word}")' for word in words)):
        node: LexborNode | None = holder
        while node is not None and node.mem_id not in near and len(node.text(deep=True)) <= _LONGEST:
            near.add(node.mem_id)
            node = node.parent
    return [node for node in page.tree.css(_ELEMENTS) if node.mem_id in near] if near else []


def _lines_at(markup: str, at: int) -> list[str]:
    """The lines a word of the markup may stand in: its own piece of text, and with it the pieces around it."""
    # looked for no farther than a line may reach: a megabyte of text may hold the word a hundred thousand times
    first = max(0, at - 2 * _LONGEST)
    begin, end = markup.rfind(">", first, at) + 1, markup.find("<", at, at + 2 * _LONGEST + 1)
    if end < 0 or (begin == 0 and first > 0) or end - begin > 2 * _LONGEST or markup.rfind("<", begin, at) >= 0:
        return []  # prose, or a word within a tag
    before = _pieces(markup[max(0, begin - _WINDOW) : begin])[-_AROUND:]
    after = _pieces(markup[end : end + _WINDOW])[:_AROUND]
    own = markup[begin:end]
    lines = []
    for first in range(len(before) + 1):
        for last in range(len(after) + 1):
            text = line(unescape(" ".join([*before[first:], own, *after[:last]])))
            if len(text) <= _LONGEST:
                lines.append(text)
    return lines


def _pieces(markup: str) -> list[str]:
    return [piece for piece in _TAGS.split(markup) if piece.strip() and "<" not in piece and ">" not in piece]


def _is_frame(node: LexborNode) -> bool:
    """Whether an element holds so many others that it is no line: told without gathering its text."""
    child, elements = node.child, 0
    while child is not None and elements < 8:
        elements += child.is_element_node and child.tag != "br"
        child = child.next
    return elements >= 8
