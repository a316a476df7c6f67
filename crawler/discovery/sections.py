"""The sections of a portal, read off its menus: what they are called, where they are, and which are no news.

A menu also leads to pages about the office, to forms, and to modules of documents, questions and videos. Those are told
apart by name and address: nothing a menu names is lost, it only is no section of news.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.addresses.urls import absolute, canonical
from crawler.cms.family import Family
from crawler.discovery.links import FILE_ENDING, judge
from crawler.page.dom import node_text
from crawler.page.outside import marks, path_to
from crawler.page.page import Page
from crawler.words.tables import Phrases, WithWords, words

SectionKind = Literal["news", "law_list", "qa", "media", "static", "service"]

MAX_NAME = 70
"""Characters a section's name has at most; the longest seen in a menu has 58."""

_MENUS = (
    "nav a[href], [role=navigation] a[href], [class*=menu i] a[href], [id*=menu i] a[href], [class*=nav i] a[href], "
    "[id*=nav i] a[href], header ul a[href], [class*=danhmuc i] a[href], [class*=danh-muc i] a[href], [id*=danhmuc i] a[href], "
    "[class*=chuyenmuc i] a[href], [class*=chuyen-muc i] a[href]"
)
_BLOCK_TITLES = "h2 > a[href], h3 > a[href], h4 > a[href], [class*=title i] > a[href], [class*=heading i] > a[href], [class*=cate i] > a[href]"
_NO_MENU = re.compile(
    r"breadcrumb|pathway|pager|pagination|paging|post-?nav|language|lang-|social|share|lien-?ket|toolbar|user-?menu|tag",
    re.I,
)
_WAYS = words("menu_ways", "menu")
_STATIC = words("static_pages", "menu")
_KINDS: tuple[tuple[SectionKind, Phrases], ...] = (
    ("static", _STATIC),
    ("service", words("menu_services", "menu")),
    ("qa", words("questions", "menu")),
    ("media", words("media", "menu")),
    ("law_list", words("law_lists", "menu")),
)
_LAW_PATH = WithWords(r"/(?:laws|vbpq|{address_documents}|vbqppl|documents)(?:[/.?]|$)|nv=laws")


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of a menu that leads into the portal."""

    name: str
    url: str
    kind: SectionKind = "news"


def sections_of(page: Page, family: Family, in_portal: Callable[[str], bool]) -> list[Section]:
    """What the menus of a page lead to, each address once, in page order; the home page is none of it.

    Sections of news come from menus, from what the family's own markup calls a category, and from the titles of blocks
    under whose address articles of the same page lie.
    """
    links = [
        link for link in page.tree.css(_MENUS) if not _NO_MENU.search(" ".join(marks(node) for node in path_to(link)))
    ]
    own = page.tree.css(", ".join(family.section_links)) if family.section_links else []
    found: dict[str, Section] = {}
    under_static: set[str] = set()
    for link in [*links, *own, *_block_titles(page, family, in_portal)]:
        section = _section(page, link, family, in_portal)
        if section is None:
            continue
        key = canonical(section.url).rstrip("/")
        if section.kind == "news" and _parent_is_static(link):
            under_static.add(key)
            section = Section(section.name, section.url, "static")
        known = found.get(key)
        if known is None or (known.kind == "static" and section.kind == "news" and key not in under_static):
            found[key] = section
    return list(found.values())


def kind_of_section(name: str, url: str) -> SectionKind:
    """What a menu entry leads to, by its name and address."""
    path = unquote(urlsplit(url).path) + "?" + urlsplit(url).query
    named = next((kind for kind, names in _KINDS if names.is_all_of(name)), None)
    if named is not None:
        return named
    return "law_list" if _LAW_PATH.search(path) else "news"


def _section(page: Page, link: LexborNode, family: Family, in_portal: Callable[[str], bool]) -> Section | None:
    name = node_text(link).strip(" »›>+▼▾-|")
    href = link.attributes.get("href") or ""
    if not 2 <= len(name) <= MAX_NAME or not any(char.isalpha() for char in name) or _WAYS.is_all_of(name):
        return None
    if href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    url = absolute(page.base_url, href)
    if url is None or not in_portal(url) or FILE_ENDING.search(urlsplit(url).path):
        return None
    if urlsplit(url).path in ("", "/") and not urlsplit(url).query:
        return None
    if link.css_first("h1, h2, h3, h4, p, time") is not None or len(name.split()) > 12:
        return None
    kind = kind_of_section(name, url)
    promised = judge(url, family, "link")
    if kind == "news" and promised.skip is not None:
        return None
    if promised.role == "article" and kind == "news":
        own = family.own_kind(url)
        if (own is not None and own.kind == "article") or len(name.split()) > 8:
            return None if len(name.split()) > 6 else Section(name, url, "static")
    return Section(name, url, kind)


def _block_titles(page: Page, family: Family, in_portal: Callable[[str], bool]) -> list[LexborNode]:
    """Titles of blocks that link a list: articles of this page lie under the address they lead to."""
    paths = []
    for link in page.tree.css("a[href]"):
        url = absolute(page.base_url, link.attributes.get("href") or "")
        if url is not None and in_portal(url) and judge(url, family, "link").role == "article":
            paths.append(urlsplit(url).path)
    titles = []
    for link in page.tree.css(_BLOCK_TITLES):
        url = absolute(page.base_url, link.attributes.get("href") or "")
        if (
            url is None
            or not in_portal(url)
            or judge(url, family, "link").role == "article"
            or len(node_text(link).split()) > 8
        ):
            continue
        path = re.sub(r"(?:/|\.html?|\.aspx)$", "", urlsplit(url).path)
        if path and sum(other.startswith(path + "/") for other in set(paths)) >= 2:
            titles.append(link)
    return titles


def _parent_is_static(link: LexborNode) -> bool:
    """Whether a link stands in the submenu of an entry that is about the office."""
    own = link.parent
    while own is not None and own.tag not in ("li", "body"):
        own = own.parent
    node = own.parent if own is not None else None
    while node is not None and node.tag != "body":
        if node.tag == "li":
            head = next((child for child in node.css("a, span, button") if node_text(child)), None)
            return head is not None and _STATIC.is_all_of(node_text(head).strip(" »›>+▼▾-|"))
        node = node.parent
    return False
