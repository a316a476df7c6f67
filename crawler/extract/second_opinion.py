"""A second opinion on pages of no known family: trafilatura's reading.

The two fail on different pages. Where they read the same text :mod:`crawler.extract.consensus` puts them together; where
ours is plainly another, trafilatura's is taken whole. Its quick way is asked first, which costs half; the thorough one
only where the quick one and ours differ much.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from archive.text.normalise import line
from crawler.page import Page

AGREEMENT = 0.6
"""Share of common word shingles above which the two readings are taken to be of the same text."""

SURE = 0.75
"""Agreement from which trafilatura's quick reading is not asked to be thorough."""

_SHINGLE = 4
_WORDS = re.compile(r"\w+")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs a line for every page it finds nothing on


class SecondOpinion:
    """Trafilatura's reading of one page, on the page's one lxml tree."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def paragraphs(self, own_text: str) -> tuple[list[str], float]:
        """Its paragraphs as printed, none where it finds nothing, and how much they agree with ``own_text``."""
        quick = self._read(fast=True)
        agreed = agreement(own_text, quick)
        if not quick or agreed < SURE:
            thorough = self._read(fast=False)
            if thorough and thorough != quick:
                quick, agreed = thorough, agreement(own_text, thorough)
        return quick.split("\n"), agreed

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

    def _read(self, *, fast: bool) -> str:
        if self.page.lxml_tree is None:
            return ""
        import trafilatura  # takes a twentieth of a second, which a crawl of known families can do without

        document: Any = trafilatura.bare_extraction(
            self.page.lxml_tree, url=self.page.url, include_comments=False, with_metadata=False, fast=fast
        )
        return (document.text or "") if document is not None else ""


def agreement(one: str, other: str) -> float:
    """How much two texts share (0 to 1): F1 of their word shingles."""
    first, second = _shingles(one), _shingles(other)
    if not first or not second:
        return float(first == second)
    common = len(first & second)
    return 2 * common / (len(first) + len(second))


def containment(part: str, whole: str) -> float:
    """Share of the shingles of ``part`` that ``whole`` holds too."""
    first = _shingles(part)
    return len(first & _shingles(whole)) / len(first) if first else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(line(text).lower())
    if len(words) < _SHINGLE:
        return {tuple(words)} if words else set()
    return {tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
