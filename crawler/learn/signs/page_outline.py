"""The outline of a page: its elements as flat arrays, its lines of text, its links. All that learning looks at.

The parsed tree is let go as soon as the outline is made, so that two hundred pages fit into little memory.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from archive.text.normalise import line
from crawler.page.metadata import read_metadata
from crawler.page.page import Page

_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "select", "textarea", "iframe", "object", "math", "canvas")
)
_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
        "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
        "u", "var", "wbr", "o:p",
    )
)  # fmt: skip
_KEPT = ("datetime", "content", "title", "alt")
MOST_ELEMENTS = 20_000
"""Elements of a page that are looked at; the longest portal page seen has some nine thousand."""


class Line(NamedTuple):
    """One line of text as a reader sees it: the element it stands in, the text, how many of its characters are linked."""

    element: int
    text: str
    linked: int


class Anchor(NamedTuple):
    """A link: its element, its address resolved, its text; ``hint`` is what its title attribute says where it has none."""

    element: int
    url: str
    text: str
    hint: str = ""


@dataclass(slots=True)
class Outline:
    """One page. Elements are numbered in the order of the document; ``ends[n]`` is the number after the last one within ``n``."""

    url: str
    fetched_at: str | None = None
    title: str = ""
    """What the head calls the page."""
    machine: dict[str, str] = field(default_factory=dict)
    """What the markup tells machines of the day of publication, by its source: ``jsonld``, ``meta``, ``microdata``."""
    described: str = ""
    """The description in the head."""
    tags: list[str] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    """Of each element its classes and, as ``#id``, its id."""
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """Its texts, node by node, a space behind what ends a line."""
    lines: list[Line] = field(default_factory=list)
    line_spans: list[list[int]] = field(default_factory=list)
    """Of each element the lines that stand in it, first and after the last; an inline element has none of its own."""
    piece_spans: list[list[int]] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    values: dict[int, dict[str, str]] = field(default_factory=dict)
    """What attributes tell of an element: ``datetime``, ``content``, ``title``, ``alt``."""

    def lines_of(self, element: int) -> list[Line]:
        """The lines that stand in an element that makes lines of its own."""
        first, last = self.line_spans[element]
        return self.lines[first:last]

    def text_of(self, element: int, most: int = 100_000) -> str:
        """The text of an element on one line; what is longer than ``most`` characters may be cut."""
        first, last = self.piece_spans[element]
        parts, length = [], 0
        for piece in self.pieces[first:last]:
            parts.append(piece)
            length += len(piece)
            if length > 2 * most:
                break
        return line("".join(parts))

    def holds(self, outer: int, inner: int) -> bool:
        return outer <= inner < self.ends[outer]

    def path(self, element: int) -> list[int]:
        """The elements around one, outermost first, itself last."""
        steps = []
        while element >= 0:
            steps.append(element)
            element = self.parents[element]
        return steps[::-1]


def outline_of(page: Page) -> Outline:
    """The outline of a parsed page."""
    title = page.tree.css_first("head > title, title")
    found = Outline(page.url, page.fetched_at, line(title.text()) if title is not None else "")
    metadata = read_metadata(page)
    found.machine = dict(metadata.published)
    found.described = metadata.description or ""
    body = page.tree.body
    if body is not None:
        _Walk(page, found).walk(body)
    return found


class _Walk:
    """Fills an outline. Text is gathered by the innermost element that makes a line of its own; inline ones join it."""

    def __init__(self, page: Page, found: Outline) -> None:
        self.page, self.found = page, found
        self.parts: list[str] = []
        self.linked = 0
        self.home = -1
        self.addresses: dict[str, str | None] = {}

    def walk(self, body: LexborNode) -> None:
        """Depth first by an explicit stack: an entry is a node to enter, or the number of an element to leave."""
        stack: list[tuple[LexborNode | None, int, int]] = [(body, -1, 0)]
        while stack:
            node, number, link = stack.pop()
            if node is None:
                self._leave(number)
                continue
            following = node.next
            if node is not body and following is not None:
                stack.append((following, number, link))
            if node.is_text_node:
                self._text(node.text_content or "", number, link)
            elif node.is_element_node and (own := self._enter(node, number)) >= 0:
                child = node.child
                stack.append((None, own, 0))
                if child is not None:
                    stack.append((child, own, link or (node.tag == "a")))
        self._flush()

    def _enter(self, node: LexborNode, parent: int) -> int:
        found, tag = self.found, node.tag or "?"
        if tag in _SKIPPED or len(found.tags) >= MOST_ELEMENTS:
            return -1
        own = len(found.tags)
        attributes = node.attributes
        found.tags.append(sys.intern(tag))
        found.names.append(_names(attributes) if attributes else ())
        found.parents.append(parent)
        found.ends.append(own + 1)
        if tag not in _INLINE:
            self._flush()
        found.line_spans.append([len(found.lines), len(found.lines)])
        found.piece_spans.append([len(found.pieces), len(found.pieces)])
        if attributes:
            kept = {name: line(value) for name in _KEPT if (value := attributes.get(name))}
            if kept:
                found.values[own] = kept
            if tag == "a" and (href := attributes.get("href")):
                self._link(own, href, node, kept)
        if tag == "img":
            found.images.append(own)
        elif tag == "br":
            self._flush()
        return own

    def _link(self, own: int, href: str, node: LexborNode, kept: dict[str, str]) -> None:
        if href not in self.addresses:
            own_place = href.lstrip()[:1] in ("#", "") or href.lstrip()[:11].lower() == "javascript:"
            self.addresses[href] = None if own_place else self.page.resolve(href)
        url = self.addresses[href]
        if url is not None:
            text = line(node.text(deep=True, separator=" "))
            self.found.anchors.append(Anchor(own, url, text, "" if text else kept.get("title", "")))

    def _leave(self, number: int) -> None:
        found = self.found
        found.ends[number] = len(found.tags)
        if found.tags[number] not in _INLINE:
            self._flush()
        found.line_spans[number][1] = len(found.lines)
        found.piece_spans[number][1] = len(found.pieces)

    def _text(self, text: str, element: int, link: int) -> None:
        if not text or text.isspace():
            if self.parts:
                self.parts.append(" ")
                self.found.pieces.append(" ")
            return
        if not self.parts:
            self.home = element
        self.parts.append(text)
        self.found.pieces.append(text)
        if link:
            self.linked += len(text.strip())

    def _flush(self) -> None:
        if self.parts:
            text = line("".join(self.parts))
            if text:
                self.found.lines.append(Line(self.home, text, min(self.linked, len(text))))
            self.parts, self.linked = [], 0
            self.found.pieces[-1] += " "


def _names(attributes: dict[str, str | None]) -> tuple[str, ...]:
    classes = attributes.get("class")
    names = [sys.intern(name) for name in classes.split()[:12]] if classes else []
    identity = attributes.get("id")
    if identity and (identity := identity.strip()) and " " not in identity:
        names.append(sys.intern("#" + identity))
    return tuple(names)
