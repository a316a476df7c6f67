"""FTS5 expressions: words, phrases and facet tokens of the text index, and phrases as runs of pairs.

A syllable stands in half of all texts and a pair in a hundredth. FTS5 reads the places of each syllable in every text that holds it, so a
phrase asked by syllables costs what the archive holds; asked by pairs ("thu hồi đất" as thu_hoi followed by hoi_dat) what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.queries.full_text.query_language import Term
from archive.text.numbers.written_numbers import Tokens

NOTHING = 'facets : "none"'
"""An expression that no article meets: no facet token is so called."""

_LIKE_FACET = re.compile(r"[psy][0-9]+")


def quoted(tokens: Tokens) -> str:
    """A phrase in FTS5's quotes; tokens hold letters and digits alone."""
    return '"' + " ".join(tokens) + '"'


def any_of(writings: Iterable[Tokens]) -> str:
    """Any of the writings in title or text. The columns are named only where a facet token could be meant: FTS5 reads the places
    of each word for it, a third of the time of a search."""
    wanted = list(writings)
    phrases = " OR ".join(map(quoted, wanted)) or quoted(("none",))
    named = any(_LIKE_FACET.fullmatch(token) for tokens in wanted for token in tokens) or not wanted
    return f"{{title body}} : ({phrases})" if named else f"({phrases})"


def facet_tokens(tokens: Iterable[str]) -> str:
    """Any of the facet tokens."""
    wanted = list(dict.fromkeys(tokens))
    alternatives = " OR ".join(f'"{token}"' for token in wanted)
    return f"facets : ({alternatives})" if wanted else NOTHING


def facet_in_pairs(facet: str) -> str:
    """An expression over facet tokens as the index of pairs, which has one column, takes it."""
    return "(" + facet.removeprefix("facets : ") + ")"


def group_expression(group: Iterable[Term]) -> str:
    """Alternatives: any of their writings in title or text."""
    parts = []
    for term in group:
        parts.append(any_of(term.writings))
        if term.near_year is not None:
            year, short = term.near_year
            parts.append(f'({any_of(short)} AND facets : "y{year}")')
    return " OR ".join(parts)


def run_of_pairs(tokens: Tokens) -> str:
    """A phrase of two words and more as the index of pairs holds it: exactly that run, in title or text."""
    return '"' + " ".join(f"{one}_{other}" for one, other in pairwise(tokens)) + '"'


@dataclass(frozen=True, slots=True)
class Passages:
    """A query of phrases alone, asked of the index of pairs; ``words`` are alternatives of one word, asked of the text index beside it."""

    pairs: str
    words: str | None = None


def rare_part(groups: Sequence[Sequence[Term]], facets: Sequence[str], said: Sequence[str]) -> str | None:
    """Of a query that asks for words, too, its phrases as an expression of the index of pairs; None where it has none."""
    runs = [f"({_runs(group)})" for group in groups if is_of_phrases(group)] + [f"({part})" for part in said]
    if not runs or NOTHING in facets:
        return None
    return " AND ".join([*runs, *map(facet_in_pairs, facets)])


def is_of_phrases(group: Sequence[Term]) -> bool:
    """Whether each way to write a group has several words, of the letters that folded texts have."""
    return all(len(tokens) > 1 and all(map(str.isascii, tokens)) for term in group for tokens in _writings(term))


def as_passages(
    groups: Sequence[Sequence[Term]], left_out: Sequence[Term], facets: Sequence[str], said: Sequence[str | None] = ()
) -> Passages | None:
    """A query as phrases; None for one that asks for words, too, which the index of pairs does not hold."""
    every = [tokens for group in groups for term in group for tokens in _writings(term)]
    unwanted = [tokens for term in left_out for tokens in term.writings]
    phrases = [tokens for tokens in every if len(tokens) > 1]
    if (
        not (phrases or said)
        or None in said
        or not all(token.isascii() for tokens in (*every, *unwanted) for token in tokens)
    ):
        return None
    if NOTHING in facets or any(len(tokens) < 2 for tokens in unwanted):
        return None
    single = len(phrases) < len(every)
    if single and (len(groups) > 1 or unwanted or said or not phrases):
        return None
    parts = (
        [f"({_runs(group)})" for group in groups] + [f"({part})" for part in said] + list(map(facet_in_pairs, facets))
    )
    pairs = " AND ".join(parts)
    if unwanted:
        pairs = f"({pairs}) NOT ({' OR '.join(map(run_of_pairs, unwanted))})"
    if not single:
        return Passages(pairs)
    words = any_of(tokens for tokens in every if len(tokens) == 1)
    return Passages(pairs, " AND ".join(f"({part})" for part in (words, *facets)))


def _writings(term: Term) -> Sequence[Tokens]:
    return (*term.writings, *(term.near_year[1] if term.near_year is not None else ()))


def _runs(group: Iterable[Term]) -> str:
    parts = []
    for term in group:
        parts += [run_of_pairs(tokens) for tokens in term.writings if len(tokens) > 1]
        if term.near_year is not None:
            year, short = term.near_year
            parts.append(f'(({" OR ".join(map(run_of_pairs, short))}) AND "y{year}")')
    return " OR ".join(parts)
