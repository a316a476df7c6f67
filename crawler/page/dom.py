"""Helpers on the parsed page: texts of nodes, selectors, what lies in what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.model import Removed, RemovedKind
from archive.text.normalise import line
from crawler.page.outside import TEXT_TAGS, is_text, marks


def some(nodes: Sequence[LexborNode], first: int = 1500, last: int = 500) -> Sequence[LexborNode]:
    """The nodes at both ends of a long list: small print stands there, and a page may have a hundred thousand."""
    return nodes if len(nodes) <= first + last else [*nodes[:first], *nodes[-last:]]


def node_text(node: LexborNode | None) -> str:
    """A node's text on one line, a space where one inline element ends and the next begins."""
    return line(node.text(deep=True, separator=" ")) if node is not None else ""


def texts_of(nodes: Iterable[LexborNode]) -> list[str]:
    """The :func:`node_text` of every node that has any."""
    return [text for node in nodes if (text := node_text(node))]


class LinksIn:
    """The links in elements of some names, with what else is named so, in page order.

    Selectors of links in elements cost ten times those of the elements, of which most pages have none: those are asked first.
    """

    def __init__(self, holders: str, links: str = "a", others: str = "") -> None:
        self._holders, self._others = holders, others
        inner = [f"{holder} {links}" for holder in holders.split(", ")]
        self._names = re.compile("|".join(re.findall(r"(?:[.#]|=)([\w-]+)", holders)), re.I)
        self._all = ", ".join([*inner, *filter(None, [others])])

    def of(self, scope: LexborNode) -> list[LexborNode]:
        """What is in an element; the holder of a link may be around it."""
        if scope.css_first(self._holders) is not None or self._is_held(scope):
            return scope.css(self._all)
        return scope.css(self._others) if self._others else []

    def _is_held(self, scope: LexborNode) -> bool:
        around = scope.parent
        while around is not None:
            attributes = around.attributes
            if self._names.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
                return True
            around = around.parent
        return False


def tag_selector(node: LexborNode | None, default: str = "h1") -> str:
    """A selector for a node's tag; broken markup has tags no selector can name (``h1<b``), for which ``default`` stands."""
    tag = node.tag if node is not None else None
    return tag if tag and tag.replace("-", "").isalnum() else default


def has_words(node: LexborNode) -> bool:
    """Whether :func:`node_text` gives any text; the beginning of a long one is evidence enough."""
    child = node.child
    while child is not None:  # the first piece of a long text tells
        text = child.text(deep=True) if child.is_element_node else child.text_content or ""
        if line(text[:300]) or line(text):
            return True
        child = child.next
    return False


_BESIDE_TITLE = re.compile(
    r"(?:^|[\s_-])(?:kicker|roof-?line|over-?line|eyebrow|dach-?zeile|spitz-?marke|top-?line|super-?(?:title|headline|head)|pre-?(?:title|headline)|sub-?(?:title|headline|head|line)|title-?header|"
    r"hidden-?dash|h-?offscreen|visually-?hidden|sr-only|screen-reader-text|element-invisible)(?:$|[\s_-])",
    re.I,
)
"""Names of what a heading holds beside its title: the line above or below it, and what only a screen reader says."""

_DAY_AHEAD = re.compile(r"\W*\d{1,2}[./-]\d{1,2}[./-]\d{4}\b")
"""How the small print begins that some themes set within the heading: with the day."""

_TITLE_LEAST = 8
"""Characters that are left of a title when what stands beside it is taken out."""


def stands_beside_title(node: LexborNode) -> bool:
    """Whether an element is called the line above or below a title."""
    return _BESIDE_TITLE.search(marks(node)) is not None


def title_text(node: LexborNode | None, tidy: Callable[[str], str] = line) -> str | None:
    """The text of an element that prints a title, without a mark set small beside it ("Nổi bật", "Featured"), its day in
    small print, the line above it or the one below."""
    if node is None:
        return None
    if _is_text_alone(node):
        return tidy(tidy(node.text(deep=True, separator=" "))) or None
    text = tidy(_base_text(node) if node.css_first("ruby") is not None else node.text(deep=True, separator=" "))
    for mark in node.css("sup, small"):
        words = tidy(mark.text(deep=True, separator=" "))
        if mark.tag == "sup" or _DAY_AHEAD.match(words):
            text = text.replace(words, " ", 1)
    beside = outermost(
        [part for part in node.css("[class]") if part.mem_id != node.mem_id and stands_beside_title(part)]
    )
    left = text
    for part in beside:
        words = tidy(part.text(deep=True, separator=" "))
        left = left.replace(words, " ", 1) if len(words) > 1 else left
    if beside and len(tidy(left)) >= _TITLE_LEAST:
        text = tidy(left).strip(":–—- ")
    return tidy(text) or None


def _is_text_alone(node: LexborNode) -> bool:
    """Whether an element holds no other, as most headings do."""
    child = node.child
    while child is not None:
        if not child.is_text_node:
            return False
        child = child.next
    return True


def _base_text(node: LexborNode) -> str:
    """The text of an element without how its characters are said, which stands in the midst of its words."""
    tree = LexborHTMLParser(node.html or "")
    tree.strip_tags(["rt", "rp"])
    return tree.text(deep=True)


_TABLE_PARTS = {
    "tbody": ("<table>", "</table>"), "thead": ("<table>", "</table>"), "tfoot": ("<table>", "</table>"),
    "tr": ("<table><tbody>", "</tbody></table>"),
    "td": ("<table><tbody><tr>", "</tr></tbody></table>"), "th": ("<table><tbody><tr>", "</tr></tbody></table>"),
    "li": ("<ul>", "</ul>"), "dd": ("<dl>", "</dl>"), "dt": ("<dl>", "</dl>"),
}  # fmt: skip


def markup_of(node: LexborNode) -> str:
    """An element's markup as a fragment that parses to the same: a parser drops rows and cells that stand in no table."""
    before, after = _TABLE_PARTS.get(node.tag or "", ("", ""))
    return f"{before}{node.html or ''}{after}"


def without(markup: str, drop: tuple[tuple[str, RemovedKind], ...]) -> tuple[str, list[Removed]]:
    """A fragment without what the selectors name, and what was taken out of it, with its kind."""
    if not drop:
        return markup, []
    tree = LexborHTMLParser(markup)
    removed: list[Removed] = []
    for selector, kind in drop:
        nodes = tree.css(selector)
        if kind != "other":
            nodes = [node for node in nodes if not (node.tag in TEXT_TAGS and is_text(node))]
        ids = {node.mem_id for node in nodes}
        for node in nodes:
            if _has_ancestor(node, ids):
                continue
            text = node_text(node)
            if text and kind != "other":
                removed.append(Removed(kind, text[:300]))
        for node in [node for node in nodes if not _has_ancestor(node, ids)]:
            node.decompose()
    body = tree.body
    return (body.inner_html or "") if body is not None else "", removed


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """The nodes that lie in no other of them, in their order."""
    each = {node.mem_id: node for node in nodes}  # a list of selectors gives an element once for each that matches
    return [node for node in each.values() if not _has_ancestor(node, set(each))]


def _has_ancestor(node: LexborNode, ids: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in ids:
            return True
        parent = parent.parent
    return False
