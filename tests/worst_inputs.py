"""Worst inputs of a regular expression, made from its parse tree: a prefix, a pump to be repeated, an end that does not match.

A backtracking search costs more than its length where the same text can be shared out in several ways: between two
repeats one after the other (``\\s*\\w*\\s*$``), one within the other (``(a+)+``), two branches of a repeat, or between the
search itself, which begins again at each character, and a repeat near the beginning (``\\s+$``). Positions of the
expression with the characters they take, and what may follow what (Glushkov's automaton), tell where that can be; a text
that leads from the one to the other while both go round is the pump. What this cannot know (look-behinds, atomic groups,
back-references) it takes as matching: it names more than there is, and a measurement decides.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

MANY = 8
"""A repeat that may take so many is looked at as one without end: its square may be too much by itself."""
MOST_PAIRS = 3_000
"""Positions at once that are looked at for one pump; few expressions of the house need a hundred."""
MOST_LOOKS = 60_000
"""The same for one expression."""
MOST_INPUTS = 24
_ORDINARY = "aAzxd09 _-.,:;/|\\\"'()<>=&%$#@!?*+\t\n\r\x0b\x00\xa0ếĐ·–…中\u0300"
_START = -1


@dataclass(slots=True)
class Piece:
    """A part of the expression: whether it may be empty, its first and last positions."""

    nullable: bool = True
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Worst:
    """``prefix + pump * n + end`` for each end."""

    prefix: str
    pump: str

    def text(self, length: int, end: str) -> str:
        return self.prefix + self.pump * (length // len(self.pump) + 1) + end


class Automaton:
    """The positions of an expression; a set of characters is a number with a bit for each of `alphabet`."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        if isinstance(pattern, bytes):
            pattern = pattern.decode("latin-1")
            flags &= ~re.LOCALE
        tree = _parser.parse(pattern, flags & ~re.DEBUG)
        self.flags = tree.state.flags | flags
        self.alphabet = "".join(dict.fromkeys(_ORDINARY + "".join(_named_in(tree))))[:400]
        self.all = (1 << len(self.alphabet)) - 1
        self.takes: list[int] = []
        self.follow: list[dict[int, int]] = []
        self.nested: list[int] = []
        self._sets: dict[Any, int] = {}
        self.anchors: set[int] = set()
        self._depth = 0
        whole = self._sequence(tree, self.flags)
        self.first = whole.first

    def _position(self, takes: int) -> Piece:
        self.takes.append(takes)
        self.follow.append({})
        here = len(self.takes) - 1
        return Piece(False, [here], [here])

    def _join(self, before: list[int], after: list[int]) -> None:
        for position in before:
            ways = self.follow[position]
            for then in after:
                ways[then] = ways.get(then, 0) + 1

    def _sequence(self, items: Any, flags: int) -> Piece:
        whole = Piece()
        for operation, argument in items:
            whole = self._then(whole, self._piece(operation, argument, flags))
        return whole

    def _then(self, one: Piece, other: Piece) -> Piece:
        self._join(one.last, other.first)
        first = one.first + other.first if one.nullable else one.first
        last = other.last + one.last if other.nullable else other.last
        return Piece(one.nullable and other.nullable, first, last)

    def _piece(self, operation: Any, argument: Any, flags: int) -> Piece:
        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            return self._position(self._set(operation, argument, flags))
        if operation is sre.BRANCH:
            return self._either([self._sequence(branch, flags) for branch in argument[1]])
        if operation is sre.SUBPATTERN:
            return self._sequence(argument[3], (flags | argument[1]) & ~argument[2])
        if operation is sre.ATOMIC_GROUP:
            return self._sequence(argument, flags)
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self._repeat(*argument, flags)
        if operation in (sre.ASSERT, sre.ASSERT_NOT) and argument[0] > 0:
            ahead = self._sequence(argument[1], flags)
            return Piece(True, ahead.first, [])  # looked at, and gone on from where it began
        if operation is sre.AT and argument in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING) and not flags & re.M:
            anchor = self._position(0)
            self.anchors.add(anchor.first[0])
            return anchor
        if operation is sre.GROUPREF_EXISTS:
            branches = [self._sequence(branch, flags) for branch in argument[1:] if branch is not None]
            return self._either([*branches, Piece()])
        return Piece()

    @staticmethod
    def _either(branches: list[Piece]) -> Piece:
        return Piece(
            any(branch.nullable for branch in branches),
            [position for branch in branches for position in branch.first],
            [position for branch in branches for position in branch.last],
        )

    def _repeat(self, least: int, most: Any, body: Any, flags: int) -> Piece:
        without_end = most >= MANY
        self._depth += without_end
        copies = min(least, 3) if without_end else min(int(most), 4)
        optional_from = least if not without_end else copies
        whole = Piece()
        for number in range(copies):
            copy = self._sequence(body, flags)
            whole = self._then(whole, copy if number < optional_from else Piece(True, copy.first, copy.last))
        if without_end:
            start = len(self.takes)
            copy = self._sequence(body, flags)
            self._join(copy.last, copy.first)
            if self._depth > 1:
                self.nested.extend(range(start, len(self.takes)))
            whole = self._then(whole, Piece(True, copy.first, copy.last))
        self._depth -= without_end
        return whole

    def _set(self, operation: Any, argument: Any, flags: int) -> int:
        key = (operation, repr(argument), flags)
        if key not in self._sets:
            single = _single(operation, argument, flags)
            self._sets[key] = sum(1 << at for at, char in enumerate(self.alphabet) if single(char))
        return self._sets[key]

    def chars(self, takes: int) -> list[str]:
        """A few characters of a set, of different kinds: a word's, a blank, another."""
        found = [char for at, char in enumerate(self.alphabet) if takes >> at & 1]
        kinds: dict[str, str] = {}
        for char in found:
            kind = "w" if char.isalpha() else "d" if char.isdigit() else "s" if char.isspace() else "o"
            kinds.setdefault(kind, char)
        return list(kinds.values())


