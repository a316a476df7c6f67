"""What two extractors make of one page, put together paragraph by paragraph.

Our own reading errs towards too much on pages of unknown make, trafilatura's misses leads, lists and headings; each takes
along other boilerplate. So no reading is taken whole: every paragraph of either is weighed by where it stands, what it
looks like, and who took it for text, the publisher's own ``articleBody`` included.

The weights are those of a logistic regression over the 20,821 paragraphs of 353 pages of three public sets (scrapinghub,
fundus, WCXB), as ``benchmarks/fit_consensus.py --ridge 4`` prints them; only the bias is raised by 0.2, since a paragraph
lost is worse than a line too many. Fitted on one half of the pages and scored on the other they are as good within .001 to
.004 (F1 .969, .962, .957 of .969, .964, .960), and ahead of both readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log

from crawler.extract.clean.blocks import Block, opening, squeeze
from crawler.extract.locate.paragraph_places import strays
from crawler.extract.second_reading.phrases import BYLINE, CREDIT, PROMOTION, ends_sentence
from crawler.page.metadata import Metadata

WEIGHTS = {
    "bias": -0.98,
    "second": 0.84,
    "own": 1.79,
    "length": 0.09,
    "linked": -1.47,
    "heading": -0.18,
    "item": 0.05,
    "row": 1.19,
    "before": -1.61,
    "after": -2.36,
    "away": -2.11,
    "repeated": -0.40,
    "sentence": 0.80,
    "neighbours": 0.75,
    "second_length": 0.12,
    "own_alone": -0.67,
    "second_alone": -1.13,
    "body": 0.38,
    "not_body": -0.22,
    "credit": -0.88,
    "promotion": -1.62,
    "byline": -1.53,
    "description": 1.92,
    "title": -1.77,
}
"""Signs for (positive) and against a paragraph's being text; see :func:`signs`."""

HALF = 0.5
"""Share of a paragraph's shingles another text must hold to hold the paragraph."""

LONG = 80
"""Characters from which a paragraph both readings hold marks the stretch of the article."""

LEAD = 60
"""Characters from which our first paragraph may be the lead."""

OPENING = 4
"""Paragraphs among which the lead is looked for, and after it the stretch of the article."""

STRAY = 0.34
"""Share of the prose of the article's own kind of place below which a paragraph's place is another's."""

_KEY = 60
"""Letters by which a paragraph is told from others before it is read to its end."""

SHINGLE = 4
_WORDS = re.compile(r"\w+")


