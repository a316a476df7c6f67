"""The ASP.NET family with names in ``UI…`` and a folder ``/DesktopModule/`` (one word less than DotNetNuke's): Ninh Bình, Cao Bằng.

Its vendor is not known. Page 1 of a list is in the page; the next ones come by POST to
``/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle`` as fragments of HTML.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import root_of
from crawler.cms.family import Dates, Family, Pagination, Selectors
from crawler.cms.fingerprints import Mark
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_ARTICLE = re.compile(r"^/(?:[\w-]+/)+[\w%-]+?-(\d{4,})/?$")


class DesktopModule(Family):
    """The number at the end of the address is the article's, whatever section shows it."""

    name: ClassVar[str] = "desktop_module"
    title: ClassVar[str] = "ASP.NET UI*/DesktopModule"
    asked: ClassVar[int] = 50
    pagination: ClassVar[Pagination] = "postback"
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("/DesktopModule/", "assets under /DesktopModule/", '[href*="/DesktopModule/"], [src*="/DesktopModule/"]'),
        Mark("UIListNews", "class names UIListNews…", '[class*="UIListNews"]', anywhere=True),
        Mark("UIArticleInMenu", "class names UIArticleInMenu…", '[class*="UIArticleInMenu"]', anywhere=True),
        Mark("ArticleHeader", "class names ArticleHeader and ArticleContent", ".ArticleContent", anywhere=True),
    )
    article_marks: ClassVar[tuple[str, ...]] = (".ArticleHeader, .ArticleContent",)
    listing_marks: ClassVar[tuple[str, ...]] = (
        '.UIListNews_Default, [class*="UIListNews"]',
        '[class*="UIArticleInMenu"] .ArticleList',
        ".HotnewsItem",
    )
    dates: ClassVar[Dates] = Dates(published=("visible", "jsonld", "microdata", "time", "meta"), modified=())
    selectors: ClassVar[Selectors] = Selectors(
        title=(".ArticleHeader h1, .ArticleHeader h2", ".ArticleHeader", '[class*="ArticleHeader"]', "h1"),
        body=(".ArticleContent", '[class*="ArticleContent"]'),
        lead=(".ArticleSummary", '[class*="ArticleSummary"]'),
        published=(".PostDate", '[class*="PostDate"]'),
        section=(".breadcrumb li:last-child a, .Breadcrumb a:last-of-type", ".ArticleCategory a, .CategoryName a", '[class*="readcrumb"] a:last-of-type'),
        signature=(".ArticleAuthor", ".ArticleSource"),
        tags=(".ArticleTags a", '[class*="ArticleTag"] a'),
        attachments=(".ArticleAttach a[href], .ArticleFile a[href]", '[class*="ArticleAttach"] a[href]'),
        views=(".ArticleViews, .ViewCount", '[class*="ViewCount"]'),
        drop=(
            (".PostDate", "other"),
            (".ArticleTags, .ArticleAttach, .ArticleAuthor, .ArticleSource", "other"),
            (".ArticleTools, .ArticleTool", "toolbar"),
            (".ArticleShare", "share"),
            (".ArticleRating", "rating"),
            (".ArticleOther, .OtherNews, [class*='ArticleOther']", "related"),
            (".ViewCount, .ArticleViews", "counter"),
        ),
        aside=((".ViewCount, .ArticleViews", "counter"), (".ArticleRating", "rating"), (".ArticleTools", "toolbar"), (".ArticleOther, .OtherNews", "related")),
    )  # fmt: skip

    def own_kind(self, url: str) -> LinkKind | None:
        path = unquote(urlsplit(url).path)
        if "/DesktopModule/" in path:
            return LinkKind("skip", Reason(Code.MACHINERY))
        if _ARTICLE.match(path):
            return LinkKind("article", Reason(Code.NAME_AND_NUMBER))
        return None

    def canonical(self, url: str) -> str | None:
        found = _ARTICLE.match(unquote(urlsplit(url).path))
        return f"{root_of(url)}/article/{int(found.group(1))}" if found else None
