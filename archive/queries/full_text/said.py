"""What articles say, beside the words typed: a place or a number in any of its writings; asked of an index or held against texts.

An index is asked for what is rare, texts are read for the rest: FTS5 takes a millisecond to say of one article whether it
matches, its text a twentieth of that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from archive.queries.full_text.expressions import any_of, facet_in_pairs, facet_tokens, run_of_pairs
from archive.text.fold import plain_words
from archive.text.numbers.written_numbers import Tokens

CHARS = 200_000
"""Characters of a text that are held against what is asked for."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to say it: any of the writings, on any of the portals; without writings the portals alone."""

    writings: tuple[Tokens, ...] = ()
    portals: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What must be said, in any of several ways."""

    alternatives: tuple[Alternative, ...]

    def expression(self) -> str:
        """It as an expression of the text index."""
        return " OR ".join(f"({' AND '.join(_parts(one, any_of))})" for one in self.alternatives)

    def expression_of_pairs(self) -> str | None:
        """It as an expression of the index of pairs; None where a single word says it."""
        if any(len(tokens) < 2 for one in self.alternatives for tokens in one.writings) or not self.is_plain():
            return None
        ways = (_parts(one, _runs) for one in self.alternatives)
        return " OR ".join(f"({' AND '.join(facet_in_pairs(part) for part in parts)})" for parts in ways)

    def is_plain(self) -> bool:
        """Whether it is of the letters that folded texts have."""
        return all(token.isascii() for one in self.alternatives for tokens in one.writings for token in tokens)

    def is_met(self, text: bytes, portal: int) -> bool:
        """Whether an article says it: its folded words and its portal."""
        return any(
            (one.portals is None or portal in one.portals)
            and (not one.writings or any(as_bytes(tokens) in text for tokens in one.writings))
            for one in self.alternatives
        )


def _parts(one: Alternative, written: Callable[[Sequence[Tokens]], str]) -> list[str]:
    parts = [written(one.writings)] if one.writings else []
    return [*parts, facet_tokens(f"p{portal}" for portal in sorted(one.portals))] if one.portals is not None else parts


def _runs(writings: Sequence[Tokens]) -> str:
    return " OR ".join(map(run_of_pairs, writings))


def as_bytes(tokens: Tokens) -> bytes:
    """Words side by side as they stand in a folded text."""
    return f" {' '.join(tokens)} ".encode("ascii", "ignore")


def that_meet(conn: sqlite3.Connection, identifiers: Iterable[int], is_met: Callable[[bytes, int], bool]) -> list[int]:
    """Those articles, in their order, whose folded words and portal meet a condition."""
    held = []
    for identifier in identifiers:
        row = conn.execute(
            f"""SELECT title, substr(body, 1, {CHARS}), portal FROM article_text JOIN article_facet ON article = id
                WHERE id = ?""",
            (identifier,),
        ).fetchone()
        if row is not None and is_met(plain_words(row[0]) + plain_words(row[1]), row[2]):
            held.append(identifier)
    return held
