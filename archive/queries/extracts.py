"""Search extracts: the passage of a text that holds most of a query's words, with the hits in ``<mark>``.

Cut and marked here, not by FTS5: its ``snippet()`` takes the square of the hits in one call that no time limit reaches
(a word repeated 30,000 times kept a search busy for half a minute). Here the work is linear in `LOOKED_AT` characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice

from markupsafe import Markup, escape

from archive.text.combining import nfc, nfd

LOOKED_AT = 60_000
"""Characters of a text that are looked through; an article of a portal has some 3,000."""
EXTRACT_CHARS = 240
TITLE_CHARS = 300
MOST_HITS = 2_000

_TOKEN = re.compile(r"[^\W_]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class _Bases(dict[str, str]):
    """Each character's letter without case and diacritics, looked up once: one character for one, so places stay."""

    def __missing__(self, char: str) -> str:
        plain = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"}.get(char, char)
        base = nfd(plain)[0].lower()
        self[char] = base if len(base) == 1 else char
        return self[char]


_BASES = _Bases()


def fold_in_place(text: str) -> str:
    """The text in lower case without diacritics, character for character as long as before."""
    return "".join(map(_BASES.__getitem__, text))


def pattern_of(terms: list[str]) -> re.Pattern[str] | None:
    """Finds any of a query's words and phrases in a folded text, as whole words; ``None`` when they hold no word."""
    wanted = []
    for term in terms:
        words = _TOKEN.findall(fold_in_place(nfc(term)))
        if words:
            wanted.append(r"[\W_]+".join(map(re.escape, words)))
    if not wanted:
        return None
    wanted.sort(key=len, reverse=True)  # the longest first: a phrase before one of its words
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(wanted)})(?![^\W_])")


def marked(text: str, pattern: re.Pattern[str] | None) -> Markup:
    """A short text (a title) as HTML with every hit marked; what is longer than `TITLE_CHARS` is cut."""
    return _mark(shorten(_plain(text), TITLE_CHARS), pattern)


def extract(text: str, pattern: re.Pattern[str] | None) -> Markup:
    """Some `EXTRACT_CHARS` of the text as HTML: where most different hits stand together, else its beginning."""
    text = _plain(text[:LOOKED_AT])
    start = _best_start(text, pattern) if pattern else 0
    end = start + EXTRACT_CHARS
    if end < len(text):
        blank = text.rfind(" ", start + EXTRACT_CHARS // 2, end)
        end = blank if blank > 0 else end
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    return Markup(lead) + _mark(text[start:end].strip(), pattern) + Markup(tail)


def shorten(text: str, limit: int) -> str:
    """The text, or its first ``limit`` characters at most, cut at a blank where there is one, and an ellipsis."""
    if len(text) <= limit:
        return text
    blank = text.rfind(" ", limit // 2, limit)
    return text[: blank if blank > 0 else limit].rstrip() + "…"


def _plain(text: str) -> str:
    return nfc(_CONTROLS.sub("", text))


def _best_start(text: str, pattern: re.Pattern[str]) -> int:
    """Where the passage begins: a few words before the first of the hits that stand closest together."""
    hits = [(hit.start(), hit[0]) for hit in islice(pattern.finditer(fold_in_place(text)), MOST_HITS)]
    if not hits or (hits[0][0] < EXTRACT_CHARS // 3 and len({word for _, word in hits}) == 1):
        return 0
    places = [at for at, _ in hits]
    reach = EXTRACT_CHARS * 2 // 3
    # distinct words within reach of each hit; at most some hundred hits fit into a passage
    ends = [bisect_left(places, at + reach) for at in places]
    best = max(range(len(hits)), key=lambda n: (len({word for _, word in hits[n : ends[n]]}), -n))
    start = max(0, places[best] - EXTRACT_CHARS // 6)
    if start == 0:
        return 0
    blank = text.find(" ", start, places[best])
    return blank + 1 if blank >= 0 else places[best]


def _mark(text: str, pattern: re.Pattern[str] | None) -> Markup:
    if pattern is None:
        return escape(text)
    pieces, last = [], 0
    for hit in pattern.finditer(fold_in_place(text)):
        pieces += [
            escape(text[last : hit.start()]),
            Markup("<mark>"),
            escape(text[hit.start() : hit.end()]),
            Markup("</mark>"),
        ]
        last = hit.end()
    return Markup("").join([*pieces, escape(text[last:])])
