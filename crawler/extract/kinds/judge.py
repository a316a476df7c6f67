"""What kind of page a page is. Only articles go into the archive as articles; everything else is accounted for as itself.

The order matters: what is no page at all first; then its software, whose mark on one dated item with prose nothing outvotes,
neither title nor address; then what the address settles; then the outline, and words as signs beside it.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.cms.family import Family, PageKind, Selectors, Verdict
from crawler.cms.themes import has_selectors, merged
from crawler.extract.kinds.no_page import is_error_title, no_page
from crawler.extract.kinds.outline import Outline, article_or_list
from crawler.extract.kinds.own_prose import carries_only
from crawler.extract.kinds.word_signs import by_words
from crawler.page.dom import node_text
from crawler.page.metadata import Metadata
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_PROSE = 200
"""Characters of text from which on what software marks and dates is an article: three lines of a notice."""


def judge(page: Page, family: Family, metadata: Metadata, own: Selectors | None = None) -> Verdict:
    """The kind of an HTML page with the reason. ``page.problem`` and bare text are the caller's."""
    if page.is_feed:
        return Verdict("feed", Reason(Code.IS_XML_LIST))
    outline = Outline(page, metadata)
    if has_selectors(own, family) and not page.is_cut_off:
        plain = _plain_article(page, family, metadata, own) or _plain_list(page, family, metadata)
        if plain is not None:
            return plain
    nothing = no_page(page, metadata, outline)
    if nothing is not None:
        return nothing
    if page.is_cut_off:
        return Verdict("broken", Reason(Code.MARKUP_CUT_OFF))
    return _by_nature(page, family, metadata, outline)


def _plain_article(page: Page, family: Family, metadata: Metadata, own: Selectors | None) -> Verdict | None:
    """What software marks as one item, with a day, a title and prose where it keeps them: an article whatever it is called."""
    marked = family.verdict(page)
    if marked is None or marked.kind != "article" or _is_home(page):
        return None
    selectors = merged(own, family.selectors)
    if not (metadata.published or _has(page, selectors.published)):
        return None
    return marked if _text(page, selectors.title) and _is_long(page, selectors.body) else None


def _plain_list(page: Page, family: Family, metadata: Metadata) -> Verdict | None:
    """The short way for most lists of a known family: marked as one, and its title is no error's."""
    own, said = family.verdict(page), _by_address(page, family)
    if own is None or own.kind != "listing" or (said is not None and said.kind != "listing"):
        return None
    title = metadata.titles.get("title") or ""
    return (said or own) if title and not is_error_title(title) else None


def _has(page: Page, choice: tuple[str, ...]) -> bool:
    return any(page.tree.css_first(selector) is not None for selector in choice)


def _text(page: Page, choice: tuple[str, ...]) -> str:
    return next((text for selector in choice for node in page.tree.css(selector)[:2] if (text := node_text(node))), "")


def _is_long(page: Page, choice: tuple[str, ...]) -> bool:
    """Whether the text is prose of some length; a form or files alone are none."""
    nodes = next((nodes for selector in choice if (nodes := page.tree.css(selector)[:3])), [])
    if sum(_letters(node, _PROSE) for node in nodes) < _PROSE:
        return False
    return all(node.css_first("input, textarea, tr a") is None or carries_only(node) is None for node in nodes)


def _letters(node: LexborNode, enough: int) -> int:
    """How many characters of text an element holds, counted piece by piece until there are enough."""
    found, child = 0, node.child
    while child is not None and found < enough:
        found += len(child.text(deep=True) if child.is_element_node else child.text_content or "")
        child = child.next
    return found


_HOMES = frozenset(
    (
        "",
        "/",
        "/index.php",
        "/index.html",
        "/index.aspx",
        "/default.aspx",
        "/Default.aspx",
        "/home",
        "/trang-chu",
        "/vi",
        "/vi/",
    )
)


def _is_home(page: Page) -> bool:
    parts = urlsplit(page.url)
    return not parts.query and unquote(parts.path) in _HOMES


def _by_address(page: Page, family: Family) -> Verdict | None:
    """What the address alone settles: the home page, tag and author lists, searches, log-in."""
    if _is_home(page):
        return Verdict("listing", Reason(Code.HOME))
    kind = family.link_kind(page.url) if not page.lifted else None
    if kind is None:
        return None
    if kind.kind == "skip":
        said = _SKIPPED_KINDS.get(kind.reason.code)
        return Verdict(said, Reason(Code.BY_ADDRESS, promise=kind.reason)) if said is not None else None
    if kind.kind == "listing" and kind.reason.code in _SURE_LISTS:
        return Verdict("listing", kind.reason)
    return None


_SKIPPED_KINDS: dict[Code, PageKind] = {
    Code.SEARCH: "search",
    Code.LOG_IN: "login",
    Code.LOG_IN_OR_EDITING: "login",
    Code.TAG_LIST: "listing",
    Code.AUTHOR_LIST: "listing",
    Code.CALENDAR: "listing",
    Code.TAG_OR_AUTHOR_LIST: "listing",
    Code.AUTHOR_OR_ACCOUNT: "listing",
}
"""What a page is that was read although its address is not worth fetching, where that address settles it."""
_SURE_LISTS = (Code.LIST_NUMBERED, Code.LIST_OF_POSTS, Code.LIST_OF_COMPONENT)


def _by_nature(page: Page, family: Family, metadata: Metadata, outline: Outline) -> Verdict:
    """What a page is by its software, then by its address, then by what it holds, its words among it."""
    own = family.verdict(page)
    marked = own if own is not None and own.kind == "article" else None
    only = outline.carries_only
    if marked is not None and not only and outline.counts.dated and outline.prose >= _PROSE and not _is_home(page):
        return marked
    said = _by_address(page, family)
    if said is not None:
        return said
    if own is not None and own.kind not in ("article", "static"):
        return own
    by_word = by_words(page, outline, marked)
    if by_word is None and only is not None:
        return Verdict("static" if only is Code.ONLY_A_FORM else "law_list", Reason(only))
    return by_word or own or article_or_list(page, family, metadata, outline)
