"""Links of a page, judged: what each is expected to be, and why some are not followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from archive.ids import url_key
from crawler.addresses.roles import Role
from crawler.addresses.traps import trap_of
from crawler.addresses.urls import absolute, canonical, without_visit
from crawler.cms.family import Family
from crawler.page.page import Page
from crawler.page.pictures import LATE, addresses_of
from crawler.reasons.reason import Reason
from crawler.words.tables import WithWords

FILE_ENDING = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z|gz|mp3|mp4|wav|avi|wmv|flv|mov|m4a|txt|csv|epub|dwg|kmz?)$", re.I
)


PICTURE_ENDING = re.compile(r"\.(jpe?g|png|gif|svg|webp|bmp|ico|tiff?|css|js|woff2?|ttf|eot|map|json)$", re.I)


_FILE_LINK = re.compile(r"/item/download/|[?&](?:download|attachment|file)=|/download/|@@download|/at_download/", re.I)


# Bounded: blanks and quotes are taken off afterwards, since parts that may all take the blanks cost the cube of their number.
_CSS_URL = re.compile(rb"url\(([^()]{1,2000})\)|@import\s{1,20}(?:\"([^\"]{1,2000})\"|'([^']{1,2000})')", re.I)


_PLAIN_PATH = re.compile(r"(?:/[\w~%:,+@-][\w.~%:,+@-]*)*/?(?:\?[\w.~%:,+@&=-]+)?", re.ASCII)
"""A path from the root in which there is nothing to resolve and nothing to encode."""


_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?:/[\w.~-]+)*/?", re.ASCII)
"""An address that is its own canonical form, were it not for a front page's name at its end."""


_ROOTED = ("/", "http:", "https:")


KNOWN = 16_384
"""Addresses whose judgement is remembered, some 10 MB: menus and side columns are the same on every page of a portal."""


_REFRESH = re.compile(r"RefreshPageTo\(\s*event\s*,\s*[\"']([^\"']+)[\"']")


_ESCAPED = re.compile(r"\\u00([0-9a-f]{2})", re.I)


_FEED_ADDRESS = re.compile(
    r"\.(?:rss|atom|rdf|feed)$|/(?:rss|feeds?|atom)/[^?]|/(?:rss|feeds?|atom|rdf)$|/(?:rss|feeds?|atom)/$|/(?:rss|feed|atom|rdf|getrss)[\w-]*\.(?:xml|php|aspx?|ashx|axd|jsp|rss)$"
    r"|[?&](?:format=feed|type=(?:rss|atom)|feed=(?:rss2?|atom|rdf)|rss=\w+)(?:&|$)",
    re.I,
)


_ABOUT_FEEDS = re.compile(r"\brss\b|\bfeeds?\b", re.I)


MAX_FEEDS = 60
"""Feeds taken from the links of a page: a portal with one for every section has some forty."""


_COMMENTS = WithWords(r"/comments/|\bcomments?\b|{about_comments}", "title")


class Link(NamedTuple):
    """A link of a page, resolved: where to, its canonical form, what it is expected to be, why it is not followed."""

    url: str
    canonical: str
    key: bytes
    role: Role
    method: str
    skip: Reason | None = None


def page_links(page: Page, family: Family, in_portal: Callable[[str], bool]) -> list[Link]:
    """The links of ``page`` into its own portal, each address once, in page order. Links to elsewhere are not ours."""
    found: list[Link] = []
    seen: set[str] = set()
    hrefs: set[str] = set()
    base = page.base_url
    root = base[: (base.find("/", 8) + 1) or None]
    for node in page.tree.css("a[href], area[href]"):
        href = node.attributes.get("href") or ""
        if href in hrefs:
            continue
        hrefs.add(href)
        if href.startswith(_ROOTED):  # what does not depend on the page's own path: the same menus on every page
            link = _rooted(root, href, family, in_portal)
        else:
            url = absolute(base, href)
            link = judge(url, family, "link") if url is not None and in_portal(url) else None
        if link is None or link.url in seen:
            continue
        seen.add(link.url)
        found.append(link)
    for href in _refreshed(page) if family.name == "sharepoint" else ():
        url = absolute(base, href)
        if url and url not in seen and in_portal(url):
            seen.add(url)
            found.append(judge(url, family, "link"))
    for node in page.tree.css('link[rel~="next"][href]'):
        url = _resolved(base, node.attributes.get("href") or "")
        if url and url not in seen and in_portal(url):
            seen.add(url)
            found.append(judge(url, family, "link"))
    return found


def _refreshed(page: Page) -> Iterator[str]:
    """The pages of SharePoint's list views (``?Paged=TRUE&p_ID=30``), whose arrows name them in a script alone."""
    for node in page.tree.css('a[onclick*="RefreshPageTo"]'):
        found = _REFRESH.search(node.attributes.get("onclick") or "")
        if found is not None:
            yield _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])


