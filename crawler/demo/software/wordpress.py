"""A WordPress portal, as communes set them up after the reform of 2025: its addresses.

What makes it hard to crawl: tag, author and month archives that repeat every article, short links, a feed and a
``replytocom`` link for every post, attachment pages, and a time in the meta tags that is local but marked as UTC.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

from crawler.demo import printed_dates
from crawler.demo.body import slug
from crawler.demo.content import Article, Law, Section
from crawler.demo.software.site import Reply, Site

ROBOTS = """User-agent: *
Disallow: /wp-admin/
Allow: /wp-admin/admin-ajax.php

Sitemap: {sitemap}
"""


class WordPress(Site):
    """The portal of an invented commune."""

    theme: ClassVar[str] = "wordpress"
    asset_root: ClassVar[str] = "/wp-content/themes/xa-phuong"

    def article_key(self, article: Article) -> str:
        return f"/{article.when:%Y/%m/%d}/{article.alias}/"

    def image_key(self, article: Article, number: int) -> str:
        size = "-150x150" if number == 0 else "-1024x640"
        return f"/wp-content/uploads/{article.when:%Y/%m}/{slug(article.title, 20)}-{article.id}-{number}{size}.jpg"

    def file_key(self, article: Article, number: int) -> str:
        return f"/wp-content/uploads/{article.when:%Y/%m}/{article.files()[number - 1][0]}"

    def law_key(self, law: Law) -> str:
        return f"/wp-content/uploads/van-ban/{slug(law.number)}.pdf"

    def media_key(self, name: str) -> str:
        return f"/wp-content/uploads/thu-vien/{name}"

    def printed_date(self, article: Article) -> str:
        return printed_dates.wordpress(article.when) if article.published else ""

    def attachment_name(self, article: Article, number: int) -> str:
        """A file linked in the text is shown by the words of the link and not again below."""
        linked = {block.target: block.text for block in article.of_kind("file")}
        return linked.get(str(number), article.files()[number - 1][1])

    def href(self, key: str) -> str:
        """WordPress prints absolute addresses."""
        return self.absolute(key)

    def section_key(self, section: Section, page: int = 1) -> str:
        return paged(f"/category/{section.alias}/", page)

    def tag_key(self, tag: str, page: int = 1) -> str:
        return paged(f"/tag/{slug(tag)}/", page)

    def author_key(self, account: str, page: int = 1) -> str:
        return paged(f"/author/{slug(account)}/", page)

    def month_key(self, month: str, page: int = 1) -> str:
        return paged(f"/{month}/", page)

    def question_key(self, number: int) -> str:
        return f"/hoi-dap/cau-hoi-{number}/"

    def iso_published(self, article: Article) -> str:
        return printed_dates.iso(article.when)

    def iso_modified(self, article: Article) -> str:
        return printed_dates.iso(datetime.fromisoformat(article.modified or article.published or article.order))

    def months(self) -> list[str]:
        """The months that have articles, newest first, as ``2025/08``."""
        return list(dict.fromkeys(f"{article.when:%Y/%m}" for article in self.portal.articles))

    def document(self, name: str, shown: str) -> Reply:
        plain = super().document(name, shown)
        return Reply(plain.body, plain.content_type)

    def build(self) -> None:
        for article in self.portal.articles:
            self.add_article(article)
        self.add_lists()
        self.add_feeds()
        self.add_other_pages()
        self.add_laws()

    def add_article(self, article: Article) -> None:
        newer, older = self.related(article)
        key = self.article_key(article)
        views = {"newer": newer, "older": older, "body": partial(self.body_html, article)}
        self.add_page(key, "article", "single.html", article, **views)
        if article.comments:
            self.add_page(f"{key}?replytocom={article.id}", "duplicate", "single.html", article, **views)
        self.add_page(f"{key}?print=pdf", "print", "print.html", article, **views)
        self.add_redirect(f"/?p={article.id}", key)
        self.add_redirect(key.rstrip("/"), key)
        self.add_article_files(article)

    def add_lists(self) -> None:
        everything = self.portal.articles
        self.add_listing(
            partial(paged, "/"), sorted(everything, key=lambda a: not a.pinned), "home.html", title=self.portal.title
        )
        for section in self.portal.sections:
            articles = [a for a in everything if a.section is section]
            self.add_listing(partial(self.section_key, section), articles, title=f"Danh mục: {section.title}")
        for tag, articles in self.by_tag().items():
            self.add_listing(partial(self.tag_key, tag), articles, title=f"Thẻ: {tag}")
        for account, articles in self.by_account().items():
            self.add_listing(partial(self.author_key, account), articles, title=f"Tác giả: {account}")
        for month in self.months():
            articles = [a for a in everything if f"{a.when:%Y/%m}" == month]
            self.add_listing(partial(self.month_key, month), articles, title=f"Tháng: {month}")

    def add_feeds(self) -> None:
        everything = list(self.portal.articles)
        self.add(
            "/feed/",
            "feed",
            partial(self.xml, "rss.xml", title=self.portal.title, articles=everything[:10], key="/feed/"),
        )
        maps = ["/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-page-1.xml"]
        pages = ["/lien-he/", *(f"/{page.alias}/" for page in self.portal.pages)]
        self.add("/wp-sitemap.xml", "sitemap", partial(self.xml, "sitemapindex.xml", maps=maps))
        self.add(maps[0], "sitemap", partial(self.xml, "sitemap.xml", keys=["/"], articles=everything))
        self.add(maps[1], "sitemap", partial(self.xml, "sitemap.xml", keys=pages, articles=[]))
        text = ROBOTS.format(sitemap=self.absolute("/wp-sitemap.xml"))
        self.add("/robots.txt", "robots", lambda: Reply(text.encode(), "text/plain; charset=utf-8"))

    def add_other_pages(self) -> None:
        for page in self.portal.pages:
            self.add_page(f"/{page.alias}/", "static", "page.html", view="static", title=page.title, page=page)
        self.add_page("/lien-he/", "static", "page.html", view="contact", title="Liên hệ")
        self.add_page("/hoi-dap/", "qa", "page.html", view="questions", title="Hỏi đáp")
        for item in self.portal.questions:
            self.add_page(self.question_key(item.id), "qa", "page.html", view="question", title=item.title, item=item)
        self.add_page("/van-ban/", "law_list", "page.html", view="laws", title="Văn bản")
        self.add_page("/video/", "media", "page.html", view="videos", title="Video")
        self.add_page("/thu-vien-anh/", "media", "page.html", view="albums", title="Thư viện ảnh")
        self.add_page("/dich-vu-cong/", "error", "maintenance.html", title="Cổng đang bảo trì")
        self.add_media()
        words = "xã"
        self.add_page(f"/?s={words}", "search", "search.html", title="Tìm kiếm", words=words, entries=self.found(words))

    def unlisted(self, path: str, query: str) -> Reply | None:
        if path == "/" and query.startswith("s="):
            words = query[2:]
            return self.html("search.html", title="Tìm kiếm", words=words, entries=self.found(words))
        if query.startswith("ver=") and path in self.routes:
            return self.reply(path)
        return None


def paged(key: str, page: int) -> str:
    """WordPress's address of a page of a list."""
    return f"{key}page/{page}/" if page > 1 else key
