"""Search extracts: the passage of a text that holds most of a query's words, with the hits in ``<mark>``.

Cut and marked here, not by FTS5: its ``snippet()`` takes the square of the hits in one call that no time limit reaches
(a word repeated 30,000 times kept a search busy for half a minute). Here the work is linear in `LOOKED_AT` characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup, escape

from archive.text.combining import nfc
from archive.text.fold import fold_in_place, tokens_of, words_of

LOOKED_AT = 60_000
"""Characters of a text that are looked through; an article of a portal has some 3,000."""
EXTRACT_CHARS = 240
TITLE_CHARS = 300
MOST_HITS = 2_000

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def pattern_of(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of a query's words and phrases in a folded text, as whole words; ``None`` when they hold no word."""
    return pattern_of_writings(map(words_of, terms))


def pattern_of_writings(writings: Iterable[tuple[str, ...]]) -> re.Pattern[str] | None:
    """Finds any of several runs of folded tokens in a folded text, as whole words; ``None`` where there are none."""
    wanted = {r"[\W_]+".join(map(re.escape, tokens)) for tokens in writings if tokens}
    if not wanted:
        return None
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(wanted, key=len, reverse=True))})(?![^\W_])")


def marked(text: str, pattern: re.Pattern[str] | None, spelt: frozenset[str] | None = None) -> Markup:
    """A short text (a title) as HTML with every hit marked; what is longer than `TITLE_CHARS` is cut.

    With ``spelt`` (words in lower case with their accents) only hits that are spelt so.
    """
    return _mark(shorten(_plain(text), TITLE_CHARS), pattern, spelt)


@dataclass(frozen=True, slots=True)
class Passage:
    """An extract as HTML, and where in the text its first hit stands; None where it has none."""

    html: Markup
    at: int | None


def extract(text: str, pattern: re.Pattern[str] | None) -> Markup:
    """Some `EXTRACT_CHARS` of the text as HTML: where most different hits stand together, else its beginning."""
    return passage(text, pattern).html


def passage(text: str, pattern: re.Pattern[str] | None, spelt: frozenset[str] | None = None) -> Passage:
    """The extract of a text with the place of its first hit; with ``spelt`` only words that are spelt so count."""
    text = _plain(text[:LOOKED_AT])
    hits = _hits_in(text, pattern, spelt) if pattern else []
    start, first = _best_start(text, hits)
    end = start + EXTRACT_CHARS
    if end < len(text):
        blank = text.rfind(" ", start + EXTRACT_CHARS // 2, end)
        end = blank if blank > 0 else end
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    html = Markup(lead) + _mark(text[start:end].strip(), pattern, spelt) + Markup(tail)
    return Passage(html, first)


def all_marked(text: str, pattern: re.Pattern[str] | None, spelt: frozenset[str] | None = None) -> Markup:
    """A whole paragraph as HTML with every hit marked."""
    return _mark(_plain(text), pattern, spelt)


def shorten(text: str, limit: int) -> str:
    """The text, or its first ``limit`` characters at most, cut at a blank where there is one, and an ellipsis."""
    if len(text) <= limit:
        return text
    blank = text.rfind(" ", limit // 2, limit)
    return text[: blank if blank > 0 else limit].rstrip() + "…"


def _plain(text: str) -> str:
    return nfc(_CONTROLS.sub("", text))


def _hits_in(text: str, pattern: re.Pattern[str], spelt: frozenset[str] | None) -> list[tuple[int, str]]:
    found = [(hit.start(), hit[0]) for hit in islice(pattern.finditer(fold_in_place(text)), MOST_HITS)]
    if spelt is None:
        return found
    return [(at, hit) for at, hit in found if spelt.issuperset(tokens_of(text[at : at + len(hit)].lower()))]


def _best_start(text: str, hits: list[tuple[int, str]]) -> tuple[int, int | None]:
    """Where the passage begins, a few words before the first of the hits that say most together; and where that hit stands.

    A whole phrase says more than its words apart.
    """
    if not hits:
        return 0, None
    places = [at for at, _ in hits]
    reach = EXTRACT_CHARS * 2 // 3
    # distinct words within reach of each hit; at most some hundred hits fit into a passage
    ends = [bisect_left(places, at + reach) for at in places]
    best = max(range(len(hits)), key=lambda n: (sum(map(len, {word for _, word in hits[n : ends[n]]})), -n))
    start = max(0, places[best] - EXTRACT_CHARS // 6)
    if start == 0 or (places[best] < EXTRACT_CHARS // 3):
        return 0, places[best]
    blank = text.find(" ", start, places[best])
    return (blank + 1 if blank >= 0 else places[best]), places[best]


def _mark(text: str, pattern: re.Pattern[str] | None, spelt: frozenset[str] | None = None) -> Markup:
    """The text with its hits marked, neighbouring ones as one; with ``spelt`` only hits of words that are spelt so."""
    if pattern is None:
        return escape(text)
    spans: list[list[int]] = []
    for hit in pattern.finditer(fold_in_place(text)):
        if spelt is not None and not spelt.issuperset(tokens_of(text[hit.start() : hit.end()].lower())):
            continue
        if spans and text[spans[-1][1] : hit.start()].isspace():
            spans[-1][1] = hit.end()
        else:
            spans.append([hit.start(), hit.end()])
    pieces, last = [], 0
    for start, end in spans:
        pieces += [escape(text[last:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        last = end
    return Markup("").join([*pieces, escape(text[last:])])
