"""The skeleton of a new family, made from one saved article: its module, its saved pages, what is expected of them.

It is born passing: what is expected is what the skeleton reads. The values are for a person to check, and to mend.
"""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

import crawler
from archive.model import Article
from crawler.addresses.scope import portal_scope
from crawler.cms.family import Family
from crawler.cms.fingerprints import generators
from crawler.cms.recognise import identify, recognise, recognise_as
from crawler.discovery.links import feeds_of
from crawler.discovery.pager import pager_of
from crawler.discovery.sections import sections_of
from crawler.errors import UserError
from crawler.extract.locate.extent import body_of
from crawler.extract.locate.prose_weight import flatten, weigh
from crawler.extract.locate.title_element import title_node
from crawler.extract.reading import read
from crawler.page.metadata import read_metadata
from crawler.page.outside import path_to
from crawler.page.page import Page

_NAME = re.compile(r"[a-z][a-z0-9_]{2,30}")
_PLAIN_NAME = re.compile(r"[A-Za-z][\w-]*")

_MODULE = '''"""{title}: say here whose software it is, where it is seen, and what is odd about it."""

from __future__ import annotations

from typing import ClassVar

from crawler.cms.family import Dates, Family, Pagination, Selectors
from crawler.cms.fingerprints import Mark


class {cls}(Family):
    """Say here what its addresses tell, and which of its dates is to be believed."""

    name: ClassVar[str] = "{name}"
    title: ClassVar[str] = "{title}"
    pagination: ClassVar[Pagination] = "{pagination}"
    generator: ClassVar[tuple[str, ...]] = {generator}
    marks: ClassVar[tuple[Mark, ...]] = {marks}
    article_marks: ClassVar[tuple[str, ...]] = ({body!r},)
    dates: ClassVar[Dates] = Dates()
    selectors: ClassVar[Selectors] = Selectors(
        title=({head!r},),
        body=({body!r},),
    )
'''


@dataclass(slots=True)
class Saved:
    """A page to be saved: its markup and the address it was fetched from."""

    body: bytes
    url: str


def compared(article: Article) -> dict[str, Any]:
    """What of an article a saved page is held to, under the names of the expected JSON."""
    return {
        "title": article.title,
        "lead": article.lead,
        "paragraphs": article.paragraphs,
        "captions": article.captions,
        "section": article.section,
        "byline": article.byline,
        "author": article.author,
        "source": article.source,
        "published": article.published.value[:16] if article.published else None,
        "event_date": article.event_date,
        "views": article.views,
        "tags": article.tags,
        "attachments": [file.name for file in article.attachments],
    }


def make(name: str, article: Saved, home: Saved, listing: Saved, root: Path | None = None) -> dict[str, Any]:
    """Write the skeleton into a source checkout (default: the one this runs from); answers what is expected of the article.

    Raises :class:`UserError` where there is no checkout, the name is none or taken, or the page is no article.
    """
    root = root or Path(crawler.__file__).parent.parent
    module, pages = root / "crawler" / "cms" / "families" / f"{name}.py", root / "tests" / "crawler" / "cms" / "pages"
    if not pages.is_dir():
        raise UserError(f"{root} is no checkout of the project: a family is written into its sources and tests")
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} is no name of a family: give small letters, digits and _, such as nukeviet")
    if module.exists():
        raise UserError(f"there is a family {name} already: {module}")
    known = identify(Page.parse(article.body, article.url))
    if known.family.name != "general":
        raise UserError(f"{article.url} is recognised already, as {known.family.name}: {known.evidence}")
    code = _code(name, *(Page.parse(saved.body, saved.url) for saved in (article, home, listing)))
    family = _loaded(code, name)
    expected = _expected(family, article)
    module.write_text(code, encoding="utf-8")
    folder = pages / name
    folder.mkdir()
    for stem, saved in (("article", article), ("home", home), ("list", listing)):
        (folder / f"{stem}.html").write_bytes(saved.body)
    _write(folder / "article.json", expected)
    _write(folder / "portal.json", _portal(family, home, listing))
    return expected


