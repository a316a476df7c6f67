"""SharePoint, mostly with the web parts of Tân Dân: Điện Biên, Thanh Hóa, Nam Định, Quảng Ninh, Lâm Đồng and others.

Paths tell no case. A list goes on by a form that scripts send (postback, which is posted); a guessed ``?PageIndex=`` gives page 1 for ever.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import query_of, root_of
from crawler.cms.family import Dates, Family, Pagination, Selectors
from crawler.cms.fingerprints import Mark
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import WithWords

_DATED = re.compile(r"/(?:pages|trang)/\d{4}-\d{1,2}-\d{1,2}/[^/]+\.aspx$", re.I)
_FRONT = re.compile(r"/(?:pages|trang|sitepages)/(?:default|home|trangchu|trang-chu|index)\.aspx$", re.I)
_PAGE = re.compile(r"/(?:pages|trang|sitepages)/([\w%-]+)\.aspx$", re.I)
_NUMBER_KEYS = ("nid", "itemid", "newsid", "articleid", "id")
_PAGE_KEYS = ("page", "pageindex", "pageno", "pagenumber", "trang", "paged")
_SYSTEM = WithWords(
    r"/(?:_layouts|_vti_bin|_catalogs|_api|_forms|forms)(?:/|$)|/(?:{address_log_in}|{address_search})\.aspx$"
)
_BREADCRUMB = '.tandan-breadcrumb a, .ms-breadcrumb a, [class*="breadcrumb"] a'


class SharePoint(Family):
    """The sapo often stands inside the body; the title of the window ends with the portal's name."""

    name: ClassVar[str] = "sharepoint"
    title: ClassVar[str] = "SharePoint (Tân Dân)"
    asked: ClassVar[int] = 40
    pagination: ClassVar[Pagination] = "postback"
    generator: ClassVar[tuple[str, ...]] = ("microsoft sharepoint",)
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("_spPageContextInfo", "inline script _spPageContextInfo"),
        Mark("tandan-", "class names of Tân Dân's web parts", '[class*="tandan-"]', anywhere=True),
        Mark("/_layouts/15/", "assets under /_layouts/15/", '[href*="/_layouts/15/"], [src*="/_layouts/15/"]'),
        Mark("/_layouts/", "assets under /_layouts/", 'link[href*="/_layouts/"], script[src*="/_layouts/"]'),
    )
    article_marks: ClassVar[tuple[str, ...]] = (
        ".tandan-p-article-news-content, .tandan-p-article-main, .tandan-p-article-news-title",
        '[id$="RichHtmlField"]',
        ".ms-rtestate-field p",
    )
    listing_marks: ClassVar[tuple[str, ...]] = (
        '[class*="tandan-div-list"], [class*="tandan-ul-"], [class*="tandan-"][class*="-list"]',
        ".dfwp-list, .ms-listviewtable, .cbq-layout-main",
    )
    dates: ClassVar[Dates] = Dates(published=("visible", "jsonld", "microdata", "time", "meta"), modified=())
    selectors: ClassVar[Selectors] = Selectors(
        title=(".tandan-p-article-news-title", '[class*="article-news-title" i]', '[id$="TitleField"], #DeltaPlaceHolderPageTitleInTitleArea', "h1", ".ms-rteElement-H1, h2"),
        body=(".tandan-p-article-news-content", ".tandan-p-article-main", '[class*="article-news-content" i], [class*="article-main" i]', '[id$="RichHtmlField"]', ".ms-rtestate-field"),
        lead=(".tandan-p-article-news-summary", '[class*="article-news-summary" i]', ".article-summary"),
        published=(".tandan-span-date-publish", '[class*="date-publish" i]', ".ngaydang, .ngay-dang, .article-date"),
        section=(".tandan-breadcrumb a:last-of-type", ".ms-breadcrumb a:last-of-type", '[class*="breadcrumb"] li:last-child a, [class*="breadcrumb"] a:last-of-type'),
        signature=(".tandan-p-article-author, [class*='article-author' i], [class*='article-news-author' i]", ".tandan-p-article-source, [class*='article-source' i]"),
        tags=(".td-tags a", ".tandan-tags a, [class*='tandan'][class*='tag'] a"),
        attachments=(".tandan-div-attach a[href], [class*='tandan'][class*='attach'] a[href]", "#idAttachmentsTable a[href]"),
        views=(".tandan-span-view, [class*='tandan'][class*='view']",),
        drop=(
            (".tandan-div-article-other, [class*='article-other' i]", "related"),
            (".tandan-p-article-news-title, .tandan-span-date-publish", "other"),
            (".td-tags, .tandan-div-attach", "other"),
            ("[class*='tandan'][class*='share'], .td-share", "share"),
            ("[class*='tandan'][class*='rating'], .td-rating", "rating"),
            ("[class*='tandan-span-view']", "counter"),
            ("[class*='tandan'][class*='toolbar'], .td-print", "toolbar"),
        ),
        aside=(("[class*='tandan-span-view']", "counter"), ("[class*='tandan'][class*='rating'], .td-rating", "rating"), (".tandan-div-article-other", "related"), ("[class*='tandan'][class*='toolbar']", "toolbar")),
    )  # fmt: skip

    def own_kind(self, url: str) -> LinkKind | None:
        path, query = unquote(urlsplit(url).path), {key.lower(): value for key, value in query_of(url).items()}
        if _SYSTEM.search(path) or query.get("mode", "").lower() == "edit" or "controlmode" in query:
            return LinkKind("skip", Reason(Code.SERVICE))
        if "isdlg" in query or "print" in query:
            return LinkKind("skip", Reason(Code.PRINT_VIEW))
        if _DATED.search(path):
            return LinkKind("article", Reason(Code.SHAREPOINT_DATED))
        if _page_of(query) is not None:
            return LinkKind("listing", Reason(Code.LIST_NUMBERED))
        if any(query.get(key, "").isdigit() for key in _NUMBER_KEYS):
            return LinkKind("article", Reason(Code.ITEM_NUMBER))
        if _FRONT.search(path):
            return LinkKind("listing", Reason(Code.FRONT_PAGE))
        found = _PAGE.search(path)
        if found and found.group(1).count("-") >= 4:
            return LinkKind("article", Reason(Code.HEADLINE_NAME))
        return None

    def canonical(self, url: str) -> str | None:
        """The path in lower case, with the number where one page shows every item, and that of the page of a list."""
        path = unquote(urlsplit(url).path).lower()
        query = {key.lower(): value for key, value in query_of(url).items()}
        key = next((key for key in _NUMBER_KEYS if query.get(key, "").isdigit()), None)
        if key is not None:
            page = _page_of(query)
            return f"{root_of(url)}{path}?{key}={int(query[key])}" + (f"&page={page}" if page is not None else "")
        return f"{root_of(url)}{path}" if path.endswith(".aspx") and not query else None

    def number(self, url: str) -> int | None:
        """The number of an item, where the address holds nothing but it (``…/Trang/ChiTiet.aspx?nid=812``, Quảng Ninh)."""
        query = query_of(url)
        key = next(iter(query), "")
        return int(query[key]) if len(query) == 1 and key.lower() in _NUMBER_KEYS and query[key].isdigit() else None

    def numbered(self, url: str, number: int) -> str | None:
        return re.sub(r"=\d+(?=#|$)", f"={number}", url) if self.number(url) is not None else None


def _page_of(query: dict[str, str]) -> int | None:
    """The number of the page of a list, told by a query whose keys are in lower case."""
    return next((int(query[key]) for key in _PAGE_KEYS if query.get(key, "").isdigit()), None)
