"""Rank correlation of days with numbers and with the order of lists: what tells the day of publication from any other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import StatisticsError, correlation

SHORTEST_RUN = 4
_NUMBER = re.compile(r"\d+")
_PARTED = re.compile(r"[/?&]")


def spearman(one: Sequence[float | str], other: Sequence[float | str]) -> float:
    """The rank correlation of two series, ties given their mean rank; 0 where either does not vary."""
    try:
        return correlation(_ranks(one), _ranks(other))
    except StatisticsError:
        return 0.0


def _ranks(values: Sequence[float | str]) -> list[float]:
    order = sorted(range(len(values)), key=lambda at: values[at])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            ranks[at] = (start + end) / 2
        start = end + 1
    return ranks


def concordance(days: dict[str, str], runs: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How far lists go by these days, whichever way each goes: from 0 to 1, and on how many neighbours that rests."""
    ordered = pairs = 0
    for run in runs:
        known = [days[key] for key in run if key in days]
        falling = sum(before > after for before, after in pairwise(known))
        rising = sum(before < after for before, after in pairwise(known))
        if falling + rising >= SHORTEST_RUN:  # of two or three neighbours chance makes an order
            ordered += abs(falling - rising)
            pairs += falling + rising
    return (ordered / pairs if pairs else 0.0), pairs


def numbers_of(urls: Sequence[str]) -> list[int | None]:
    """The number by which software counts its articles, of each address; ``None`` where none is found.

    Of the numbers at one place from the front or from the back of the address, those that differ most are taken; of such,
    those with the same name before them (``/bai-viet/17/``, ``?id=17``): titles have numbers too.
    """
    found = [_numbers(url.split("//", 1)[-1].partition("/")[2]) for url in urls]
    best: list[int | None] = [None] * len(urls)
    most = (0.6 * len(urls), 0)
    for place in (-1, 0, 1, -2, 2, 3):
        column = [row[place] if -len(row) <= place < len(row) else None for row in found]
        numbers = [one[1] for one in column if one is not None]
        before = Counter(one[0] for one in column if one is not None)
        score = (len(set(numbers)), max(before.values(), default=0))
        if score > most and score[0] > 0.6 * len(urls):
            best, most = [one[1] if one is not None else None for one in column], score
    return best


def _numbers(path: str) -> list[tuple[str, int]]:
    """The numbers of a path, each with the name right before it."""
    found = [match for match in _NUMBER.finditer(path) if match.end() - match.start() < 16][:12]
    return [(_PARTED.split(path[max(0, match.start() - 60) : match.start()])[-1], int(match[0])) for match in found]
