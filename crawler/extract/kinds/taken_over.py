"""Pages of a name that changed hands: a lapsed portal's address is bought for its good name, by gambling sites and dealers.

Told by the page's own title, never by its links: adverts are injected into portals that live, whose titles stay theirs.
"""

from __future__ import annotations

from crawler.extract.boilerplate.spam import has_jargon, jargon_in
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import words

JARGON_LEAST = 8
"""Words of gambling and the like on a page whose title has them, from which it is no slip of one headline."""

_FOR_SALE = words("names_for_sale", "title")


def taken_over(page: Page, title: str | None) -> Reason | None:
    """Why a page is another owner's, from its ``<title>`` and what it says; ``None`` when it is not."""
    if not title:
        return None
    if _FOR_SALE.find(title):
        return Reason(Code.NAME_FOR_SALE)
    if has_jargon(title) and jargon_in(page.lowered) >= JARGON_LEAST:
        return Reason(Code.ADVERTISES)
    return None
