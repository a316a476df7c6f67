"""Relevance: the articles in which a query's words stand together before those that hold them apart.

Not by bm25 over the texts, which costs a second at a million articles and prefers short texts: candidates come newest
first from the index of pairs (of what was altered from that of its words), tier by tier (all words in the title, the whole phrase, most pairs of it, all words
anywhere), and the first sixty are weighed on their own text. So a query costs what its rarest pair costs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log

from archive.queries.full_text.expressions import facet_in_pairs, quoted
from archive.queries.full_text.matching import Matching
from archive.queries.full_text.query_language import Term
from archive.queries.full_text.said import as_bytes, that_meet
from archive.text.combining import nfc
from archive.text.fold import AccentsTyped, fold_in_place, plain_words
from archive.text.pairs import IN_TITLE

WEIGHED = 60
"""Candidates whose text is read; more cost a fifth of a millisecond each."""
RANKED = 200
"""Articles that are put in order by relevance; the rest can be had by date."""
WEIGHED_CHARS = 6_000
"""Characters of a text that are weighed."""
NEAR_WORDS = 12
"""Words between the first and the last of a query's within which they count as standing together."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article with what it weighs. ``exact`` says whether accents are as typed; None where none were typed."""

    id: int
    weight: float
    exact: bool | None


def ranked(conn: sqlite3.Connection, found: Matching) -> list[Ranked]:
    """The matches by relevance, `RANKED` at most: as typed before other accents, then by weight, then the newest."""
    if found.order is None:
        found.order = _ranked(conn, found)
    return found.order


def _ranked(conn: sqlite3.Connection, found: Matching) -> list[Ranked]:
    likely = _likely(conn, found)
    newest = _matches(conn, found, RANKED) if found.newest is None else found.newest[:RANKED]
    known = set(newest)
    # those a tier proposes are matches for sure only where the newest matches hold them, or their own text says so
    order = list(dict.fromkeys((*likely[:WEIGHED], *newest)))
    best = _weighed(conn, found, order[:WEIGHED], known)
    undated = _undated(conn, best) if found.query.since or found.query.until else frozenset[int]()
    best.sort(key=lambda one: (one.exact is not False, one.id not in undated, one.weight, one.id), reverse=True)
    rest = [identifier for identifier in order[WEIGHED:] if identifier in known]
    if found.query.exact:
        best = [one for one in best if one.exact]
        return best + [Ranked(identifier, 0.0, True) for identifier in rest if identifier in (found.exact or ())]
    exact = None if accents_typed(found) is None else False
    return best + [Ranked(identifier, 0.0, exact) for identifier in rest[: RANKED - len(best)]]


def accents_typed(found: Matching) -> AccentsTyped | None:
    """What was typed with its accents; None where no accent was typed, and none is asked for."""
    groups = [group for group in found.typed.groups if len(group) == 1]
    if not found.query.exact and not any(_has_accent(group[0].typed) for group in groups):
        return None
    return AccentsTyped(group[0].typed for group in groups if _by_letters(group[0]))


def _by_letters(term: Term) -> bool:
    return any(char.isalpha() for char in term.typed) and not term.writings[0][0].isdigit()


def _has_accent(text: str) -> bool:
    return nfc(text).lower() != fold_in_place(nfc(text))


def _matches(conn: sqlite3.Connection, found: Matching, limit: int) -> list[int]:
    sql, params = found.sql()
    return [row[0] for row in conn.execute(f"{sql} ORDER BY 1 DESC LIMIT {limit}", params)]


