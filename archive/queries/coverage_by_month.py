"""Coverage of a portal by month: how many articles are held, and of what is missing why, as far as the archive can tell.

A month without articles is no proof that nothing was published. What can be said is whether the portal was looked at when,
or after, it would have shown them, and what those looks found.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Literal

from archive.queries.records import rows
from archive.text.vietnam_time import VIETNAM

DOWN = frozenset(
    (
        "dead name", "DNS failure", "dead server", "no answer", "TLS broken", "proxy", "robots forbids", "robots unreachable",
        "blocked", "challenge", "rate limited", "login", "server errors", "broken answers", "not found", "moved",
        "taken over", "switched off", "needs JavaScript",
    )
)  # fmt: skip
"""Verdicts of a crawl that the portal, as far as the crawl could see, did not answer with its pages."""

WHOLE = frozenset(("complete", "idle"))
"""Verdicts of a crawl that read the portal's lists to their end: it would have found what they held."""

Cause = Literal["held", "nothing", "part", "down", "not_looked", "before"]
"""``held``: articles are there. Else: ``nothing`` was found by a whole look in that month or later; only a ``part`` of the
lists was read since; the portal was ``down`` at every look since; ``not_looked``: no look since; ``before``: the portal was
followed only from later on, and what it still held of that month then was nothing."""

MOST_YEARS = 40
"""Years shown, the latest: a misprinted date must not draw a table of centuries."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The crawls of one month with one verdict."""

    month: str
    verdict: str
    number: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month (``YYYY-MM``, Vietnam's) of a portal."""

    month: str
    articles: int
    cause: Cause
    looks: int = 0
    """Crawls within it."""
    down: int = 0
    """Those of them that the portal did not answer."""
    verdict: str | None = None
    """How it was down, where it was: the most frequent verdict."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Whole years without an article between the first and the last that have some."""

    first: int
    last: int
    cause: Cause
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The months of a portal, by year, newest year first; a month that has not come yet is None."""

    years: list[tuple[int, list[Month | None]]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    followed_since: str | None = None
    """The first crawl (UTC)."""

    @property
    def causes(self) -> list[Cause]:
        """The causes that occur, in the order of their explanation."""
        found = {month.cause for _, months in self.years for month in months if month is not None}
        order: tuple[Cause, ...] = ("nothing", "part", "down", "before", "not_looked")
        return [cause for cause in order if cause in found]

    @property
    def most(self) -> int:
        return max((month.articles for _, months in self.years for month in months if month), default=0)


def coverage(
    conn: sqlite3.Connection, portal: str, years: Sequence[tuple[int, list[int], int]], now: datetime
) -> Coverage:
    """The coverage of a portal whose articles by year and month (as `summaries.portal_counts` has them) are ``years``."""
    looks = list(_looks(conn, portal))
    held = {year: months for year, months, _ in years}
    today = now.astimezone(VIETNAM)
    begins = min([*held, *(int(look.month[:4]) for look in looks)], default=today.year)
    ends = min(max([*held, today.year if looks else begins]), max(today.year, begins))
    listed = []
    for year in range(ends, max(begins, ends - MOST_YEARS) - 1, -1):
        months = [
            _month(f"{year}-{at:02d}", held.get(year, [0] * 12)[at - 1], looks)
            if (year, at) <= (today.year, today.month) or held.get(year, [0] * 12)[at - 1]
            else None
            for at in range(1, 13)
        ]
        listed.append((year, months))
    return Coverage(listed, list(_gaps(listed, held)), min((look.first for look in looks), default=None))


def _looks(conn: sqlite3.Connection, portal: str) -> Iterator[Looks]:
    found = rows(
        conn,
        """SELECT strftime('%Y-%m', started_at, '+7 hours') AS month, coalesce(verdict, '') AS verdict, count(*) AS number,
                  min(started_at) AS first, max(started_at) AS last
           FROM run WHERE portal = ? GROUP BY 1, 2 ORDER BY 1, 2""",
        (portal,),
    )
    return (Looks(**row) for row in found if row["month"])


def _month(month: str, articles: int, looks: list[Looks]) -> Month:
    within = [look for look in looks if look.month == month]
    down = [look for look in within if look.verdict in DOWN]
    since = [look for look in looks if look.month >= month]
    cause = "held" if articles else _cause(month, looks, since)
    told = down if cause == "held" else [look for look in since if look.verdict in DOWN]
    return Month(
        month, articles, cause, sum(look.number for look in within), sum(look.number for look in down),
        _most_frequent(told) if cause == "down" or down else None,
    )  # fmt: skip


def _cause(month: str, looks: list[Looks], since: list[Looks]) -> Cause:
    if not since:
        return "not_looked"
    if all(look.verdict in DOWN for look in since):
        return "down"
    if not any(look.verdict in WHOLE for look in since):
        return "part"
    return "before" if month < looks[0].month else "nothing"


def _most_frequent(looks: list[Looks]) -> str | None:
    counted: Counter[str] = Counter()
    for look in looks:
        counted[look.verdict] += look.number
    return counted.most_common(1)[0][0] if counted else None


def _gaps(years: list[tuple[int, list[Month | None]]], held: dict[int, list[int]]) -> Iterator[Gap]:
    """Years without an article, between the first and the last that have one, together where their cause is the same."""
    empty = []
    for year, months in reversed(years):
        there = [month for month in months if month is not None]
        if year not in held and held and min(held) < year < max(held) and there:
            (cause, verdict), _ = Counter((month.cause, month.verdict) for month in there).most_common(1)[0]
            empty.append(Gap(year, year, cause, verdict))
    for _, alike in groupby(empty, key=attrgetter("cause", "verdict")):
        run: list[Gap] = []
        for gap in alike:
            if run and gap.first != run[-1].first + 1:
                yield Gap(run[0].first, run[-1].first, run[0].cause, run[0].verdict)
                run = []
            run.append(gap)
        yield Gap(run[0].first, run[-1].first, run[0].cause, run[0].verdict)
