"""The outline of a page that tells articles from lists on software we do not know: title, prose, teasers, dates, files."""

from __future__ import annotations

import re
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cms.family import Family, Verdict
from crawler.extract.clean.blocks import squeeze
from crawler.extract.kinds.counts import Counts, count
from crawler.extract.kinds.own_prose import Entries, carries_only, own_paragraphs, says_something
from crawler.extract.locate.bare_facts import HOME
from crawler.extract.locate.facts_around import BREADCRUMB
from crawler.extract.locate.prose_weight import NODES, Weights, flatten, heaviest, weigh
from crawler.extract.locate.title_above import names_no_article, title_above
from crawler.extract.locate.title_element import title_node
from crawler.extract.locate.title_text import without_site
from crawler.page.dom import node_text, some, title_text
from crawler.page.metadata import Metadata
from crawler.page.outside import SKIPPED_TAGS, marks, path_to
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import WithWords

MENU_WORDS = 8  # a longer entry is a headline in a list of news, whatever the list is called
PARAGRAPH = 250  # characters of a usual one, in text that line breaks divide
_QA_NAMES = WithWords(r"question|answer|{question_names}|faq|qa-")


class Outline:
    """What a judge needs to know of a page, each thing worked out when first asked."""

    def __init__(self, page: Page, metadata: Metadata) -> None:
        self.page, self.metadata = page, metadata
        self.types = metadata.types
        self.is_marked_article = metadata.is_article or bool(metadata.published)

    @cached_property
    def root(self) -> LexborNode:
        body = self.page.tree.body
        return body if body is not None else LexborHTMLParser("<body></body>").css("body")[0]

    @cached_property
    def title_node(self) -> LexborNode | None:
        found = title_node(self.page, self.metadata)
        if found is None and names_no_article(self.page, self.metadata):
            elements = flatten(self.page.tree)
            found = title_above(heaviest(self.root, weigh(elements))) if elements else None
        return found

    @cached_property
    def title(self) -> str | None:
        titles, site = self.metadata.titles, self.metadata.site_name
        said = (without_site(text, site) for name in ("og", "title") if (text := titles.get(name)))
        return title_text(self.title_node) or next(said, None)

    @cached_property
    def first_heading(self) -> str | None:
        return next((text for node in self.page.tree.css("h1, h2") if (text := node_text(node))), None)

    @cached_property
    def title_matches(self) -> bool:
        """Whether the title printed is the one the markup names."""
        return self.title_node is not None and _agrees(title_text(self.title_node) or "", self.metadata)

    @cached_property
    def title_is_link(self) -> bool:
        """Whether the title leads to another page, as that of a teaser does."""
        node = self.title_node
        return node is not None and node.css_first("a[href]") is not None and _leads_elsewhere(self.page, node)

    @cached_property
    def weights(self) -> Weights:
        around = path_to(self.title_node) if self.title_node is not None else []
        return weigh(flatten(self.page.tree), frozenset(node.mem_id for node in around))

    @cached_property
    def body(self) -> LexborNode:
        return heaviest(self.root, self.weights)

    @property
    def prose(self) -> float:
        """Characters of prose in the heaviest element."""
        return self.weights.of(self.body)

    @property
    def long_paragraphs(self) -> int:
        return self.weights.paragraphs.get(self.body.mem_id, 0)

    @cached_property
    def parts(self) -> list[str]:
        return _texts(self.root)

    @property
    def lined_text(self) -> str:
        return "\n".join(self.parts)

    @cached_property
    def text(self) -> str:
        return " ".join(self.parts)

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def scope(self) -> LexborNode:
        return _content(self.root, self.title_node, self.body)

    @cached_property
    def counts(self) -> Counts:
        return count(self.page, self.scope, self.title, self.entries)

    @cached_property
    def entries(self) -> Entries:
        return Entries(self.page)

    @cached_property
    def says_something(self) -> bool:
        """Whether there is prose that stands in no entry of a list."""
        return says_something(own_paragraphs(self.scope, self.entries))

    @cached_property
    def carries_only(self) -> Code | None:
        return carries_only(self.scope)

    @cached_property
    def section(self) -> str | None:
        return crumb(self.page, self.title)

    @cached_property
    def asks_password(self) -> bool:
        return self.page.tree.css_first('input[type="password" i]') is not None

    @cached_property
    def is_plainly_article(self) -> bool:
        """Whether a page prints a title, a date of its own and paragraphs, and no list of others: an article whatever
        words stand in its title."""
        return (
            self.title_node is not None
            and self.counts.dated
            and self.prose >= 200
            and _paragraphs(self) >= 2
            and (self.counts.teasers < 3 or (self.title_matches and self.says_something))
            and not self.title_is_link
            and not self.asks_password
        )

    @cached_property
    def contact_form(self) -> bool:
        return _contact_form(self.scope)

    @cached_property
    def menu(self) -> tuple[bool, bool]:
        """Whether a menu leads to this very page, and whether the page's title is that of a menu entry."""
        return _menu(self.page, self.title)

    @cached_property
    def has_qa_names(self) -> bool:
        return any(_QA_NAMES.search(marks(node)) for node in self.scope.css("[class], [id]")[:400])


