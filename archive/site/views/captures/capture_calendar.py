"""Calendar of the captures of an address: month grids of weeks, each day with what was captured on it."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass, field

from archive.queries.captures import Look
from archive.text.vietnam_time import in_vietnam

MOST_MONTHS = 24
"""Months drawn, the newest that have captures: a grid is some 2 KB of page, and the list below has them all."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day (``YYYY-MM-DD``, Vietnam's) with its captures, oldest first."""

    day: str
    looks: tuple[Look, ...] = field(default=())

    @property
    def number(self) -> int:
        """Of the month."""
        return int(self.day[8:])

    @property
    def codes(self) -> list[int]:
        """The status codes of its captures, each once, in their order."""
        return list(dict.fromkeys(look.status for look in self.looks))


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A month (``YYYY-MM``) as weeks from Monday; None stands for days of other months."""

    month: str
    weeks: list[list[Day | None]]


def calendar(looks: list[Look]) -> list[MonthGrid]:
    """The months that have captures, the newest first."""
    days = _by_day(looks)
    months = sorted({day[:7] for day in days}, reverse=True)[:MOST_MONTHS]
    return [MonthGrid(month, _weeks(month, days)) for month in months]


def first_of_day(looks: list[Look]) -> dict[Look, str]:
    """The first capture of each day, with that day: where a link of the calendar leads that stands for several."""
    return {some[0]: day for day, some in _by_day(looks).items()}


def _by_day(looks: list[Look]) -> dict[str, list[Look]]:
    days: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        days[in_vietnam(look.fetched_at)[:10]].append(look)
    return days


def _weeks(month: str, days: dict[str, list[Look]]) -> list[list[Day | None]]:
    year, number = map(int, month.split("-"))
    return [
        [Day(day, tuple(days.get(day, ()))) if n and (day := f"{month}-{n:02d}") else None for n in week]
        for week in Calendar().monthdayscalendar(year, number)
    ]
