"""How full the articles of one run were: field by field how many had it, how long it was, which selector gave it.

Kept with every run, so that the next one can be held against the portal's own history.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from archive.model import Article
from crawler.cms.family import Family
from crawler.cms.recognise import family_named, recognise
from crawler.page.page import Page

SAMPLE = 60
"""Pages of a portal and run whose selectors are looked at: they tell, and a first crawl costs no more for it."""

FIELDS = (
    *("title", "lead", "text", "section", "byline", "author", "source", "published", "modified", "views"),
    *("tags", "images", "captions", "attachments"),
)
"""The fields of an article that are counted."""

MEASURED = ("title", "lead", "text")
"""Those whose length is measured as well, in characters."""

SELECTED = {
    **{name: name for name in ("title", "lead", "section", "source", "published", "modified", "views", "tags")},
    **{"text": "body", "byline": "signature", "author": "account", "images": "image", "captions": "caption"},
    "attachments": "attachments",
}
"""The field of :class:`crawler.cms.Selectors` that gives a field of an article."""

# What a selector leaves out: without it a selector goes by one name, short enough to be told, in every version of ours.
_EXCEPTIONS = re.compile(r":not\([^()]*\)")


@dataclass(slots=True)
class Lengths:
    """Lengths of one field: how many, and the sum and sum of squares of their natural logarithms."""

    n: int = 0
    logs: float = 0.0
    squares: float = 0.0

    def add(self, length: int) -> None:
        value = math.log(length)
        self.n, self.logs, self.squares = self.n + 1, self.logs + value, self.squares + value * value

    @property
    def mean(self) -> float:
        """The mean logarithm."""
        return self.logs / self.n if self.n else 0.0


@dataclass(slots=True)
class Fill:
    """What one run read of a portal. ``articles`` read whole; ``unread``: pages known or expected to be articles that
    were not read as one, by what they were taken for."""

    articles: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    lengths: dict[str, Lengths] = field(default_factory=dict)
    ways: Counter[str] = field(default_factory=Counter)
    """How articles were found on their pages: family and way, such as ``wordpress/selectors``."""
    looked: int = 0
    """Pages whose selectors were looked at."""
    selectors: dict[str, Counter[str]] = field(default_factory=dict)
    """By field of the family's selectors, how often each selector was the first that matched."""
    unread: Counter[str] = field(default_factory=Counter)
    known_unread: int = 0
    """Those of ``unread`` that were read as articles before."""
    example: str | None = None
    """The address of a page that was not read."""
    family: str | None = None

    def article(self, article: Article) -> None:
        """Count an article that was read."""
        self.articles += 1
        self.ways["/".join(article.extractor.split("/")[:2])] += 1
        for name in FIELDS:
            value = getattr(article, name)
            if value or value == 0:
                self.filled[name] += 1
            if name in MEASURED and value:
                self.lengths.setdefault(name, Lengths()).add(len(value))

    def not_read(self, kind: str, url: str, *, known: bool) -> None:
        """Count a page that should be an article and was taken for something else."""
        self.unread[kind] += 1
        self.known_unread += known
        self.example = self.example or url

    def look(self, page: Page, family: Family) -> None:
        """See which of the family's selectors match the page, for the first :data:`SAMPLE` pages."""
        if self.looked >= SAMPLE:
            return
        self.looked += 1
        self.family = self.family or family.name
        for name in SELECTED.values():
            for selector in getattr(family.selectors, name):
                if page.tree.css_first(selector) is not None:
                    self.selectors.setdefault(name, Counter())[_EXCEPTIONS.sub("", selector)] += 1
                    break

    def as_json(self) -> str:
        kept: dict[str, Any] = {
            "articles": self.articles,
            "filled": self.filled,
            "lengths": {name: [at.n, round(at.logs, 3), round(at.squares, 3)] for name, at in self.lengths.items()},
            "ways": self.ways,
            "looked": self.looked,
            "selectors": self.selectors,
            "unread": self.unread,
            "known_unread": self.known_unread,
            "example": self.example,
            "family": self.family,
        }
        return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> Fill:
        kept = json.loads(text)
        return cls(
            kept.get("articles", 0),
            Counter(kept.get("filled", {})),
            {name: Lengths(*values) for name, values in kept.get("lengths", {}).items()},
            Counter(kept.get("ways", {})),
            kept.get("looked", 0),
            {name: Counter(values) for name, values in kept.get("selectors", {}).items()},
            Counter(kept.get("unread", {})),
            kept.get("known_unread", 0),
            kept.get("example"),
            kept.get("family"),
        )


def observe(
    fill: Fill, page: Page, kind: str, article: Article | None, *, expected: bool, known: bool, family: str
) -> None:
    """Count one page: ``expected`` to be an article by its address, ``known`` as one from before, ``family`` the portal's.

    A page that is no article any more is looked at with the selectors its portal was known by.
    """
    if article is not None:
        fill.article(article)
        fill.look(page, recognise(page))
    elif known or (expected and kind not in ("error", "blocked", "javascript")):
        fill.not_read(kind, page.url, known=known)
        fill.look(page, family_named(family))
