"""Did you mean: words that no article holds beside their neighbours, replaced by near ones that some do.

Near is measured in syllables: one letter more, less, other or swapped, an onset or coda that is heard alike (s and x, tr
and ch, n and ng), a word typed in Telex that was not converted, two written as one or one as two. What is proposed is
always a word of this archive, and beside its neighbours where there are some.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from archive.queries.full_text.expressions import quoted
from archive.queries.full_text.query_language import Term, Typed

MOST_TRIED = 40
"""Near words of one syllable that are looked up."""
MOST_COUNTED = 200
SELDOM = 2
"""Matches up to which a query is suspected of a slip."""

_ONSETS = "ngh|ng|nh|kh|gh|gi|ch|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x"
_NUCLEI = (
    "ieu|yeu|oai|oay|oeo|uay|uoi|uou|uye|uya|ueu|uyu|oao|ie|ye|ia|ya|oa|oe|ua|ue|uo|uy|ai|ao|au|ay|eo|eu|iu|iu|oi|ui|uu"
    "|oo|a|e|i|o|u|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{_NUCLEI})(?:ch|ng|nh|c|m|n|p|t)?")
_ALIKE_ONSETS = (("s", "x"), ("tr", "ch"), ("l", "n"), ("d", "gi"), ("r", "d"), ("r", "gi"), ("v", "d"), ("c", "k"), ("k", "kh"), ("ng", "ngh"), ("g", "gh"), ("c", "q"), ("ph", "f"), ("qu", "q"))  # fmt: skip
_ALIKE_CODAS = (("n", "ng"), ("n", "nh"), ("t", "c"), ("t", "ch"), ("c", "ch"), ("ng", "nh"))
_LETTERS = "abcdeghiklmnopqrstuvxyfjwz"
_TELEX_TONE = re.compile(r"[sfrxj]")


def corrected(conn: sqlite3.Connection, typed: Typed, *, beside: bool) -> Typed | None:
    """The query with its slips mended by words of the archive; None where nothing near is found.

    Only words that no article holds are slips; with ``beside`` those, too, that none holds beside their neighbours.
    """
    groups, changed = list(typed.groups), False
    words = [
        group[0].writings[0][0] if len(group) == 1 and group[0].is_word and not group[0].quoted else None
        for group in groups
    ]
    at = 0
    while at < len(words):
        word = words[at]
        before = _known(conn, words[at - 1]) if at else None
        after = _known(conn, words[at + 1]) if at + 1 < len(words) else None
        if word is not None and _is_suspect(conn, word, before, after, beside):
            better = _better(conn, word, before, after)
            if better is not None:
                words[at : at + 1] = list(better)
                groups[at : at + 1] = [(Term(one, ((one,),)),) for one in better]
                changed = True
                at += len(better)
                continue
            following = words[at + 1] if at + 1 < len(words) else None
            if following is not None and _number_of(conn, joined := word + following):
                words[at : at + 2] = [joined]
                groups[at : at + 2] = [(Term(joined, ((joined,),)),)]
                changed = True
        at += 1
    return replace(typed, groups=groups) if changed else None


def unknown_words(conn: sqlite3.Connection, typed: Typed) -> list[str]:
    """The words, as typed, that stand in no article at all."""
    return [
        group[0].typed
        for group in typed.groups
        if len(group) == 1 and not any(_holds(conn, quoted(tokens)) for tokens in group[0].writings)
    ]


def _known(conn: sqlite3.Connection, word: str | None) -> str | None:
    """A neighbour that some article holds; by another nothing can be told."""
    return word if word is not None and _number_of(conn, word) else None


def _is_suspect(conn: sqlite3.Connection, word: str, before: str | None, after: str | None, beside: bool) -> bool:
    """Whether a word stands in no article, or in none beside either of its neighbours."""
    if not _number_of(conn, word):
        return True
    if not beside:
        return False
    pairs = [pair for pair in (before and f"{before}_{word}", after and f"{word}_{after}") if pair]
    return bool(pairs) and not any(_pairs_of(conn, pair) for pair in pairs)


def _better(conn: sqlite3.Connection, word: str, before: str | None, after: str | None) -> tuple[str, ...] | None:
    """The near word, or two, that most articles hold beside the neighbours."""
    syllables, names = near_words(word)
    return _best(conn, syllables, before, after) or _best(conn, names, before, after)


def _best(
    conn: sqlite3.Connection, near_ones: Sequence[tuple[str, ...]], before: str | None, after: str | None
) -> tuple[str, ...] | None:
    best: tuple[int, int, tuple[str, ...]] | None = None
    for near in near_ones[: 4 * MOST_TRIED]:
        beside = _beside(conn, near, before, after, best[0] if best else 0)
        inside = [_pairs_of(conn, "_".join(near))] if len(near) == 2 else []
        if (beside and not any(beside)) or (inside and not any(inside)):
            continue
        number = min((n for n in (*beside, *inside) if n), default=_number_of(conn, near[0]))
        met = sum(map(bool, beside))
        if number and (best is None or (met, number) > best[:2]):
            best = (met, number, near)
    return best[2] if best else None


def _beside(
    conn: sqlite3.Connection, near: tuple[str, ...], before: str | None, after: str | None, met: int
) -> list[int]:
    """How many articles hold a word beside each neighbour; no more are counted once it cannot stand beside ``met`` of them."""
    pairs = [pair for pair in (before and f"{before}_{near[0]}", after and f"{near[-1]}_{after}") if pair]
    counts: list[int] = []
    for pair in pairs:
        counts.append(_pairs_of(conn, pair))
        if counts.count(0) > len(pairs) - met:
            return [0]
    return counts


def _pairs_of(conn: sqlite3.Connection, pair: str) -> int:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM bigram_fts WHERE bigram_fts MATCH ? LIMIT {MOST_COUNTED})"
    return int(conn.execute(sql, (f'"{pair}"',)).fetchone()[0])


def _number_of(conn: sqlite3.Connection, word: str) -> int:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM article_fts WHERE article_fts MATCH ? LIMIT {MOST_COUNTED})"
    return int(conn.execute(sql, (f'{{title body}} : "{word}"',)).fetchone()[0])


def _holds(conn: sqlite3.Connection, phrase: str) -> bool:
    sql = "SELECT 1 FROM article_fts WHERE article_fts MATCH ? LIMIT 1"
    return conn.execute(sql, (f"{{title body}} : {phrase}",)).fetchone() is not None


@lru_cache(maxsize=256)
def near_words(word: str) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Near words of a folded one, the likeliest slips first: syllables, alone or two that were written as one; and, where it is none
    itself, what a name or an abbreviation may have been, many times as many."""
    if not word.isascii() or not word[:1].isalpha() or len(word) > 16:
        return (), ()
    found: dict[tuple[str, ...], None] = {}
    for near in (*_from_telex(word), *_alike(word), *_one_letter_off(word)):
        if near != word and _SYLLABLE.fullmatch(near):
            found.setdefault((near,))
    for at in range(1, len(word)):
        if _SYLLABLE.fullmatch(word[:at]) and _SYLLABLE.fullmatch(word[at:]):
            found.setdefault((word[:at], word[at:]))
    names: dict[tuple[str, ...], None] = {}
    if len(word) > 3 and not _SYLLABLE.fullmatch(word):
        names = {(near,): None for near in _one_letter_off(word) if (near,) not in found}
    return tuple(found), tuple(names)


