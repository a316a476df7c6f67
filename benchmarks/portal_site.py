"""A made-up portal, page by page: what the benchmarks crawl. The same seed gives the same bytes.

One host is a home page, sections with lists of :data:`PER_LIST` entries and a pager, and articles of about 40 kB, most of
which is what surrounds an article on such portals: a menu of 84 links, styles, scripts, adverts, lists of other articles,
a footer of links. The markup is K2's (``k2``) or that of no known CMS (``unknown``); ``tiny`` is a host of short pages
for the frontier alone. No two hosts share an article, so nothing can be stored as a repetition. Pictures lie on hosts
that do not exist: each would be a request that a crawl following links only does not make.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

_WORDS = (
    "ủy ban nhân dân xã phường họp bàn thu chi ngân sách quý một năm nay sửa đường liên thôn phòng chống lụt bão chuẩn bị vụ "
    "mùa hội đồng thông qua nghị quyết đầu tư công trình thủy lợi trường học trạm y tế cán bộ khen thưởng hộ nghèo vay vốn "
    "trồng lúa chăn nuôi giống mới ruộng bờ kênh mương cầu cống giao lưu văn nghệ thể thao thanh niên phụ nữ cựu chiến binh "
    "ra quân vệ sinh môi trường ngày chủ nhật tặng quà gia đình chính sách tiếp xúc cử tri kiến nghị giải đáp lãnh đạo "
    "huyện kiểm tra tiến độ thi công bàn giao mặt bằng khu dân cư kiểu mẫu nông thôn bền vững chuyển đổi số dịch vụ trực "
    "tuyến hồ sơ một cửa tỷ lệ đúng hạn an ninh trật tự tuần tra ban đêm tuyên truyền pháp luật lễ phát động khai giảng"
)
SYLLABLES = _WORDS.split()
SECTIONS = {"tin-tuc": "Tin tức", "kinh-te": "Kinh tế", "van-hoa": "Văn hóa", "xa-hoi": "Xã hội"}
PER_LIST = 25
RELATED = 10
NEWEST = datetime(2025, 6, 30, 17, 0)
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True)
class Spec:
    """Which site to make. ``articles`` is of each host, ``size`` the bytes of an article's page."""

    kind: str = "k2"
    hosts: int = 8
    articles: int = 200
    size: int = 40_000
    seed: int = 20250701


@dataclass(frozen=True)
class Markup:
    """How one CMS writes its addresses and pages. ``list_page`` takes section and number, from 0."""

    article_path: Callable[[str, int], str]
    list_path: Callable[[str, int], str]
    head: str
    article: str
    entry: str
    listing: str


K2 = Markup(
    lambda section, number: f"/{section}/item/{1000 + number}-bai-viet-cua-xa-{number}",
    lambda section, number: f"/{section}" + (f"?start={number * PER_LIST}" if number else ""),
    '<meta name="generator" content="Joomla! - Open Source Content Management">',
    '<div id="k2Container" class="itemView"><div class="itemHeader"><span class="itemDateCreated">{weekday}, {when:%d} Tháng '
    '{when.month} {when:%Y %H:%M}</span><h2 class="itemTitle">{title}</h2><span class="itemAuthor">Viết bởi <a rel="author" '
    'href="http://quang-ba.invalid/bien-tap">Ban biên tập</a></span></div><div class="itemBody"><div class="itemIntroText">'
    '<p>{lead}</p></div><div class="itemFullText">{body}</div><div class="itemContentFooter"><span class="itemHits">Đọc <b>'
    '{views}</b> lượt</span></div></div><div class="itemLinks"><div class="itemCategory"><span>Xuất bản trong</span> '
    '<a href="{section_path}">{section}</a></div></div><div class="itemRelated"><h3>Các tin khác</h3><ul>{related}</ul></div>'
    "</div>",
    '<div class="catItemView"><div class="catItemHeader"><h3 class="catItemTitle"><a href="{path}">{title}</a></h3></div>'
    '<div class="catItemIntroText"><p>{lead}</p></div></div>',
    '<div id="k2Container" class="itemListView"><div id="itemListPrimary">{entries}</div><div class="k2Pagination">{pager}'
    "</div></div>",
)

