"""Worst inputs of a regular expression, made from its own parts: what its repeats take, again and again, and then no match.

For each repeat a text is made that leads to it, pumps it and then fails; and one that leads to it over and over, as a search
that begins anew at every place would have to. A pattern that takes the square of the length on any of them takes seconds
on some tens of thousands of characters, where a linear one takes milliseconds.
"""

from __future__ import annotations

import re
import re._constants as c
import re._parser as parser
from collections.abc import Iterator
from typing import Any

FAILS = "\ue000"
"""A private character that no pattern of the house names."""
_FALLBACK = "a1 -.Ạ\"'<>/=&;:()[]{}\n\t"


def worst_inputs(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Texts of about ``length`` characters, different ones."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = parser.parse(source, flags & ~re.LOCALE)
    seen: set[str] = set()
    for lead, pump in _pumps(list(tree)):
        for unit in {pump, pump + " ", lead + pump, lead, pump[:1], lead + " "}:
            if not unit:
                continue
            many = unit * (length // len(unit) + 1)
            for text in (lead + many[:length] + FAILS, many[:length] + FAILS, lead + many[:length]):
                if text not in seen:
                    seen.add(text)
                    yield text


def _pumps(nodes: list[Any], lead: str = "") -> Iterator[tuple[str, str]]:
    """(text that leads to a repeat, text it takes once) of every repeat that may go on for long."""
    for op, value in nodes:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            low, high, body = value
            inner = list(body)
            if high == c.MAXREPEAT or high > 50:
                for sample in _samples(inner):
                    yield lead, sample
            yield from _pumps(inner, lead)
            lead += _sample(inner) * low
        elif op is c.SUBPATTERN:
            yield from _pumps(list(value[3]), lead)
            lead += _sample(list(value[3]))
        elif op is c.ATOMIC_GROUP:
            yield from _pumps(list(value), lead)
            lead += _sample(list(value))
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from _pumps(list(branch), lead)
            lead += _sample(list(value[1][0]))
        elif op in (c.ASSERT, c.ASSERT_NOT):
            yield from _pumps(list(value[1]), lead)
        else:
            lead += _sample([(op, value)])


def _samples(nodes: list[Any]) -> set[str]:
    """A few texts that the nodes take, one for each of their branches."""
    found = {_sample(nodes)}
    for op, value in nodes:
        inner = value[3] if op is c.SUBPATTERN else None
        if inner is not None:
            found |= _samples(list(inner))
        if op is c.BRANCH:
            found |= {_sample(list(branch)) for branch in value[1]}
        if op is c.IN:
            found |= {char for char in _FALLBACK if _takes(value, char)}
    return {text for text in found if text}


def _sample(nodes: list[Any]) -> str:
    """One text that the nodes take, as short as can be."""
    text = ""
    for op, value in nodes:
        if op is c.LITERAL:
            text += chr(value)
        elif op is c.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif op is c.ANY:
            text += "a"
        elif op is c.IN:
            text += next((char for char in _FALLBACK if _takes(value, char)), None) or _first(value)
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            text += _sample(list(value[2])) * value[0]
        elif op is c.SUBPATTERN:
            text += _sample(list(value[3]))
        elif op is c.ATOMIC_GROUP:
            text += _sample(list(value))
        elif op is c.BRANCH:
            text += _sample(list(value[1][0]))
    return text


def _takes(items: list[Any], char: str) -> bool:
    negated = any(op is c.NEGATE for op, _ in items)
    return any(_one_takes(op, value, char) for op, value in items) != negated


def _one_takes(op: Any, value: Any, char: str) -> bool:
    if op is c.LITERAL:
        return ord(char) == value
    if op is c.RANGE:
        return value[0] <= ord(char) <= value[1]
    if op is c.CATEGORY:
        kinds = {
            c.CATEGORY_DIGIT: char.isdigit(), c.CATEGORY_NOT_DIGIT: not char.isdigit(),
            c.CATEGORY_SPACE: char.isspace(), c.CATEGORY_NOT_SPACE: not char.isspace(),
            c.CATEGORY_WORD: char.isalnum() or char == "_", c.CATEGORY_NOT_WORD: not (char.isalnum() or char == "_"),
        }  # fmt: skip
        return kinds.get(value, False)
    return False


def _first(items: list[Any]) -> str:
    for op, value in items:
        if op is c.LITERAL:
            return chr(value)
        if op is c.RANGE:
            return chr(value[0])
    return "a"
