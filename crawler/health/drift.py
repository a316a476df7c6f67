"""A layout that drifted: fields that were filled and are not any more, against the portal's own history.

A run is held against the runs before it. A field's share has fallen when so few articles having it would come about
less than once in ten thousand runs by chance, and no earlier run was near it: portals vary, and a day of notices without
a byline is no drift.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.health.fill import FIELDS, MEASURED, SELECTED, Fill

RUNS = 20
"""Runs of the history that are looked at."""

ENOUGH_BEFORE = 10
"""Articles of the history below which nothing is said of a portal."""

ENOUGH_NOW = 3
"""Articles of a run below which nothing is said of it."""

BY_CHANCE = 1e-4
READ_ANEW = 0.5
"""Share of articles read by a learnt theme that came or went: fills before and after it say nothing of the layout."""
LEAST_DROP = 0.35
"""A share falls by at least so much, and from below the lowest run before it by half of that."""

LEAST_RATIO = 2.5
"""The typical length changes at least by this factor."""

UNREAD_SHARE = 0.5
"""Share of pages that should be articles and are not read as one, from which it is a drift."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One field that drifted. ``was`` and ``now`` are shares from 0 to 1, for ``what`` = length typical characters.

    ``selector`` is the one that stopped matching, where the portal's software has one for the field.
    """

    field: str
    what: str
    was: float
    now: float
    selector: str | None = None

    def __str__(self) -> str:
        selector = f"; the selector {self.selector!r} stopped matching" if self.selector else ""
        if self.what == "length":
            return f"{self.field}: typically {self.was:.0f} characters before, {self.now:.0f} now{selector}"
        if self.what == "unread":
            return f"pages that were articles are not read as such any more ({self.now:.0%}, before {self.was:.0%}){selector}"
        return f"{self.field}: {self.was:.0%} of articles had it before, {self.now:.0%} now{selector}"


def drifts(history: Sequence[Fill], now: Fill) -> list[Drift]:
    """What drifted in a run, the fields in their order; ``history`` are the fills of runs before it, in any order."""
    before = list(history)[:RUNS]
    total = sum(fill.articles for fill in before)
    if total < ENOUGH_BEFORE:
        return []
    found = _unread(before, now)
    if now.articles >= ENOUGH_NOW and not _is_read_anew(before, now):
        for name in FIELDS:
            drift = _share(before, now, name, total)
            if drift is None and name in MEASURED:
                drift = _length(before, now, name)
            if drift is not None:
                found.append(drift)
    if found or now.looked >= ENOUGH_NOW:
        found += _selectors(before, now, {drift.selector for drift in found})
    return found


def _is_read_anew(before: list[Fill], now: Fill) -> bool:
    """Whether articles are read by a learnt theme now and were not before, or the other way round: that is our change and
    none of the portal's layout."""
    shares = []
    for fills in (before, [now]):
        ways = sum((fill.ways for fill in fills), Counter())
        learnt = sum(n for way, n in ways.items() if way.partition("/")[2].startswith("learnt"))
        shares.append(learnt / max(1, ways.total()))
    return abs(shares[0] - shares[1]) > READ_ANEW


def _share(before: list[Fill], now: Fill, name: str, total: int) -> Drift | None:
    had = sum(fill.filled[name] for fill in before)
    was, share = had / total, now.filled[name] / now.articles
    if was - share < LEAST_DROP or at_most(now.filled[name], now.articles, had, total) > BY_CHANCE:
        return None
    lowest = min((f.filled[name] / f.articles for f in before if f.articles >= ENOUGH_NOW), default=was)
    if share > lowest - LEAST_DROP / 2:
        return None
    return Drift(name, "share", was, share, lost_selector(before, now, SELECTED.get(name)))


def _length(before: list[Fill], now: Fill, name: str) -> Drift | None:
    """Whether a field's typical (geometric mean) length changed beyond what runs of this portal ever did."""
    told = [fill.lengths[name] for fill in before if name in fill.lengths]
    mine = now.lengths.get(name)
    n = sum(one.n for one in told)
    if mine is None or mine.n < ENOUGH_NOW or n < ENOUGH_BEFORE:
        return None
    mean = sum(one.logs for one in told) / n
    deviation = math.sqrt(max(sum(one.squares for one in told) / n - mean * mean, 0.04))
    change = mine.mean - mean
    if abs(change) < math.log(LEAST_RATIO) or abs(change) < 5 * deviation / math.sqrt(mine.n):
        return None
    furthest = max((abs(one.mean - mean) for one in told if one.n >= ENOUGH_NOW), default=0.0)
    if abs(change) < furthest + math.log(LEAST_RATIO) / 2:
        return None
    return Drift(name, "length", math.exp(mean), math.exp(mine.mean), lost_selector(before, now, SELECTED.get(name)))


def _unread(before: list[Fill], now: Fill) -> list[Drift]:
    """Articles, known or expected, that are taken for something else: most of a run, where few were before."""
    unread = sum(now.unread.values())
    known = now.known_unread >= ENOUGH_NOW and now.known_unread >= now.articles
    share = unread / (unread + now.articles) if unread else 0.0
    others = sum(sum(fill.unread.values()) for fill in before)
    total = others + sum(fill.articles for fill in before)
    was = others / total
    if unread < ENOUGH_NOW or share < UNREAD_SHARE or not (known or share - was > UNREAD_SHARE):
        return []
    return [Drift("text", "unread", was, share, lost_selector(before, now, "body"))]


def _selectors(before: list[Fill], now: Fill, named: set[str | None]) -> list[Drift]:
    """Selectors of what every article has that stopped matching although structure still found the field: the next
    change of the theme may break it."""
    found = []
    for name in ("title", "text", "published"):
        selector = lost_selector(before, now, SELECTED[name])
        if selector is not None and selector not in named:
            share = now.filled[name] / now.articles if now.articles else 0.0
            was = sum(f.filled[name] for f in before) / sum(f.articles for f in before)
            found.append(Drift(name, "share", was, share, selector))
    return found


def lost_selector(before: list[Fill], now: Fill, name: str | None) -> str | None:
    """The selector of a field that gave it on most pages before and on none now; ``None`` when there is none such."""
    looked = sum(fill.looked for fill in before)
    if name is None or not looked or now.looked < ENOUGH_NOW:
        return None
    totals: dict[str, int] = {}
    for fill in before:
        for selector, times in fill.selectors.get(name, Counter()).items():
            totals[selector] = totals.get(selector, 0) + times
    for selector, times in sorted(totals.items(), key=lambda pair: -pair[1]):
        mine = now.selectors.get(name, Counter())[selector]
        if at_most(mine, now.looked, times, looked) <= BY_CHANCE and mine / now.looked < times / looked - LEAST_DROP:
            lowest = min(
                (f.selectors.get(name, Counter())[selector] / f.looked for f in before if f.looked >= ENOUGH_NOW),
                default=1.0,
            )
            if mine / now.looked <= max(lowest - LEAST_DROP / 2, 0.0) and lowest > 0:
                return selector
    return None


def at_most(k: int, n: int, had: int, total: int) -> float:
    """How likely at most ``k`` of ``n`` are when ``had`` of ``total`` were: beta-binomial, from a flat prior."""
    a, b = had + 1, total - had + 1
    return math.fsum(
        math.exp(
            math.lgamma(n + 1)
            - math.lgamma(i + 1)
            - math.lgamma(n - i + 1)
            + _log_beta(i + a, n - i + b)
            - _log_beta(a, b)
        )
        for i in range(k + 1)
    )


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
