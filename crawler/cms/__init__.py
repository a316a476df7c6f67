"""The CMS families, and which of them made a page.

A new family is one file with one class here; the order below is the order of asking, from the surest mark to none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.cms.base import Dates, Family, Found, LinkKind, PageKind, Selectors, Verdict
from crawler.cms.general import General
from crawler.cms.joomla_content import JoomlaContent
from crawler.cms.joomla_k2 import JoomlaK2
from crawler.cms.nukeviet import NukeViet
from crawler.cms.wordpress import WordPress

if TYPE_CHECKING:
    from crawler.page import Page

__all__ = [
    "FAMILIES",
    "Dates",
    "Family",
    "Found",
    "LinkKind",
    "PageKind",
    "Selectors",
    "Verdict",
    "family_named",
    "identify",
    "recognise",
]

FAMILIES: tuple[Family, ...] = (JoomlaK2(), JoomlaContent(), NukeViet(), WordPress(), General())
"""Every family, asked in this order; the last one takes every page."""


def identify(page: Page) -> Found:
    """The family of a page with the evidence for it."""
    for family in FAMILIES:
        evidence = family.recognise(page)
        if evidence is not None:
            return Found(family, evidence)
    raise AssertionError("the general family takes every page")


def recognise(page: Page) -> Family:
    """The family of a page. Ask ``page.family`` instead: it remembers the answer."""
    return identify(page).family


def family_named(name: str | None) -> Family:
    """The family of that name; the general one for ``None`` and for names of families no longer known."""
    return next((family for family in FAMILIES if family.name == name), FAMILIES[-1])
