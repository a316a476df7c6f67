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
_HOME = re.compile(
    r"(?:về )?trang (?:chủ|nhất|chính)|home(?:page)?|front ?page|tin nổi bật|menu|xem (?:thêm|tất cả|tiếp)|chi tiết|tất cả|more|read more|»|›|\.\.\.|tiếp theo|sau|trước|next|previous",
    re.I,
)
_SERVICE = re.compile(
    r"đăng (?:nhập|ký|xuất)|log ?in|register|sơ đồ (?:cổng|trang|site|website)\w*|site ?map|rss|tìm kiếm\w*|search|english|tiếng (?:anh|việt)|vietnamese|"
    r"thư điện tử.*|(?:hộp )?thư (?:công vụ|góp ý)|web ?mail|email|e-?office|lịch (?:công tác|làm việc|tiếp (?:công )?dân).*|dịch vụ công.*|thủ tục hành chính.*|một cửa.*|"
    r"góp ý.*|khảo sát.*|bình chọn.*|danh bạ.*|đường dây nóng|phản ánh.*(?:kiến nghị)?|thăm dò.*|kết quả giải quyết.*|đăng tin|download|tải về|liên kết.*|bản đồ.*|thời tiết|tra cứu.*|"
    r"quản trị|gửi (?:bài|câu hỏi)|cổng .*|trang thông tin điện tử.*|tiếp cận thông tin|accessibility|liên hệ(?: quảng cáo)?|contact(?: us)?|facebook|zalo|youtube|tiktok",
    re.I,
)  # fmt: skip
_STATIC = re.compile(
    r"(?:trang )?giới thiệu.*|about(?: us)?|tổng quan.*|cơ cấu.*|bộ máy.*|tổ chức bộ máy.*|chức năng.*|lịch sử.*|điều kiện tự nhiên.*|ban biên tập|điều khoản.*|chính sách (?:bảo mật|riêng tư).*|"
    r"(?:thường trực |danh sách )?(?:lãnh đạo (?:huyện|xã|phường|thị xã|ubnd|hđnd|đơn vị|qua các thời kỳ).*)|(?:huyện|thị|thành|đảng) ?ủy|hđnd(?: - ubnd)?|ubnd(?: (?:huyện|xã|phường|thị xã|thành phố))?|hội đồng nhân dân|ủy ban nhân dân|"
    r"ubmttq.*|các (?:phòng|cơ quan|đơn vị|xã|ban|đoàn thể).*|(?:vị trí|bản đồ) (?:địa lý|hành chính)|thông tin liên hệ|du lịch .{25,}|đơn vị (?:hành chính|trực thuộc)|danh lam.{20,}|thông tin (?:chung|lãnh đạo)",
    re.I,
)  # fmt: skip
_LAWS = re.compile(
    r"văn bản.*|hệ thống văn bản.*|(?:vbqppl|vbpl|vb) .*|công báo.*|văn kiện.*|legal documents?|tài liệu|lấy ý kiến dự thảo.*|dự thảo.*|công khai ngân sách.*",
    re.I,
)
_LAW_PATH = re.compile(r"/(?:laws|vbpq|van-?ban[\w-]*|vanban\w*|vbqppl|documents)(?:[/.?]|$)|nv=laws", re.I)
_QA = re.compile(
    r"hỏi\s*+[-–/và&,]*+\s*+đáp.*|hỏi và trả lời|giải đáp.*|câu hỏi.*|faqs?|q&a|đối thoại.*|trả lời (?:cử tri|công dân|kiến nghị).*",
    re.I,
)
_MEDIA = re.compile(
    r"(?:thư viện )?(?:video|ảnh|hình ảnh)(?: .{0,20})?|thư viện.*|media|multimedia|đa phương tiện|album.*|truyền hình.*|phát thanh.*|gallery|photos?|audio|podcast|truyền thanh.*|e-?magazine|infographic",
    re.I,
)


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
    for kind, pattern in (
        ("static", _STATIC),
        ("service", _SERVICE),
        ("qa", _QA),
        ("media", _MEDIA),
        ("law_list", _LAWS),
    ):
        if pattern.fullmatch(name):
            return kind  # type: ignore[return-value]
    return "law_list" if _LAW_PATH.search(path) else "news"


def _section(page: Page, link: LexborNode, family: Family, in_portal: Callable[[str], bool]) -> Section | None:
    name = node_text(link).strip(" »›>+▼▾-|")
    href = link.attributes.get("href") or ""
    if not 2 <= len(name) <= MAX_NAME or not any(char.isalpha() for char in name) or _HOME.fullmatch(name):
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
            return head is not None and _STATIC.fullmatch(node_text(head).strip(" »›>+▼▾-|")) is not None
        node = node.parent
    return False
