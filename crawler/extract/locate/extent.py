"""What belongs to an article on a page of unknown software: what stands between title and text, and after the text."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean.attachments import holds_files
from crawler.extract.locate.prose_weight import Weights, heaviest
from crawler.page.dom import node_text
from crawler.page.outside import SKIPPED_TAGS, is_outside, path_to
from crawler.page.page import Page

_LINKED_HEADINGS = "h2 a[href], h3 a[href], h4 a[href], h5 a[href]"


LEAD = 50
"""Characters from which what stands under a title in its header may be the lead, and is no date or name."""


class Region:
    """What belongs to an article: what stands between its title and its body, the body, and what follows it."""

    def __init__(self, title: LexborNode | None, body: LexborNode, weights: Weights) -> None:
        self.body, self.weights = body, weights
        self.path = path_to(body)
        self.title_path = path_to(title) if title is not None else []
        title_ids = {node.mem_id for node in self.title_path}
        self.before_title = title is None
        common = [node for node in self.path if node.mem_id in title_ids]
        self.top = common[-1] if common else (body.parent or body)
        self.title_inside = title is not None and any(node.mem_id == body.mem_id for node in self.title_path)
        if self.top.tag == "body" and len(self.path) > 4:
            self.top = self.path[-3]

    def nodes(self) -> list[LexborNode]:
        return [*self.before(), self.body, *self.after()]

    def before(self) -> list[LexborNode]:
        """Elements between the title and the body, in page order."""
        if self.title_inside:
            return []
        start = {node.mem_id for node in self.title_path}
        found: list[LexborNode] = self._beside_title()
        for ancestor, step in self._levels():
            level: list[LexborNode] = []
            child = ancestor.child
            seen_title = (
                not any(self._is(child_, start) for child_ in children(ancestor))
                if ancestor.mem_id == self.top.mem_id
                else True
            )
            if ancestor.mem_id == self.top.mem_id and not self.title_path:
                seen_title = False
            while child is not None and child.mem_id != step.mem_id:
                if self._is(child, start):
                    seen_title = True
                    level = []
                elif seen_title and self._belongs(child):
                    level.append(child)
                child = child.next
            found += level
        return found

    def _beside_title(self) -> list[LexborNode]:
        """Paragraphs that follow the title within the header it stands in: the lead, where the header holds it."""
        inner = self.title_path[len(path_to(self.top)) :]
        found: list[LexborNode] = []
        for node in reversed(inner[1:]):
            sibling = node.next
            while sibling is not None:
                if self._belongs(sibling) and len(node_text(sibling)) >= LEAD:
                    found.append(sibling)
                sibling = sibling.next
        return found

    def after(self) -> list[LexborNode]:
        """Elements after the body, from the inner levels outward, up to the first list of other news.

        Once small print begins (counter, tags, share buttons), only files are still taken.
        """
        found: list[LexborNode] = []
        closed = False
        for ancestor, step in reversed(self._levels()):
            child = step.next
            while child is not None:
                if child.is_element_node and child.tag not in SKIPPED_TAGS:
                    text = node_text(child)
                    if boilerplate.opens_with(text) == "related" or self._is_list_of_links(child, text):
                        return found
                    closed = closed or boilerplate.opens_with(text) is not None
                    if holds_files(child) or (not closed and self._belongs(child) and len(text) < 1500):
                        found.append(child)
                child = child.next
            if ancestor.mem_id == self.top.mem_id:
                break
        return found

    def _levels(self) -> list[tuple[LexborNode, LexborNode]]:
        """Pairs of an ancestor and its child on the way to the body, from ``top`` down."""
        ids = [node.mem_id for node in self.path]
        if self.top.mem_id not in ids or self.top.mem_id == self.body.mem_id:
            return []
        start = ids.index(self.top.mem_id)
        return list(zip(self.path[start:-1], self.path[start + 1 :], strict=True))

    @staticmethod
    def _is(node: LexborNode, ids: set[int]) -> bool:
        return node.mem_id in ids

    def _belongs(self, node: LexborNode) -> bool:
        if not node.is_element_node or node.tag in SKIPPED_TAGS:
            return False
        if is_outside(node):
            return holds_files(node)
        text = node_text(node)
        links = sum(len(node_text(link)) for link in node.css("a"))
        return (
            holds_files(node)
            or (node.css_first("img") is not None and links < 0.7 * max(1, len(text)) + 5)
            or (bool(text) and links < 0.6 * len(text))
        )

    @staticmethod
    def _is_list_of_links(node: LexborNode, text: str) -> bool:
        links = [link for link in node.css("a[href]") if len(node_text(link)) > 15]
        return (
            len(links) >= 3 and not holds_files(node) and sum(len(node_text(link)) for link in links) > 0.5 * len(text)
        )


def children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.child
    while child is not None:
        children.append(child)
        child = child.next
    return children


TITLED = 0.2
"""Share of a page's prose from which the ``article`` that holds the title is the article, whatever others hold more."""


def body_of(page: Page, root: LexborNode, weights: Weights, title: LexborNode | None = None) -> LexborNode:
    """The element that holds the text: the one the markup names, else the heaviest of the article that bears the title."""
    named = [node for node in page.tree.css('[itemprop="articleBody"]') if weights.of(node) > 0]
    if len(named) == 1:
        return named[0]
    return _without_teasers(heaviest(_titled(title, root, weights), weights), weights)


def _titled(title: LexborNode | None, root: LexborNode, weights: Weights) -> LexborNode:
    for node in reversed(path_to(title)) if title is not None else []:
        if node.tag == "article" and weights.of(node) >= max(200, TITLED * weights.of(root)):
            return node
    return root


def _without_teasers(node: LexborNode, weights: Weights) -> LexborNode:
    """Down to the heaviest child without headings that are links, where an element holds text and teasers side by side."""
    while len(node.css(_LINKED_HEADINGS)) >= 2:
        plain = [
            child for child in children(node) if child.is_element_node and child.css_first(_LINKED_HEADINGS) is None
        ]
        best = max(plain, key=weights.of, default=None)
        if best is not None and 60 < weights.of(best) < 0.6 * sum(map(weights.of, plain)):
            return node  # the text itself stands in pieces beside the teasers
        if best is None or weights.of(best) < 60:
            mixed = [child for child in children(node) if child.is_element_node and weights.of(child) >= 60]
            if (
                not mixed
                or mixed[0].css_first(_LINKED_HEADINGS) is None
                or len(mixed[0].css(_LINKED_HEADINGS)) == len(node.css(_LINKED_HEADINGS))
            ):
                return node
            node = mixed[0]
            continue
        return heaviest(best, weights)
    return node