def runs_of(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Every run of four words in a row; none of fewer words."""
    return zip(words, words[1:], words[2:], words[3:], strict=False)


@lru_cache(maxsize=512)  # a paragraph is held against each witness
def _words_of(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


class Words:
    """A text as it is asked whether it holds a paragraph: by runs of four words, by all of them if they are few."""

    def __init__(self, text: str) -> None:
        self.words = _WORDS.findall(text.lower())
        self.runs = set(runs_of(self.words))
        self.joined = f" {' '.join(self.words)} "

    def share(self, text: str) -> float:
        """Share (0 to 1) of a paragraph's runs of words that this text holds too."""
        words = _words_of(text)
        if not words:
            return 0.0
        if len(words) < SHINGLE + 2:
            return float(f" {' '.join(words)} " in self.joined)
        return sum(map(self.runs.__contains__, runs_of(words))) / (len(words) - SHINGLE + 1)

    def holds(self, text: str) -> bool:
        return self.share(text) >= HALF


@dataclass(slots=True)
class Paragraph:
    """A paragraph of either reading and what is known of it; ``block`` is ours, or one made for a paragraph we missed."""

    block: Block
    own: bool
    second: bool
    before: bool = False
    after: bool = False
    away: bool = False
    repeated: bool = False
    neighbours: float = 0.0


@dataclass(slots=True)
class Witnesses:
    """What a page says of its article beside the two readings."""

    body: Words | None
    description: Words | None
    title: str

    @classmethod
    def of(cls, metadata: Metadata, title: str | None) -> Witnesses:
        """From structured data; texts too short to witness anything are left out."""
        body = re.sub(r"<[^<>]+>", " ", metadata.body or "")
        described = metadata.description or ""
        return cls(
            Words(body) if len(body) > 400 else None,
            Words(described) if len(_WORDS.findall(described)) >= 6 else None,
            squeeze(title or ""),
        )


@dataclass(slots=True)
class Reading:
    """A reading's paragraphs, and all of them as words."""

    paragraphs: list[str]
    words: Words

    @classmethod
    def of(cls, paragraphs: list[str]) -> Reading:
        return cls(paragraphs, Words("\n".join(paragraphs)))


def agreement(one: Words, other: Words) -> float:
    """How much two readings share (0 to 1): F1 of their runs of words, those of single words if a text has no more."""
    first, second = one.runs or set(one.words), other.runs or set(other.words)
    if not first or not second:
        return float(not first and not second)
    return 2 * len(first & second) / (len(first) + len(second))


def combine(
    own: list[Block],
    ours: Words,
    second: Reading,
    witnesses: Witnesses,
    places: dict[str, str],
    limit: float = 0.0,
    keep: Callable[[Block], bool] | None = None,
) -> tuple[list[Block], list[Block]]:
    """The blocks of the article in page order, and those of ours that are none. ``ours`` are the words of our blocks,
    ``places`` where each stands (:func:`crawler.extract.locate.paragraph_places.homes`).

    ``limit`` is the weight from which a paragraph is kept, ``keep`` says of which it is kept whatever it weighs. Pictures and captions stay as they are. A paragraph that only the other reading has comes as a plain block, after the
    one it follows there.
    """
    judged = with_signs(own, ours, second, witnesses, places)
    kept = {id(paragraph.block) for paragraph, found in judged if weight(found) >= limit}
    kept |= {id(block) for block in own if keep is not None and keep(block)}
    if (opening := _opening([paragraph for paragraph, _ in judged], witnesses)) is not None:
        kept.add(id(opening))
    whole = _with_pictures(own, [paragraph.block for paragraph, _ in judged])
    return (
        [block for block in whole if id(block) in kept or not _counts(block)],
        [block for block in own if _counts(block) and id(block) not in kept],
    )


def _opening(paragraphs: list[Paragraph], witnesses: Witnesses) -> Block | None:
    """Our first paragraph, where it reads as a lead: other readings often miss what is set apart above the text."""
    for at, paragraph in enumerate(paragraphs[:OPENING]):
        block = paragraph.block
        if not paragraph.own or block.kind not in ("text", "heading") or len(block.text) < LEAD:
            continue
        near = paragraphs[at + 1 : at + 1 + OPENING]
        if (
            block.links
            or not ends_sentence(block.text)
            or CREDIT.are_in(block.text)
            or BYLINE.match(block.text)
            or PROMOTION.are_in(block.text)
            or _is_title(block.text, witnesses.title)
            or not any(p.own and p.second and len(p.block.text) > LONG for p in near)
        ):
            return None
        return block
    return None


def with_signs(
    own: list[Block], ours: Words, second: Reading, witnesses: Witnesses, places: dict[str, str]
) -> list[tuple[Paragraph, dict[str, float]]]:
    """Every paragraph of either reading in page order, with its signs."""
    paragraphs = _aligned(own, ours, second)
    _place(paragraphs)
    away = strays(own, places, STRAY)
    for paragraph in paragraphs:
        paragraph.away = id(paragraph.block) in away
    agreed = sum(len(p.block.text) for p in paragraphs if p.own and p.second)
    own_share = agreed / max(1, sum(len(p.block.text) for p in paragraphs if p.own))
    second_share = agreed / max(1, sum(len(p.block.text) for p in paragraphs if p.second))
    return [(paragraph, signs(paragraph, witnesses, own_share, second_share)) for paragraph in paragraphs]


def weight(found: dict[str, float]) -> float:
    """What a paragraph's signs come to; it is text from 0 on."""
    return WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in found.items())


