"""Words without which an expression cannot match, all looked for in one pass over a text.

An expression of a hundred alternatives reads a page in milliseconds, and nearly every page holds none of them: the pass
takes a twentieth of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation, MatchKind

Group = TypeVar("Group")


class Words:
    """Whether any of some words, given in lower case, stands in a text of whatever case.

    Bytes in which only ASCII is made lower take half the time of a text in lower case; so the other letters are looked
    for as they are written: small, in capitals, with a capital first.
    """

    def __init__(self, words: Iterable[str]) -> None:
        spellings = {_lower_ascii(made) for word in words for made in (word, word.upper(), word.title(), _first(word))}
        self._automaton = BytesAhoCorasick(sorted(spellings), implementation=Implementation.DFA)

    def are_in(self, text: str) -> bool:
        return bool(self._automaton.find_matches_as_indexes(_lower_ascii(text)))


class Spellings:
    """A few words as they are spelt, looked for at once: up to some sixty cost less than a single ``in``."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        # leftmost matches of few words are found by vector instructions
        self._automaton = BytesAhoCorasick([word.encode() for word in self.words], matchkind=MatchKind.LeftmostFirst)

    def places(self, markup: bytes) -> Iterator[tuple[str, int]]:
        """Each word found in markup of UTF-8, with the byte it begins at; of two that overlap the first."""
        for word, start, _ in self._automaton.find_matches_as_indexes(markup):
            yield self.words[word], start


def _lower_ascii(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").lower()


def _first(word: str) -> str:
    return word[:1].upper() + word[1:]


class Hints(Generic[Group]):
    """Words, by the group they hint at, in texts of lower case. The same word may stand in one group only."""

    def __init__(self, groups: Mapping[Group, Sequence[str]]) -> None:
        self._group_of = [group for group, words in groups.items() for _ in words]
        words = [word for group in groups.values() for word in group]
        self._automaton = AhoCorasick(words, implementation=Implementation.DFA)

    def places(self, low: str) -> Iterator[tuple[Group, int]]:
        """Each word found with the index it begins at, those that overlap too."""
        for word, start, _ in self._automaton.find_matches_as_indexes(low, overlapping=True):
            yield self._group_of[word], start
