"""A second opinion on pages of no known family: trafilatura's reading.

The two fail on different pages. Where they read the same text :mod:`crawler.extract.second_reading.combine` puts them together; where
ours is plainly another, trafilatura's is taken whole. Its quick way is asked first, which costs half; the thorough one
only where the quick one and ours differ much.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from crawler.extract.second_reading.combine import Reading, Words, agreement
from crawler.page.page import Page

AGREEMENT = 0.6
"""Share of common word shingles above which the two readings are taken to be of the same text."""

SURE = 0.6
"""Agreement from which trafilatura's quick reading is not asked to be thorough."""


logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs a line for every page it finds nothing on


class SecondOpinion:
    """Trafilatura's reading of one page, on the page's one lxml tree."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def beside(self, own: Words, tidy: Callable[[str], str]) -> tuple[Reading, float]:
        """Its paragraphs as ``tidy`` leaves them, none where it finds nothing, and how much they agree with ``own``."""
        quick = self._read(tidy, fast=True)
        agreed = agreement(own, quick.words)
        if agreed >= SURE:
            return quick, agreed
        thorough = self._read(tidy, fast=False)
        return (thorough, agreement(own, thorough.words)) if thorough.paragraphs else (quick, agreed)

    def markup(self) -> str:
        """Its reading as HTML with links and pictures, empty where it finds nothing."""
        if self.page.lxml_tree is None:
            return ""
        import trafilatura

        return (
            trafilatura.extract(
                self.page.lxml_tree,
                url=self.page.url,
                output_format="html",
                include_comments=False,
                include_tables=True,
                include_images=True,
                include_links=True,
            )
            or ""
        )

    def _read(self, tidy: Callable[[str], str], *, fast: bool) -> Reading:
        if self.page.lxml_tree is None:
            return Reading.of([])
        import trafilatura  # takes a twentieth of a second, which a crawl of known families can do without

        document: Any = trafilatura.bare_extraction(
            self.page.lxml_tree, url=self.page.url, include_comments=False, with_metadata=False, fast=fast
        )
        text: str = (document.text or "") if document is not None else ""
        return Reading.of([paragraph for part in text.split("\n") if (paragraph := tidy(part))])