def signs(paragraph: Paragraph, witnesses: Witnesses, own_share: float, second_share: float) -> dict[str, float]:
    """Every sign of a paragraph by its name in :data:`WEIGHTS`, as a number.

    ``own_share`` and ``second_share`` say how much of each reading the other has: what one alone has counts the less,
    the more the two agree otherwise.
    """
    block, text = paragraph.block, paragraph.block.text
    length = log(len(text) + 1)
    short = len(text) < 160
    in_body = witnesses.body is not None and witnesses.body.holds(text)
    return {
        "second": paragraph.second,
        "own": paragraph.own,
        "length": length,
        "linked": block.linked_share,
        "heading": block.kind == "heading",
        "item": block.kind == "item",
        "row": block.kind == "row",
        "before": paragraph.before,
        "after": paragraph.after,
        "away": paragraph.away,
        "repeated": paragraph.repeated,
        "sentence": ends_sentence(text),
        "neighbours": paragraph.neighbours,
        "second_length": paragraph.second * length,
        "own_alone": (not paragraph.second) * second_share,
        "second_alone": (not paragraph.own) * own_share,
        "body": in_body,
        "not_body": witnesses.body is not None and not in_body,
        "credit": short and CREDIT.are_in(text),
        "promotion": len(text) < 300 and PROMOTION.are_in(text),
        "byline": short and BYLINE.match(text) is not None,
        "description": _described(text, witnesses.description),
        "title": _is_title(text, witnesses.title),
    }


def _is_title(text: str, title: str) -> bool:
    return bool(title) and opening(text, _KEY) == title[:_KEY] and squeeze(text) == title


def _described(text: str, description: Words | None) -> bool:
    """Whether a paragraph is what the page describes itself by: its lead, or the beginning of it."""
    if description is None or len(text) <= 30:
        return False
    held = description.share(text)
    if held >= 0.6:
        return True
    return held > 0 and len(text) > len(description.joined) and Words(text).share(description.joined) >= 0.6


def _counts(block: Block) -> bool:
    return block.is_prose and bool(block.text)


def _aligned(own: list[Block], ours: Words, second: Reading) -> list[Paragraph]:
    """The paragraphs of both readings in one order; the other's that we have not, after the one they follow there."""
    prose = [block for block in own if _counts(block)]
    places: dict[str, int] = {}
    for number, block in enumerate(prose):
        places.setdefault(opening(block.text, _KEY), number)
    missed: dict[int, list[Block]] = {}
    at = -1
    for text in second.paragraphs:
        known = places.get(opening(text, _KEY))
        if known is not None:
            at = known
        elif not ours.holds(text):
            missed.setdefault(at, []).append(Block("text", text))
    aligned = [Paragraph(block, False, True) for block in missed.get(-1, [])]
    for number, block in enumerate(prose):
        aligned.append(Paragraph(block, True, second.words.holds(block.text)))
        aligned += [Paragraph(lost, False, True) for lost in missed.get(number, [])]
    return aligned


def _place(paragraphs: list[Paragraph]) -> None:
    """Mark what stands before and after the stretch both readings hold, what is repeated, and what its neighbours are."""
    both = [at for at, p in enumerate(paragraphs) if p.own and p.second and len(p.block.text) > LONG]
    seen: dict[str, list[str]] = {}
    for at, paragraph in enumerate(paragraphs):
        if both:
            paragraph.before, paragraph.after = at < both[0], at > both[-1]
        text = paragraph.block.text
        alike = seen.setdefault(opening(text, _KEY), [])
        paragraph.repeated = bool(alike) and len(key := squeeze(text)) > 30 and key in map(squeeze, alike)
        alike.append(text)
        beside = [paragraphs[near].second for near in (at - 1, at + 1) if 0 <= near < len(paragraphs)]
        paragraph.neighbours = sum(beside) / max(1, len(beside))


def _with_pictures(own: list[Block], taken: list[Block]) -> list[Block]:
    """All paragraphs in their order, with our pictures and captions where they stood."""
    ours = {id(block) for block in own}
    whole: list[Block] = []
    waiting = iter(taken)
    ahead = next(waiting, None)
    for block in own:
        if not _counts(block):
            whole.append(block)
            continue
        while ahead is not None and ahead is not block and id(ahead) not in ours:
            whole.append(ahead)
            ahead = next(waiting, None)
        whole.append(block)
        ahead = next(waiting, None)
    while ahead is not None:
        whole.append(ahead)
        ahead = next(waiting, None)
    return whole
