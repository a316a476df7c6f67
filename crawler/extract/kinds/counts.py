"""What the content of a page holds that tells a list from an article: teasers, entries, files, pictures, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean import attachments
from crawler.extract.clean.blocks import squeeze
from crawler.extract.dates.clock import is_clock
from crawler.extract.dates.date_lines import is_date_line
from crawler.extract.dates.labelled_dates import labelled_dates
from crawler.extract.kinds.own_prose import Entries
from crawler.page.dom import node_text, some
from crawler.page.outside import lies_outside, marks, path_to
from crawler.page.page import Page
from crawler.words.tables import WithWords, words

_READ_MORE = WithWords(r"{read_more}\s*[.…»>→]*|\[?\s*(?:…|\.\.\.|»|>>)\s*\]?", "line")
_TEASER_NAMES = re.compile(r"title|heading|tieu-?de|headline|name|summary|teaser|caption", re.I)
_PAGER = '[class*="pagination" i], [class*="pager" i], [class*="paging" i], .listingBar, [class*="page-numbers" i], [id*="pager" i], [class*="phan-trang" i]'
_LABELS = dict.fromkeys(("h2", "h3", "h4", "h5", "strong", "div", "p", "span"), True) | dict.fromkeys(
    ("b", "td", "th", "font", "u", "em", "legend", "center"), False
)
"""Elements that may hold the label of a list, and whether any such label counts there."""
_OTHERS = words("of_others", "line")
LINKS = 400
"""Different links looked at to tell a list from an article; a list shows itself long before."""


@dataclass(slots=True)
class Counts:
    """What the content region holds, menus and side columns left out."""

    teasers: int = 0
    read_more: int = 0
    linked_entries: int = 0
    files: int = 0
    images: int = 0
    players: int = 0
    pager: bool = False
    dated: bool = False


def count(page: Page, scope: LexborNode, title: str | None, entries: Entries) -> Counts:
    """Look the content region over once; ``title`` is the page's own, which is no teaser."""
    found = Counts()
    title_key = squeeze(title or "")
    own = page.url.split("#")[0].rstrip("/")
    seen: set[str] = set()
    after_related = False
    for node in some(scope.css(f"a[href], img, iframe, video, audio, object, embed, {', '.join(_LABELS)}"), 4000, 500):
        tag = node.tag
        if tag in _LABELS:
            if not after_related and _may_be_label(node, tag):
                after_related = _is_related_heading(node_text(node), _LABELS[tag])
            continue
        if lies_outside(node):
            continue
        if tag == "img":
            found.images += 1
        elif tag == "audio":
            found.players += 0
        elif tag in ("iframe", "object", "embed") and attachments.shows_document(page, node):
            found.files += 1
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
                not lies_outside(link)
                or re.search(r"attach|file|dinh-?kem", " ".join(marks(parent) for parent in path_to(link)), re.I)
                is not None
            )
        )
    found.pager = any(
        not re.search(r"post-?nav|item-?pag|pagenav", marks(node), re.I) and len(node.css("a[href]")) >= 2
        for node in scope.css(_PAGER)
    )
    found.dated = _has_date(scope, entries)
    return found


def _count_link(
    page: Page, node: LexborNode, own: str, title_key: str, seen: set[str], after_related: bool, found: Counts
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


def _may_be_label(node: LexborNode, tag: str) -> bool:
    """Whether an element is short and links nothing. A cell is asked first whether it holds others: gathering the text of
    each cell of nested tables would take time by the square of their depth."""
    if tag in ("td", "th") and len(node.css("td, th, div, p")) > 1:  # the first is the cell itself
        return False
    return len(node.text(deep=True)) < 80 and node.css_first("a") is None


def _is_related_heading(text: str, plain: bool) -> bool:
    """Whether a line heads a list of other news; in an element that heads columns too ("Tin mới"), only by a word that
    sets them against the article above."""
    return boilerplate.kind_of(text) == "related" and (plain or _OTHERS.find(text) is not None)


ENTRY_DATES = 5
"""Days of entries after which a page's own is not looked for: it stands above its list."""
_DATED = "time, abbr, span, p, div, li, dd, em, i, small, td, font, b, label"
_NAMED_DATES = (
    "time, [class*=date i], [class*=time i], [class*=ngay i], [class*=meta i], [class*=byline i], [class*=submitted i]"
)


def _has_date(scope: LexborNode, entries: Entries) -> bool:
    """Whether a date is printed by itself in the content region, outside the entries of lists; the page's clock is none."""
    own = _own_date(scope, _DATED, entries)
    if own is not None:
        return own
    parent = scope.parent
    beside = parent is not None and parent.tag not in ("body", "html")
    return beside and parent is not None and bool(_own_date(parent, _NAMED_DATES, entries))


def _own_date(scope: LexborNode, selector: str, entries: Entries) -> bool | None:
    """Whether one of the elements prints a date of the page's own; ``None`` where there is too little to tell."""
    of_entries = 0
    for node in some(scope.css(selector)):
        marked = node.tag == "time" and bool(node.attributes.get("datetime"))
        text = node_text(node) if len(node.text(deep=True)) <= 200 else ""
        if not marked and not (6 <= len(text) <= 140 and _prints_date(text)):
            continue
        if lies_outside(node) or (not marked and is_clock(node, text)):
            continue
        if not entries.hold(node):
            return True
        of_entries += 1
        if of_entries >= ENTRY_DATES:
            return False
    return None


def _prints_date(text: str) -> bool:
    """Whether a line is a date, or labels one as the publication's ("Cập nhật: … | Ngày đăng: …")."""
    return is_date_line(text) or (len(text) <= 140 and any(date.role == "published" for date in labelled_dates(text)))