def _likely(conn: sqlite3.Connection, found: Matching) -> list[int]:
    """Ids that the index of pairs proposes, the likeliest tier first, newest first within a tier; nearly all are matches."""
    runs = found.typed.runs()
    words = list(dict.fromkeys(word for run in runs for word in run))
    pairs = list(dict.fromkeys(f"{a}_{b}" for run in runs for a, b in pairwise(run)))
    proposed: dict[int, None] = {}
    for tokens in ([IN_TITLE + word for word in words], pairs):
        if tokens and len(proposed) < WEIGHED:
            proposed.update(dict.fromkeys(_newest(conn, found, tokens, WEIGHED)))
    if pairs and len(proposed) < WEIGHED:
        proposed.update(dict.fromkeys(_newest(conn, found, _strongest(conn, found, pairs), WEIGHED)))
    return _narrowed(conn, found, _held(conn, found, list(proposed)))


def _held(conn: sqlite3.Connection, found: Matching, identifiers: list[int]) -> list[int]:
    """Those of the ids whose article says what the words typed do not: a place, a document number."""
    if not found.beyond or not identifiers:
        return identifiers
    return that_meet(conn, identifiers, lambda text, portal: all(said.is_met(text, portal) for said in found.beyond))


def _narrowed(conn: sqlite3.Connection, found: Matching, identifiers: list[int]) -> list[int]:
    """Those of the ids that meet the conditions beside the expression."""
    if not found.where or not identifiers:
        return identifiers
    marks = ",".join("?" * len(identifiers))
    conditions = " AND ".join(one.format(id="article_facet.article", ids="article") for one in found.where)
    sql = f"SELECT article FROM article_facet WHERE article IN ({marks}) AND {conditions}"
    held = {row[0] for row in conn.execute(sql, (*identifiers, *found.params))}
    return [identifier for identifier in identifiers if identifier in held]


def _undated(conn: sqlite3.Connection, best: list[Ranked]) -> frozenset[int]:
    """Those without a day of publication, which days that are asked for hold by their first sight alone."""
    marks = ",".join("?" * len(best))
    sql = f"SELECT article FROM article_facet WHERE article IN ({marks}) AND day = 0"
    return frozenset(row[0] for row in conn.execute(sql, [one.id for one in best]))


def _newest(conn: sqlite3.Connection, found: Matching, tokens: list[str], limit: int) -> list[int]:
    if not tokens:
        return []
    state = found.query.state
    if state is None:
        index, parts, so = "bigram_fts", [*(f'"{token}"' for token in tokens), *map(facet_in_pairs, found.facets)], ""
    else:  # the index of what was altered knows words, and articles in other states, which may be many more
        index, parts = found.words_index, [*map(_in_words, tokens), *found.facets]
        so = f"AND +rowid IN (SELECT article FROM article_facet WHERE {state})"
    sql = f"SELECT rowid FROM {index} WHERE {index} MATCH ? {so} ORDER BY rowid DESC LIMIT ?"
    return [row[0] for row in conn.execute(sql, (" AND ".join(parts), limit))]


def _in_words(token: str) -> str:
    """A word of a title, or a pair, as an index of words is asked for it."""
    return (
        f'title : "{token.removeprefix(IN_TITLE)}"' if token.startswith(IN_TITLE) else quoted(tuple(token.split("_")))
    )


def _strongest(conn: sqlite3.Connection, found: Matching, pairs: list[str]) -> list[str]:
    """The most pairs that stand in one article: the rarest left out, one by one, until something is found.

    Two words of a query that are neighbours by chance (the end of a subject, the beginning of a place) are a rare pair.
    """
    left = list(pairs)
    counts = {pair: len(_newest(conn, found, [pair], 400)) for pair in pairs}
    while len(left) > 1:
        left.remove(min(left, key=lambda pair: (counts[pair], pairs.index(pair))))
        if _newest(conn, found, left, 1):
            return left
    return []


def _weighed(conn: sqlite3.Connection, found: Matching, identifiers: list[int], known: set[int]) -> list[Ranked]:
    if not identifiers:
        return []
    texts = conn.execute(
        f"""SELECT id, title, substr(body, 1, {WEIGHED_CHARS}) FROM article_text
            WHERE id IN ({",".join("?" * len(identifiers))})""",
        identifiers,
    ).fetchall()
    scale = Scale(conn, found)
    weighed = ((row[0], scale.weigh(row[1], row[2], row[0] in known)) for row in texts)
    return [Ranked(identifier, *found) for identifier, found in weighed if found is not None]


