"""The platform that keeps many authorities under numbers: pictures under ``/upload/<tenant>/<yyyymmdd>/``.

Thái Bình 80571, Hưng Hà 80590, Sông Hinh 63908, Quy Nhơn 105285 and others. Its markup is known only in part, so that
structured data and the general way do more of the work here than elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import root_of
from crawler.cms.family import Dates, Family, Pagination, Selectors, may_bear
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_UPLOAD = re.compile(r"/upload/(\d{5,7})/(?:\d{8}|fck|images?|files?)/")
_OPENING = re.compile(r"[\"'(=]([^\"'()=\s]{0,80})$")
_ENOUGH = 5
_ARTICLE = re.compile(r"^/(?:[\w-]+/)+[\w%.-]+?-(\d{4,})(?:\.html?|/)?$")


def tenant_of(page: Page) -> str | None:
    """The number under which the platform keeps the portal, read off what the page itself loads from its own host."""
    numbers: list[str] = []
    host, text, at = urlsplit(page.url).hostname, page.text, -1
    while len(numbers) < _ENOUGH and (at := text.find("/upload/", at + 1)) >= 0:
        found = _UPLOAD.match(text, at)
        before = _OPENING.search(text, max(0, at - 90), at) if found else None
        if found and before and urlsplit(page.resolve(before.group(1) + found.group()) or "").hostname == host:
            numbers.append(found.group(1))
    return max(set(numbers), key=numbers.count) if numbers else None


class TenantUpload(Family):
    """Dates of the head are ISO 8601 with +07 and are believed first."""

    name: ClassVar[str] = "tenant_upload"
    title: ClassVar[str] = "multi-tenant /upload/<id>/"
    asked: ClassVar[int] = 55
    pagination: ClassVar[Pagination] = "page"
    article_marks: ClassVar[tuple[str, ...]] = (
        'meta[property="article:published_time"]',
        ".article-detail, .detail-article, .news-detail, .content-detail",
    )
    listing_marks: ClassVar[tuple[str, ...]] = (".list-news, .news-list, .list-article",)
    dates: ClassVar[Dates] = Dates(
        published=("meta", "jsonld", "microdata", "time", "visible"), modified=("meta", "jsonld")
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=(".article-detail h1, .detail-article h1, .news-detail h1, .content-detail h1", "h1.title, h1.article-title, .title-detail, .detail-title", "h1"),
        body=(".article-detail .article-content, .detail-article .content, .news-detail .content", '[itemprop="articleBody"]', ".article-content, .content-detail, .detail-content, .news-content, .fck_detail"),
        lead=(".article-detail .article-sapo, .detail-article .sapo, .news-detail .sapo", ".sapo, .article-sapo, .detail-sapo, .article-summary"),
        published=(".article-detail .article-date, .detail-article .date, .news-detail .date", ".article-date, .date-detail, .detail-date, .publish-date"),
        section=(".article-detail .article-category a", ".breadcrumb li:last-child a, .breadcrumb a:last-of-type", '[class*="breadcrumb"] a:last-of-type'),
        signature=(".article-author, .author-detail, .detail-author", ".article-source"),
        tags=(".article-tags a, .tags-detail a, .detail-tags a",),
        attachments=(".article-files a[href], .file-attach a[href], .attach-file a[href]",),
        views=(".article-views, .view-count",),
        drop=(
            (".article-tags, .article-files, .article-author, .article-source", "other"),
            (".article-tools, .tool-detail", "toolbar"),
            (".article-share, .social-share", "share"),
            (".article-rating, .rating", "rating"),
            (".article-related, .news-other, .other-news", "related"),
            (".article-views, .view-count", "counter"),
        ),
        aside=((".article-views, .view-count", "counter"), (".article-rating", "rating"), (".article-tools", "toolbar"), (".article-related, .news-other, .other-news", "related")),
    )  # fmt: skip

    def recognise(self, page: Page, bears_any: Callable[[Page], bool] = may_bear) -> str | None:
        tenant = tenant_of(page)
        return f"pictures under /upload/{tenant}/, the portal's number on a platform of many" if tenant else None

    def own_kind(self, url: str) -> LinkKind | None:
        if _ARTICLE.match(unquote(urlsplit(url).path)):
            return LinkKind("article", Reason(Code.NAME_AND_NUMBER))
        return None

    def canonical(self, url: str) -> str | None:
        found = _ARTICLE.match(unquote(urlsplit(url).path))
        return f"{root_of(url)}/article/{int(found.group(1))}" if found else None
