"""One portal as a table of addresses: what is common to the three systems.

A ``Site`` knows every address it serves, of what kind the page is and how to make it; a page is made when it is first
asked for and kept. Addresses that cannot be listed (searches, a calendar without end, a language trap) are answered by
``unlisted``. An address here is a *key*: path and query, not percent-encoded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, unquote_plus

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crawler.demo import files
from crawler.demo.body import Block, mended, slug
from crawler.demo.content import Article, Law, Portal, split_pair
from crawler.demo.editors import render, written_as
from crawler.demo.printed_dates import iso, rfc822

HERE = Path(__file__).parent.parent
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
NOT_ARTICLES = ("listing", "static", "qa", "law_list", "media", "search", "error", "print")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: ``headers`` are those beside Content-Type and Content-Length."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """How an address is answered. Kinds: ``article``, ``duplicate`` (of an article), one of ``NOT_ARTICLES``, ``asset``,
    ``file``, ``feed``, ``sitemap``, ``robots``, ``redirect``."""

    kind: str
    make: Callable[[], Reply]
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as lists show it; ``date`` is empty for one that prints none."""

    article: Article
    href: str
    date: str
    thumb: str

    @property
    def title(self) -> str:
        return mended(self.article.title)

    @property
    def summary(self) -> str:
        """The lead, shortened as list pages do."""
        words = mended(self.article.lead).split(" ")
        return " ".join(words[:40]) + ("..." if len(words) > 40 else "")


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link of a pager."""

    label: str
    href: str
    current: bool


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"rfc822": rfc822, "iso": iso}
    return made


class Site(ABC):
    """A portal served at ``base`` (``http://127.0.0.1:8931``, no slash at the end)."""

    theme: ClassVar[str]
    """Folder of its templates, and name of its style sheet."""
    asset_root: ClassVar[str]
    """Path under which style sheet and logo lie."""
    page_size: ClassVar[int] = 10

    def __init__(self, portal: Portal, base: str) -> None:
        self.portal = portal
        self.base = base.rstrip("/")
        self.routes: dict[str, Route] = {}
        self._made: dict[str, Reply] = {}
        self.documents: dict[str, str] = {}
        """Headings of documents by file name, where they are not as their articles show them."""
        self.add_assets()
        self.build()

    @abstractmethod
    def build(self) -> None:
        """Fill ``routes``."""

    @abstractmethod
    def article_key(self, article: Article) -> str: ...

    @abstractmethod
    def image_key(self, article: Article, number: int) -> str: ...

    @abstractmethod
    def file_key(self, article: Article, number: int) -> str: ...

    @abstractmethod
    def law_key(self, law: Law) -> str: ...

    @abstractmethod
    def media_key(self, name: str) -> str:
        """Address of a file of the gallery or the video page."""

    @abstractmethod
    def printed_date(self, article: Article) -> str: ...

    def signature(self, article: Article) -> str:
        """What a reader takes for the article's signature; its spaces mended."""
        return article.byline

    def attachment_name(self, article: Article, number: int) -> str:
        """What the page calls the attachment of that number."""
        return article.files()[number - 1][1]

    def unlisted(self, path: str, query: str) -> Reply | None:
        """The answer to an address that is in no table, or None for "not found"."""
        return None

    def not_found(self) -> Reply:
        return Reply(self.html("notfound.html", title="Không tìm thấy trang").body, status=404)

    def reply(self, target: str) -> Reply:
        """The answer to a request target (path and query as sent). Never raises for an unknown one."""
        path, _, query = target.partition("?")
        path, query = unquote(path), unquote_plus(query)
        key = f"{path}?{query}" if query else path
        if key in self._made:
            return self._made[key]
        if key in self.routes:
            return self._made.setdefault(key, self.routes[key].make())
        return self.unlisted(path, query) or self.not_found()

    def href(self, key: str) -> str:
        """The key as pages of this system link it."""
        return encoded(key)

    def absolute(self, key: str) -> str:
        return self.base + encoded(key)

    def add(self, key: str, kind: str, make: Callable[[], Reply], article: Article | None = None) -> None:
        if key in self.routes:
            raise ValueError(f"two pages at {key}")
        self.routes[key] = Route(kind, make, article)

    def add_page(self, key: str, kind: str, template: str, article: Article | None = None, **context: Any) -> None:
        """A page made by a template; ``key`` is the name of its own address there."""
        self.add(key, kind, partial(self.html, template, key=key, article=article, **context), article)

    def add_redirect(self, key: str, to: str) -> None:
        reply = Reply(b"", status=301, headers=(("Location", self.absolute(to)),))
        self.add(key, "redirect", lambda: reply)

    def add_file(self, key: str, kind: str, make: Callable[[], bytes]) -> None:
        content_type = files.CONTENT_TYPES[key.rsplit(".", 1)[-1]]
        self.add(key, kind, lambda: Reply(make(), content_type))

    def add_assets(self) -> None:
        css = HERE / "static" / f"{self.theme}.css"
        name = self.portal.name
        self.add_file(f"{self.asset_root}/css/style.css", "asset", css.read_bytes)
        self.add_file(f"{self.asset_root}/images/logo.png", "asset", partial(files.banner, f"logo {name}", 96, 96))
        self.add_file(f"{self.asset_root}/images/banner.png", "asset", partial(files.banner, f"banner {name}", 220, 60))
        self.add_file("/favicon.ico", "asset", partial(files.icon, name))

    def add_article_files(self, article: Article) -> None:
        """The pictures and attachments of an article; each article has a thumbnail, number 0."""
        for number in range(len(article.of_kind("image")) + 1):
            key = self.image_key(article, number)
            self.add_file(key, "asset", partial(files.photo, f"{self.portal.name} {article.id} {number}"))
        for number, (name, shown) in enumerate(article.files(), 1):
            reply = partial(self.document, name, shown)
            self.add(self.file_key(article, number), "file", reply)

    def add_laws(self) -> None:
        for law in self.portal.laws:
            key = self.law_key(law)
            self.add_file(key, "file", partial(files.document, key, f"{law.number} {law.summary}"))

    def add_media(self) -> None:
        """The pictures of the gallery and the one video."""
        for number in range(1, len(self.portal.albums) + 1):
            seed = f"{self.portal.name} album {number}"
            self.add_file(self.media_key(f"anh-{number}.jpg"), "asset", partial(files.photo, seed))
        self.add_file(self.media_key("phong-su.mp4"), "asset", files.video)

    def document(self, name: str, shown: str) -> Reply:
        disposition = ("Content-Disposition", f'attachment; filename="{name}"')
        shown = self.documents.get(name, shown)
        return Reply(files.document(name, shown), files.CONTENT_TYPES[name.rsplit(".", 1)[-1]], headers=(disposition,))

    def add_listing(
        self, page_key: Callable[[int], str], articles: Sequence[Article], template: str = "list.html", **context: Any
    ) -> None:
        """The pages of a list; ``page_key`` gives the address of page 1, 2 … An empty list has one page."""
        starts = range(0, max(len(articles), 1), self.page_size)
        for number, start in enumerate(starts, 1):
            pager = [PageLink(str(n), self.href(page_key(n)), n == number) for n in range(1, len(starts) + 1)]
            self.add_page(
                page_key(number),
                "listing",
                template,
                entries=self.entries(articles[start : start + self.page_size]),
                pager=pager if len(pager) > 1 else [],
                page_number=number,
                **context,
            )

    def entries(self, articles: Iterable[Article]) -> list[Entry]:
        return [
            Entry(
                article,
                self.href(self.article_key(article)),
                self.printed_date(article),
                self.href(self.image_key(article, 0)),
            )
            for article in articles
        ]

    def related(self, article: Article) -> tuple[list[Entry], list[Entry]]:
        """The articles of the same section just newer and just older, at most four each."""
        same = [other for other in self.portal.articles if other.section is article.section]
        place = same.index(article)
        return self.entries(same[max(place - 4, 0) : place]), self.entries(same[place + 1 : place + 5])

    def by_tag(self) -> dict[str, list[Article]]:
        tags: dict[str, list[Article]] = {}
        for article in self.portal.articles:
            for tag in article.tags:
                tags.setdefault(tag, []).append(article)
        return tags

    def by_account(self) -> dict[str, list[Article]]:
        accounts: dict[str, list[Article]] = {}
        for article in self.portal.articles:
            if article.account:
                accounts.setdefault(article.account, []).append(article)
        return accounts

    def body_html(self, article: Article) -> Markup:
        opening = () if article.intro else (Block("paragraph", article.lead),)
        return render(
            article.style,
            opening + article.body,
            lambda number: self.href(self.image_key(article, number)),
            lambda number: self.href(self.file_key(article, number)),
            article.byline_printed or article.byline,
            article.encoding,
        )

    def lead_html(self, article: Article) -> Markup:
        return Markup(written_as(escape(article.lead, quote=False), article.encoding))

    def html(self, template: str, **context: Any) -> Reply:
        """A page of this theme. Templates see ``site``, ``portal``, ``key`` and what is given."""
        article = context.get("article")
        values = {"key": "", "article": None, "title": article.title if article else ""} | context
        text = environment().get_template(f"{self.theme}/{template}").render(site=self, portal=self.portal, **values)
        return Reply(text.encode("utf-8"))

    def xml(self, template: str, **context: Any) -> Reply:
        text = environment().get_template(f"common/{template}").render(site=self, portal=self.portal, **context)
        return Reply(text.encode("utf-8"), XML)

    def pairs(self, entries: Iterable[str]) -> list[tuple[str, str]]:
        """``one | other`` entries of the content, split."""
        return [split_pair(entry) for entry in entries]

    def newest(self, number: int) -> list[Entry]:
        return self.entries(self.portal.articles[:number])

    def most_read(self, number: int) -> list[Entry]:
        return self.entries(sorted(self.portal.articles, key=lambda a: (-a.views, a.id))[:number])

    def found(self, words: str) -> list[Entry]:
        """What the portal's own search finds: titles that hold the words, accents and case aside."""
        wanted = slug(words, 400)
        return self.entries(a for a in self.portal.articles if wanted and wanted in slug(a.title, 400))


def encoded(key: str) -> str:
    """A key percent-encoded, as it stands in a link."""
    path, _, query = key.partition("?")
    return quote(path, safe="/:-._~") + (f"?{quote(query, safe='=&:/')}" if query else "")
