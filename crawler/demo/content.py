"""The demo's articles and portals, read from ``content/<portal>/*.toml`` and checked.

``portal.toml`` describes the portal and its pages that are no articles; every other file is a section and holds its
articles, one table each, with everything that is true about them (see ``Article``).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from crawler.demo.body import Block, mended, parse, slug

HERE = Path(__file__).parent / "content"
STYLES = ("clean", "figure", "word", "br", "div", "table", "nbsp", "gutenberg", "wpcaption")


class ContentError(ValueError):
    """A content file that breaks a rule; the message names the file and the article."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a portal: its number in the CMS, its alias in addresses and the name readers see."""

    id: int
    alias: str
    title: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its portal publishes it, and the truth about it.

    ``published`` and ``modified`` are local times (``YYYY-MM-DDTHH:MM:SS``); an article without ``published`` prints no
    date anywhere and is ordered by ``order``. ``byline`` is the signature below the text, ``byline_printed`` its
    spelling there when it is sloppy. ``account`` is the name the CMS prints by itself, ``source`` the CMS's own
    "Nguồn tin" row. ``style`` names the editor habit its HTML shows, ``encoding`` (``nfd`` or ``ncr``) a
    way its letters are written, ``meta_published`` a wrong time for the meta tag.
    """

    id: int
    title: str
    section: Section
    lead: str
    body: tuple[Block, ...]
    alias: str
    published: str | None = None
    modified: str | None = None
    order: str = ""
    style: str = "clean"
    encoding: str = ""
    byline: str = ""
    byline_printed: str = ""
    account: str = ""
    source: str = ""
    meta_published: str = ""
    views: int = 0
    votes: int = 0
    tags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    """File name and the name shown, as ``so-12.pdf | Kế hoạch số 12``."""
    intro: bool = True
    """Whether the lead is marked as such; else it is the first paragraph of the text."""
    pinned: bool = False
    faulty_date: bool = False
    """Whether the date is printed with the faulty weekday names of a K2 language pack."""
    spam: tuple[str, ...] = ()
    """Links hidden in this page, as ``words | address``."""
    comments: tuple[str, ...] = ()
    """What readers wrote below, as ``name | words``."""
    footer_ad: str = ""
    """An advert below the article, inside its container, as ``words | address``."""

    @property
    def when(self) -> datetime:
        """The time it is ordered by."""
        return datetime.fromisoformat(self.published or self.order)

    def of_kind(self, kind: str) -> list[Block]:
        return [block for block in self.body if block.kind == kind]

    def files(self) -> list[tuple[str, str]]:
        """File name and shown name of each attachment."""
        return [split_pair(entry) for entry in self.attachments]


@dataclass(frozen=True, slots=True)
class Question:
    """A reader's question and the authority's answer."""

    id: int
    title: str
    asker: str
    asked: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Law:
    """A row of the list of legal documents; its file is made from its number."""

    number: str
    date: str
    summary: str


@dataclass(frozen=True, slots=True)
class StaticPage:
    """A page of the institution itself: introduction, organisation, contact …"""

    alias: str
    title: str
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal: what it is called, its sections, its articles (newest first) and its other pages."""

    name: str
    cms: str
    title: str
    motto: str
    unit: str
    footer: tuple[str, ...]
    visits: tuple[str, ...]
    sections: tuple[Section, ...]
    pages: tuple[StaticPage, ...]
    questions: tuple[Question, ...]
    laws: tuple[Law, ...]
    videos: tuple[str, ...]
    albums: tuple[str, ...]
    links: tuple[str, ...]
    articles: tuple[Article, ...] = field(default=())


def split_pair(entry: str) -> tuple[str, str]:
    """Both halves of ``one | other``."""
    left, _, right = entry.partition("|")
    return left.strip(), right.strip()


@cache
def load(name: str) -> Portal:
    """The portal of that name. Raises ContentError; KeyError for a name without content."""
    folder = HERE / name
    if not (folder / "portal.toml").is_file():
        raise KeyError(name)
    data = tomllib.loads((folder / "portal.toml").read_text("utf-8"))
    sections = tuple(Section(**row) for row in data.pop("section"))
    articles = [
        read_article(row, section, f"{name}/{section.alias}.toml")
        for section in sections
        for row in tomllib.loads((folder / f"{section.alias}.toml").read_text("utf-8"))["article"]
    ]
    refuse_repeats(articles, name)
    return Portal(
        name=name,
        sections=sections,
        pages=tuple(StaticPage(row["alias"], row["title"], parse(row["body"])) for row in data.pop("page")),
        questions=tuple(Question(**row) for row in data.pop("question")),
        laws=tuple(Law(**row) for row in data.pop("law")),
        articles=tuple(sorted(articles, key=lambda article: (article.when, article.id), reverse=True)),
        **tuples(data),
    )


def tuples(table: dict[str, Any]) -> dict[str, Any]:
    """The table with its lists made tuples, as frozen things hold them."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def read_article(row: dict[str, Any], section: Section, origin: str) -> Article:
    """An article from its table. Raises ContentError for what the notation or the rules below refuse."""
    known = {item.name for item in fields(Article)}
    if unknown := set(row) - known:
        raise ContentError(f"{origin}: {row.get('id')}: unknown key {sorted(unknown)}")
    values = tuples(row)
    values["body"] = parse(row["body"])
    values.setdefault("alias", slug(row["title"]))
    article = Article(section=section, **values)
    if fault := faults(article):
        raise ContentError(f"{origin}: {article.id}: {fault}")
    return article


def faults(article: Article) -> str:
    """What is wrong with an article, or nothing."""
    if not (article.title and article.lead and article.body):
        return "title, lead and body must be written"
    if article.style not in STYLES or article.encoding not in ("", "nfd", "ncr"):
        return f"unknown style {article.style!r} or encoding {article.encoding!r}"
    if bool(article.published) == bool(article.order):
        return "either published or order must be given"
    if article.modified and article.published and article.modified < article.published:
        return "modified before it was published"
    if article.byline_printed and mended(article.byline_printed) == article.byline:
        return "byline_printed says nothing that byline does not"
    numbers = [int(block.target) for block in article.of_kind("file")]
    if any(number > len(article.attachments) for number in numbers):
        return "a link to an attachment that is not there"
    return ""


def refuse_repeats(articles: list[Article], name: str) -> None:
    for what, values in (("id", [str(a.id) for a in articles]), ("alias", [a.alias for a in articles])):
        if repeated := sorted({value for value in values if values.count(value) > 1}):
            raise ContentError(f"{name}: {what} given twice: {repeated}")
