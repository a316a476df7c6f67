"""From a page to what it is and, if it is one, to its article.

>>> article = extract(html, url)          # always an article, the best that can be read
>>> reading = read(Page.parse(html, url)) # what the page is; an article only where it is one
"""

from __future__ import annotations

from archive.model import Article
from crawler.extract.reading import Reading, best_effort, read
from crawler.page.page import Page

__all__ = ["Reading", "extract", "read"]


def extract(html: bytes, url: str, *, content_type: str | None = None, fetched_at: str | None = None) -> Article:
    """The article of one page, as well as it can be read; never fails, whatever the bytes are.

    A page that is none (a list, a picture, nothing) still gives an :class:`~archive.model.Article`, with what it has;
    ask :func:`read` whether it is one. ``fetched_at`` (ISO 8601) is what relative dates are counted from.
    """
    return best_effort(Page.parse(html, url, content_type=content_type, fetched_at=fetched_at))