def _named_in(items: Any) -> Iterator[str]:
    """The characters an expression names, the ends of its ranges, and their neighbours."""
    for entry in items:
        if not isinstance(entry, tuple):
            continue
        operation, argument = entry
        if operation in (sre.LITERAL, sre.NOT_LITERAL):
            yield from (chr(argument), chr(argument).swapcase()[0])
        elif operation is sre.RANGE:
            yield from (chr(argument[0]), chr(argument[1]), chr(min(argument[1] + 1, sys.maxunicode)))
        elif operation is sre.IN:
            yield from _named_in(argument)
        elif operation is sre.BRANCH:
            for branch in argument[1]:
                yield from _named_in(branch)
        elif isinstance(argument, tuple):
            for part in argument:
                if isinstance(part, _parser.SubPattern):
                    yield from _named_in(part)
        elif isinstance(argument, _parser.SubPattern):
            yield from _named_in(argument)


def _single(operation: Any, argument: Any, flags: int) -> Any:
    """A test whether one character is taken by this item of a parse tree: the engine's own, of that item alone."""
    state = _parser.State()
    state.flags = flags & ~re.DEBUG
    state.str = ""
    from re import _compiler  # type: ignore[attr-defined]

    code = _compiler._code(_parser.SubPattern(state, [(operation, argument)]), state.flags)
    import _sre

    return _sre.compile(None, state.flags, code, 0, {}, (None,)).fullmatch  # type: ignore[attr-defined]


def _word(chars: tuple[int, ...], automaton: Automaton, choice: int) -> str:
    """A text of one character of each set."""
    picked = []
    for takes in chars:
        few = automaton.chars(takes)
        picked.append(few[choice % len(few)])
    return "".join(picked)


