"""DotNetNuke (DNN): Huế, Thủ Dầu Một and others. Articles are the work of modules, each vendor's with names of its own.

What the modules share are ASP.NET's ids (``dnn_ctr412_View_lblTitle``), so that the end of an id tells a field.
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

_ARTICLE_KEY = re.compile(r"/(?:articleid|itemid|newsid|artid|id|post|cid)/(\d+)(?:/|$)", re.I)
_ARTICLE_KEYS = ("articleid", "newsid", "itemid", "artid", "id_tin")
_EDN = re.compile(r"/(?:artmid/\d+/articleid|edn-articleid)/(\d+)", re.I)
_NUMBER_ALONE = re.compile(
    r"(/(?:articleid|itemid|newsid|artid)/)(\d+)(?=(?:/(?:language|mid|tabid|artmid)/[\w-]+)*(?:/default\.aspx)?/?(?:\?|$))",
    re.I,
)
"""An address that holds a number and no name after it, so that the number alone tells the article."""
_PAGE = re.compile(r"/(?:pg|page|currentpage|pgr[\w-]*|pageindex)/\d+(?:/|$)", re.I)
_SYSTEM = re.compile(r"/(?:ctl|login|register|terms|privacy|logoff|userprofile|searchresults?)(?:/|\.aspx|$)", re.I)


class DotNetNuke(Family):
    """Numbers of articles are one module's own; the tab (``/tabid/…``) only says on which page it is shown."""

    name: ClassVar[str] = "dotnetnuke"
    title: ClassVar[str] = "DotNetNuke"
    asked: ClassVar[int] = 35
    pagination: ClassVar[Pagination] = "path"
    generator: ClassVar[tuple[str, ...]] = ("dotnetnuke", "dnn ", "dnn platform", "dnncorp")
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("MetaGenerator", "element #MetaGenerator", 'meta#MetaGenerator[content^="DotNetNuke" i], meta#MetaGenerator[content^="DNN" i]'),
        Mark("/Portals/_default/", "assets under /Portals/_default/", '[href*="/Portals/_default/" i], [src*="/Portals/_default/" i]'),
        Mark("/portals/_default/", "assets under /portals/_default/", '[href*="/portals/_default/"], [src*="/portals/_default/"]'),
        Mark("dnnVariable", "element #__dnnVariable", '[id$="dnnVariable"]'),
        Mark("dnn_ctr", "ids that begin with dnn_ctr", '[id^="dnn_ctr"]', anywhere=True),
    )  # fmt: skip
    article_marks: ClassVar[tuple[str, ...]] = (
        ".edn_articleDetails, .edn_article, .edn_articleText",
        '[id^="dnn_ctr"][id$="lblContent"]:not([id*="HtmlModule" i])',
        '[id^="dnn_ctr"] .ArticleDetail, [id^="dnn_ctr"] .article-detail, [id^="dnn_ctr"] .news-detail, .NewsDetail',
    )
    listing_marks: ClassVar[tuple[str, ...]] = (
        ".edn_articleList, .edn_articleListItem", '[id^="dnn_ctr"] .ArticleList, [id^="dnn_ctr"] .news-list, .NewsList, .rgMasterTable',
    )  # fmt: skip
    dates: ClassVar[Dates] = Dates(
        published=("jsonld", "microdata", "time", "visible", "meta"), modified=("jsonld", "visible")
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=(
            ".edn_articleTitle, h1.edn_articleTitle", '[id^="dnn_ctr"][id$="lblTitle"], [id^="dnn_ctr"][id$="lblHeadline"], [id^="dnn_ctr"][id$="lbTitle"]',
            ".ArticleDetail h1, .article-detail h1, .news-detail h1, .NewsDetail h1, .NewsDetail .Title", '[id^="dnn_ctr"] h1', "#dnn_ContentPane h1",
        ),
        body=(
            ".edn_articleText, .edn_articleContent", '[id^="dnn_ctr"][id$="lblContent"]:not([id*="HtmlModule" i]), [id^="dnn_ctr"][id$="lblBody"], [id^="dnn_ctr"][id$="ltContent"], [id^="dnn_ctr"][id$="divContent"]',
            ".ArticleDetail .Content, .article-detail .content, .news-detail .content, .NewsDetail .Content",
            ".article-detail-content, .ArticleContent, .news-content",
        ),
        lead=(
            ".edn_articleSummary, .edn_articleSubTitle", '[id^="dnn_ctr"][id$="lblSummary"], [id^="dnn_ctr"][id$="lblLead"], [id^="dnn_ctr"][id$="lblDescription"], [id^="dnn_ctr"][id$="lblSapo"]',
            ".ArticleDetail .Summary, .article-detail .summary, .news-detail .summary, .NewsDetail .Summary",
        ),
        published=(
            ".edn_metaDetails time, .edn_publishDate, .edn_metaDetails", '[id^="dnn_ctr"][id$="lblDate"], [id^="dnn_ctr"][id$="lblPublishDate"], [id^="dnn_ctr"][id$="lblCreatedDate"], [id^="dnn_ctr"][id$="lblPublishedDate"], [id^="dnn_ctr"][id$="lblNgayDang"]',
            ".ArticleDetail .Date, .article-detail .date, .news-detail .date, .NewsDetail .Date",
        ),
        section=(".edn_categories a", '[id^="dnn_ctr"][id$="lblCategory"], [id^="dnn_ctr"][id$="hplCategory"]', ".Breadcrumb a:last-of-type, .breadcrumb a:last-of-type, [id*='dnnBREADCRUMB'] a:last-of-type, [id*='BREADCRUMB'] a:last-of-type"),
        account=(".edn_articleAuthor a, .edn_author",),
        signature=('[id^="dnn_ctr"][id$="lblAuthor"], [id^="dnn_ctr"][id$="lblTacGia"]', ".ArticleDetail .Author, .article-detail .author, .NewsDetail .Author"),
        tags=(".edn_articleTags a, .article_tags a", '[id^="dnn_ctr"][id$="pnlTags"] a, [id^="dnn_ctr"][id$="lblTags"] a', ".article-detail .tags a, .NewsDetail .Tags a"),
        attachments=(".edn_articleDocuments a[href], .article_documents a[href]", '[id^="dnn_ctr"][id*="Attach" i] a[href], [id^="dnn_ctr"][id*="FileDinhKem" i] a[href]'),
        views=('.edn_numberOfViews', '[id^="dnn_ctr"][id$="lblViews"], [id^="dnn_ctr"][id$="lblViewCount"], [id^="dnn_ctr"][id$="lblHit"]'),
        drop=(
            (".edn_articleTags, .edn_metaDetails, .edn_articleDocuments", "other"),
            (".edn_articleRating, .RadRating", "rating"),
            (".edn_socialLinks, .social-share, .addthis_toolbox", "share"),
            (".edn_relatedArticles, .RelatedArticles, .OtherNews, .other-news", "related"),
            (".edn_comments", "comments"),
            (".edn_numberOfViews", "counter"),
        ),
        aside=(
            ('.edn_numberOfViews, [id^="dnn_ctr"][id$="lblViews"], [id^="dnn_ctr"][id$="lblViewCount"]', "counter"),
            (".edn_articleRating, .RadRating", "rating"),
            (".OtherNews, .other-news, .edn_relatedArticles", "related"),
        ),
    )  # fmt: skip

    def own_kind(self, url: str) -> LinkKind | None:
        path, query = unquote(urlsplit(url).path), {key.lower(): value for key, value in query_of(url).items()}
        if _SYSTEM.search(path) or "ctl" in query:
            return LinkKind("skip", Reason(Code.SERVICE))
        if "skinsrc" in query or "containersrc" in query or re.search(r"/(?:skinsrc|mid/\d+/dnnprintmode)", path, re.I):
            return LinkKind("skip", Reason(Code.PRINT_VIEW))
        if "returnurl" in query or "returnurl" in path.lower():
            return LinkKind("skip", Reason(Code.LOG_IN))
        if _EDN.search(path) or _ARTICLE_KEY.search(path) or any(query.get(key, "").isdigit() for key in _ARTICLE_KEYS):
            return LinkKind("article", Reason(Code.NUMBER_OF_MODULE))
        if _PAGE.search(path) or any(key in query for key in ("currentpage", "pageindex")):
            return LinkKind("listing", Reason(Code.LIST_NUMBERED))
        if re.search(r"/(?:tagid|tag|author|authorid)/", path, re.I):
            return LinkKind("skip", Reason(Code.TAG_LIST))
        if re.search(r"/(?:categoryid|catid|cat)/\d+", path, re.I) or path.lower().rstrip("/").endswith("default.aspx"):
            return LinkKind("listing", Reason(Code.LIST_ADDRESS))
        return None

    def canonical(self, url: str) -> str | None:
        """``…/article/<id>`` of the module, whatever tab shows it; a module's number (``/mid/``) keeps two apart."""
        path, query = unquote(urlsplit(url).path), {key.lower(): value for key, value in query_of(url).items()}
        found = _EDN.search(path) or _ARTICLE_KEY.search(path)
        number = (
            found.group(1)
            if found
            else next((query[key] for key in _ARTICLE_KEYS if query.get(key, "").isdigit()), None)
        )
        return f"{root_of(url)}/article/{int(number)}" if number else None

    def number(self, url: str) -> int | None:
        """The number of an article, where its address holds no name beside it: a module counts all its articles."""
        found = _NUMBER_ALONE.search(url)
        return int(found.group(2)) if found else None

    def numbered(self, url: str, number: int) -> str | None:
        return _NUMBER_ALONE.sub(rf"\g<1>{number}", url, count=1) if self.number(url) is not None else None