def article_or_list(page: Page, family: Family, metadata: Metadata, found: Outline) -> Verdict:
    """The last question: is a page of unknown make one article or a list of others? Signs for and against are added up."""
    role = family.link_kind(page.url)
    by_address = role.kind if role is not None else ""
    if found.title_matches and by_address != "listing" and not found.menu[1] and found.is_plainly_article:
        return Verdict("article", Reason(Code.SIGNS_OF_ONE))
    if found.counts.teasers >= 3 and not (
        found.title_matches
        and found.long_paragraphs >= 2
        and found.counts.teasers < 2 * found.long_paragraphs + 4
        and by_address != "listing"
    ):
        marked = metadata.is_article and found.title_matches and found.long_paragraphs
        if not marked:
            return Verdict("listing", Reason(Code.TEASERS, entries=found.counts.teasers))
    signs = 0
    signs += 3 if metadata.is_article else 0
    signs += 1 if metadata.og_type == "article" else 0
    signs += 2 if found.counts.dated else 0
    signs += 2 if by_address == "article" else -2 if by_address == "listing" else 0
    signs += 2 if found.title_matches and not found.title_is_link else 0
    signs += 2 if found.counts.files else 0
    signs += min(3, _paragraphs(found))
    signs += 1 if "meta" in metadata.published else 0
    signs -= min(4, found.counts.teasers)
    signs -= 2 * min(2, found.counts.read_more)
    signs -= 3 if found.counts.pager and not metadata.is_article else 0
    signs -= 2 if found.title_is_link else 0
    signs -= 2 if found.menu[1] else 0
    signs -= 2 if found.counts.linked_entries >= 5 and not found.long_paragraphs else 0
    if (
        found.prose < 60
        and not found.counts.files
        and not (metadata.is_article and found.prose > 20)
        and not found.counts.images
    ):
        return Verdict("listing", Reason(Code.LITTLE_TEXT))
    if signs >= 4:
        return Verdict("article", Reason(Code.SIGNS_OF_ONE))
    if (
        found.counts.teasers
        or found.counts.read_more
        or found.counts.linked_entries >= 3
        or found.counts.pager
        or by_address == "listing"
    ):
        return Verdict("listing", Reason(Code.ENTRIES))
    if found.title_matches and found.long_paragraphs and not found.menu[1]:
        return Verdict("article", Reason(Code.TITLE_AND_PARAGRAPHS))
    return Verdict("static", Reason(Code.STATIC_NO_SIGNS))


def _paragraphs(found: Outline) -> int:
    """Long paragraphs; text set with line breaks in one element has as many as its length would make."""
    if found.counts.teasers > 1:
        return found.long_paragraphs
    return max(found.long_paragraphs, int(found.prose // PARAGRAPH))


def _texts(root: LexborNode) -> list[str]:
    """The page's words as a reader meets them, a line for every block."""
    parts: list[str] = []
    stack = [root]
    left = NODES
    while stack and left:
        left -= 1
        node = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            text = " ".join((node.text_content or "").split())
            if text:
                parts.append(text)
            continue
        if tag in SKIPPED_TAGS:
            continue
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return parts


def _agrees(text: str, metadata: Metadata) -> bool:
    key = squeeze(text)
    return len(key) >= 4 and any(
        key == squeeze(without_site(said, metadata.site_name)) or (len(key) >= 12 and squeeze(said).startswith(key))
        for said in metadata.titles.values()
    )


def _leads_elsewhere(page: Page, title: LexborNode) -> bool:
    link = title.css_first("a[href]")
    address = page.resolve(link.attributes.get("href")) if link is not None else None
    return address is not None and address.rstrip("/") != page.url.split("#")[0].rstrip("/")


def _content(root: LexborNode, title: LexborNode | None, body: LexborNode) -> LexborNode:
    """The content region: what title and body have in common, at most the whole body of the page."""
    if title is None:
        main = root.css_first("main, [role=main], #content, #main")
        return main if main is not None else root
    ids = {node.mem_id for node in path_to(title)}
    common = [node for node in path_to(body) if node.mem_id in ids]
    scope = common[-1] if common else root
    if scope.mem_id == title.mem_id:
        scope = title.parent or root
    return scope


def crumb(page: Page, title: str | None) -> str | None:
    """The last entry of the trail of bread crumbs that is neither the home page nor the title itself."""
    for crumbs in page.tree.css(BREADCRUMB):
        names = [
            text
            for node in crumbs.css("a")
            if (text := node_text(node)) and not HOME.fullmatch(text) and squeeze(text) != squeeze(title or "")
        ]
        if names:
            return names[-1]
    return None


def _contact_form(scope: LexborNode) -> bool:
    return any(
        form.css_first("textarea") is not None
        and form.css_first('input[type="email" i], input[name*="mail" i]') is not None
        and not re.search(
            r"comment|binh-?luan|respond", marks(form) + " ".join(marks(parent) for parent in path_to(form)), re.I
        )
        for form in scope.css("form")
    )


def _menu(page: Page, title: str | None) -> tuple[bool, bool]:
    """Whether a menu leads to this very page, and whether the page's title is that of a menu entry."""
    own = page.url.split("#")[0].rstrip("/")
    title_key = squeeze(title or "")
    leads = named = False
    for link in some(
        page.tree.css(
            'nav a[href], [role="navigation"] a[href], [class*="menu" i] a[href], [id*="menu" i] a[href], [class*="nav" i] a[href], header a[href]'
        ),
        600,
        100,
    ):
        chain = " ".join(marks(parent) for parent in path_to(link))
        if re.search(r"breadcrumb|pathway|pager|pagination|post-?nav|language|latest|tin-?moi|hot-?news", chain, re.I):
            continue
        href = link.attributes.get("href") or ""
        address = page.resolve(href) if href and not href.startswith("#") else None
        same = address is not None and address.rstrip("/") == own
        leads = leads or (same and len(node_text(link).split()) <= MENU_WORDS)
        if title_key and squeeze(node_text(link)) == title_key:
            named = True
    return leads, named
