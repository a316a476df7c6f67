"""A second opinion on pages of no known family: trafilatura's reading, asked whether ours is far off.

The two fail on different pages. Where they agree ours is kept, since it keeps captions, rows and signatures apart; where
they do not, the one that the page's other evidence supports.
"""

from __future__ import annotations

import logging
import re

from archive.text.normalise import line

AGREEMENT = 0.6
"""Share of common word shingles above which the two readings are taken to be of the same text."""

MARKUP_LIMIT = 3_000_000
_SHINGLE = 4
_WORDS = re.compile(r"\w+")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs a line for every page it finds nothing on


def other_markup(markup: str, url: str) -> str:
    """Trafilatura's reading of a page as HTML, empty where it finds nothing."""
    import trafilatura  # takes a twentieth of a second, which a crawl of known families can do without

    if len(markup) > MARKUP_LIMIT:
        return ""
    return (
        trafilatura.extract(
            markup,
            url=url,
            output_format="html",
            include_comments=False,
            include_tables=True,
            include_images=True,
            include_links=True,
        )
        or ""
    )


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