UNKNOWN = Markup(
    lambda section, number: f"/{section}/bai-viet-cua-xa-{1000 + number}.html",
    lambda section, number: f"/{section}" + (f"?page={number + 1}" if number else ""),
    "",
    '<div class="chitiet"><h1>{title}</h1><div class="ngay">{weekday}, {when:%d/%m/%Y %H:%M}</div><div class="tomtat"><b>{lead}'
    '</b></div><div class="noidung">{body}</div><div class="luot">Lượt xem: {views}</div><div class="lienquan"><h4>Tin liên '
    'quan</h4><ul>{related}</ul></div><p><a href="{section_path}">{section}</a></p></div>',
    '<div class="tin"><h3><a href="{path}">{title}</a></h3><p>{lead}</p></div>',
    '<div class="danhsach">{entries}<div class="phantrang">{pager}</div></div>',
)


def build(spec: Spec, host: int) -> dict[str, bytes]:
    """Path to body of every page of one host."""
    if spec.kind == "tiny":
        return tiny(spec.articles, host)
    return Host(spec, host, {"k2": K2, "unknown": UNKNOWN}[spec.kind]).pages()


def tiny(count: int, host: int) -> dict[str, bytes]:
    """``count`` pages of a few words, and a home page."""
    page = "<html><head><title>Xã</title></head><body><p>Trang số {} của xã số {}.</p></body></html>"
    return {tiny_path(number): page.format(number, host).encode() for number in range(count)} | {
        "/": b"<p>X\xc3\xa3</p>"
    }


def tiny_path(number: int) -> str:
    return f"/trang/{number}.html"