class Screen:
    """Looks for pumps. ``searched`` tells that the expression is tried at each character, not at the beginning alone."""

    def __init__(self, automaton: Automaton, *, searched: bool) -> None:
        self.automaton = automaton
        self.searched = searched
        self.looks = 0
        self.prefixes = self._ways_to()
        self.reach = self._reachable()
        self.turning = [at for at in self.prefixes if at in self.reach[at]]

    def _ways_to(self) -> dict[int, tuple[int, ...]]:
        """The shortest way to each position that can be reached, as the sets of characters on it."""
        ways: dict[int, tuple[int, ...]] = {}
        queue = deque((at, ()) for at in self.automaton.first)
        while queue:
            at, way = queue.popleft()
            if at in ways or (not self.automaton.takes[at] and at not in self.automaton.anchors):
                continue
            ways[at] = way if at in self.automaton.anchors else (*way, self.automaton.takes[at])
            queue.extend((then, ways[at]) for then in self.automaton.follow[at])
        return ways

    def _reachable(self) -> list[set[int]]:
        reach = []
        for start in range(len(self.automaton.takes)):
            seen: set[int] = set()
            todo = list(self.automaton.follow[start])
            while todo:
                at = todo.pop()
                if at not in seen and self.automaton.takes[at]:
                    seen.add(at)
                    todo.extend(self.automaton.follow[at])
            reach.append(seen)
        return reach

    def pumps(self) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Ways to a repeat and round it, as sets of characters, that can be shared out in more than one way."""
        for at in self.turning:
            prefix = self.prefixes[at]
            if self.searched:
                for pump in self._between((_START, _START, at), (_START, at, at)):
                    yield (), pump
            if at in self.automaton.nested or any(ways > 1 for ways in self.automaton.follow[at].values()):
                for pump in self._round(at):
                    yield prefix, pump
            for pump in self._between((at, at, at), (at, at, at)):
                yield prefix, pump
            for other in self.turning:
                if other != at and other in self.reach[at]:
                    for pump in self._between((at, at, other), (at, other, other)):
                        yield prefix, pump

    def _round(self, at: int) -> Iterator[tuple[int, ...]]:
        yield from self._walk((at,), (at,), 0)

    def _between(self, begin: tuple[int, int, int], end: tuple[int, int, int]) -> Iterator[tuple[int, ...]]:
        yield from self._walk(begin, end, 1)

    def _next(self, at: int) -> Iterator[int]:
        if at == _START:
            yield _START
            yield from self.automaton.first
        else:
            yield from self.automaton.follow[at]

    def _walk(self, begin: tuple[int, ...], end: tuple[int, ...], different: int) -> Iterator[tuple[int, ...]]:
        """The shortest text that leads from each of ``begin`` to each of ``end`` at once, by ways that are not all the same.

        `_START` as the first of them stays where it is: the search, which skips any character.
        """
        takes = self.automaton.takes
        began = (begin, not different or len(set(zip(begin, end, strict=True))) > 1)
        queue: deque[tuple[tuple[int, ...], bool, tuple[int, ...]]] = deque([(*began, ())])
        seen = {began}
        while queue and len(seen) < MOST_PAIRS and self.looks < MOST_LOOKS:
            states, differ, word = queue.popleft()
            for then in self._steps(states, end):
                shared = self.automaton.all
                for at in then:
                    if at != _START:
                        shared &= takes[at]
                self.looks += 1
                if not shared:
                    continue
                now = differ or len(set(then)) > 1
                if then == end and now:
                    yield (*word, shared)
                    return
                if (then, now) not in seen:
                    seen.add((then, now))
                    queue.append((then, now, (*word, shared)))

    def _steps(self, states: tuple[int, ...], end: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Where each may go by one character, towards its end."""
        if len(states) == 1:
            yield from ((then,) for then in self._next(states[0]) if then == end[0] or end[0] in self.reach[then])
            return
        first, *others = states
        for one in [_START] if first == _START else self._next(first):
            if one != end[0] and end[0] not in self.reach[one]:
                continue
            for two in self._next(others[0]):
                if two == _START or two == end[1] or end[1] in self.reach[two]:
                    for three in self._next(others[1]):
                        if three == end[2] or end[2] in self.reach[three]:
                            yield one, two, three


def worst_inputs(expression: re.Pattern[Any], *, searched: bool = True) -> list[Worst]:
    """The worst inputs of an expression, a few; none where its cost is that of its length by construction."""
    automaton = Automaton(expression.pattern, expression.flags)
    found: dict[Worst, None] = {}
    seen = set()
    for prefix, pump in Screen(automaton, searched=searched).pumps():
        if pump in seen:
            continue
        seen.add(pump)
        words = list(dict.fromkeys(_word(pump, automaton, choice) for choice in range(4)))
        before = _word(prefix, automaton, 0)
        for word in [*words, "".join(words[:2]), "\n" + words[0]]:
            found.setdefault(Worst(before, word))
        if len(found) >= MOST_INPUTS:
            break
    return list(found)
