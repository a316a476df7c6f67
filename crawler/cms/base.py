"""What a CMS family is: how its pages are recognised, what its addresses mean, where its articles keep their parts.

A family is data before it is code: selectors as named tuples of CSS, tried in order, the newest theme first. Extraction
reads them; where none matches (a theme with other class names) it falls back to structure and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from archive.model import RemovedKind
from crawler.cms.addresses import generic_kind, skipped_view

if TYPE_CHECKING:
    from crawler.page import Page

Role = Literal["article", "listing", "skip"]

PageKind = Literal[
    "article",
    "listing",
    "static",
    "qa",
    "law_list",
    "media",
    "search",
    "login",
    "feed",
    "error",
    "blocked",
    "javascript",
    "empty",
    "broken",
    "spam",
]
"""What a page can be. Only ``article`` carries an article; ``static`` is about, contact and organisation pages."""


class LinkKind(NamedTuple):
    """What an address promises: an article, a list of them, or something not worth fetching, and why."""

    kind: Role
    reason: str


class Verdict(NamedTuple):
    """What a page is, as one sentence fragment tells."""

    kind: PageKind
    reason: str


@dataclass(frozen=True)
class Selectors:
    """Where the pages of a family keep the parts of an article; every field a tuple of CSS selectors in order of trust.

    ``body`` is special: the first selector that matches gives all its matches, read one after the other.
    ``lead`` lies inside or outside the body; it is taken out of it. ``drop`` names boilerplate inside the body, with
    the kind it is kept under in :attr:`archive.model.Article.removed`; ``aside`` the same outside of it.
    """

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    drop: tuple[tuple[str, RemovedKind], ...] = ()
    aside: tuple[tuple[str, RemovedKind], ...] = ()


@dataclass(frozen=True)
class Dates:
    """In which order the sources of a date are believed on a family's pages.

    Names: ``visible`` (what a reader sees), ``time`` (``<time datetime>``), ``jsonld``, ``microdata``, ``meta``.
    ``modified`` is empty for families that print no honest date of change.
    """

    published: tuple[str, ...] = ("jsonld", "microdata", "time", "meta", "visible")
    modified: tuple[str, ...] = ("jsonld", "microdata", "meta", "visible")


class Family:
    """One CMS family. Set ``name``, ``selectors``, ``dates``; write :meth:`recognise`; the rest where it is known.

    1. ``name``: the handle stored with articles, ``joomla_k2``.
    2. ``recognise(page)``: the evidence in words, or ``None``. It must not be fooled by a link to such a site.
    3. ``canonical(url)``: one form per article whatever path led there, or ``None`` for no opinion.
    4. ``own_kind(url)``: what an address of this software is; ``None`` leaves it to the general rules.
    5. ``verdict(page)``: what a page of this software is, by its own marks; ``None`` leaves it to the general rules.
    """

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    selectors: ClassVar[Selectors] = Selectors()
    dates: ClassVar[Dates] = Dates()
    article_marks: ClassVar[tuple[str, ...]] = ()
    """Selectors any of which tells that the page is one article of this family."""
    listing_marks: ClassVar[tuple[str, ...]] = ()

    def recognise(self, page: Page) -> str | None:
        raise NotImplementedError

    def canonical(self, url: str) -> str | None:
        """The one form of an article's address; it is compared, never fetched. ``None``: no opinion."""
        return None

    def own_kind(self, url: str) -> LinkKind | None:
        """What the family's own rules say of an address; ``None`` where they say nothing."""
        return None

    def link_kind(self, url: str) -> LinkKind | None:
        """What ``url`` promises, judged by its shape alone: the family's rules first, then the general ones."""
        view = skipped_view(url)
        if view is not None:
            return LinkKind("skip", view)
        own = self.own_kind(url)
        if own is not None:
            return own
        generic = generic_kind(url)
        return LinkKind(*generic) if generic is not None else None

    def verdict(self, page: Page) -> Verdict | None:
        """What a page is by the family's own marks, listing marks only where no article mark is found."""
        tree = page.tree
        for mark in self.article_marks:
            if tree.css_first(mark) is not None:
                return Verdict("article", f"{self.name} marks it as an item ({mark})")
        for mark in self.listing_marks:
            if tree.css_first(mark) is not None:
                return Verdict("listing", f"{self.name} marks it as a list ({mark})")
        return None


def generator(page: Page) -> str:
    """The content of the page's ``meta generator`` tags in lower case, empty without one."""
    nodes = page.tree.css('meta[name="generator" i], meta#MetaGenerator')
    return " | ".join((node.attributes.get("content") or "").strip().lower() for node in nodes)


def has_asset(page: Page, *parts: str) -> str | None:
    """The first of ``parts`` that occurs in the address of a style, script or picture the page loads."""
    for node in page.tree.css("link[href], script[src], img[src]"):
        address = node.attributes.get("href") or node.attributes.get("src") or ""
        if (
            node.tag == "link"
            and "stylesheet" not in (node.attributes.get("rel") or "")
            and "icon" not in (node.attributes.get("rel") or "")
        ):
            continue
        for part in parts:
            if part in address:
                return part
    return None


@dataclass
class Found:
    """A family and the evidence by which a page was recognised as its own."""

    family: Family
    evidence: str = field(default="")
