"""How near an extracted text, title, date or author comes to the truth, and how sure a difference of two extractors is.

The measures are those of public sets: word shingles of scrapinghub's article-extraction-benchmark, segments that must and
must not occur of trafilatura's evaluation, exact titles and days. Everything takes plain strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt
from statistics import fmean
from typing import Any, NamedTuple

Row = dict[str, Any]
Pair = tuple[Row, Row]
"""The truth of a page and what an extractor said of it, each with ``text``, ``title``, ``date``, ``author``."""

SHINGLE = 4
_WORDS = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r"[;,/|&]|\band\b|\bund\b|\bet\b|\by\b|\bvà\b")
_BEFORE_NAME = re.compile(r"(?:by|von|par|por|di|av|af|door) ")


class Overlap(NamedTuple):
    """Shingles, or segments, that two texts share, that only the extracted one has, that only the truth has."""

    both: int
    extra: int
    missing: int

    @property
    def precision(self) -> float | None:
        """``None`` where nothing was extracted: such a page says nothing of precision."""
        return self.both / (self.both + self.extra) if self.both + self.extra else None

    @property
    def recall(self) -> float:
        return self.both / (self.both + self.missing) if self.both + self.missing else 1.0

    @property
    def f1(self) -> float:
        whole = 2 * self.both + self.extra + self.missing
        return 2 * self.both / whole if whole else 1.0


def shingles(text: str | None) -> Counter[tuple[str, ...]]:
    """Runs of four words; a text of fewer gives one run of all.

    Words are compared after NFC and without soft hyphens: some truths are decomposed, some keep a page's hyphenation.
    """
    words = _WORDS.findall(unicodedata.normalize("NFC", text or "").replace("\u00ad", ""))
    runs = (tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(run for run in runs if run)


def text_overlap(truth: str | None, extracted: str | None) -> Overlap:
    wanted, own = shingles(truth), shingles(extracted)
    both = (wanted & own).total()
    return Overlap(both, own.total() - both, wanted.total() - both)


def segment_overlap(wanted: Sequence[str], unwanted: Sequence[str], extracted: str | None) -> Overlap:
    """Segments of the article found and missed, and segments of the page around it that were taken along."""
    text = _spaced(extracted)
    found = sum(_spaced(segment) in text for segment in wanted)
    return Overlap(found, sum(_spaced(segment) in text for segment in unwanted), len(wanted) - found)


def mean_f1(overlaps: Sequence[Overlap]) -> float:
    """F1 of the mean precision and the mean recall over pages, as scrapinghub's benchmark has it."""
    precisions = [value for overlap in overlaps if (value := overlap.precision) is not None]
    precision = fmean(precisions) if precisions else 0.0
    recall = fmean(overlap.recall for overlap in overlaps) if overlaps else 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def pooled_f1(overlaps: Sequence[Overlap]) -> float:
    """F1 over all segments of all pages."""
    return Overlap(*(sum(column) for column in zip(*overlaps, strict=True))).f1 if overlaps else 0.0


def same_title(truth: str | None, extracted: str | None) -> bool:
    """Exact but for case, punctuation and spaces."""
    return _key(truth) == _key(extracted)


def same_day(truth: str, extracted: str | None) -> bool:
    return truth == (extracted or "")[:10]


def same_authors(truth: str | None, extracted: str | None) -> bool:
    """Whether the same names are named, in whatever order."""
    return names(truth) == names(extracted)


def names(printed: str | None) -> set[str]:
    keys = (_BEFORE_NAME.sub("", _key(part), count=1) for part in _BETWEEN_NAMES.split(printed or ""))
    return {key for key in keys if key}


def difference_with_error(
    measure: Callable[[Sequence[Any]], float], own: Sequence[Any], other: Sequence[Any]
) -> tuple[float, float]:
    """``measure(own) - measure(other)`` and its paired standard error, both over the same pages in the same order.

    The error is the jackknife's: each page left out in turn. For a plain mean it is the usual paired standard error.
    """
    whole = measure(own) - measure(other)
    count = len(own)
    if count < 2:
        return whole, 0.0
    without = [measure([*own[:at], *own[at + 1 :]]) - measure([*other[:at], *other[at + 1 :]]) for at in range(count)]
    middle = fmean(without)
    return whole, sqrt((count - 1) / count * sum((value - middle) ** 2 for value in without))


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()


def _key(text: str | None) -> str:
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text or "").casefold()).strip()
