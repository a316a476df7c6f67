"""The CMS families, and which of them made a page.

A new family is one file with one class here; the order below is the order of asking, from the surest mark to none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.cms.base import Dates, Family, Found, LinkKind, PageKind, Selectors, Theme, Verdict
from crawler.cms.desktop_module import DesktopModule
from crawler.cms.dotnetnuke import DotNetNuke
from crawler.cms.drupal import Drupal
from crawler.cms.general import General
from crawler.cms.joomla_content import JoomlaContent
from crawler.cms.joomla_k2 import JoomlaK2
from crawler.cms.liferay import Liferay
from crawler.cms.nukeviet import NukeViet
from crawler.cms.plone import Plone
from crawler.cms.sharepoint import SharePoint
from crawler.cms.tenant_upload import TenantUpload
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
    "Theme",
    "Verdict",
    "family_named",
    "identify",
    "recognise",
]

FAMILIES: tuple[Family, ...] = (
    JoomlaK2(), JoomlaContent(), NukeViet(), WordPress(), Drupal(), Plone(), DotNetNuke(), SharePoint(), Liferay(),
    DesktopModule(), TenantUpload(), General(),
)  # fmt: skip
"""Every family, asked in this order; the last one takes every page."""


def identify(page: Page) -> Found:
    """The family of a page with the evidence for it: what its generator names, else by the marks of its markup."""
    said = page.generators
    named = [family for family in FAMILIES if said and family.generator and _names(family, said)]
    for family in (*named, *FAMILIES):
        evidence = family.recognise(page)
        if evidence is not None:
            return Found(family, evidence)
    raise AssertionError("the general family takes every page")


def _names(family: Family, said: str) -> bool:
    return any(part.startswith(family.generator) for part in said.split(" | "))


def recognise(page: Page) -> Family:
    """The family of a page. Ask ``page.family`` instead: it remembers the answer."""
    return identify(page).family


def family_named(name: str | None) -> Family:
    """The family of that name; the general one for ``None`` and for names of families no longer known."""
    return next((family for family in FAMILIES if family.name == name), FAMILIES[-1])