def _from_telex(word: str) -> Iterator[str]:
    """Letters of Telex that were not converted: ``hooij`` is ``hội``, ``dduwowngf`` ``đường``."""
    plain = re.sub(r"([aeod])\1", r"\1", word).replace("w", "")
    yield plain
    for tone in _TELEX_TONE.finditer(plain):
        yield plain[: tone.start()] + plain[tone.end() :]
    yield re.sub(r"\d", "", word)


def _alike(word: str) -> Iterator[str]:
    """Other spellings of what is heard alike in one region or another."""
    onset = re.match(_ONSETS, word)
    coda = re.search(r"(?:ch|ng|nh|c|m|n|p|t)$", word)
    own, end = onset[0] if onset else "", coda[0] if coda else ""
    for one, other in _ALIKE_ONSETS:
        for a, b in ((one, other), (other, one)):
            if own == a:
                yield b + word[len(a) :]
    for one, other in _ALIKE_CODAS:
        for a, b in ((one, other), (other, one)):
            if end == a:
                yield word[: -len(a)] + b
    yield word.replace("y", "i")
    yield word.replace("i", "y")


def _one_letter_off(word: str) -> Iterator[str]:
    """Swapped, missing, other and added letters, in this order."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    yield from (head + letter + tail for head, tail in cuts for letter in _LETTERS)
    yield from (head + tail[1:] for head, tail in cuts if tail)
    yield from (head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS)
