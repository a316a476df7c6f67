"""The general way: where on a page of unknown software the article's text lies, by the weight of its prose.

Every element's prose (text outside links, menus and side columns) is added up in one walk; from the root the walk goes
down to the child that holds most of it until no child does. What stands between the title and that element (a lead, a
picture) and after it (a signature, files) belongs to the article too, up to the first list of other news.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.page.outside import SKIPPED_TAGS, is_outside, is_surely_outside

SHARE = 0.62
"""Share of an element's prose one child must hold for the walk to go on into it (best of .5 to .8 on the saved pages)."""

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "ins",
        "del",
        "o:p",
        "st1:place",
    ]
)
NODES = 150_000
"""Nodes weighed at most. A Word table of two thousand rows has some forty thousand."""

SHORT = 20
"""Characters below which a paragraph counts for little: dates, labels, buttons."""


@dataclass(slots=True)
class Weights:
    """Prose, link text and paragraphs below every element, by ``mem_id``."""

    prose: dict[int, float] = field(default_factory=dict)
    links: dict[int, int] = field(default_factory=dict)
    paragraphs: dict[int, int] = field(default_factory=dict)
    outside: set[int] = field(default_factory=set)

    def of(self, node: LexborNode) -> float:
        return self.prose.get(node.mem_id, 0.0)


@dataclass(slots=True)
class Element:
    """One element of a page as it is weighed: ``up`` is its parent's place in the list, ``text`` its own characters."""

    node: LexborNode
    key: int
    tag: str
    up: int
    in_link: bool
    text: int = 0


def flatten(tree: LexborHTMLParser) -> list[Element]:
    """The elements of a page that may hold words, parents before children; walked once, weighed as often as needed."""
    root = tree.body
    elements: list[Element] = []
    if root is None:
        return elements
    stack: list[tuple[LexborNode, int, bool]] = [(root, -1, False)]
    left = NODES
    while stack and left:
        left -= 1
        node, up, in_link = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            elements[up].text += len((node.text_content or "").strip())
            continue
        if tag in SKIPPED_TAGS or tag.startswith(("-", "!")):
            continue
        in_link = in_link or tag == "a"
        elements.append(Element(node, node.mem_id, tag, up, in_link))
        up = len(elements) - 1
        child = node.last_child
        while child is not None:
            stack.append((child, up, in_link))
            child = child.prev
    return elements


def weigh(
    elements: list[Element],
    never_outside: frozenset[int] = frozenset(),
    *,
    by_name: bool = True,
    plain: Weights | None = None,
) -> Weights:
    """Weigh a page's elements (:func:`flatten`). ``never_outside`` count whatever they are called: those around the title.

    ``plain``, the page weighed without names, has names of a part's looks ("widget", "print") count only where the part
    holds little prose. Without ``by_name`` no name puts an element outside: for themes whose main column is called "sidebar".
    """
    weights = Weights()
    outside = _outside(elements, never_outside, by_name, plain, weights)
    size = len(elements)
    sums = _Sums([0] * size, [0] * size, [0.0] * size, [0] * size, [0] * size, bytearray(size))
    _add_up(elements, outside, sums)
    for at, element in enumerate(elements):
        if sums.reached[at]:
            weights.prose[element.key] = sums.prose[at]
            weights.links[element.key] = sums.links[at]
            weights.paragraphs[element.key] = sums.paragraphs[at]
    return weights


def _outside(
    elements: list[Element], never_outside: frozenset[int], by_name: bool, plain: Weights | None, weights: Weights
) -> list[bool]:
    """Which elements lie outside the content; the outermost of them are noted in the weights."""
    outside = [False] * len(elements)
    for at, element in enumerate(elements):
        if element.up < 0:
            continue
        if outside[element.up]:
            outside[at] = True
        elif (
            element.key not in never_outside
            and (by_name or element.tag in ("nav", "footer"))
            and is_outside(element.node)
            and not (plain is not None and plain.of(element.node) >= PART and not is_surely_outside(element.node))
        ):
            outside[at] = True
            weights.outside.add(element.key)
    return outside


class _Sums(NamedTuple):
    """What is added up while a page is weighed, by an element's place in the list."""

    own_prose: list[int]
    own_links: list[int]
    prose: list[float]
    links: list[int]
    paragraphs: list[int]
    reached: bytearray
    """Whether an element, or one within it, is a block: an inline one is only then weighed itself."""


def _add_up(elements: list[Element], outside: list[bool], sums: _Sums) -> None:
    """Add each element's letters to those of the element it stands in, from the last to the first: one loop, run for
    every element of every page."""
    own_prose, own_links, prose_of, links_of, paragraphs, reached = sums
    for at in range(len(elements) - 1, -1, -1):
        element = elements[at]
        if element.text and not outside[at]:
            (own_links if element.in_link else own_prose)[at] += element.text
        up, prose, links = element.up, own_prose[at], own_links[at]
        if up < 0:
            continue
        if element.tag in _INLINE:
            own_prose[up] += prose
            own_links[up] += links
            if not reached[at]:  # else paragraphs within a span, as page builders nest them
                continue
        else:
            if prose:
                total = prose + links
                weight = prose * (prose / total)
                prose_of[at] += weight * 0.2 if total < SHORT else weight
                paragraphs[at] += total >= 60
            links_of[at] += links
            reached[at] = 1
        prose_of[up] += prose_of[at]
        links_of[up] += links_of[at]
        paragraphs[up] += paragraphs[at]
        reached[up] = 1


PART = 400
"""Characters of prose from which a part named only by its looks belongs to the text."""

LAYOUT_ROW = 0.8
"""Share of a table's prose in one row from which the table sets the page and holds no data."""

MAJORITY = 0.5
"""Share of a page's prose from which an element is the page's content, whatever it is called ("sidebar-grid", "print-area")."""


def content_holders(tree: LexborHTMLParser, weights: Weights) -> frozenset[int]:
    """The elements, by ``mem_id``, that hold most of a page's prose: never menus, side columns or footers by their names."""
    root = tree.body
    if root is None:
        return frozenset()
    whole = weights.of(root)
    found: set[int] = set()
    node: LexborNode | None = root
    while node is not None and whole > 0:
        found.add(node.mem_id)
        child, node = node.child, None
        while child is not None:
            if child.is_element_node and weights.of(child) >= MAJORITY * whole:
                node = child
            child = child.next
    return frozenset(found)


def heaviest(root: LexborNode, weights: Weights) -> LexborNode:
    """The lowest element that still holds most of the prose below ``root``."""
    node = root
    while True:
        whole = weights.of(node)
        best: LexborNode | None = None
        child = node.child
        while child is not None:
            if child.is_element_node and (best is None or weights.of(child) > weights.of(best)):
                best = child
            child = child.next
        if (
            best is None
            or whole <= 0
            or weights.of(best) < SHARE * whole
            or best.tag in ("p", "li", "h1", "h2", "h3", "blockquote")
            or (best.tag == "tr" and (weights.of(best) < LAYOUT_ROW * whole or weights.of(best) < PART))
        ):
            return node
        node = best
