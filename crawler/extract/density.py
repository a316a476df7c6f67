"""The general way: where on a page of unknown software the article's text lies, by the weight of its prose.

Every element's prose (text outside links, menus and side columns) is added up in one walk; from the root the walk goes
down to the child that holds most of it until no child does. What stands between the title and that element (a lead, a
picture) and after it (a signature, files) belongs to the article too, up to the first list of other news.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.regions import SKIPPED_TAGS, is_outside, is_surely_outside

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


def weigh(
    tree: LexborHTMLParser,
    never_outside: frozenset[int] = frozenset(),
    *,
    by_name: bool = True,
    plain: Weights | None = None,
) -> Weights:
    """Weigh a page. ``never_outside`` are elements that count whatever they are called: those around the title.

    ``plain``, the page weighed without names, has names of a part's looks ("widget", "print") count only where the part
    holds little prose. Without ``by_name`` no name puts an element outside: for themes whose main column is called "sidebar".
    """
    weights = Weights()
    root = tree.body
    if root is None:
        return weights
    stack: list[tuple[LexborNode, bool, bool, bool]] = [(root, False, False, False)]
    own: dict[int, list[int]] = {}
    left = NODES
    while stack:
        node, leaving, in_link, outside = stack.pop()
        left -= not leaving
        if left < 0 and not leaving:
            continue
        if leaving:
            _leave(node, own, weights)
            continue
        tag = node.tag or ""
        if tag == "-text":
            parent = node.parent
            text = (node.text_content or "").strip()
            if text and parent is not None and not outside:
                kept = own.setdefault(parent.mem_id, [0, 0])
                kept[1 if in_link else 0] += len(text)
            continue
        if tag in SKIPPED_TAGS or tag.startswith("-") or tag.startswith("!"):
            continue
        if (
            not outside
            and node.mem_id not in never_outside
            and node.parent is not None
            and (by_name or tag in ("nav", "footer"))
            and is_outside(node)
            and not (plain is not None and plain.of(node) >= PART and not is_surely_outside(node))
        ):
            outside = True
            weights.outside.add(node.mem_id)
        own.setdefault(node.mem_id, [0, 0])
        stack.append((node, True, in_link, outside))
        inside_link = in_link or tag == "a"
        child = node.last_child
        while child is not None:
            stack.append((child, False, inside_link, outside))
            child = child.prev
    return weights


def _leave(node: LexborNode, own: dict[int, list[int]], weights: Weights) -> None:
    key = node.mem_id
    prose, links = own.pop(key, [0, 0])
    parent = node.parent
    if parent is None:
        return
    if node.tag in _INLINE:
        up = own.setdefault(parent.mem_id, [0, 0])
        up[0] += prose
        up[1] += links
        if key in weights.prose:  # paragraphs within a span, as page builders nest them
            _pass_up(key, parent.mem_id, weights)
        return
    weight = 0.0
    if prose:
        total = prose + links
        weight = prose * (prose / total)
        if total < SHORT:
            weight *= 0.2
        if total >= 60:
            weights.paragraphs[key] = weights.paragraphs.get(key, 0) + 1
    weights.prose[key] = weights.prose.get(key, 0.0) + weight
    weights.links[key] = weights.links.get(key, 0) + links
    _pass_up(key, parent.mem_id, weights)


def _pass_up(key: int, up: int, weights: Weights) -> None:
    weights.prose[up] = weights.prose.get(up, 0.0) + weights.prose[key]
    weights.links[up] = weights.links.get(up, 0) + weights.links.get(key, 0)
    weights.paragraphs[up] = weights.paragraphs.get(up, 0) + weights.paragraphs.get(key, 0)


PART = 400
"""Characters of prose from which a part named only by its looks belongs to the text."""

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
            or best.tag in ("p", "li", "tr", "h1", "h2", "h3", "blockquote")
        ):
            return node
        node = best
