"""What locating an article on its page brings: markup to clean, and the parts that stand around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.model import Attachment, Image, Removed, RemovedKind
from archive.text.normalise import line
from crawler.extract.regions import TEXT_TAGS, is_text


@dataclass(slots=True)
class Located:
    """An article found on a page. ``way`` says how: ``selectors``, ``structure`` (a known family's odd theme), ``density``.

    ``markup`` and ``lead`` are HTML fragments still to be cleaned; ``published`` and ``modified`` hold printed dates by
    the name of their source; everything else is tidy.
    """

    way: str
    markup: str = ""
    lead: str = ""
    title: str | None = None
    title_node: LexborNode | None = None
    body_node: LexborNode | None = None
    places: dict[str, str] = field(default_factory=dict)
    """Of foreign pages: the kind of place of each paragraph (:mod:`crawler.extract.homes`)."""
    captions: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    published: dict[str, str] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)
    section: str | None = None
    account: str | None = None
    signatures: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    views: int | None = None
    removed: list[Removed] = field(default_factory=list)
    dated_by_theme: bool = False
    """Whether a learnt theme says which source of its day to believe, or that there is none: then no other is asked."""


def some(nodes: Sequence[LexborNode], first: int = 1500, last: int = 500) -> Sequence[LexborNode]:
    """The nodes at both ends of a long list: small print stands there, and a page may have a hundred thousand."""
    return nodes if len(nodes) <= first + last else [*nodes[:first], *nodes[-last:]]


def node_text(node: LexborNode | None) -> str:
    """A node's text on one line, a space where one inline element ends and the next begins."""
    return line(node.text(deep=True, separator=" ")) if node is not None else ""


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


def title_text(node: LexborNode | None) -> str | None:
    """The text of an element that prints a title, without a mark set small beside it ("Nổi bật", "Featured")."""
    text = node_text(node)
    if node is None or not text:
        return None
    for mark in node.css("sup"):
        text = text.replace(node_text(mark), " ", 1)
    return line(text) or None


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
