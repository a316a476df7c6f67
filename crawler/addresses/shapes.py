"""What the shape of an address tells, whatever the software: article, list, or a view not worth fetching.

The rules are those of common software (WordPress, Drupal, Joomla, Plone, TYPO3, DotNetNuke, SharePoint, Liferay, Django
CMS …) and of Vietnamese words in addresses, without diacritics. They judge only what they are sure of.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from crawler.addresses.roles import Promise
from crawler.reasons.codes import Code
from crawler.words.tables import WithWords, address_words

Judgement = tuple[Promise, Code]
"""What an address promises and by which rule."""

_SKIP_PATHS = tuple((WithWords(pattern), code) for pattern, code in (
    (r"/(?:print|printpdf|{address_print}|print[-_]?(?:view|page|article)|@@print\w*)(?:/|\.\w+$|$)", Code.PRINT_VIEW),
    (r"/(?:sendmail|sendto_form|send-?to-?friend|email-?(?:article|this)|forward|mailto|{address_send})(?:/|\.\w+$|$)", Code.SEND_FORM),
    (r"/(?:savefile|save-?(?:pdf|as))(?:/|$)", Code.SAVED_COPY),
    (r"/(?:tags?|keywords?|taxonomy/tags?|itemlist/tag|{address_tags})/", Code.TAG_LIST),
    (r"/(?:authors?|users?|member|itemlist/user|profile|account|{address_accounts})(?:/|$)", Code.AUTHOR_OR_ACCOUNT),
    (r"/(?:login|log-in|signin|sign-in|register|login_form|logout|wp-login\.php|password|{address_log_in}|user/(?:login|register|password)|administrator|wp-admin|admin)(?:/|\.\w+$|$)", Code.LOG_IN),
    (r"/(?:search|seek|@@search|search_form|{address_search}|component/search|component/finder)(?:/|\.\w+$|$)", Code.SEARCH),
    (r"/(?:rss|feeds?|atom|rss\.xml|atom\.xml|feed\.xml|RSS|search_rss|rss\.aspx)(?:/|$)|\.(?:feed|rss|atom|rdf)$", Code.FEED_VIEW),
    (r"/(?:calendar|events?/calendar|itemlist/date)/\d{4}", Code.CALENDAR),
    (r"/(?:cart|checkout|captcha|comment/reply|comments/reply|trackback|xmlrpc\.php|wp-json|ajax|api|cgi-bin|share)(?:/|$)", Code.NOT_FOR_READERS),
    (r"/@@(?!images|download)[\w-]+", Code.A_VIEW),
    (r"/image_view_fullscreen(?:/|$)", Code.THE_PICTURE_PAGE),
    (r"/(?:folder_contents|sharing|edit|delete|view_history|content_status_history|selectViewTemplate|sitemap\.xml\.gz)(?:$|\?)", Code.A_VIEW),
))  # fmt: skip
"""Parts of paths that are not worth fetching; in braces the table of words that holds more of them."""
_ANY_SKIP_PATH = WithWords("|".join(pattern.template for pattern, _ in _SKIP_PATHS))
_HEADLINE = re.compile(
    r"/[\w%]+(?:-[\w%]+){3,}(?:-\d+)?\.(?:html?|aspx|php|ashx)$|/[\w%]+(?:-[\w%]+){5,}/?$|/[\w%]+(?:-[\w%]+){3,}-\d{2,}/?$",
    re.I,
)
"""A last segment as long as a headline."""
_MAY_BE_A_SECTION = (
    Code.AUTHOR_OR_ACCOUNT,
    Code.LOG_IN,
    Code.SEND_FORM,
    Code.NOT_FOR_READERS,
    Code.CALENDAR,
)
"""What such a word means unless an article stands below it: ``/dang-ky/`` is a form, and may be a section as well."""

_VIEW = "(?:^|&)(?:tmpl=component|print=(?:1|true|yes|y|pdf|print)|printable=\\w+|view=print|op=print|layout=print|mode=print|type=98|action=print)(?:&|$)"
_SKIP_QUERY: tuple[tuple[re.Pattern[str], Code], ...] = tuple(
    (re.compile(pattern, re.I), code)
    for pattern, code in (
        (_VIEW, Code.PRINT_VIEW),
        (r"(?:^|&)(?:format=(?:feed|pdf|raw|json|opensearch|xml)|type=(?:rss|atom)|feed=(?:rss2?|atom|rdf|comments[\w-]*|(?=\w*rss)\w*+)|rss=\w*)(?:&|$)", Code.OTHER_FORMAT),
        (r"(?:^|&)(?:replytocom|reply|comment_reply|share|send|mailto)=", Code.ANSWER_FORM),
        (r"(?:^|&)(?:keyword|keywords|searchword|search|SearchableText|tukhoa|tu_khoa|search_api_fulltext|keys)=", Code.SEARCH),
        (r"(?:^|&)(?:sort|sort_by|order|orderby|sort_on|order_by|filter_order|filter_order_dir|sort_order)=", Code.ANOTHER_ORDER),
        (r"(?:^|&)dir=(?:asc|desc|ltr|rtl|up|down|[01])?(?:&|$)", Code.ANOTHER_ORDER),
        (r"(?:^|&)(?:lang|language|setlang|set_language|hl)=(?:en|fr|zh|ja|ko|ru|lo|km)\b", Code.ANOTHER_LANGUAGE),
        (r"(?:^|&)(?:action|task|do|op)=(?:login|logout|register|edit|delete|add|lostpassword|reply|vote|rate|download_ics)(?:&|$)", Code.LOG_IN_OR_EDITING),
        (r"(?:^|&)(?:fontsize|font|contrast|theme_mode|skin)=", Code.ANOTHER_LOOK),
    )
)  # fmt: skip

# Keys that mean one thing on most sites and number or name the page on others: what stands beside them tells.
_SEARCH_KEY = re.compile(r"(?:^|&)(?:s|q)=([^&]*)", re.I)
_DATE_KEY = re.compile(r"(?:^|&)(?:day|date|ngay)=\d", re.I)
_LOOK_KEY = re.compile(r"(?:^|&)(?:theme|template|tp)=", re.I)
_NUMBER_KEY = re.compile(r"(?:^|&)\w*(?:id|news|tin|bai|baiviet|item|article|so|stt)=\w{0,3}\d+(?:&|$)", re.I)
"""A key that numbers what is shown, ``id=5``, ``newsid=12``, ``baiviet=6``."""
_SLUG_VALUE = re.compile(
    r"[a-z0-9]+(?:[-_.][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_.][a-z0-9]+)*)+/?|[a-z0-9]+(?:-[a-z0-9]+)+|\d{1,6}", re.I
)
"""A path or a name with hyphens: no words a visitor typed into a search box."""
_WHOLE_DATE = re.compile(
    r"=(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:&|$)|^(?=.*(?:^|&)(?:year|nam)=\d{4})(?=.*(?:month|thang)=\d)",
    re.I,
)
_EVENTS = WithWords(r"calendar|events?\b|{address_events}")
_LIST_PATHS = WithWords(
    r"/(?:page|trang|p)[/-]?\d+(?:/|\.html?|\.aspx)?$|/(?:category|categories|cat|taxonomy/term|"
    r"itemlist/category|topics?|{address_lists})(?:/|$)|/archives?/?$|^/\d{4}(?:/\d{1,2}){0,2}/?$"
)
_LIST_QUERY = re.compile(
    r"(?:^|&)(?:page|paged|start|limitstart|offset|trang|b_start(?::int)?|b_start%3Aint|pageindex|pagenumber|page_num|pg|"
    r"_\w*_cur|cur|currentpage|tx_\w+%5B(?:currentpage|page)%5D|tx_\w+\[(?:currentpage|page)\])=\d",
    re.I,
)
_ARTICLE_PATHS: tuple[tuple[re.Pattern[str], Code], ...] = tuple(
    (re.compile(pattern, re.I), code)
    for pattern, code in (
        (r"/(?:article-?id|item-?id|news-?id|art-?id|id)/\d+(?:/|$)", Code.NUMBER_IN_PATH),
        (r"/archives?/\d+/?$", Code.ITEM_NUMBER),
        (r"^/(?:index\.php/)?(?:[\w-]+/)?\d{4}/\d{1,2}(?:/\d{1,2})?/[\w%.~-]{6,}/?$", Code.DATE_AND_NAME),
        (r"/item/\d+-[\w%-]+", Code.ITEM_NUMBER_AND_NAME),
        (r"/[\w%]+(?:-[\w%]+){3,}-\d{2,}(?:\.html?|\.aspx|\.htm|/)?$", Code.LONG_NAME_AND_NUMBER),
        (r"/\d{2,}-[\w%]+(?:-[\w%]+){3,}(?:\.html?|/)?$", Code.NUMBER_AND_LONG_NAME),
        (r"/(?:view_content|asset_publisher/\w+/content|-)/-?[\w%]++(?:-[\w%]++){3}", Code.LIFERAY_ARTICLE),
        (r"/Pages/\d{4}-\d{1,2}-\d{1,2}/[\w%-]+\.aspx$", Code.SHAREPOINT_DATED),
        (r"/[\w%]+(?:-[\w%]+){5,}(?:\.html?|\.aspx|/)?$", Code.HEADLINE_NAME),
    )
)
_ARTICLE_QUERY = re.compile(
    r"(?:^|&)(?:nid|newsid|articleid|itemid_news|idnews|news_id|id_tin|baiviet|item)=\w*\d", re.I
)
_SCRIPT = re.compile(
    r"^/?$|/(?:index|default|home|main|portal|view|page|news|tin\w*|xem|show)?\.?(?:php|aspx?|jsp|html?)$|/$", re.I
)
"""A path that is the site's script alone, so that only the query says what is shown."""
_A_LIST = WithWords(r"{address_lists}|cat(?:egory|id)?\b|list|loai|menu|muc\w{0,30}=|section")

