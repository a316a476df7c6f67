"""A learnt theme: where the pages of one template of a portal keep the parts of an article, and on what evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.cms.family import Theme


@dataclass(frozen=True)
class Evidence:
    """What speaks for one field. ``agrees`` of ``asked``: how often it is what other pages say, where they say anything."""

    field: str
    selector: str = ""
    pages: int = 0
    of: int = 0
    agrees: int = 0
    asked: int = 0
    samples: tuple[str, ...] = ()
    refused: str = ""
    """Why the field is not read by this theme; empty where it is."""


@dataclass(frozen=True)
class LearntTheme(Theme):
    """A theme learnt from a portal's own pages. ``date`` is the source its day of publication is read from: ``visible``,
    ``time``, ``meta``, ``microdata``, ``jsonld``; empty where its pages tell none that could be trusted."""

    date: str = ""
    alone: tuple[str, ...] = ()
    """Fields whose selector finds one element on each article page: where it finds more, the page is a list in like dress."""
    listed: bool = False
    """Whether lists, and no menu, lead to its pages: then one without a day is an article as well."""
    own_link: bool = False
    """Whether the title of each article links to its own page: where it links to another, the page is a list."""
    beside: tuple[str, ...] = ()
    """Selectors of the modules around its articles: pages of the portal that bear no theme are read without these."""
    labels: tuple[str, ...] = ()
    """Words the software prints before the author's name on every page."""
    learnt_from: int = 0
    learnt: str = ""
    """The day it was learnt (``YYYY-MM-DD``, UTC)."""
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def places(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where title and text stand: what makes one theme another."""
        return self.selectors.title, self.selectors.body

    def of(self, name: str) -> Evidence | None:
        return next((told for told in self.evidence if told.field == name), None)
