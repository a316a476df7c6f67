"""What a CMS family is: how its pages are recognised, what its addresses mean, where its articles keep their parts.

A family is data before it is code: selectors as named tuples of CSS, tried in order, the newest theme first. Extraction
reads them; where none matches (a theme with other class names) it falls back to structure and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

from archive.model import RemovedKind
from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import generic_kind, skipped_view
from crawler.cms.fingerprints import Mark, found_mark, generators
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

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


class Verdict(NamedTuple):
    """What a page is, and the evidence. ``typed``: the software's own type of the page says so ("news item")."""

    kind: PageKind
    reason: Reason
    typed: bool = False


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


@dataclass(frozen=True)
class Theme:
    """The selectors of one version of a family's markup, and the days of capture between which they are tried.

    ``since`` and ``until`` are ``YYYY-MM-DD`` or ``None``: a version that was not released yet cannot have made an old
    capture, and one that reads a later page wrongly is left out of it.
    """

    name: str
    selectors: Selectors
    since: str | None = None
    until: str | None = None

    def holds_at(self, fetched_at: str | None) -> bool:
        """Whether a capture of that time (ISO 8601) may have been made by this version; yes when it is not known."""
        day = (fetched_at or "")[:10]
        return not day or ((self.since or "") <= day and day <= (self.until or "9999"))


Pagination = Literal["offset", "page", "zero_based", "path", "postback", "none"]
"""How a list goes on: ``?start=20`` counts entries, ``?page=2`` pages from one, ``zero_based`` from nought; ``path`` is a
number in the path; ``postback`` a form that scripts send."""


def may_bear(page: Page) -> bool:
    """Whether a page may bear any software's marks, for who asks of one family alone."""
    return True


class Family:
    """One CMS family. Set ``name``, ``marks``, ``selectors``, ``dates``; the rest where it is known.

    1. ``name``, ``title``: the handle stored with articles, ``joomla_k2``, and the name people use.
    2. ``marks`` and ``generator``: the fingerprints; ``recognise(page)`` gives the evidence in words, or ``None``. It
       must not be fooled by a link to such a site.
    3. ``canonical(url)``: one form per article whatever path led there, or ``None`` for no opinion.
    4. ``own_kind(url)``: what an address of this software is; ``None`` leaves it to the general rules.
    5. ``verdict(page)``: what a page of this software is, by its own marks; ``None`` leaves it to the general rules.
    6. ``themes``: older versions of the markup with the days they are valid for, tried after ``selectors``.
    7. ``pagination``: how its lists go on where the page at hand shows no pager.
    8. ``number(url)`` and ``numbered(url, n)``: an article's number and the address of another, for software that numbers
       its articles densely and shows one by its number alone.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[int] = 1
    asked: ClassVar[int] = 90
    """Its turn when families are asked for their marks: the surest first, the unknown software last."""
    generator: ClassVar[tuple[str, ...]] = ()
    """What ``meta generator`` begins with, in lower case."""
    marks: ClassVar[tuple[Mark, ...]] = ()
    selectors: ClassVar[Selectors] = Selectors()
    themes: ClassVar[tuple[Theme, ...]] = ()
    dates: ClassVar[Dates] = Dates()
    pagination: ClassVar[Pagination] = "none"
    feed_paths: ClassVar[tuple[str, ...]] = ()
    """Where the software usually keeps the feed of all news, tried where no page announces one."""
    section_links: ClassVar[tuple[str, ...]] = ()
    """Links of the family's own markup that name a section, on any page."""
    article_marks: ClassVar[tuple[str, ...]] = ()
    """Selectors any of which tells that the page is one article of this family."""
    listing_marks: ClassVar[tuple[str, ...]] = ()

    def recognise(self, page: Page, bears_any: Callable[[Page], bool] = may_bear) -> str | None:
        """The evidence, in words, that this software made the page; ``None`` without any.

        ``bears_any`` says whether any mark that may stand anywhere is in the page, see :func:`crawler.cms.fingerprints.found_mark`.
        """
        said = generators(page)
        if said and self.generator:
            named = next((part for part in said.split(" | ") if part.startswith(self.generator)), None)
            if named is not None:
                return f"meta generator “{named[:60]}”"
        return found_mark(page, self.marks, bears_any)

    def number(self, url: str) -> int | None:
        """The number of the article at ``url``; ``None`` where the software does not number densely."""
        return None

    def numbered(self, url: str, number: int) -> str | None:
        """Where the article of that number is, beside the one at ``url``; ``None`` where an address needs a name."""
        return None

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
            return LinkKind("skip", Reason(view))
        own = self.own_kind(url)
        if own is not None:
            return own
        generic = generic_kind(url)
        return LinkKind(generic[0], Reason(generic[1])) if generic is not None else None

    def tags_by_class(self, page: Page) -> list[str]:
        """The tags that an article's class names tell where none are printed, by the names their lists are linked by."""
        return []

    def verdict(self, page: Page) -> Verdict | None:
        """What a page is by the family's own marks, listing marks only where no article mark is found."""
        tree = page.tree
        for mark in self.article_marks:
            if tree.css_first(mark) is not None:
                return Verdict("article", Reason(Code.MARKED_ITEM, software=self.name, mark=mark))
        for mark in self.listing_marks:
            if tree.css_first(mark) is not None:
                return Verdict("listing", Reason(Code.MARKED_LIST, software=self.name, mark=mark))
        return None


@dataclass
class Found:
    """A family and the evidence by which a page was recognised as its own."""

    family: Family
    evidence: str = field(default="")