class Host:
    """One host of a site while its pages are written."""

    def __init__(self, spec: Spec, nth: int, markup: Markup) -> None:
        self.spec = spec
        self.markup = markup
        self.rand = random.Random(f"{spec.seed}/{nth}")
        self.name = f"xã số {nth + 1}"
        names = list(SECTIONS)
        self.section_of = [names[number % len(names)] for number in range(spec.articles)]
        self.titles = [self.words(self.rand.randint(9, 15)).capitalize() for _ in range(spec.articles)]
        self.leads = [self.sentence() for _ in range(spec.articles)]
        self.lists = {name: self.entries_of(name) for name in names}
        self.before, self.after = self.surroundings()

    def pages(self) -> dict[str, bytes]:
        articles = {self.path(number): self.article(number) for number in range(self.spec.articles)}
        lists = {
            self.markup.list_path(name, nth): self.listing(name, nth)
            for name, parts in self.lists.items()
            for nth in range(len(parts))
        }
        return {"/": self.home(), **lists, **articles}

    def path(self, number: int) -> str:
        return self.markup.article_path(self.section_of[number], number)

    def entries_of(self, section: str) -> list[list[int]]:
        """The articles of a section by list page, newest (number 0) first."""
        mine = [number for number, name in enumerate(self.section_of) if name == section]
        return [mine[at : at + PER_LIST] for at in range(0, max(len(mine), 1), PER_LIST)]

    def words(self, count: int) -> str:
        return " ".join(self.rand.choices(SYLLABLES, k=count))

    def sentence(self) -> str:
        return self.words(self.rand.randint(12, 30)).capitalize() + "."

    def paragraph(self) -> str:
        sentences = " ".join(self.sentence() for _ in range(self.rand.randint(3, 6)))
        return f'<p style="text-align: justify;">{sentences}</p>\n'

    def surroundings(self) -> tuple[str, str]:
        """What stands before and after the main part of every page, without the title."""
        targets = [self.markup.list_path(name, nth) for name, parts in self.lists.items() for nth in range(len(parts))]
        styles = "".join(f".c{n}{{color:#{n:06x};margin:{n}px;padding:{n % 9}px}}\n" for n in range(60))
        scripts = "".join(
            f"function f{n}(a){{var x=document.getElementById('b{n}');if(x){{x.style.display=a?'':'none';}}return x;}}\n"
            for n in range(25)
        )
        adverts = "".join(
            f'<div class="banner"><a href="http://quang-cao.invalid/{n}" rel="nofollow"><img '
            f'src="http://quang-cao.invalid/{n}.jpg" alt="{self.words(3)}"></a></div>\n'
            for n in range(10)
        )
        others = "".join(f'<li><a href="http://xa-ban-{n}.invalid/">{self.words(3)}</a></li>' for n in range(24))
        before = (
            f'<style>{styles}</style><script>{scripts}</script></head><body><div id="header"><ul class="menu">'
            f'{self.menu(targets)}</ul></div><div id="main">'
        )
        after = (
            f'</div><div id="right">{adverts}</div><div id="footer"><p>Cơ quan chủ quản: UBND {self.name}. {self.words(40)}</p>'
            f"<ul>{others}</ul></div></body></html>"
        )
        return before, after

    def menu(self, targets: list[str]) -> str:
        """Fourteen entries of five more each, all leading to lists."""
        item = '<li class="menu-item"><a href="{}"><span>{}</span></a>{}</li>\n'
        menu = ""
        for top in range(14):
            below = (targets[(top * 5 + nth) % len(targets)] for nth in range(5))
            inner = "".join(item.format(target, self.words(4), "") for target in below)
            menu += item.format(targets[top % len(targets)], self.words(3), f'<ul class="sub">{inner}</ul>')
        return menu

    def frame(self, title: str, main: str) -> bytes:
        head = (
            f'<!DOCTYPE html>\n<html lang="vi-vn"><head><meta charset="utf-8"><title>{title}</title>{self.markup.head}'
        )
        return f"{head}{self.before}{main}{self.after}".encode()

    def article(self, number: int) -> bytes:
        """Written twice: first without its body, to learn how much body makes the page's size."""
        when = NEWEST - timedelta(minutes=97 * number)
        older = range(number + 1, min(self.spec.articles, number + 1 + RELATED))
        section = self.section_of[number]
        parts = {
            "title": self.titles[number],
            "lead": self.leads[number],
            "when": when,
            "weekday": WEEKDAYS[when.weekday()],
            "views": self.rand.randrange(9999),
            "section": SECTIONS[section],
            "section_path": self.markup.list_path(section, 0),
            "related": "".join(
                f'<li><a href="{self.path(n)}">{self.titles[n]}</a> <span>({NEWEST - timedelta(minutes=97 * n):%d/%m/%Y})'
                "</span></li>\n"
                for n in older
            ),
        }
        room = self.spec.size - len(self.frame(self.titles[number], self.markup.article.format(body="", **parts)))
        body, room = [self.paragraph()], room + self.rand.randint(-4000, 4000) * self.spec.size // 40_000
        while (room := room - len(body[-1].encode())) > 0:
            body.append(self.paragraph())
        return self.frame(self.titles[number], self.markup.article.format(body="".join(body), **parts))

    def listing(self, section: str, nth: int) -> bytes:
        parts = self.lists[section]
        pager = "".join(
            f'<a href="{self.markup.list_path(section, at)}">{at + 1}</a> '
            for at in range(max(0, nth - 4), min(len(parts), nth + 6))
        )
        main = self.markup.listing.format(entries=self.entries(parts[nth]), pager=pager)
        return self.frame(f"{SECTIONS[section]} - trang {nth + 1}", main)

    def home(self) -> bytes:
        return self.frame(f"Cổng thông tin {self.name}", self.entries(list(range(min(8, self.spec.articles)))))

    def entries(self, numbers: list[int]) -> str:
        return "".join(
            self.markup.entry.format(path=self.path(n), title=self.titles[n], lead=self.leads[n]) for n in numbers
        )
