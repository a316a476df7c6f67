"""What the two article components of Joomla share: one host serves both, so its addresses are judged alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import query_of, root_of
from crawler.cms.family import Family, Pagination, may_bear
from crawler.cms.fingerprints import Mark, found_mark, generators
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_ITEM = re.compile(r"/item/(\d+)(?:[-:][^/?]*)?/?(?:\.html?)?$", re.I)
_CONTENT_ITEM = re.compile(r"/(\d+)[-:][^/?]+?(?:\.html?)?/?$")
_CALENDAR = re.compile(r"/itemlist/date(?:/|$)", re.I)
_FORMAT_AS_SUFFIX = re.compile(r"\.(feed|raw|opensearch)$", re.I)
"""Where a portal's addresses end in ``.html``, a format stands as their ending. ``.pdf`` may be a file."""
_ATTACHMENT = re.compile(r"/item/download/", re.I)


class Joomla(Family):
    """A Joomla site, whichever component made the page."""

    feed_paths: ClassVar[tuple[str, ...]] = ("/index.php?format=feed&type=rss",)
    pagination: ClassVar[Pagination] = "offset"
    generator: ClassVar[tuple[str, ...]] = ("joomla",)

    def own_kind(self, url: str) -> LinkKind | None:
        parts = urlsplit(url)
        path, query = unquote(parts.path), query_of(url)
        if query.get("tmpl") == "component" or query.get("print") == "1" or query.get("layout") == "print":
            return LinkKind("skip", Reason(Code.PRINT_VIEW))
        suffix = _FORMAT_AS_SUFFIX.search(path)
        if suffix or query.get("format") in ("feed", "pdf", "raw", "opensearch"):
            return LinkKind("skip", Reason(Code.FORMAT_VIEW, format=suffix[1].lower() if suffix else query["format"]))
        if "/itemlist/tag/" in path or query.get("task") == "tag" or "/component/tags" in path:
            return LinkKind("skip", Reason(Code.TAG_LIST))
        if "/itemlist/user/" in path or query.get("task") == "user":
            return LinkKind("skip", Reason(Code.AUTHOR_LIST))
        if _CALENDAR.search(path) or query.get("task") in ("date", "calendar"):
            return LinkKind("skip", Reason(Code.CALENDAR))
        if (
            "/itemlist/search" in path
            or "/component/search" in path
            or query.get("option") in ("com_search", "com_finder")
        ):
            return LinkKind("skip", Reason(Code.SEARCH))
        if re.search(r"/component/(?:users|mailto|contact|banners|ajax)\b", path) or query.get("option") in (
            "com_users", "com_mailto", "com_banners", "com_ajax",
        ):  # fmt: skip
            return LinkKind("skip", Reason(Code.SERVICE_FORM))
        if _ATTACHMENT.search(path) or query.get("task") == "download":
            return None
        if _ITEM.search(path) or (query.get("option") == "com_k2" and query.get("view") == "item"):
            return LinkKind("article", Reason(Code.K2_ITEM))
        if "/itemlist" in path or query.get("view") in ("itemlist", "category", "categories", "featured", "archive"):
            return LinkKind("listing", Reason(Code.LIST_OF_COMPONENT))
        if "start" in query or "limitstart" in query:
            return LinkKind("listing", Reason(Code.LIST_NUMBERED))
        if query.get("option") == "com_content" and query.get("view") == "article":
            return LinkKind("article", Reason(Code.COM_CONTENT))
        if _CONTENT_ITEM.search(path):
            return LinkKind("article", Reason(Code.COM_CONTENT_NAME))
        if path.rstrip("/").endswith("/index.php") and not query:
            return LinkKind("listing", Reason(Code.HOME))
        return None

    def number(self, url: str) -> int | None:
        """The number of a K2 item; com_content counts on its own, and shares no addresses with K2."""
        found = _ITEM.search(unquote(urlsplit(url).path))
        return int(found.group(1)) if found else None

    def numbered(self, url: str, number: int) -> str | None:
        script = url[: url.index("/index.php") + len("/index.php")] if "/index.php" in url else root_of(url)
        return f"{script}/component/k2/item/{number}"

    def canonical(self, url: str) -> str | None:
        """K2: ``…/component/k2/item/<id>`` whatever menu, alias and view led to the item; com_content likewise."""
        parts = urlsplit(url)
        path, query = unquote(parts.path), query_of(url)
        home = root_of(url) + (path.split("/index.php", 1)[0] if "/index.php" in path else "")
        if _ATTACHMENT.search(path):
            return None
        found = _ITEM.search(path)
        if found:
            return f"{home}/component/k2/item/{int(found.group(1))}"
        number = re.match(r"\d+", query.get("id", ""))
        if number and query.get("option") == "com_k2" and query.get("view") == "item":
            return f"{home}/component/k2/item/{int(number.group())}"
        if number and query.get("option") == "com_content" and query.get("view") == "article":
            return f"{home}/component/content/article/{int(number.group())}"
        if "start" in query or "limitstart" in query or "/itemlist" in path:
            return None
        found = _CONTENT_ITEM.search(path)
        if found and not re.search(r"/component/(?!content)", path):
            return f"{home}/component/content/article/{int(found.group(1))}"
        return None


_MARKS = (
    Mark("joomla-script-options", "assets of Joomla"),
    Mark("/media/jui/", "assets of Joomla", 'script[src*="/media/jui/"], link[href*="/media/jui/"]'),
    Mark("/media/system/js/", "assets of Joomla", 'script[src*="/media/system/js/"]'),
    Mark("com_content", "marks of Joomla's templates", 'body[class*="com_content"]'),
    Mark("system-message-container", "marks of Joomla's templates", "#system-message-container"),
)


def is_joomla(page: Page, bears_any: Callable[[Page], bool] = may_bear) -> str | None:
    """The evidence that Joomla made a page, or ``None``."""
    if generators(page).startswith("joomla"):
        return "meta generator Joomla"
    return found_mark(page, _MARKS, bears_any)
