"""The outline of a page that tells articles from lists on software we do not know: title, prose, teasers, dates, files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.cms.base import Family, Verdict
from crawler.extract import attachments
from crawler.extract.blocks import squeeze
from crawler.extract.date_lines import is_date_line
from crawler.extract.density import NODES, heaviest, path_to, weigh
from crawler.extract.general import _BREADCRUMB, _HOME, _in_outside, title_node
from crawler.extract.located import node_text, some, title_text
from crawler.extract.metadata import Metadata
from crawler.extract.regions import SKIPPED_TAGS, is_outside, marks
from crawler.extract.title import without_site
from crawler.page import Page

_READ_MORE = re.compile(
    r"(?:đọc|xem) (?:tiếp|thêm|chi tiết)\s*[.…»>→]*|chi tiết\s*[.…»>→]*|read more.{0,60}|continue reading.{0,80}|xem tiếp.{0,20}|\[?\s*(?:…|\.\.\.|»|>>)\s*\]?",
    re.I,
)
_TEASER_NAMES = re.compile(r"title|heading|tieu-?de|headline|name|summary|teaser|caption", re.I)
_PAGER = '[class*="pagination" i], [class*="pager" i], [class*="paging" i], .listingBar, [class*="page-numbers" i], [id*="pager" i], [class*="phan-trang" i]'
_QA_NAMES = re.compile(r"question|answer|hoi-?dap|cau-?hoi|faq|qa-", re.I)


LINKS = 400
"""Different links looked at to tell a list from an article; a list shows itself long before."""


@dataclass(slots=True)
class Outline:
    """What a judge needs to know of a page. Counts are of the content region, menus and side columns left out."""

    title: str | None = None
    first_heading: str | None = None
    title_matches: bool = False
    title_is_link: bool = False
    section: str | None = None
    words: int = 0
    text: str = ""
    lined_text: str = ""
    prose: float = 0.0
    long_paragraphs: int = 0
    teasers: int = 0
    read_more: int = 0
    linked_entries: int = 0
    pager: bool = False
    dated: bool = False
    files: int = 0
    images: int = 0
    players: int = 0
    password: bool = False
    contact_form: bool = False
    in_menu: bool = False
    menu_title: bool = False
    is_marked_article: bool = False
    has_qa_names: bool = False
    types: set[str] = field(default_factory=set)


def outline(page: Page, metadata: Metadata) -> Outline:
    """Look a page over once."""
    found = Outline(types=metadata.types, is_marked_article=metadata.is_article or bool(metadata.published))
    root = page.tree.body
    if root is None:
        return found
    title = title_node(page, metadata)
    found.title = title_text(title) or next(
        (without_site(text, metadata.site_name) for name in ("og", "title") if (text := metadata.titles.get(name))),
        None,
    )
    first = next((node for node in page.tree.css("h1, h2") if node_text(node)), None)
    found.first_heading = node_text(first) or None
    found.title_matches = title is not None and _agrees(title_text(title) or "", metadata)
    found.title_is_link = title is not None and title.css_first("a[href]") is not None and _leads_elsewhere(page, title)
    weights = weigh(page.tree, frozenset(node.mem_id for node in path_to(title)) if title is not None else frozenset())
    body = heaviest(root, weights)
    found.prose = weights.of(body)
    found.long_paragraphs = weights.paragraphs.get(body.mem_id, 0)
    parts = _texts(root)
    found.lined_text = "\n".join(parts)
    found.text = " ".join(parts)
    found.words = len(found.text.split())
    scope = _content(root, title, body, weights.of(body))
    _count(page, scope, title, body, found)
    found.section = _crumb(page, found.title)
    found.password = page.tree.css_first('input[type="password" i]') is not None
    found.contact_form = _contact_form(scope)
    found.in_menu, found.menu_title = _menu(page, found.title)
    found.has_qa_names = any(_QA_NAMES.search(marks(node)) for node in scope.css("[class], [id]")[:400])
    return found


def article_or_list(page: Page, family: Family, metadata: Metadata, found: Outline) -> Verdict:
    """The last question: is a page of unknown make one article or a list of others? Signs for and against are added up."""
    role = family.link_kind(page.url)
    by_address = role.kind if role is not None else ""
    if found.teasers >= 3 and not (
        found.title_matches
        and found.long_paragraphs >= 2
        and found.teasers < 2 * found.long_paragraphs + 4
        and by_address != "listing"
    ):
        marked = metadata.is_article and found.title_matches and found.long_paragraphs
        if not marked:
            return Verdict("listing", f"{found.teasers} entries that lead to pages of their own")
    signs = 0
    signs += 3 if metadata.is_article else 0
    signs += 1 if metadata.og_type == "article" else 0
    signs += 2 if found.dated else 0
    signs += 2 if by_address == "article" else -2 if by_address == "listing" else 0
    signs += 2 if found.title_matches and not found.title_is_link else 0
    signs += 2 if found.files else 0
    signs += min(3, found.long_paragraphs)
    signs += 1 if "meta" in metadata.published else 0
    signs -= min(4, found.teasers)
    signs -= 2 * min(2, found.read_more)
    signs -= 3 if found.pager and not metadata.is_article else 0
    signs -= 2 if found.title_is_link else 0
    signs -= 2 if found.menu_title else 0
    signs -= 2 if found.linked_entries >= 5 and not found.long_paragraphs else 0
    if found.prose < 60 and not found.files and not (metadata.is_article and found.prose > 20) and not found.images:
        return Verdict("listing", "hardly any text of its own")
    if signs >= 4:
        return Verdict("article", "title, text and date of one article")
    if found.teasers or found.read_more or found.linked_entries >= 3 or found.pager or by_address == "listing":
        return Verdict("listing", "entries that lead to pages of their own")
    if found.title_matches and found.long_paragraphs and not found.menu_title:
        return Verdict("article", "a title with paragraphs under it")
    return Verdict("static", "a page without date or signs of an article")


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


def _content(root: LexborNode, title: LexborNode | None, body: LexborNode, prose: float) -> LexborNode:
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


def _count(page: Page, scope: LexborNode, title: LexborNode | None, body: LexborNode, found: Outline) -> None:
    title_key = squeeze(found.title or "")
    own = page.url.split("#")[0].rstrip("/")
    seen: set[str] = set()
    after_related = False
    for node in some(
        scope.css("a[href], img, iframe, video, audio, object, embed, h2, h3, h4, h5, strong, div, p, span"), 4000, 500
    ):
        tag = node.tag
        if tag in ("h2", "h3", "h4", "h5", "strong", "div", "p", "span"):
            if not after_related and len(node.text(deep=True)) < 80 and node.css_first("a") is None:
                after_related = _is_related_heading(node_text(node))
            continue
        if _in_outside(node):
            continue
        if tag == "img":
            found.images += 1
        elif tag == "audio":
            found.players += 0
        elif tag in ("video", "object", "embed"):
            found.players += 1
        elif tag == "iframe":
            source = node.attributes.get("src") or node.attributes.get("data-src") or ""
            found.players += (
                1
                if re.search(
                    r"youtube|youtu\.be|vimeo|video|player|embed|dailymotion|facebook\.com/plugins/video", source, re.I
                )
                else 0
            )
        else:
            if len(seen) > LINKS:
                continue
            _count_link(page, node, own, title_key, seen, after_related, found)
    if not found.files:
        found.files = sum(
            1
            for link in scope.css("a[href]")
            if attachments.is_document(link.attributes.get("href") or "")
            and (
                not _in_outside(link)
                or re.search(r"attach|file|dinh-?kem", " ".join(marks(parent) for parent in path_to(link)), re.I)
                is not None
            )
        )
    found.pager = any(
        not re.search(r"post-?nav|item-?pag|pagenav", marks(node), re.I) and len(node.css("a[href]")) >= 2
        for node in scope.css(_PAGER)
    )
    found.dated = _has_date(scope, body)


def _count_link(
    page: Page, node: LexborNode, own: str, title_key: str, seen: set[str], after_related: bool, found: Outline
) -> None:
    address = page.resolve(node.attributes.get("href"))
    if address is None:
        return
    if attachments.is_document(address):
        found.files += 1
        return
    if urlsplit(address).hostname != urlsplit(page.url).hostname or address.rstrip("/") == own:
        return
    text = node_text(node)
    if _READ_MORE.fullmatch(text) and not after_related:
        found.read_more += 1
        return
    if len(text) < 15 or address in seen or after_related or len(unquote(urlsplit(address).path)) < 3:
        return
    if squeeze(text) == title_key:
        return
    seen.add(address)
    holder = _holder(node)
    if holder == "heading":
        found.teasers += 1
    elif holder == "entry":
        found.linked_entries += 1
        if _entry_has_more(node):
            found.teasers += 1


def _holder(link: LexborNode) -> str:
    """Whether a link is the heading of a teaser, the one thing of a list entry, or stands in running text."""
    text = len(node_text(link))
    node = link.parent
    for _ in range(3):
        if node is None:
            return ""
        if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt"):
            return "heading"
        whole = len(node_text(node))
        if node.tag == "p" and whole > text * 1.6:
            return ""
        if _TEASER_NAMES.search(marks(node)) and whole < text * 1.5 + 30:
            return "heading"
        if node.tag in ("li", "tr", "article", "dd", "td") or (node.tag == "div" and whole > text * 1.3):
            return "entry"
        node = node.parent
    return "entry" if _TEASER_NAMES.search(marks(link)) else ""


def _entry_has_more(link: LexborNode) -> bool:
    """Whether the entry of a list also shows a date, a picture or a few words: a teaser, not a line of a menu."""
    node = link.parent
    for _ in range(3):
        if node is None:
            return False
        if node.tag in ("li", "tr", "article", "div", "dd"):
            rest = len(node_text(node)) - len(node_text(link))
            if node.css_first("img") is not None or node.css_first("time") is not None or rest >= 8:
                return rest < 1500
        node = node.parent
    return False


def _is_related_heading(text: str) -> bool:
    from crawler.extract.boilerplate import kind_of

    return kind_of(text) == "related"


def _has_date(scope: LexborNode, body: LexborNode) -> bool:
    """Whether a date is printed by itself in the content region, outside the entries of lists."""
    for node in some(scope.css("time, span, p, div, li, dd, em, i, small, td, font, b, label")):
        if node.tag == "time" and node.attributes.get("datetime") and not _in_outside(node):
            return True
        if len(node.text(deep=True)) > 200:
            continue
        text = node_text(node)
        if 6 <= len(text) <= 100 and is_date_line(text) and not _in_outside(node):
            return True
    parent = scope.parent
    if parent is not None and parent.tag not in ("body", "html"):
        for node in some(
            parent.css(
                "time, [class*=date i], [class*=time i], [class*=ngay i], [class*=meta i], [class*=byline i], [class*=submitted i]"
            )
        ):
            if len(node.text(deep=True)) < 200 and is_date_line(node_text(node)) and not _in_outside(node):
                return True
    return False


def _crumb(page: Page, title: str | None) -> str | None:
    for crumbs in page.tree.css(_BREADCRUMB):
        names = [
            text
            for node in crumbs.css("a")
            if (text := node_text(node)) and not _HOME.fullmatch(text) and squeeze(text) != squeeze(title or "")
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
        leads = leads or same
        if title_key and squeeze(node_text(link)) == title_key:
            named = True
    return leads, named


__all__ = ["Outline", "article_or_list", "is_outside", "outline"]