class Scale:
    """Weighs titles and texts against one query: rare words and pairs count more than those of every article."""

    def __init__(self, conn: sqlite3.Connection, found: Matching) -> None:
        runs = found.typed.runs()
        pairs = {pair for run in runs for pair in pairwise(run)}
        self._pairs = [(as_bytes(pair), _rarity(conn, "_".join(pair))) for pair in pairs]
        self._words = [
            ([as_bytes(tokens) for term in group for tokens in term.writings], 1.0) for group in found.typed.groups
        ]
        self._phrases = [as_bytes(run) for run in runs if len(run) > 1]
        self._unwanted = [as_bytes(tokens) for term in found.typed.left_out for tokens in term.writings]
        self._accents = accents_typed(found)

    def weigh(self, title: str, body: str, matches: bool) -> tuple[float, bool | None] | None:
        """What an article weighs, and whether it has the accents typed; None for one that is found to be no match."""
        head, text = plain_words(title), plain_words(body)
        if not matches and not self._is_met(head + text):
            return None
        pairs_of_title, words_of_title = self._share(head)
        pairs_of_text, _ = self._share(text)
        in_title, in_text = self._phrases_in(head), self._phrases_in(text)
        weight = 3.0 * pairs_of_title + 2.0 * pairs_of_text + 1.0 * words_of_title + 2.0 * in_title + 1.0 * in_text
        weight += 1.5 * self._together(text) + 1.0 * self._together(head)
        weight += 1.0 * pairs_of_title * min(1.0, 8 / head.count(b" "))  # a short title that says little else
        exact = None if self._accents is None else self._accents.are_in(f"{title}\n{body}")
        return weight, exact

    def _is_met(self, text: bytes) -> bool:
        held = all(any(writing in text for writing in writings) for writings, _ in self._words)
        return held and not any(writing in text for writing in self._unwanted)

    def _share(self, text: bytes) -> tuple[float, float]:
        """The share of the query's pairs and of its words that stand in a text."""
        words = sum(any(writing in text for writing in writings) for writings, _ in self._words) / len(self._words)
        every = sum(rarity for _, rarity in self._pairs)
        held = sum(rarity for pair, rarity in self._pairs if pair in text)
        return (held / every if every else words), words

    def _phrases_in(self, text: bytes) -> float:
        return sum(phrase in text for phrase in self._phrases) / len(self._phrases) if self._phrases else 0.0

    def _together(self, text: bytes) -> float:
        """How near to one another all words stand at best: 1 for side by side, 0 where one is missing."""
        wanted = len(self._words)
        places = sorted(
            (text.count(b" ", 0, at), number)
            for number, (writings, _) in enumerate(self._words)
            for writing in writings
            for at in _places(text, writing)
        )
        if wanted < 2 or len({number for _, number in places}) < wanted:
            return 0.0
        last: dict[int, int] = {}
        best = 10**9
        for at, number in places:
            last[number] = at
            if len(last) == wanted:
                best = min(best, at - min(last.values()))
        return 1.0 / (1.0 + max(0, best - (wanted - 1)) / NEAR_WORDS)


_MOST_PLACES = 40


def _places(text: bytes, writing: bytes) -> Iterator[int]:
    at = text.find(writing)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = text.find(writing, at + 1)


def _rarity(conn: sqlite3.Connection, pair: str) -> float:
    """How much a pair tells: 1 for one that stands in every article, some 7 for one in a single article."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM bigram_fts WHERE bigram_fts MATCH ? LIMIT {_COMMON})"
    (number,) = conn.execute(sql, (f'"{pair}"',)).fetchone()
    return 1.0 + log((_COMMON + 1) / (number + 1))


_COMMON = 1_000
"""Articles that hold a pair from which on it is as common as any."""
