"""Two sources that agree on the day of publication against one that says another, on pages that are not Vietnam's.

Structured data is right most often there, but some sites write the day an article was first drafted, or an instant of
UTC that is another day on their own clock. The head's day, or the address's, that the printed line repeats is then taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from archive.model import PrintedDate
from crawler.cms.family import Dates
from crawler.extract.dates.choose import FOREIGN, Candidates, Chosen, Readers, choose

_TIME = re.compile(r"\d:\d\d")
_UTC = re.compile(r"(?:Z|\+00:00)$")
_DAY = timedelta(days=1)


def outvoted(
    dates: Chosen,
    candidates: Candidates,
    address: str | None,
    printed: Callable[[], str],
    fetched_at: str | None,
    read: Readers,
) -> Chosen:
    """The dates, or those of the two sources that agree against the one they were taken from.

    ``printed`` is asked for the line beside the title, which costs, only where a head or an address speaks against it.
    """
    taken = dates.published
    if taken is None or taken.source not in FOREIGN.published:
        return dates
    head = _alone("meta", candidates.published.get("meta", ""), candidates, fetched_at, read)
    against_head = head.published if taken.source in ("jsonld", "microdata") else None
    if against_head is not None and not _speaks_against(against_head, taken):
        against_head = None
    by_address = address if address is not None and _is_slip_of_zone(taken, address) else None
    is_issue = taken.source == "meta" and _TIME.search(taken.text) is None
    if against_head is None and by_address is None and not is_issue:
        return dates
    line = _alone("visible", printed(), candidates, fetched_at, read)
    if line.published is None:
        return dates
    line.modified = (
        dates.modified
    )  # an instant of UTC would seem to be later than the day it is on the page's own clock
    if against_head is not None and _day(line.published) == _day(against_head):
        return _noted(head, taken)
    if is_issue and line.published.precision == "minute" and _is_eve(line.published, taken):
        return _noted(line, taken, "the page prints")
    return _noted(line, taken) if _day(line.published) == by_address else dates


def _alone(source: str, text: str, candidates: Candidates, fetched_at: str | None, read: Readers) -> Chosen:
    """What a single source says, with the modification beside it."""
    return choose(Candidates({source: text}, candidates.modified), Dates((source,), FOREIGN.modified), fetched_at, read)


def _speaks_against(head: PrintedDate, taken: PrintedDate) -> bool:
    """Whether a head names another day: one of a time, or more than a day apart. A newspaper's bare day is its next issue's."""
    apart = _apart(_day(head), _day(taken))
    return apart > _DAY or (apart == _DAY and _TIME.search(head.text) is not None)


def _is_slip_of_zone(taken: PrintedDate, address: str) -> bool:
    return _UTC.search(taken.value) is not None and _apart(address, _day(taken)) == _DAY


def _is_eve(one: PrintedDate, other: PrintedDate) -> bool:
    """Whether a day is the one before another: what is in tomorrow's paper is on the site today."""
    return _day(one) < _day(other) and _apart(_day(one), _day(other)) == _DAY


def _apart(one: str, other: str) -> timedelta:
    try:
        return abs(date.fromisoformat(one) - date.fromisoformat(other))
    except ValueError:  # the 31st of April in an address
        return timedelta(0)


def _day(published: PrintedDate) -> str:
    return published.value[:10]


def _noted(chosen: Chosen, taken: PrintedDate, others: str = "two other sources say") -> Chosen:
    assert chosen.published is not None
    chosen.notes.append(
        f"publication: {taken.source} says {taken.value}, {others} {_day(chosen.published)}, which was taken"
    )
    return chosen
