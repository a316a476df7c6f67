"""What the shape of an address tells, whatever the software: article, list, or a view not worth fetching.

The rules are those of common software (WordPress, Drupal, Joomla, Plone, TYPO3, DotNetNuke, SharePoint, Liferay, Django
CMS …) and of Vietnamese words in addresses, without diacritics. They judge only what they are sure of.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Judgement = tuple[Literal["article", "listing", "skip"], str]
"""What an address promises and why; :class:`crawler.cms.base.LinkKind` without the import that would run in a circle."""

_SKIP_PATHS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), reason)
    for pattern, reason in (
        (r"/(?:print|printpdf|in-bai|in-an|print[-_]?(?:view|page|article)|@@print\w*)(?:/|\.\w+$|$)", "print view"),
        (r"/(?:sendmail|sendto_form|send-?to-?friend|email-?(?:article|this)|forward|mailto|gui-(?:email|mail|ban-be))(?:/|\.\w+$|$)", "form to send the page"),
        (r"/(?:savefile|save-?(?:pdf|as))(?:/|$)", "saved copy of a page"),
        (r"/(?:tags?|tu-khoa|keywords?|taxonomy/tags?|itemlist/tag|chu-de-tag)/", "tag list"),
        (r"/(?:authors?|tac-gia|users?|thanh-vien|member|itemlist/user|nguoi-dung|profile|account)(?:/|$)", "author or account page"),
        (r"/(?:login|log-in|signin|sign-in|dang-nhap|register|dang-ky|dang-ki|login_form|logout|wp-login\.php|quen-mat-khau|password|user/(?:login|register|password)|administrator|wp-admin|admin)(?:/|\.\w+$|$)", "log-in or registration"),
        (r"/(?:search|tim-kiem|timkiem|seek|@@search|search_form|ket-qua-tim-kiem|component/search|component/finder)(?:/|\.\w+$|$)", "search page"),
        (r"/(?:rss|feeds?|atom|rss\.xml|atom\.xml|feed\.xml|RSS|search_rss|rss\.aspx)(?:/|$)", "feed"),
        (r"/(?:calendar|lich|events?/calendar|itemlist/date|archive/date|day|month)/\d{4}", "calendar"),
        (r"/(?:cart|checkout|captcha|comment/reply|comments/reply|trackback|xmlrpc\.php|wp-json|ajax|api|cgi-bin|share)(?:/|$)", "no page for readers"),
        (r"/@@(?!images|download)[\w-]+", "a view of a page, not a page"),
        (r"/(?:folder_contents|sharing|edit|delete|view_history|content_status_history|selectViewTemplate|sitemap\.xml\.gz)(?:$|\?)", "a view of a page, not a page"),
    )
)  # fmt: skip
_ANY_SKIP_PATH = re.compile("|".join(pattern.pattern for pattern, _ in _SKIP_PATHS), re.I)
_SKIP_QUERY: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), reason)
    for pattern, reason in (
        (r"(?:^|&)(?:tmpl=component|print=(?:1|true|yes|y|pdf|print)|printable=\w+|view=print|op=print|layout=print|mode=print|type=98|action=print)", "print view"),
        (r"(?:^|&)(?:format=(?:feed|pdf|raw|json|opensearch|xml)|type=(?:rss|atom)|feed=\w+|rss=\w*)(?:&|$)", "feed or other format"),
        (r"(?:^|&)(?:replytocom|reply|comment_reply|share|send|mailto)=", "form to answer or share"),
        (r"(?:^|&)(?:s|q|keyword|keywords|searchword|search|SearchableText|tukhoa|tu_khoa|search_api_fulltext|keys)=", "search page"),
        (r"(?:^|&)(?:sort|sort_by|order|orderby|sort_on|order_by|filter_order|dir|sort_order)=", "the same list in another order"),
        (r"(?:^|&)(?:day|month|year|date|ngay|thang)=\d", "calendar"),
        (r"(?:^|&)(?:lang|language|setlang|set_language|hl)=(?:en|fr|zh|ja|ko|ru|lo|km)\b", "another language"),
        (r"(?:^|&)(?:action|task|do|op)=(?:login|logout|register|edit|delete|add|lostpassword|reply|vote|rate|download_ics)\b", "log-in or editing"),
        (r"(?:^|&)(?:fontsize|font|contrast|theme|template|tp|theme_mode|skin)=", "another look of the same page"),
    )
)  # fmt: skip
_LIST_PATHS = re.compile(
    r"/(?:page|trang|p)[/-]?\d+(?:/|\.html?|\.aspx)?$|/(?:category|categories|chuyen-muc|danh-muc|chuyenmuc|cat|taxonomy/term|"
    r"itemlist/category|topics?|chuyen-de|luu-tru)(?:/|$)|/archives?/?$|^/\d{4}(?:/\d{1,2}){0,2}/?$",
    re.I,
)
_FRONT_PATHS = re.compile(r"/(?:default|index|home|trang-chu)(?:\.\w+)?/?$", re.I)
_LIST_QUERY = re.compile(
    r"(?:^|&)(?:page|paged|start|limitstart|offset|trang|b_start(?::int)?|b_start%3Aint|pageindex|pagenumber|page_num|pg|"
    r"_\w*_cur|cur|currentpage|tx_\w+%5B(?:currentpage|page)%5D|tx_\w+\[(?:currentpage|page)\])=\d",
    re.I,
)
_ARTICLE_PATHS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), reason)
    for pattern, reason in (
        (r"/(?:article-?id|item-?id|news-?id|art-?id|id)/\d+(?:/|$)", "an article number in the path"),
        (r"/archives?/\d+/?$", "an item number"),
        (r"^/(?:index\.php/)?(?:[\w-]+/)?\d{4}/\d{1,2}(?:/\d{1,2})?/[\w%.~-]{6,}/?$", "a date and a name in the path"),
        (r"/item/\d+-[\w%-]+", "an item number and a name"),
        (r"/[\w%]+(?:-[\w%]+){3,}-\d{2,}(?:\.html?|\.aspx|\.htm|/)?$", "a long name and a number"),
        (r"/\d{2,}-[\w%]+(?:-[\w%]+){3,}(?:\.html?|/)?$", "a number and a long name"),
        (r"/(?:view_content|asset_publisher/\w+/content|-)/\d*-?[\w%]+(?:-[\w%]+){3,}", "a Liferay article"),
        (r"/Pages/\d{4}-\d{1,2}-\d{1,2}/[\w%-]+\.aspx$", "a SharePoint page with its date"),
        (r"/[\w%]+(?:-[\w%]+){5,}(?:\.html?|\.aspx|/)?$", "a name as long as a headline"),
    )
)
_ARTICLE_QUERY = re.compile(
    r"(?:^|&)(?:nid|newsid|articleid|itemid_news|idnews|news_id|id_tin|baiviet|item)=\w*\d", re.I
)

_STATIC_WORDS = re.compile(
    r"/(?:lien-he|contact(?:-us)?|gioi-thieu|about(?:-us)?|so-do-(?:trang|website|cong|site)|site-?map|ban-do|"
    r"co-cau-to-chuc|so-do-to-chuc|chuc-nang-nhiem-vu|lich-su-hinh-thanh|dieu-khoan|chinh-sach|privacy-policy|"
    r"ban-bien-tap|accessibility|sitemap_?)(?:-\d+)?(?:\.html?|\.aspx|/)?$",
    re.I,
)


def skipped_view(url: str) -> str | None:
    """Why an address with such a query is only another view of a page (print, feed, order, language), else ``None``."""
    try:
        query = urlsplit(url).query
    except ValueError:
        return "the address is malformed"
    return next((reason for pattern, reason in _SKIP_QUERY if pattern.search(query)), None) if query else None


def generic_kind(url: str) -> Judgement | None:
    """``(role, reason)`` for an address by its shape, or ``None`` where the shape tells nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ("skip", "the address is malformed")
    path, query = unquote(parts.path), parts.query
    if path in ("", "/") and not query:
        return ("listing", "the home page")
    if _ANY_SKIP_PATH.search(path):  # most addresses match none of them, which one look tells
        return ("skip", next(reason for pattern, reason in _SKIP_PATHS if pattern.search(path)))
    for pattern, reason in _SKIP_QUERY if query else ():
        if pattern.search(query):
            return ("skip", reason)
    if query and _LIST_QUERY.search(query):
        return ("listing", "a page of a list")
    if _LIST_PATHS.search(path):
        return ("listing", "a list by its address")
    if _STATIC_WORDS.search(path):
        return None
    if query and _ARTICLE_QUERY.search(query):
        return ("article", "an article number in the query")
    for pattern, reason in _ARTICLE_PATHS:
        if pattern.search(path):
            return ("article", reason)
    if _FRONT_PATHS.search(path) and not query:
        return ("listing", "a front page")
    return None


def is_static_address(url: str) -> bool:
    """Whether the last part of an address names an about, contact or organisation page."""
    return _STATIC_WORDS.search(unquote(urlsplit(url).path)) is not None


def query_of(url: str) -> dict[str, str]:
    """The query of an address as a dictionary; of a repeated key the last value."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) if "?" in url else {}


def root_of(url: str) -> str:
    """Scheme and host of an address in lower case, without a trailing slash."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower().rpartition('@')[2]}"
