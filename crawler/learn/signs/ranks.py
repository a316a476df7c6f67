"""Rank correlation of days with numbers and with the order of lists: what tells the day of publication from any other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import StatisticsError, correlation

SHORTEST_RUN = 4
_NUMBER = re.compile(r"\d+")


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

    Of the numbers at one place from the front or from the back of the address, those that differ most are taken.
    """
    found = [
        [int(number) for number in _NUMBER.findall(url.split("//", 1)[-1].partition("/")[2])[:12] if len(number) < 16]
        for url in urls
    ]
    best: list[int | None] = [None] * len(urls)
    kinds = 0.6 * len(urls)
    for place in (-1, 0, 1, -2, 2, 3):
        column = [row[place] if -len(row) <= place < len(row) else None for row in found]
        distinct = len({number for number in column if number is not None})
        if distinct > kinds:
            best, kinds = column, distinct
    return best
