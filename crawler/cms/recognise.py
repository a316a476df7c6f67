"""Recognition: which CMS family made a page, by what its generator names, else by its marks.

A new family is one file in ``families/`` with one class; it is found there.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from crawler.cms import families
from crawler.cms.family import Family, Found
from crawler.cms.fingerprints import generators
from crawler.cms.unknown import Unknown
from crawler.page.page import Page
from crawler.words.word_search import Spellings


def _families() -> tuple[Family, ...]:
    found: list[Family] = [Unknown()]
    for module in (import_module(f"{families.__name__}.{entry.name}") for entry in iter_modules(families.__path__)):
        kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Family)]
        found += [kind() for kind in kinds if kind.__module__ == module.__name__ and kind.name]
    return tuple(sorted(found, key=lambda family: family.asked))


FAMILIES: tuple[Family, ...] = _families()
"""Every family, in the order of asking; the last one, unknown software, takes every page."""


def identify(page: Page) -> Found:
    """The family of a page with the evidence for it: what its generator names, else by the marks of its markup."""
    said = generators(page)
    named = [family for family in FAMILIES if said and family.generator and _names(family, said)]
    for family in (*named, *FAMILIES):
        evidence = family.recognise(page, bears_any_mark)
        if evidence is not None:
            return Found(family, evidence)
    raise AssertionError("the general family takes every page")


def _names(family: Family, said: str) -> bool:
    return any(part.startswith(family.generator) for part in said.split(" | "))


def recognise(page: Page) -> Family:
    """The CMS family of a page, recognised once; :class:`crawler.cms.unknown.Unknown` when it is none we know."""
    return page.once(identify).family


def recognise_as(page: Page, family: Family, evidence: str) -> None:
    """Take a page for a family's from here on, whatever its marks say: for families that are being tried."""
    page.answers[identify] = Found(family, evidence)


def bears_any_mark(page: Page) -> bool:
    """Whether any mark of software that may stand anywhere is in the page."""
    spellings, selectors = _any_mark()
    return any(True for _ in spellings.places(page.utf8)) and page.tree.css_first(selectors) is not None


@lru_cache(maxsize=1)
def _any_mark() -> tuple[Spellings, str]:
    """The words of all families' marks that may stand anywhere, and one list of their selectors."""
    marks = [mark for family in FAMILIES for mark in family.marks if mark.anywhere and mark.css]
    return Spellings({mark.text for mark in marks}), ", ".join(mark.css for mark in marks if mark.css)


def family_named(name: str | None) -> Family:
    """The family of that name; the general one for ``None`` and for names of families no longer known."""
    return next((family for family in FAMILIES if family.name == name), FAMILIES[-1])
