"""The CMS families, and which of them made a page.

A new family is one file with one class here; the order below is the order of asking, from the surest mark to none.
"""

from __future__ import annotations

from functools import lru_cache

from crawler.cms.families.desktop_module import DesktopModule
from crawler.cms.families.dotnetnuke import DotNetNuke
from crawler.cms.families.drupal import Drupal
from crawler.cms.families.joomla_content import JoomlaContent
from crawler.cms.families.joomla_k2 import JoomlaK2
from crawler.cms.families.liferay import Liferay
from crawler.cms.families.nukeviet import NukeViet
from crawler.cms.families.plone import Plone
from crawler.cms.families.sharepoint import SharePoint
from crawler.cms.families.tenant_upload import TenantUpload
from crawler.cms.families.wordpress import WordPress
from crawler.cms.family import Family, Found
from crawler.cms.fingerprints import generators
from crawler.cms.unknown import General
from crawler.page.page import Page

FAMILIES: tuple[Family, ...] = (
    JoomlaK2(), JoomlaContent(), NukeViet(), WordPress(), Drupal(), Plone(), DotNetNuke(), SharePoint(), Liferay(),
    DesktopModule(), TenantUpload(), General(),
)  # fmt: skip
"""Every family, asked in this order; the last one takes every page."""


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
    """The CMS family of a page, recognised once; :class:`crawler.cms.unknown.General` when it is none we know."""
    return page.once(identify).family


def recognise_as(page: Page, family: Family, evidence: str) -> None:
    """Take a page for a family's from here on, whatever its marks say: for families that are being tried."""
    page.answers[identify] = Found(family, evidence)


def bears_any_mark(page: Page) -> bool:
    """Whether any mark of software that may stand anywhere is in the page."""
    return page.tree.css_first(_any_mark()) is not None


@lru_cache(maxsize=1)
def _any_mark() -> str:
    """One list of the selectors of all families' marks that may stand anywhere."""
    return ", ".join(mark.css for family in FAMILIES for mark in family.marks if mark.anywhere and mark.css)


def family_named(name: str | None) -> Family:
    """The family of that name; the general one for ``None`` and for names of families no longer known."""
    return next((family for family in FAMILIES if family.name == name), FAMILIES[-1])
