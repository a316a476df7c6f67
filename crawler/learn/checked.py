"""Checking the software's own selectors by what was learnt: on which pages do they read something else?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.cms.learnt import LearntTheme
from crawler.extract.reading import read
from crawler.learn.signs.held import HeldPage
from crawler.page.page import Page

LEAST = 8
"""Articles compared from which on a software that reads them as the theme does is believed."""
FIELDS = ("title", "published", "lead", "section", "tags")


@dataclass(slots=True)
class Check:
    """How articles read by a learnt theme are read without it. ``differs``: by field what is read instead, and by the theme."""

    family: str = ""
    compared: int = 0
    differs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """Whether a known software's selectors read all that was compared as the theme does."""
        return self.compared >= LEAST and not self.differs and self.family != "general"

    @property
    def counts(self) -> dict[str, int]:
        """By field, on how many of the articles compared it differs."""
        return {name: len(pairs) for name, pairs in self.differs.items()}


def check(themes: Sequence[LearntTheme], pages: Sequence[HeldPage], most: int = 30) -> Check:
    """Read some of the pages with the themes and without: by their software's selectors, or the general way."""
    found = Check()
    for held in pages[:: max(1, len(pages) // most)][:most]:
        page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
        told = read(page, None, themes)
        if told.article is None or not told.article.extractor.split("/")[1].startswith("learnt"):
            continue
        without = read(page).article
        found.compared += 1
        found.family = told.family.name
        for name in FIELDS:
            instead, ours = (_text(getattr(one, name, None)) for one in (without, told.article))
            if instead != ours:
                found.differs.setdefault(name, []).append((instead, ours))
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(getattr(value, "value", value))
