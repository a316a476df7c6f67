"""Liferay 6 and DXP: Hà Nội's departments and districts, Bắc Giang, Bắc Ninh, Đà Nẵng and others.

The same address prints "Ngày đăng" or "Publish date" by the language a session last chose; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import query_of, root_of
from crawler.cms.family import Dates, Family, Pagination, Selectors, Theme
from crawler.cms.fingerprints import Mark, edges
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_VIEW_CONTENT = re.compile(r"/-/view_content/(?:content/)?(\d+)(?:[-/]|\.html?$|$)", re.I)
_PUBLISHER = re.compile(r"/-/asset_publisher/\w+/content/(?:id/)?([^/?;]+)", re.I)
_SLUG = re.compile(r"/-/([^/?;]+)$")
_DXP = re.compile(r"^(?:/[a-z]{2}(?:_[A-Z]{2})?)?(?:/web/[^/]+)?/w/([^/?;]+)$")
_NAMED_BY = re.compile(r"_(urlTitle|assetEntryId|articleId)$")
"""The keys by which the addresses of portlets name an article, the best first: Liferay 6 writes them where no friendly address is set."""
_EDITS = re.compile(r"/(?:edit|add|update|delete|select|search)")
_LANGUAGE = re.compile(r"^/(?:en|en_US|fr|zh|ja|ko)/")

_DXP_SELECTORS = Selectors(
    title=("h1.header-title span, .header-title", ".journal-content-article h1, .component-title", "h1", ".asset-title"),
    body=(".journal-content-article", ".asset-content .journal-content-article, .asset-full-content", ".lfr-layout-structure-item-basic-component-text, .component-paragraph"),
    lead=(".sapo, .asset-summary, .component-subtitle",),
    published=("time[datetime]", ".metadata-publish-date, .publish-date, .component-date"),
    section=(".breadcrumb li:last-child a, .breadcrumb-item:last-child a",),
    tags=(".taglib-asset-tags-summary a",),
    drop=((".taglib-ratings, .taglib-flags", "rating"), (".taglib-social-bookmarks", "share")),
)  # fmt: skip


class Liferay(Family):
    """The number in ``view_content/<id>-<name>`` or the name behind ``/-/`` is the article; the page before it is only where it is shown."""

    name: ClassVar[str] = "liferay"
    title: ClassVar[str] = "Liferay"
    asked: ClassVar[int] = 45
    pagination: ClassVar[Pagination] = "page"
    generator: ClassVar[tuple[str, ...]] = ("liferay",)
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("Liferay.", "inline script Liferay", test=lambda page: re.search(r"\bLiferay\.(?:\w+ ?=|ThemeDisplay|on\(|Portlet)", edges(page)) is not None),
        Mark("/o/frontend-", "assets under /o/frontend-", '[href*="/o/frontend-"], [src*="/o/frontend-"]'),
        Mark("/html/js/liferay/", "assets of Liferay", 'script[src*="/html/js/liferay/"]'),
        Mark('class="aui', "html class aui", "html.aui"),
        Mark("portlet-boundary", "class portlet-boundary", '[class*="portlet-boundary"]', anywhere=True),
        Mark("journal-content-article", "class names of Liferay's web content", ".journal-content-article", anywhere=True),
    )  # fmt: skip
    article_marks: ClassVar[tuple[str, ...]] = (
        ".asset-full-content-title, .asset-full-content.sapo-wrapper",
        ".asset-full-content .journal-content-article",
    )
    listing_marks: ClassVar[tuple[str, ...]] = (
        ".asset-bounddary, .asset-boundary",
        ".asset-abstract",
        ".lfr-pagination",
    )
    dates: ClassVar[Dates] = Dates(
        published=("visible", "time", "jsonld", "microdata", "meta"), modified=("jsonld", "microdata")
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=(".asset-full-content-title", "h1.header-title span, .header-title", ".asset-title", ".journal-content-article h1", "h1"),
        body=(".asset-full-content .journal-content-article, .asset-content .journal-content-article", ".journal-content-article", ".asset-full-content"),
        lead=(".asset-full-content.sapo-wrapper .sapo, .sapo-wrapper .sapo", ".sapo", ".asset-full-content > .asset-summary"),
        published=(".assetPublishDate", ".metadata-publish-date, .publish-date, .metadata-entry", ".portlet-asset-publisher time[datetime], .asset-full-content time[datetime]"),
        section=(".breadcrumb li:nth-last-child(2) a", ".breadcrumb li:last-child a, .breadcrumbs li:last-child a", ".taglib-asset-categories-summary a"),
        signature=(".view-content-author", ".asset-full-content .author-name"),
        tags=(".taglib-asset-tags-summary a", ".asset-tags a"),
        attachments=(".journal-attachments a[href], .asset-attachments a[href], .document-attach a[href]",),
        views=(".assetPublishDate", ".asset-view-count, .metadata-view-count"),
        drop=(
            (".related_asset, .related-assets, .asset-links", "related"),
            (".view-content-author", "other"),
            (".taglib-ratings, .ratings", "rating"),
            (".taglib-social-bookmarks, .social-bookmarks", "share"),
            (".taglib-asset-tags-summary, .asset-metadata", "other"),
            (".asset-actions, .user-actions, .export-actions, .print-action", "toolbar"),
            (".taglib-discussion, .lfr-discussion", "comments"),
        ),
        aside=((".assetPublishDate", "counter"), (".taglib-ratings", "rating"), (".related_asset", "related"), (".asset-actions, .user-actions", "toolbar")),
    )  # fmt: skip
    # Pages drawn from fragments came with DXP 7.3, in September 2020.
    themes: ClassVar[tuple[Theme, ...]] = (Theme("dxp", _DXP_SELECTORS, since="2020-09-01"),)

    def own_kind(self, url: str) -> LinkKind | None:
        path, query = unquote(urlsplit(url).path), query_of(url)
        if query.get("p_p_state") in ("pop_up", "exclusive") or query.get("viewMode") == "print":
            return LinkKind("skip", Reason(Code.PRINT_VIEW))
        if query.get("p_p_lifecycle") in ("1", "2"):
            return LinkKind("skip", Reason(Code.PORTLET))
        if re.search(r"^/(?:c/|o/|combo|html/)|/login$|/c/portal/", path):
            return LinkKind("skip", Reason(Code.MACHINERY))
        if _LANGUAGE.search(path):
            return LinkKind("skip", Reason(Code.SITE_LANGUAGE))
        if re.search(r"/-/(?:asset_publisher/\w+/rss|blogs/rss|rss)", path):
            return LinkKind("skip", Reason(Code.FEED_VIEW))
        if "/-/tag/" in path or "/tag/" in path:
            return LinkKind("skip", Reason(Code.TAG_LIST))
        if _VIEW_CONTENT.search(path) or _PUBLISHER.search(path) or _DXP.search(path):
            return LinkKind("article", Reason(Code.LIFERAY_ARTICLE))
        if re.search(r"/-/(?:categories|category|asset_publisher/\w+/?$)", path):
            return LinkKind("listing", Reason(Code.LIST_ADDRESS))
        if _SLUG.search(path):
            return LinkKind("article", Reason(Code.LIFERAY_ARTICLE))
        if _viewed(query) is not None:
            return LinkKind("article", Reason(Code.LIFERAY_ARTICLE))
        if any(key.endswith("_cur") for key in query):
            return LinkKind("listing", Reason(Code.LIST_NUMBERED))
        if any(key.startswith("p_p_") or key.startswith("_") for key in query):
            return LinkKind("skip", Reason(Code.ANOTHER_STATE))
        return None

    def canonical(self, url: str) -> str | None:
        """``/-/view_content/<id>`` or ``/-/<name>`` whatever page shows the article, without the portlet's state.

        An address by keys alone is the article's by its name, else by its number: the page and the portlet may be any.
        """
        path = unquote(urlsplit(url).path).split(";", 1)[0]
        site = re.match(r"(?:/[a-z]{2})?(/web/[^/]+)/", path)
        root = root_of(url) + (site.group(1) if site and site.group(1) != "/web/guest" else "")
        if found := _VIEW_CONTENT.search(path):
            return f"{root}/-/view_content/{int(found.group(1))}"
        if found := _PUBLISHER.search(path) or _DXP.search(path):
            return f"{root}/-/{found.group(1)}"
        if found := _SLUG.search(path):
            return f"{root}/-/{found.group(1)}" if not re.search(r"/-/(?:categories|category|tag)", path) else None
        viewed = _viewed(query_of(url))
        if viewed is None:
            return None
        key, value = viewed
        return f"{root}/-/{value}" if key == "urlTitle" else f"{root}/-/{key}/{value}"


def _viewed(query: Mapping[str, str]) -> tuple[str, str] | None:
    """By which key, and as what, the query of a portlet's address names an article; ``None`` where it shows something else."""
    if any(key.endswith("_struts_action") and _EDITS.search(value) for key, value in query.items()):
        return None
    found = {match[1]: value for key, value in query.items() if value and (match := _NAMED_BY.search(key))}
    return next(((key, found[key]) for key in ("urlTitle", "assetEntryId", "articleId") if key in found), None)
