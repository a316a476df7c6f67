"""Plone 3 to 6. What a page is stands in the classes of ``body``: ``portaltype-news-item``, ``template-listing_view`` …"""

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

_VIEW = re.compile(
    r"/(?:@@[\w.+-]+|folder_contents|sendto_form|search_form|search_rss|sitemap|accessibility-info|contact-info|login_form|"
    r"login|logout|mail_password_form|register|join_form|author/[^/]+|content_status_history|edit|RSS|rss\.xml|atom\.xml)/?$"
)
_FILES = ", ".join(
    f'#content-core a[href$=".{ending}" i]' for ending in ("pdf", "doc", "docx", "xls", "xlsx", "zip", "rar")
)
_TYPE = re.compile(r"\bportaltype-([\w-]+)")
_LISTS = frozenset(("folder", "collection", "topic", "plone-site", "large-plone-folder"))
_MEDIA = frozenset(("image", "video", "audio"))


class Plone(Family):
    """The address of an object is its path; ``/view`` shows the same object, ``/@@name`` another view of it."""

    name: ClassVar[str] = "plone"
    title: ClassVar[str] = "Plone"
    asked: ClassVar[int] = 30
    feed_paths: ClassVar[tuple[str, ...]] = ("/RSS", "/rss.xml")
    pagination: ClassVar[Pagination] = "offset"
    generator: ClassVar[tuple[str, ...]] = ("plone",)
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("portaltype-", "body classes of Plone", 'body[class*="portaltype-"]'),
        Mark("++plone++", "assets under ++plone++", '[href*="++plone++"], [src*="++plone++"]'),
        Mark("data-portal-url", "attribute data-portal-url", "body[data-portal-url]"),
        Mark("portal_css", "assets of Plone", 'link[href*="portal_css"]'),
        Mark("portal_javascripts", "assets of Plone", 'script[src*="portal_javascripts"]'),
    )
    dates: ClassVar[Dates] = Dates(
        published=("microdata", "time", "jsonld", "meta", "visible"),
        modified=("microdata", "time", "jsonld", "meta", "visible"),
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=("h1.documentFirstHeading, .documentFirstHeading", "#content h1", "article h1", "h1"),
        body=(
            '[id^="parent-fieldname-text"]', "#content-core #section-text", "#content-core .newsItemText, #content-core .richtext",
            '#content-core [property="rnews:articleBody"]', "#content-core .plain", "#content-core", "#content .plain",
        ),
        lead=("p.documentDescription, .documentDescription", '[id^="parent-fieldname-description"]', "#content header .lead"),
        image=(".leadImage img, #section-leadimage img, .newsImageContainer img, .newsImage", "figure.newsImageContainer img"),
        caption=(".leadImage figcaption, #section-leadimage figcaption", ".newsImageContainer .discreet, .newsImageContainer figcaption"),
        published=(".documentPublished time, .documentPublished", ".documentByLine .documentPublished", 'span[property="rnews:datePublished"]', ".documentEffectiveDate", ".summary-view-effective"),
        modified=(".documentModified time, .documentModified", 'span[property="rnews:dateModified"]'),
        section=("#portal-breadcrumbs li:nth-last-child(2) a", "#portal-breadcrumbs a:last-of-type", "#portal-breadcrumbs a"),
        account=(".documentAuthor a, .documentAuthor", ".documentByLine .documentAuthor"),
        tags=("#category a, .documentTags a, #viewlet-below-content-body .category a, .keywords-viewlet a", "a.link-category", ".tags a"),
        attachments=("#content-core .attachments a[href], .contenttree-attachments a[href]", _FILES),
        drop=(
            (".documentActions, .document-actions, #document-action, #viewlet-above-content", "toolbar"),
            (".documentByLine, #plone-document-byline", "other"),
            ("#category, .documentTags, .link-category", "other"),
            (".leadImage, #section-leadimage, .newsImageContainer", "other"),
            ("#viewlet-related-items, .relatedItems, #relatedItemBox", "related"),
            (".discussion, #commenting", "comments"),
            (".socialmedia, .sociallikes, #viewlet-social-like, .social-links", "share"),
            (".visualClear, #back-to-top, .listingBar, nav.pagination", "navigation"),
        ),
        aside=((".documentActions", "toolbar"), ("#viewlet-related-items, .relatedItems", "related"), (".discussion", "comments")),
    )  # fmt: skip

    def own_kind(self, url: str) -> LinkKind | None:
        path, query = unquote(urlsplit(url).path), query_of(url)
        if any(key.startswith("b_start") for key in query):
            return LinkKind("listing", Reason(Code.LIST_NUMBERED))
        if _VIEW.search(path):
            return LinkKind("skip", Reason(Code.A_VIEW))
        if re.search(r"\+\+\w+\+\+|/portal_(?:css|javascripts|kss)/", path):
            return LinkKind("skip", Reason(Code.MACHINERY))
        return None

    def canonical(self, url: str) -> str | None:
        """The object's path: ``/view`` and a closing slash go, and so does the query of a list's first page."""
        path, query = urlsplit(url).path, query_of(url)
        trimmed = re.sub(r"/(?:view|document_view|newsitem_view|index_html)$", "", path.rstrip("/"))
        if query and not all(key.startswith("b_start") and value == "0" for key, value in query.items()):
            return None
        return f"{root_of(url)}{trimmed}" if trimmed != path or query else None

    def verdict(self, page: Page) -> Verdict | None:
        body = page.tree.css_first("body")
        classes = (body.attributes.get("class") or "") if body is not None else ""
        found = _TYPE.search(classes)
        kind = found.group(1).lower() if found else ""
        if kind in _LISTS or re.search(r"template-(?:listing|summary|tabular|full|folder)\w*view", classes):
            return Verdict("listing", _marked(f"a {kind.replace('-', ' ') or 'list'}"))
        if kind in ("news-item", "newsitem"):
            return Verdict("article", _marked("a news item"), typed=True)
        if kind in _MEDIA:
            return Verdict("media", _marked(kind))
        if kind == "file":
            return Verdict("static", _marked("the page of a file"))
        return None


def _marked(kind: str) -> Reason:
    return Reason(Code.MARKED, software="Plone", type=kind)
