"""NukeViet 3 to 4.5 and NukeViet eGovernment, the home-grown CMS of many communes and districts."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import query_of, root_of
from crawler.cms.family import Dates, Family, Pagination, Selectors, Verdict
from crawler.cms.fingerprints import Mark
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_ARTICLE = re.compile(
    r"^(?P<lang>/(?:vi|en|fr))?/(?:(?P<module>[\w-]+)/)?(?:[\w-]+/)*[\w%.-]+?-(?P<id>\d+)(?:\.html?|/)$"
)
_NOT_NEWS = re.compile(
    r"/(?:laws|vbpq|van-ban|download|videos?|video-clip|album|albums|photos?|contact|lien-he|voting|banners|users|statistics|faq|hoi-dap|about|page|siteterms|gioi-thieu|org|organs|weblinks|shops)(?:/|$)"
)
_LIST_PAGE = re.compile(r"/page-\d+/?(?:\.html)?$")
_LIST = re.compile(r"/(?:topic|groups)/")
_SKIPS = (
    (re.compile(r"/(?:print|savefile|sendmail)/"), Code.PRINT_SAVE_OR_SEND),
    (re.compile(r"/(?:tag|keywords)/"), Code.TAG_LIST),
    (re.compile(r"/(?:rss|feeds)(?:/|$)"), Code.FEED_VIEW),
    (re.compile(r"/(?:users|login|register|seek|search|statistics|voting|banners|content|rating|comment)(?:/|$)"), Code.SERVICE),
)  # fmt: skip


class NukeViet(Family):
    """Of an edited article the hidden ``datePublished`` repeats ``dateModified``: the printed day counts then."""

    name: ClassVar[str] = "nukeviet"
    title: ClassVar[str] = "NukeViet"
    asked: ClassVar[int] = 15
    feed_paths: ClassVar[tuple[str, ...]] = ("/rss/",)
    pagination: ClassVar[Pagination] = "path"
    dates: ClassVar[Dates] = Dates(
        published=("microdata", "visible", "jsonld", "time", "meta"), modified=("microdata",)
    )
    article_marks: ClassVar[tuple[str, ...]] = (
        '[itemtype*="NewsArticle"] [itemprop="headline"]', "#news-bodyhtml", "#bodytext.bodytext, #news-bodyhtml.bodytext", ".news_column .hometext, .news_column #hometext",
    )  # fmt: skip
    listing_marks: ClassVar[tuple[str, ...]] = (
        ".viewcat, .news-viewcat, .viewcat_page, .viewcat_list",
        ".news_column ul.pagination, .news_column + .text-center .pagination",
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=('[itemtype*="NewsArticle"] [itemprop="headline"]', ".news_column h1.title, .news_column h1", "h1.title", "h1"),
        body=("#news-bodyhtml", "#bodytext, .bodytext", '[itemprop="articleBody"]', ".bodyhtml, .news-body, .detail-content"),
        lead=(".hometext", "#hometext", '[itemtype*="NewsArticle"] [itemprop="description"]:not(span.hidden)'),
        caption=(".news_column > figure figcaption, figure.article figcaption",),
        image=("figure.article img", ".news_column figure img"),
        published=('[itemprop="datePublished"]', ".news_column span.h5", ".news_column .time, .news_column .publtime", ".news_column .text-muted"),
        section=(".breadcrumb li:last-child a", ".breadcrumbs-wrap li:last-child a", '[itemprop="articleSection"]', ".breadcrumb a:last-of-type"),
        signature=(".news_column .text-right", "p.text-right"),
        source=(),
        tags=('.news_column [class*="keyword"] a', '.keywords a', '.news_column a[href*="/tag/"], #news_detail a[href*="/tag/"]'),
        attachments=(".news-download-file a[href]", ".download-file a[href]", '[class*="download-file"] a'),
        views=('.news_column [class*="view"]', ".news_column .fa-eye"),
        drop=(
            ("#stringrating, .rating, [class*='rating'], [id^='click_rating']", "rating"),
            (".news-detail-player", "toolbar"),
            (".socialbutton, .fb-like, .social", "share"),
            (".news-download-file", "other"),
            (".related, [class*='related'], .others, ul.related", "related"),
        ),
        aside=(("#stringrating", "rating"), (".news-detail-player", "toolbar")),
    )  # fmt: skip

    generator: ClassVar[tuple[str, ...]] = ("nukeviet",)
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("nv_base_siteurl", "inline script nv_base_siteurl"),
        Mark("nv_cookie_prefix", "inline script nv_cookie_prefix"),
        Mark("news-bodyhtml", "element #news-bodyhtml", "#news-bodyhtml", anywhere=True),
        Mark("run_cronjobs", "element #run_cronjobs", "#run_cronjobs"),
    )

    def own_kind(self, url: str) -> LinkKind | None:
        parts = urlsplit(url)
        path, query = unquote(parts.path), query_of(url)
        for pattern, code in _SKIPS:
            if pattern.search(path):
                return LinkKind("skip", Reason(code))
        if query.get("language") and query.get("nvvithemever") is None and not query.get("nv"):
            return LinkKind("skip", Reason(Code.SITE_LANGUAGE))
        if query.get("nvvithemever") or "nv_redirect" in query:
            return LinkKind("skip", Reason(Code.ANOTHER_LOOK))
        if query.get("nv"):
            operation = query.get("op", "")
            if re.search(r"-\d+$", operation.removesuffix(".html")) and not _NOT_NEWS.search(f"/{query['nv']}/"):
                return LinkKind("article", Reason(Code.NUMBER_IN_OP))
            return LinkKind("listing", Reason(Code.MODULE_PAGE))
        if _LIST_PAGE.search(path) or "page" in query:
            return LinkKind("listing", Reason(Code.LIST_NUMBERED))
        if _LIST.search(path):
            return LinkKind("listing", Reason(Code.LIST_ADDRESS))
        if _ARTICLE.match(path) and not _NOT_NEWS.search(path):
            return LinkKind("article", Reason(Code.NUKEVIET_NAME))
        if path.endswith("/") and path.count("/") <= 4 and not _NOT_NEWS.search(path):
            return LinkKind("listing", Reason(Code.MODULE_CATEGORY))
        return None

    def canonical(self, url: str) -> str | None:
        """Module and number of an article: the category and the name in the path may change, the number may not."""
        path, query = unquote(urlsplit(url).path), query_of(url)
        if query.get("nv"):
            number = re.search(r"-(\d+)$", query.get("op", "").removesuffix(".html"))
            return f"{root_of(url)}/{query['nv']}/{int(number.group(1))}" if number else None
        found = _ARTICLE.match(path)
        others = (_NOT_NEWS, _LIST_PAGE, _LIST, *(pattern for pattern, _ in _SKIPS))  # numbered, and no articles
        if not found or any(pattern.search(path) for pattern in others):
            return None
        return f"{root_of(url)}/{found['module'] or 'news'}/{int(found['id'])}"

    def verdict(self, page: Page) -> Verdict | None:
        path = unquote(urlsplit(page.url).path) + "?" + urlsplit(page.url).query
        if re.search(r"/laws(?:/|$)|nv=laws", path):
            return Verdict("law_list", _module("legal documents"))
        if re.search(r"/(?:videos?|video-clip|albums?|photos?)(?:/|$)|nv=(?:videos?|album|photos?)\b", path):
            return Verdict("media", _module("videos or photos"))
        if re.search(r"/(?:faq|hoi-dap)(?:/|$)|nv=faq\b", path):
            return Verdict("qa", _module("questions"))
        if re.search(
            r"/(?:contact|lien-he|about|gioi-thieu|siteterms|organs|org)(?:/|$)|nv=(?:contact|about|siteterms|page)\b",
            path,
        ):
            return Verdict("static", Reason(Code.NOT_OF_ITS_NEWS))
        return super().verdict(page)


def _module(content: str) -> Reason:
    return Reason(Code.MODULE_OF, software="NukeViet", content=content)
