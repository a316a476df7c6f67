"""A Joomla 3 portal with the K2 component: its addresses.

What makes it hard to crawl: the same item under several menus, a calendar without end, print views, tag and author
lists, no sitemap, a robots.txt that answers 404, and a page that says "not found" with status 200.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from functools import partial
from typing import ClassVar

from crawler.demo import printed_dates
from crawler.demo.body import slug
from crawler.demo.content import Article, Law, Section
from crawler.demo.software.site import Entry, Reply, Site

ALL = Section(1, "tin-tuc", "Tin tức - Sự kiện")
MONTH = re.compile(r"month=(\d{1,2})&year=(\d{4})")
YEARS = range(1970, 2038)
"""The years the calendar knows: a crawler that follows "previous month" meets 816 pages without one article."""


class JoomlaK2(Site):
    """Hưng Hà's portal."""

    theme: ClassVar[str] = "joomla_k2"
    asset_root: ClassVar[str] = "/templates/tpl_huyen"
    page_size: ClassVar[int] = 8

    def item_key(self, article: Article, menu: str) -> str:
        return f"/index.php/{menu}/item/{article.id}-{article.alias}"

    def article_key(self, article: Article) -> str:
        return self.item_key(article, article.section.alias)

    def image_key(self, article: Article, number: int) -> str:
        if number == 0:
            return f"/media/k2/items/cache/{hashlib.md5(f'Image{article.id}'.encode()).hexdigest()}_M.jpg"
        return (
            f"/images/{article.when:%Y}/thang{article.when.month}/{slug(article.title, 30)}-{article.id}-{number}.jpg"
        )

    def file_key(self, article: Article, number: int) -> str:
        name = article.files()[number - 1][0]
        return f"/index.php/component/k2/item/download/{article.id}{number}_{hashlib.md5(name.encode()).hexdigest()}"

    def law_key(self, law: Law) -> str:
        return f"/images/vanban/{slug(law.number)}.pdf"

    def printed_date(self, article: Article) -> str:
        return printed_dates.joomla(article.when, article.faulty_date) if article.published else ""

    def modified_date(self, article: Article) -> str:
        return printed_dates.joomla(datetime.fromisoformat(article.modified)) if article.modified else ""

    def menu_key(self, section: Section, start: int = 0) -> str:
        return f"/index.php/{section.alias}" + (f"?start={start}" if start else "")

    def category_key(self, section: Section) -> str:
        return f"/index.php/{section.alias}/itemlist/category/{section.id}-{section.alias}"

    def tag_key(self, tag: str) -> str:
        return f"/index.php/{ALL.alias}/itemlist/tag/{tag}"

    def user_key(self, account: str) -> str:
        number = 880 + sorted(self.by_account()).index(account)
        return f"/index.php/{ALL.alias}/itemlist/user/{number}-{slug(account)}"

    def print_key(self, article: Article) -> str:
        return f"{self.article_key(article)}?tmpl=component&print=1"

    def question_key(self, number: int) -> str:
        return f"/index.php/hoi-dap/cau-hoi/{number}"

    def date_key(self, article: Article) -> str:
        day = article.when
        return f"/index.php/{ALL.alias}/itemlist/date/{day.year}/{day.month}/{day.day}"

    def feed_key(self, section: Section | None = None) -> str:
        return f"/index.php{'/' + section.alias if section else ''}?format=feed&type=rss"

    def component_entries(self, entries: list[Entry]) -> list[Entry]:
        """The same articles under the component's own address, as the "newest" module links them."""
        return [Entry(e.article, self.href(self.item_key(e.article, "component/k2")), e.date, e.thumb) for e in entries]

    def build(self) -> None:
        for article in self.portal.articles:
            self.add_article(article)
        self.add_lists()
        self.add_other_pages()
        self.add_laws()
        self.add("/robots.txt", "robots", self.not_found)

    def add_article(self, article: Article) -> None:
        newer, older = self.related(article)
        views = {"newer": newer, "older": older, "body": partial(self.body_html, article)}
        self.add_page(self.article_key(article), "article", "item.html", article, **views)
        self.add_page(self.item_key(article, "component/k2"), "duplicate", "item.html", article, **views)
        self.add_page(self.item_key(article, "trang-chu"), "duplicate", "item.html", article, **views)
        self.add_page(self.print_key(article), "print", "print.html", article, **views)
        self.add_article_files(article)

    def add_lists(self) -> None:
        self.add_page("/", "listing", "home.html")
        self.add_page("/index.php", "listing", "home.html")
        everything = self.portal.articles
        shown = [(ALL, everything)] + [(s, [a for a in everything if a.section is s]) for s in self.portal.sections]
        for section, articles in shown:
            newest_first = sorted(articles, key=lambda a: not a.pinned)
            self.add_listing(
                partial(self.list_page, section),
                newest_first,
                title=section.title,
                feed=self.feed_key(section),
                section=section,
            )
            self.add_feed(self.feed_key(section), section.title, list(articles)[:10])
        for section in self.portal.sections:
            self.add_redirect(self.category_key(section), self.menu_key(section))
        self.add_feed(self.feed_key(), self.portal.title, list(everything)[:10])
        self.add_side_lists()

    def list_page(self, section: Section, number: int) -> str:
        return self.menu_key(section, (number - 1) * self.page_size)

    def add_side_lists(self) -> None:
        for tag, articles in self.by_tag().items():
            self.add_listing(
                partial(self.side_page, self.tag_key(tag)),
                articles,
                title=f"Hiển thị các mục theo tag: {tag}",
                feed="",
                section=None,
            )
        for account, articles in self.by_account().items():
            self.add_listing(
                partial(self.side_page, self.user_key(account)), articles, title=account, feed="", section=None
            )
        days: dict[str, list[Article]] = {}
        for article in self.portal.articles:
            if article.published:
                days.setdefault(self.date_key(article), []).append(article)
        for key, articles in days.items():
            title = f"Hiển thị các mục theo ngày: {articles[0].when:%d/%m/%Y}"
            self.add_listing(partial(self.side_page, key), articles, title=title, feed="", section=None)

    def side_page(self, key: str, number: int) -> str:
        return key if number == 1 else f"{key}?start={(number - 1) * self.page_size}"

    def add_feed(self, key: str, title: str, articles: list[Article]) -> None:
        self.add(key, "feed", partial(self.xml, "rss.xml", title=title, articles=articles, key=key))

    def add_other_pages(self) -> None:
        for page in self.portal.pages:
            self.add_page(f"/index.php/{page.alias}", "static", "page.html", view="static", title=page.title, page=page)
        self.add_page("/index.php/lien-he", "static", "page.html", view="contact", title="Liên hệ")
        self.add_page("/index.php/hoi-dap", "qa", "page.html", view="questions", title="Hỏi - Đáp")
        for item in self.portal.questions:
            self.add_page(self.question_key(item.id), "qa", "page.html", view="question", title=item.title, item=item)
        self.add_page("/index.php/van-ban", "law_list", "page.html", view="laws", title="Hệ thống văn bản")
        self.add_page("/index.php/video", "media", "page.html", view="videos", title="Video clip")
        self.add_page("/index.php/thu-vien-anh", "media", "page.html", view="albums", title="Thư viện ảnh")
        self.add_page("/index.php/lich-cong-tac", "error", "notfound.html", title="Lịch công tác")
        self.add_media()
        self.add_search("/index.php/tim-kiem?searchword=hội nghị")

    def media_key(self, name: str) -> str:
        return f"/images/thuvien/{name}"

    def add_search(self, key: str) -> None:
        words = key.split("=", 1)[1]
        self.add_page(key, "search", "search.html", title="Tìm kiếm", words=words, entries=self.found(words))

    def unlisted(self, path: str, query: str) -> Reply | None:
        if path == "/index.php/tim-kiem":
            words = query.removeprefix("searchword=")
            return self.html("search.html", title="Tìm kiếm", words=words, entries=self.found(words))
        match = MONTH.fullmatch(query)
        if path == f"/index.php/{ALL.alias}" and match and int(match[2]) in YEARS and 1 <= int(match[1]) <= 12:
            return self.html(
                "calendar.html", title="Lịch", month=int(match[1]), year=int(match[2]), **self.neighbours(match)
            )
        return None

    def neighbours(self, match: re.Match[str]) -> dict[str, object]:
        """What the calendar page of a month links: the months beside it and the days that have articles."""
        month, year = int(match[1]), int(match[2])
        before, after = (year * 12 + month - 2, year * 12 + month)
        days = {
            a.when.day: self.href(self.date_key(a))
            for a in self.portal.articles
            if a.published and (a.when.month, a.when.year) == (month, year)
        }
        return {"before": self.month_href(before), "after": self.month_href(after), "days": sorted(days.items())}

    def month_href(self, months: int) -> str:
        """The calendar's address of a month counted from year 0; empty outside its years."""
        year, month = divmod(months, 12)
        return self.href(f"/index.php/{ALL.alias}?month={month + 1}&year={year}") if year in YEARS else ""