@lru_cache(maxsize=KNOWN)
def _rooted(root: str, href: str, family: Family, in_portal: Callable[[str], bool]) -> Link | None:
    """The link of an address from the root up; ``None`` when it leads out of the portal or is no web address."""
    url = _resolved_on(root, href)
    return judge(url, family, "link") if url is not None and in_portal(url) else None


def _resolved(base: str, href: str) -> str | None:
    """``href`` as :func:`absolute` makes it; what does not depend on the page's own path is remembered."""
    if href.startswith(_ROOTED):
        return _resolved_on(base[: (base.find("/", 8) + 1) or None], href)
    return absolute(base, href)


@lru_cache(maxsize=KNOWN)
def _resolved_on(base: str, href: str) -> str | None:
    root = _root(base)
    if root is not None:
        path = "/" + href[len(root) :] if href.startswith(root) else href
        if path[1:] and _PLAIN_PATH.fullmatch(path):
            return root + path[1:]
    return absolute(base, href)


@lru_cache(maxsize=1024)
def _root(base: str) -> str | None:
    return absolute(base, "/")


@lru_cache(maxsize=KNOWN)
def judge(url: str, family: Family, method: str) -> Link:
    """What ``url`` is expected to be, by its shape. It is asked for without session ids and campaign marks."""
    url = without_visit(url)
    own = canonical_of(url, family)
    key = url_key(own)
    path = unquote(urlsplit(url).path)
    if FILE_ENDING.search(path) or (("load" in url.lower() or "=" in url) and _FILE_LINK.search(url)):
        return Link(url, own, key, "file", method)
    if PICTURE_ENDING.search(path):
        return Link(url, own, key, "requisite", method)
    if trap := trap_of(url):
        return Link(url, own, key, "page", method, trap)
    kind = family.link_kind(url)
    if kind is None:
        return Link(url, own, key, "page", method)
    role, reason = kind
    if role == "skip":
        return Link(url, own, key, "page", method, reason)
    return Link(url, own, key, "article" if role == "article" else "listing", method)


def canonical_of(url: str, family: Family) -> str:
    """The one form of ``url``: the family's where it knows one (a K2 item under any menu), else the general one."""
    own = family.canonical(url)
    if own is not None:
        return own
    return url if _PLAIN_ADDRESS.fullmatch(url) and "/index." not in url else canonical(url)


def feeds_of(page: Page, in_portal: Callable[[str], bool]) -> list[str]:
    """Feeds a page announces in its head: without those of comments, and of the same list in RSS and Atom only one."""
    rss, atom = [], []
    for node in page.tree.css('link[rel~="alternate"][type][href]'):
        kind = (node.attributes.get("type") or "").lower()
        title = (node.attributes.get("title") or "").lower()
        url = absolute(page.base_url, node.attributes.get("href") or "")
        if url is None or not in_portal(url) or _COMMENTS.search(f"{title} {url}"):
            continue
        if "rss" in kind:
            rss.append(url)
        elif "atom" in kind:
            atom.append(url)
    return list(dict.fromkeys(rss or atom))


def linked_feeds(page: Page, in_portal: Callable[[str], bool]) -> list[str]:
    """Feeds a page links plainly: a page about feeds names each section's, a home page that announces none its own."""
    found = []
    for node in page.tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        low = href.lower()
        if "rss" not in low and "feed" not in low and "atom" not in low and ".rdf" not in low:
            continue
        url = _resolved(page.base_url, href)
        if url is None or not in_portal(url) or _COMMENTS.search(url) or PICTURE_ENDING.search(urlsplit(url).path):
            continue
        if _FEED_ADDRESS.search(url.partition("?")[0]) or _FEED_ADDRESS.search(url):
            found.append(without_visit(url))
    return list(dict.fromkeys(found))[:MAX_FEEDS]


def is_about_feeds(page: Page) -> bool:
    """Whether a page lists feeds, by its address or title."""
    title = page.tree.css_first("title")
    return _ABOUT_FEEDS.search(f"{urlsplit(page.url).path} {title.text() if title is not None else ''}") is not None


def requisites_of(page: Page) -> list[str]:
    """What a page needs to be shown: pictures, styles, scripts, icons. Data addresses need nothing."""
    found, base = [], page.base_url
    for node in page.tree.css('img, link[rel~="stylesheet"], link[rel~="icon"], script[src], source[srcset]'):
        attributes = node.attributes
        names = _sources(attributes) if LATE.isdisjoint(attributes) else addresses_of(attributes)
        for name in names:
            if url := _resolved(base, name):
                found.append(url)
                break
    return list(dict.fromkeys(found))


def _sources(attributes: Mapping[str, str | None]) -> list[str]:
    return [value for name in ("src", "href") if (value := attributes.get(name))]


def css_requisites(body: bytes, url: str) -> list[str]:
    """Fonts, pictures and further styles a style sheet names."""
    names = (next(filter(None, groups)).strip(b" \t\r\n'\"") for groups in _CSS_URL.findall(body))
    urls = (absolute(url, name.decode("utf-8", "replace")) for name in names if name and name[:5].lower() != b"data:")
    return list(dict.fromkeys(u for u in urls if u))