def class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _code(name: str, page: Page, home: Page, listing: Page) -> str:
    metadata = read_metadata(page)
    title = title_node(page, metadata)
    root = page.tree.body
    if title is None or root is None:
        raise UserError(f"{page.url}: no title was found that the page prints, so that nothing can be made of it")
    ids = frozenset(node.mem_id for node in path_to(title))
    body = _selector(page, body_of(page, root, weigh(flatten(page.tree), ids)))
    said = generators(page).split(" | ")[0].split(" ")[0]
    return _MODULE.format(
        title=name.replace("_", " ").capitalize(),
        cls=class_name(name),
        name=name,
        pagination=pager_of(listing).kind,
        generator=f"({said!r},)" if said else "()",
        marks="()" if said else _marks(body, page, home, listing),
        head=_selector(page, title),
        body=body,
    )


def _marks(body: str, page: Page, *others: Page) -> str:
    """A folder of assets that all the pages load, else the element of the text, which only articles have."""
    for folder in _folders(page):
        if all(folder in _folders(other) for other in others):
            css = f'link[href*="{folder}"], script[src*="{folder}"]'
            return f"(Mark({folder!r}, {f'assets under {folder}'!r}, {css!r}),)"
    word = re.findall(r"[\w-]{4,}", body)[-1:] or ["<body"]
    return f"(Mark({word[0]!r}, {f'the element {body}'!r}, {body!r}, anywhere=True, common=True),)"


def _folders(page: Page) -> list[str]:
    """The folders on its own host a page loads styles and scripts from, the most telling first: those deepest down."""
    host = urlsplit(page.url).hostname
    urls = (
        page.resolve(node.attributes.get("href") or node.attributes.get("src"))
        for node in page.tree.css('link[rel~="stylesheet"][href], script[src]')
    )
    paths = [urlsplit(url).path for url in urls if url and urlsplit(url).hostname == host]
    found = {path[: path.index("/", 1) + 1] for path in paths if path.count("/") > 1}
    plain = {
        "/css/",
        "/js/",
        "/scripts/",
        "/images/",
        "/assets/",
        "/static/",
        "/content/",
        "/lib/",
        "/dist/",
        "/public/",
    }
    return sorted(folder for folder in found if folder.lower() not in plain)


def _selector(page: Page, node: LexborNode) -> str:
    """The shortest selector, by id or class, of the node or with its parents', that gives this node first."""
    parts: list[str] = []
    at: LexborNode | None = node
    while at is not None and at.tag not in ("html", "-document"):
        parts.insert(0, _own_name(at))
        choice = " ".join(parts)
        first = page.tree.css_first(choice)
        if first is not None and first.mem_id == node.mem_id and choice != node.tag:
            return choice
        at = at.parent
    return " > ".join(parts)


def _own_name(node: LexborNode) -> str:
    attributes = node.attributes
    name = attributes.get("id") or ""
    if _PLAIN_NAME.fullmatch(name) and not re.search(r"\d", name):
        return f"#{name}"
    classes = [word for word in (attributes.get("class") or "").split() if _PLAIN_NAME.fullmatch(word)]
    return (node.tag or "*") + "".join(f".{word}" for word in classes[:2])


def _loaded(code: str, name: str) -> Family:
    """The family of a module that is not written yet."""
    spec = importlib.util.spec_from_loader(f"crawler.cms.families.{name}", loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    exec(compile(code, f"{name}.py", "exec"), module.__dict__)  # our own template, filled in above
    family: Family = getattr(module, class_name(name))()
    return family


def _page(family: Family, saved: Saved) -> Page:
    page = Page.parse(saved.body, saved.url)
    if family.recognise(page) is not None:
        recognise_as(page, family, "its own marks")
    return page


def _expected(family: Family, saved: Saved) -> dict[str, Any]:
    page = _page(family, saved)
    reading = read(page)
    if reading.article is None or reading.family is not family:
        raise UserError(f"{saved.url} is read as {reading.kind} ({reading.reason}): give the page of an article")
    return {
        "url": saved.url,
        "kind": reading.kind,
        **compared(reading.article),
        "removed": sorted({piece.kind for piece in reading.article.removed}),
        "family": family.name,
        "way": reading.article.extractor.split("/")[1],
    }


def _portal(family: Family, home: Saved, listing: Saved) -> dict[str, Any]:
    inside = portal_scope(home.url)
    first, listed = _page(family, home), _page(family, listing)
    pager = pager_of(listed, inside)
    return {
        "home": home.url,
        "list": listing.url,
        "feeds": feeds_of(first, inside),
        "pagination": pager.kind,
        "list_pages": pager.pages,
        "recognised_on": [name for name, page in (("home", first), ("list", listed)) if recognise(page) is family],
        "sections": {s.name: s.url for s in sections_of(first, recognise(first), inside) if s.kind == "news"},
    }


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
