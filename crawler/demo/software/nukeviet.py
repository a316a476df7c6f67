"""A NukeViet 4 portal: its addresses.

What makes it hard to crawl: relative language links that lead into ``/en/vi/en/…``, print views, every article in the
lists of its topic and tags too, addresses that are redirected to a trailing slash, and dead links that answer 200.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from crawler.demo import printed_dates
from crawler.demo.body import slug
from crawler.demo.content import Article, Law, Section
from crawler.demo.software.site import Reply, Site

TRAP_DEPTH = 10
"""Language folders that may be nested before the server calls it an error: 2,046 addresses in all."""

ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /cache/
Disallow: /data/
Disallow: /includes/
Disallow: /install/
Disallow: /language/
Disallow: /logs/
Disallow: /modules/
Disallow: /tmp/
Sitemap: {sitemap}
"""


class NukeViet(Site):
    """The portal of an invented district."""

    theme: ClassVar[str] = "nukeviet"
    asset_root: ClassVar[str] = "/themes/egov"

    def article_key(self, article: Article) -> str:
        return f"/news/{article.section.alias}/{article.alias}-{article.id}.html"

    def image_key(self, article: Article, number: int) -> str:
        folder = "assets/news" if number == 0 else "uploads/news"
        return f"/{folder}/{article.when:%Y_%m}/{slug(article.title, 24)}-{article.id}-{number}.jpg"

    def file_key(self, article: Article, number: int) -> str:
        return f"/uploads/news/{article.when:%Y_%m}/{article.files()[number - 1][0]}"

    def law_key(self, law: Law) -> str:
        return f"/uploads/laws/{slug(law.number)}.pdf"

    def law_page(self, law: Law) -> str:
        return f"/laws/detail/{slug(law.number)}/"

    def media_key(self, name: str) -> str:
        return f"/uploads/photos/{name}"

    def printed_date(self, article: Article) -> str:
        return printed_dates.nukeviet(article.when) if article.published else ""

    def signature(self, article: Article) -> str:
        """The signature below the text, else the row "Tác giả", which an editor fills in by hand in this system."""
        return article.byline or article.account

    def section_key(self, section: Section, page: int = 1) -> str:
        return f"/news/{section.alias}/" + (f"page-{page}/" if page > 1 else "")

    def tag_key(self, tag: str, page: int = 1) -> str:
        return f"/news/tag/{slug(tag)}/" + (f"page-{page}/" if page > 1 else "")

    def print_key(self, article: Article) -> str:
        return f"/news/print/{article.section.alias}/{article.alias}-{article.id}.html"

    def question_key(self, number: int) -> str:
        return f"/faq/cau-hoi-{number}.html"

    def feed_key(self, section: Section | None = None) -> str:
        return f"/news/rss/{section.alias}/" if section else "/news/rss/"

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
        views = {"newer": newer, "older": older, "body": partial(self.body_html, article)}
        self.add_page(self.article_key(article), "article", "detail.html", article, **views)
        self.add_page(self.print_key(article), "print", "print.html", article, **views)
        self.add_article_files(article)

    def add_lists(self) -> None:
        self.add_page("/", "listing", "home.html")
        self.add_redirect("/news", "/news/")
        everything = self.portal.articles
        self.add_listing(lambda page: f"/news/page-{page}/" if page > 1 else "/news/", everything, title="Tin tức")
        for section in self.portal.sections:
            pinned_first = sorted((a for a in everything if a.section is section), key=lambda a: not a.pinned)
            self.add_listing(partial(self.section_key, section), pinned_first, title=section.title)
            self.add_redirect(f"/news/{section.alias}", self.section_key(section))
        for tag, articles in self.by_tag().items():
            self.add_listing(partial(self.tag_key, tag), articles, title=f"Từ khóa: {tag}")

    def add_feeds(self) -> None:
        everything = self.portal.articles
        feeds: list[tuple[Section | None, str]] = [
            (None, self.portal.title),
            *((s, s.title) for s in self.portal.sections),
        ]
        for section, title in feeds:
            articles = [a for a in everything if section is None or a.section is section][:10]
            key = self.feed_key(section)
            self.add(key, "feed", partial(self.xml, "rss.xml", title=title, articles=articles, key=key))
        maps = ["/sitemap-pages.xml", "/sitemap-news.xml"]
        pages = ["/", *(self.section_key(s) for s in self.portal.sections)]
        self.add("/sitemap.xml", "sitemap", partial(self.xml, "sitemapindex.xml", maps=maps))
        self.add(maps[0], "sitemap", partial(self.xml, "sitemap.xml", keys=pages, articles=[]))
        self.add(maps[1], "sitemap", partial(self.xml, "sitemap.xml", keys=[], articles=everything))
        text = ROBOTS.format(sitemap=self.absolute("/sitemap.xml"))
        self.add("/robots.txt", "robots", lambda: Reply(text.encode(), "text/plain; charset=utf-8"))

    def add_other_pages(self) -> None:
        for page in self.portal.pages:
            self.add_page(
                f"/about/{page.alias}.html", "static", "page.html", view="static", title=page.title, page=page
            )
        self.add_page("/contact/", "static", "page.html", view="contact", title="Liên hệ")
        self.add_page("/faq/", "qa", "page.html", view="questions", title="Hỏi đáp trực tuyến")
        for item in self.portal.questions:
            self.add_page(self.question_key(item.id), "qa", "page.html", view="question", title=item.title, item=item)
        self.add_page("/laws/", "law_list", "page.html", view="laws", title="Văn bản")
        for law in self.portal.laws:
            self.add_page(self.law_page(law), "law_list", "page.html", view="law", title=law.number, law=law)
        self.add_page("/videoclips/", "media", "page.html", view="videos", title="Video")
        self.add_page("/photos/", "media", "page.html", view="albums", title="Thư viện ảnh")
        self.add_page("/news/tin-da-go/", "error", "gone.html", title="Thông báo")
        self.add_media()
        for words in ("kế hoạch", "xã"):
            self.add_page(
                f"/seek/?q={words}", "search", "search.html", title="Tìm kiếm", words=words, entries=self.found(words)
            )

    def unlisted(self, path: str, query: str) -> Reply | None:
        folders = path.strip("/").split("/")
        if len(folders) <= TRAP_DEPTH and set(folders) <= {"en", "vi"}:
            return self.html("language.html", title="English", key=path)
        if path == "/seek/":
            words = query.removeprefix("q=")
            return self.html("search.html", title="Tìm kiếm", words=words, entries=self.found(words))
        return None
