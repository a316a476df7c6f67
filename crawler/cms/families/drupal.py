"""Drupal 6 to 11: provinces and departments. Themes rename much, but ``node`` and ``field--name-…`` mostly stay.

Since Drupal 8 names are written with two dashes (``field--name-body``), in Drupal 7 with one (``field-name-body``).
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import query_of
from crawler.cms.family import Dates, Family, Pagination, Selectors, Theme, Verdict
from crawler.cms.fingerprints import Mark
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_SYSTEM = re.compile(
    r"^/(?:[a-z]{2}/)?(?:user|admin|node/add|batch|cron|filter/tips|system|contextual|quickedit|big_pipe|statistics)(?:/|$)"
    r"|^/(?:[a-z]{2}/)?(?:node/\d+/(?:edit|delete|revisions|translations|latest|track)|comment/)"
)
_NODE = re.compile(r"^/(?:[a-z]{2}/)?node/\d+/?$")
_NOT_NEWS = re.compile(r"node-type-+(?:page|basic-page|webform|landing-page|trang|gioi-thieu)\b")
_LAWS = re.compile(r"node-type-+(?:van-ban|vanban|document|legal|vbpq)\b")

_MODERN = Selectors(
    title=("h1.page-title", "#block-page-title h1, .block-page-title-block h1", "h1.page-header", "article.node h1", "main h1", "h1"),
    body=(
        ".node--view-mode-full .field--name-body", ".node__content .field--name-body", ".field--name-body",
        ".node--view-mode-full [class*='field--type-text-with-summary'], .node__content [class*='field--type-text-long']",
        ".field-name-body", '[class*="field--name-"][class*="body"]', 'body[class*="page-node-"] .node .content',
    ),
    lead=(
        ".field--name-field-sapo, .field--name-field-lead, .field--name-field-tom-tat, .field--name-field-summary, .field--name-field-trich-dan",
        ".field-name-field-sapo, .field-name-field-lead, .field-name-field-tom-tat, .field-name-field-summary",
    ),
    image=(".node__content > .field--name-field-image img, .field--name-field-image img, .field--name-field-anh img", ".field-name-field-image img"),
    caption=(".field--name-field-image figcaption, .field--name-field-image .image-field-caption", ".field-name-field-image .image-field-caption, .field-name-field-image blockquote"),
    published=(
        ".node__meta [property='schema:dateCreated'], article [property='schema:dateCreated']", "[property~='dc:date'], [property~='dc:created']",
        ".field--name-field-ngay-dang, .field--name-field-date", ".node__submitted time", ".node__meta time", ".field--name-created", ".node__submitted, .node__meta", ".submitted",
    ),
    section=(
        ".field--name-field-chuyen-muc a, .field--name-field-category a, .field--name-field-section a, .field--name-field-danh-muc a, .field--name-field-the-loai a",
        ".field-name-field-chuyen-muc a, .field-name-field-category a, .field-name-field-section a, .field-name-field-danh-muc a",
        ".breadcrumb li:last-child a, .breadcrumb__item:last-child a", ".breadcrumb a:last-of-type",
    ),
    account=(".node__submitted .username, .node__meta .username, .node__submitted .field--name-uid", ".submitted .username"),
    signature=(".field--name-field-tac-gia, .field--name-field-author, .field--name-field-nguon", ".field-name-field-tac-gia, .field-name-field-author"),
    tags=(".field--name-field-tags a, .field--name-field-tu-khoa a", ".field-name-field-tags a, .field-name-taxonomy-vocabulary-1 a", ".node .terms a, .taxonomy a"),
    attachments=(".field--type-file a[href], .field--name-field-file a[href], .field--name-field-tep-dinh-kem a[href]", ".field-type-file a[href], .field-name-field-file a[href], .file a[href]", "#attachments a[href]"),
    views=(".node__links .statistics-counter, .links .statistics-counter, .statistics_counter",),
    drop=(
        (".node__links, ul.links, .links.inline", "toolbar"),
        (".field--name-field-tags, .field-name-field-tags, .field--type-file, .field-type-file, .terms", "other"),
        (".node__submitted, .node__meta, .submitted", "other"),
        (".field--name-field-image, .field-name-field-image", "other"),
        (".comment-wrapper, .comments, #comments, .field--name-comment", "comments"),
        (".a2a_kit, .addtoany_list, .sharethis-wrapper, .social-share, .service-links", "share"),
        (".fivestar-static-form-item, .fivestar-widget, .field--type-fivestar, .rate-widget", "rating"),
        (".book-navigation, nav.pager", "navigation"),
        (".statistics_counter, .statistics-counter", "counter"),
        (".views-element-container, .view-related, .view-tin-lien-quan", "related"),
    ),
    aside=((".statistics_counter, .statistics-counter", "counter"), (".fivestar-static-form-item, .rate-widget", "rating"), (".a2a_kit, .addtoany_list, .service-links", "share")),
)  # fmt: skip

_OLD = Selectors(
    title=("h1.title", "h2.title", "#content-header h1", "h1", ".node h2"),
    body=(".node .content", ".node-content", "#node .content"),
    published=(".node .submitted", ".submitted", ".meta .submitted"),
    section=(".breadcrumb a:last-of-type",),
    tags=(".node .terms a", ".taxonomy a"),
    attachments=("#attachments a[href]",),
    drop=((".links, .node-links", "toolbar"), (".terms, #attachments, .submitted", "other"), ("#comments", "comments"), (".fivestar-widget-static", "rating")),
)  # fmt: skip


class Drupal(Family):
    """Addresses are aliases without a number; ``/node/<id>`` is the same page, told by its ``rel=canonical``.

    The printed date of an English interface is month first, so that the RDF attribute and ``<time>`` are believed before it.
    """

    name: ClassVar[str] = "drupal"
    title: ClassVar[str] = "Drupal"
    asked: ClassVar[int] = 25
    feed_paths: ClassVar[tuple[str, ...]] = ("/rss.xml",)
    pagination: ClassVar[Pagination] = "zero_based"
    generator: ClassVar[tuple[str, ...]] = ("drupal",)
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("drupal-settings-json", "inline settings of Drupal"),
        Mark("Drupal.settings", "inline settings of Drupal"),
        Mark("/misc/drupal.js", "assets of Drupal"),
        Mark(
            "/sites/default/files/",
            "assets under /sites/default/files/",
            'link[rel~="stylesheet"][href*="/sites/default/files/"], script[src*="/sites/default/files/"]',
        ),
        Mark("data-drupal-", "attributes data-drupal-…", "[data-drupal-selector], [data-drupal-link-system-path]"),
        Mark("-name-body", "class names of Drupal's fields", ".field--name-body, .field-name-body", anywhere=True),
    )
    article_marks: ClassVar[tuple[str, ...]] = (
        ".node--view-mode-full",
        "article.node.is-promoted.full",
        'body[class*="page-node-"] .node .field-name-body',
        'body[class*="page-node-"] #content .node:not(.node-teaser)',
    )
    listing_marks: ClassVar[tuple[str, ...]] = (
        ".node--view-mode-teaser", ".node-teaser", ".view-content .views-row", "body[class*='path-taxonomy']", "body[class*='page-taxonomy']", ".view-content",
    )  # fmt: skip
    dates: ClassVar[Dates] = Dates(
        published=("microdata", "jsonld", "time", "meta", "visible"), modified=("jsonld", "meta", "microdata")
    )
    selectors: ClassVar[Selectors] = _MODERN
    # Drupal 6 went out of support in 2016; the last of its portals were rebuilt by the end of the decade.
    themes: ClassVar[tuple[Theme, ...]] = (Theme("drupal6", _OLD, until="2021-12-31"),)

    def own_kind(self, url: str) -> LinkKind | None:
        path, query = unquote(urlsplit(url).path), query_of(url)
        if query.get("q", "").startswith("node/"):  # without clean addresses, Drupal 6 and 7
            return LinkKind("article", Reason(Code.NODE_NUMBER))
        if _SYSTEM.search(path):
            return LinkKind("skip", Reason(Code.SERVICE))
        if path.endswith("/feed") or path.endswith("rss.xml"):
            return LinkKind("skip", Reason(Code.FEED_VIEW))
        if re.search(r"/(?:print|printpdf|printmail|forward)/", path):
            return LinkKind("skip", Reason(Code.PRINT_VIEW))
        if path.rstrip("/") == "/node" or "/taxonomy/term/" in path or "page" in query:
            return LinkKind("listing", Reason(Code.LIST_NUMBERED if "page" in query else Code.LIST_ADDRESS))
        if _NODE.match(path):
            return LinkKind("article", Reason(Code.NODE_NUMBER))
        return None

    def number(self, url: str) -> int | None:
        found = re.search(r"/node/(\d+)/?$", urlsplit(url).path)
        return int(found.group(1)) if found else None

    def numbered(self, url: str, number: int) -> str | None:
        return re.sub(r"/node/\d+/?$", f"/node/{number}", url.split("?", 1)[0]) if self.number(url) else None

    def canonical(self, url: str) -> str | None:
        """A list's first page is the list itself; a node's alias is told by the page alone."""
        return url.split("?", 1)[0] if query_of(url) == {"page": "0"} else None

    def verdict(self, page: Page) -> Verdict | None:
        body = page.tree.css_first("body")
        classes = re.sub(
            r"page-node-type", "node-type", (body.attributes.get("class") or "") if body is not None else ""
        )
        if "path-user" in classes or "page-user" in classes:
            return Verdict("login", _marked("an account page"))
        if "path-search" in classes or "page-search" in classes:
            return Verdict("search", _marked("a search"))
        if _LAWS.search(classes):
            return Verdict("law_list", _marked("a legal document"))
        own = super().verdict(page)
        node = page.tree.css_first("article.node, .node--view-mode-full, .node")
        kind = (node.attributes.get("class") or "").replace("node--type", "node-type") if node is not None else ""
        if own is not None and own.kind == "article" and _NOT_NEWS.search(f"{classes} {kind}"):
            return Verdict("static", _marked("a basic page, not as news"))
        return own


def _marked(kind: str) -> Reason:
    return Reason(Code.MARKED, software="Drupal", type=kind)
