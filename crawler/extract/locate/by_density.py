"""Locating an article on a page of no known family: title, text between and after, and the small print around them."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.model import Removed, RemovedKind
from archive.text.normalise import line
from crawler.extract.clean import attachments, styles
from crawler.extract.clean.attachments import holds_files
from crawler.extract.foreign_pages import is_foreign, printed
from crawler.extract.locate.extent import Region, body_of
from crawler.extract.locate.facts_around import fill_particulars
from crawler.extract.locate.located import Located
from crawler.extract.locate.paragraph_places import homes
from crawler.extract.locate.prose_weight import PART, content_holders, flatten, heaviest, weigh
from crawler.extract.locate.title_above import names_no_article, title_above
from crawler.extract.locate.title_element import title_node
from crawler.extract.locate.title_text import agreed_title, joined_as_said, without_kicker
from crawler.page.dom import markup_of, node_text, title_text
from crawler.page.metadata import Metadata
from crawler.page.outside import SKIPPED_TAGS, is_outside, is_surely_outside, marks, path_to
from crawler.page.page import Page

_RELATED_BOX = 'div[type^="Related"]'
"""Another article's box within a text, as the editor of many newspapers writes it."""
_FILES = re.compile(r"attach|download|dinh-?kem|(?:^|[\s_-])files?(?:$|[\s_-])|tai-?ve", re.I)
_KIND_NAMES: tuple[tuple[re.Pattern[str], RemovedKind], ...] = (
    (re.compile(r"relat|other|lien-?quan|tin-?khac", re.I), "related"),
    (re.compile(r"share|social", re.I), "share"),
    (re.compile(r"rating|vote", re.I), "rating"),
    (re.compile(r"comment|disqus", re.I), "comments"),
    (re.compile(r"print|toolbar|font", re.I), "toolbar"),
    (re.compile(r"advert|banner|quang-?cao|(?:^|[\s_-])ads?(?:$|[\s_-])", re.I), "spam"),
)  # fmt: skip


def by_density(page: Page, metadata: Metadata, way: str = "density") -> Located | None:
    """The article of a page by structure and the weight of its prose; ``None`` for a page without words."""
    root = page.tree.body
    if root is None:
        return None
    title = title_node(page, metadata)
    around = frozenset(node.mem_id for node in path_to(title)) if title is not None else frozenset()
    elements = flatten(page.tree)
    plain = weigh(elements, by_name=False)
    holders = content_holders(page.tree, plain)
    weights = weigh(elements, around | holders, plain=plain)
    body = body_of(page, root, weights, title)
    if weights.of(body) < 60:
        other = heaviest(root, plain)
        if plain.of(other) > 5 * weights.of(body) + 100:
            weights, body = plain, other
    foreign = is_foreign(page, metadata)
    if title is None and not foreign and names_no_article(page, metadata):
        title = title_above(body)
    located = Located(way)
    located.title = title_text(title, printed) if foreign else title_text(title)
    if (
        foreign
        and title is not None
        and (agreed := agreed_title(metadata)) is not None
        and _is_another(located.title, agreed)
    ):
        located.title = agreed
    elif title is not None and located.title is not None:
        unbroken = (printed if foreign else line)(title.text(deep=True))
        shown = without_kicker(located.title, map(node_text, title.css("*")), metadata)
        located.title = joined_as_said(shown, unbroken, metadata)
    located.title_node, located.body_node = title, body
    region = Region(title, body, weights)
    tree = LexborHTMLParser("\n".join(map(markup_of, region.nodes())))
    if tree.body is not None:
        located.removed = take_outside_out(tree.body)
        located.markup = tree.body.inner_html or ""
        located.places = homes(tree.body)
    fill_particulars(page, located, region, title, foreign=foreign)
    return located


def _is_another(title: str | None, agreed: str) -> bool:
    """Whether a heading and what the markup agrees on share no long word: the heading is of something else."""
    words, other = (set(re.findall(r"\w{4,}", text.lower())) for text in (title or "", agreed))
    return bool(other) and not words & other


def take_outside_out(body: LexborNode) -> list[Removed]:
    """Cut the parts that are no content by their names out of a fragment, unless one holds most of the words."""
    total = len(node_text(body)) or 1
    _show(body, total)
    removed: list[Removed] = []
    doomed: list[LexborNode] = []
    stack = [body]
    while stack:
        node = stack.pop()
        child = node.child
        while child is not None:
            if child.is_element_node and child.tag not in SKIPPED_TAGS:
                if _is_file_list(child):
                    doomed.append(child)
                elif is_outside(child) and _is_small(child, text := node_text(child), total) and not holds_files(child):
                    doomed.append(child)
                    _note(removed, child, text)
                else:
                    stack.append(child)
            child = child.next
    doomed += body.css(_RELATED_BOX)
    for node in doomed:
        node.decompose()
    return removed


def _show(body: LexborNode, total: int) -> None:
    """Undo the hiding of whatever holds most of a fragment's words: a script shows it to readers."""
    node: LexborNode | None = body.child
    while node is not None:
        inner: LexborNode | None = None
        whole = node.text(deep=True, separator=" ") if node.is_element_node else ""
        if len(whole) > 0.5 * total and len(line(whole)) > 0.5 * total:
            hiding = styles.is_hidden({"style": node.attributes.get("style") or ""})
            for name in ("style", "hidden", "aria-hidden") if hiding else ("hidden", "aria-hidden"):
                if name in node.attributes:
                    del node.attrs[name]
            inner = node.child
        node = inner or node.next


def _is_small(node: LexborNode, text: str, total: int) -> bool:
    """Whether a part holds too little of a fragment's words to be its content in spite of its name."""
    if len(text) >= 0.4 * total:
        return False
    if len(text) < PART or is_surely_outside(node):
        return True
    return sum(len(node_text(link)) for link in node.css("a")) > 0.3 * len(text)


def _is_file_list(node: LexborNode) -> bool:
    """Whether an element is the block of files beside an article: named so, holding links to files and little else."""
    if not _names_files(marks(node)):
        return False
    links = node.css("a[href]")
    files = [link for link in links if attachments.is_document(link.attributes.get("href") or "")]
    return bool(files) and len(node_text(node)) < sum(len(node_text(link)) for link in links) + 60 * len(files)


@lru_cache(maxsize=4096)  # a theme gives few names to many elements
def _names_files(names: str) -> bool:
    return _FILES.search(names) is not None


def _note(removed: list[Removed], node: LexborNode, text: str) -> None:
    names = marks(node)
    for pattern, kind in _KIND_NAMES:
        if text and pattern.search(names):
            removed.append(Removed(kind, text[:300]))
            return
