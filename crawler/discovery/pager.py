"""How a list goes on: the kind of its pager, how many pages it names, and where the next ones are.

Read off the links that carry numbers: what a reader sees as "2" stands in the address as 2 (``page``), 1 (``zero_based``),
10 or 20 (``offset``), in the path (``path``), or nowhere, because a script sends a form (``postback``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.cms.family import Pagination
from crawler.page.dom import node_text
from crawler.page.outside import marks
from crawler.page.page import Page

MOST_PAGES = 20_000
"""A number above this is none of a page: the largest list of a portal known has some 2,000."""

_NUMBER = re.compile(r"(?:trang|page|p\.)?\s*\[?(\d{1,5})\]?(?:\s*(?:/|of)\s*\d+)?", re.I)
_PATH_NUMBER = re.compile(r"(?:(?<=/page/)|(?<=/page-)|(?<=/trang-)|(?<=/trang/)|(?<=/p/)|(?<=/p)|(?<=-p)|(?<=[-/]trang)|(?<=/pg/)|(?<=/currentpage/)|(?<=/pageindex/)|(?<=/))(\d{1,5})(?=/|\.html?$|\.aspx$|$)", re.I)  # fmt: skip
PAGER_NAME = re.compile(
    r"pag(?:er|ing|ination|e-?n(?:umbers?|av))|phan-?trang|listingBar|nav-links|(?:^|[\s_-])pages?(?:$|[\s_-])", re.I
)
_POSTBACK = re.compile(r"__doPostBack\(|WebForm_DoPostBack|PagerOnClick\(", re.I)  # the last: DevExpress grids
_SCRIPTED = re.compile(
    r"(?<!\w)(?>\w*?(?:load|goto|go_to|change|get|show|next|paging|phantrang))(?=\w*(?:page|trang|article|list|news))\w*+\s*+\("
    r"|pagination\.aspx",
    re.I,
)
_FRAGMENT_POST = re.compile(r"/DesktopModule/\w+/\w*Pagination\.aspx", re.I)
_NOT_PAGES = re.compile(
    r"year|month|nam|thang|ngay|day|date|^id$|itemid|^nid$|\bcat|tabid|delta$|lifecycle|resetcur|col_count|perpage|limit$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Pager:
    """``pages`` is the highest page number named, ``None`` when none is; ``key`` the query key that counts, if one does."""

    kind: Pagination
    pages: int | None = None
    key: str | None = None
    step: int = 1
    why: str = ""


def goes_on_by_form(page: Page) -> bool:
    """Whether a page may hold a pager that sends a form: a quick look, before the pager is read."""
    return any(word in page.text for word in ("__doPostBack", "WebForm_DoPostBack", "/DesktopModule/"))


def pager_of(page: Page, in_portal: Callable[[str], bool] = lambda url: True) -> Pager:
    """The pager a page shows; kind ``none`` when it shows none."""
    votes: Counter[tuple[Pagination, str | None, int]] = Counter()
    highest: dict[tuple[Pagination, str | None, int], int] = {}
    scripted = 0
    for link in page.tree.css("a[href], a[onclick], li[onclick], span[onclick]"):
        shown = shown_number(link)
        if shown is None or not 2 <= shown <= MOST_PAGES:
            continue
        href = (link.attributes.get("href") or "").strip()
        code = href if href.lower().startswith("javascript:") else link.attributes.get("onclick") or ""
        if _POSTBACK.search(code) or (_SCRIPTED.search(code) and in_pager(link)):
            votes["postback", None, 1] += 1
            highest["postback", None, 1] = max(shown, highest.get(("postback", None, 1), 0))
            scripted += 1
            continue
        url = page.resolve(href) if href and not href.startswith("#") else None
        found = _kind(url, shown) if url is not None and in_portal(url) else None
        if found is None or (found[0] == "path" and not in_pager(link) and "page" not in (url or "")):
            continue
        votes[found] += 3 if in_pager(link) else 1
        highest[found] = max(shown, highest.get(found, 0))
    if votes:
        best = votes.most_common(1)[0][0]
        return Pager(best[0], highest[best], best[1], best[2], "numbered links")
    return _without_numbers(page, in_portal)


def _without_numbers(page: Page, in_portal: Callable[[str], bool]) -> Pager:
    """A pager that only says "next"; or a list that a script of the software goes on with."""
    for link in page.tree.css(
        'a[rel~="next"][href], link[rel~="next"][href], .next a[href], a.next[href], .pager-next a[href], .pager__item--next a[href], .pagination a[href]'
    ):
        url = page.resolve(link.attributes.get("href"))
        if url is None or not in_portal(url):
            continue
        for key, value in parse_qsl(urlsplit(url).query):
            if value.isdigit() and 0 < int(value) <= MOST_PAGES and not _NOT_PAGES.search(key):
                number = int(value)
                kind: Pagination = "zero_based" if number == 1 else "page" if number < 5 else "offset"
                return Pager(kind, None, key, number if kind == "offset" else 1, "a link to the next page")
        if _PATH_NUMBER.search(unquote(urlsplit(url).path)) and re.search(r"page|trang|/p/", url, re.I):
            return Pager("path", why="a link to the next page")
    if _FRAGMENT_POST.search(page.text):
        return Pager("postback", why="the next pages come by POST, as fragments")
    for link in page.tree.css('a[href^="javascript:__doPostBack"]'):
        if re.search(r"Page\$|pager|paging|phantrang", link.attributes.get("href") or "", re.I):
            return Pager("postback", why="a link that sends the form")
    return Pager("none")


def shown_number(link: LexborNode) -> int | None:
    """The number of a page that a link shows, ``None`` when it shows anything else."""
    text = node_text(link)
    if len(text) > 14:
        return None
    found = _NUMBER.fullmatch(text.strip(" .…›»[]()"))
    return int(found.group(1)) if found else None


def in_pager(link: LexborNode) -> bool:
    """Whether an element around the link calls itself a pager."""
    node: LexborNode | None = link
    for _ in range(5):
        if node is None:
            return False
        if PAGER_NAME.search(marks(node)):
            return True
        node = node.parent
    return False


def _kind(url: str, shown: int) -> tuple[Pagination, str | None, int] | None:
    """What the number ``shown`` is in an address: ``(kind, query key, step)``."""
    parts = urlsplit(url)
    numbers = [
        (k, int(v)) for k, v in parse_qsl(parts.query) if v.isdigit() and len(v) < 7 and not _NOT_PAGES.search(k)
    ]
    found: list[tuple[Pagination, str | None, int]] = []
    for key, number in numbers:
        if number == shown:
            return ("page", key, 1)
        if number == shown - 1:
            found.append(("zero_based", key, 1))
        elif number and number % (shown - 1) == 0:
            found.append(("offset", key, number // (shown - 1)))
    if found:
        return found[0]
    path = unquote(parts.path)
    if any(int(number) == shown for number in _PATH_NUMBER.findall(path)):
        return ("path", None, 1)
    return None