_FRONT_PATHS = WithWords(r"/(?:default|index|home|{address_front})(?:\.\w+)?/?$")
_DETAIL = WithWords(
    r"(?<![\w-])(?>[\w-]*?(?:{address_items}|detail|view|show|read|article|newsid|content))[\w-]*+(?:\.\w+)?/?$"
)
"""A script that shows one item, by its name."""
_STATIC_PAGES = address_words("static_pages", "page")


def skipped_view(url: str) -> Code | None:
    """Why an address with such a query is only another view of a page (print, feed, order, language), else ``None``."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Code.MALFORMED
    query = parts.query
    if not query:
        return None
    view = next((code for pattern, code in _SKIP_QUERY if pattern.search(query)), None)
    return view or _told_by_what_stands_beside(unquote(parts.path), query)


def _told_by_what_stands_beside(path: str, query: str) -> Code | None:
    """What ``s=``, ``q=``, ``date=`` and ``template=`` mean where nothing beside them numbers the page."""
    numbered = _NUMBER_KEY.search(query) is not None
    search = _SEARCH_KEY.search(query)
    if search is not None and not numbered and not is_page_name(unquote(search[1])):
        return Code.SEARCH
    if _DATE_KEY.search(query) and not numbered and (_EVENTS.search(path) or not _WHOLE_DATE.search(unquote(query))):
        return Code.CALENDAR
    if _LOOK_KEY.search(query) and not (numbered and _SCRIPT.search(path)):
        return Code.ANOTHER_LOOK
    return None


def is_page_name(text: str) -> bool:
    """Whether the value of ``q=`` or ``s=`` names a page (``node/12``, ``tin-tuc``), and is nothing typed in a search box."""
    return _SLUG_VALUE.fullmatch(text) is not None


def _path_in_query(parts: SplitResult) -> str:
    """The path an address stands for: that of ``?q=`` where addresses are not rewritten (Drupal), else its own."""
    path = unquote(parts.path)
    if "q=" in parts.query and _SCRIPT.search(path):
        inner = next((v for k, v in parse_qsl(parts.query) if k == "q"), "")
        return f"/{inner}" if is_page_name(inner) else path
    return path


def generic_kind(url: str) -> Judgement | None:
    """``(role, code)`` for an address by its shape, or ``None`` where the shape tells nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ("skip", Code.MALFORMED)
    path, query = _path_in_query(parts), parts.query
    if path in ("", "/") and not query:
        return ("listing", Code.HOME)
    if _ANY_SKIP_PATH.search(path):
        skip = next(code for pattern, code in _SKIP_PATHS if pattern.search(path))
        if skip not in _MAY_BE_A_SECTION or not _HEADLINE.search(path):
            return ("skip", skip)
    if query and (view := skipped_view(url)):
        return ("skip", view)
    if query and _LIST_QUERY.search(query):
        return _numbered_page(path, query)
    if _LIST_PATHS.search(path):
        return ("listing", Code.LIST_ADDRESS)
    if _STATIC_PAGES.find(path):
        return None
    if query and _ARTICLE_QUERY.search(query):
        return ("article", Code.NUMBER_IN_QUERY)
    for pattern, code in _ARTICLE_PATHS:
        if pattern.search(path):
            return ("article", code)
    if _FRONT_PATHS.search(path) and not query:
        return ("listing", Code.FRONT_PAGE)
    return None


def _numbered_page(path: str, query: str) -> Judgement | None:
    """What ``page=2`` says: a page of a list, unless the address numbers an article too (lists hand their page number on)."""
    if _ARTICLE_QUERY.search(query) or (_NUMBER_KEY.search(query) and _DETAIL.search(path)):
        return ("article", Code.NUMBER_IN_QUERY)
    if _NUMBER_KEY.search(query) and not _A_LIST.search(f"{path}?{query}"):
        return ("listing", Code.NUMBER_AND_PAGE)  # what it is, the page must tell
    return ("listing", Code.LIST_NUMBERED)


def is_static_address(url: str) -> bool:
    """Whether the last part of an address names an about, contact or organisation page."""
    return _STATIC_PAGES.find(unquote(urlsplit(url).path)) is not None


def query_of(url: str) -> dict[str, str]:
    """The query of an address as a dictionary; of a repeated key the last value."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) if "?" in url else {}


def root_of(url: str) -> str:
    """Scheme and host of an address in lower case, without a trailing slash."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower().rpartition('@')[2]}"
