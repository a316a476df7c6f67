"""When a portal is crawled: a rule in words or as a cron expression, always in Vietnam's time, which knows no summer time.

| rule | |
|---|---|
| ``every 6 hours`` | at 00:00, 06:00 …: counted from midnight of 1 January 1970 |
| ``every 30 minutes``, ``every 2 days``, ``every 2 weeks`` | the same; weeks begin on Monday |
| ``every day at 02:30`` | |
| ``every week on Sunday at 03:00`` | any day; several with commas |
| ``every month on 1 at 04:00``, ``every 3 months on 1 at 04:00`` | months are counted from January |
| ``every month``, ``every 3 months`` | on the first, at 00:00 |
| ``0 2 * * 0`` | a cron expression; day 0 of the week is Sunday, as 7 is |
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from archive.text.vietnam_time import DAY, HOUR, MINUTE, VIETNAM
from crawler.errors import UserError

SHORTEST = 5 * MINUTE
"""Seconds between two crawls of a portal, at least: feeds and home pages are read by each."""

MOST_COUNTED = 10_000
"""Missed occurrences that are counted; a rule of every five minutes reaches it after a month."""

_UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_OFFSET = 7 * HOUR
_MONDAY = 4 * DAY  # 1 January 1970 was a Thursday

_EVERY = re.compile(r"every(?: (\d{1,4}))? (minute|hour|day|week)s?", re.I)
_DAILY = re.compile(r"(?:every day|daily) at (\d{1,2}):(\d{2})", re.I)
_WEEKLY = re.compile(r"(?:every week|weekly) on ([a-z, ]+?) at (\d{1,2}):(\d{2})", re.I)
_MONTHLY = re.compile(
    r"(?:every month|monthly|every (?P<n>\d{1,2}) months) on (?:the |day )?(\d{1,2})(?:st|nd|rd|th)? at (\d{1,2}):(\d{2})",
    re.I,
)
_MONTHS = re.compile(r"every(?: (\d{1,2}))? months?|monthly", re.I)


class BadRule(UserError):
    """Raised for a rule nobody can read, one that never comes about, or one that comes about too often."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was written. ``every`` is its period in seconds, or ``cron`` says when; times are Unix seconds."""

    text: str
    every: float | None = None
    cron: str | None = None

    @classmethod
    def parse(cls, text: str, *, shortest: float = SHORTEST) -> Rule:
        """Read a rule. Raises :class:`BadRule`, with what can be written instead; also for one that comes about more
        often than every ``shortest`` seconds."""
        words = " ".join(text.split())
        if match := _EVERY.fullmatch(words):
            period = int(match[1] or 1) * _UNITS[match[2].lower()]
            if period < max(shortest, MINUTE):
                raise _too_often(text)
            return cls(words, every=period)
        cron = _cron_of(words, text)
        rule = cls(words, cron=cron)
        first = list(itertools.islice(rule.after(0.0), 10))
        if not first:
            raise BadRule(f"{text!r} never comes about")
        if any(later - earlier < shortest for earlier, later in itertools.pairwise(first)):
            raise _too_often(text)
        return rule

    def after(self, unix: float) -> Iterator[float]:
        """Every occurrence after ``unix``, in order; a cron expression's end where it has one."""
        if self.every is not None:
            shift = _OFFSET + (-_MONDAY if self.every % (7 * DAY) == 0 else 0.0)
            nth = int((unix + shift) // self.every)
            while True:
                nth += 1
                yield nth * self.every - shift
        local = datetime.fromtimestamp(unix, UTC).replace(tzinfo=None) + timedelta(seconds=_OFFSET)
        for moment in CronSim(self.cron or "", local):
            yield moment.replace(tzinfo=VIETNAM).timestamp()

    def next(self, unix: float) -> float:
        """The first occurrence after ``unix``; far away when there is none within fifty years."""
        return next(self.after(unix), unix + 50 * 365 * DAY)

    @property
    def period(self) -> float:
        """Seconds between two occurrences, the shortest of the next few for a cron expression."""
        if self.every is not None:
            return self.every
        some = list(itertools.islice(self.after(0.0), 20))
        return min((b - a for a, b in itertools.pairwise(some)), default=DAY)


def spread(portal: str, occurrence: float, jitter: float) -> float:
    """Seconds by which a portal's occurrence is put off, from 0 up to ``jitter``: always the same for the same two."""
    mixed = hashlib.blake2b(f"{portal} {occurrence:.0f}".encode(), digest_size=8).digest()
    return jitter * int.from_bytes(mixed) / 2**64


def usual_jitter(rule: Rule) -> float:
    """Seconds of jitter where none is asked for: a tenth of the period, at most 30 minutes."""
    return min(rule.period / 10, 30 * MINUTE)


def usual_deep_rule(portal: str) -> Rule:
    """The deep looks of a portal nobody set any for: once a month at four in the morning, on a day of its own, so that
    the portals of an archive do not all fall on one."""
    day = 1 + int.from_bytes(hashlib.blake2b(portal.encode(), digest_size=2).digest()) % 28
    return Rule.parse(f"every month on {day} at 04:00")


def _too_often(text: str) -> BadRule:
    return BadRule(f"{text!r} is too often: a portal is crawled every {SHORTEST / 60:.0f} minutes at most")


def _cron_of(words: str, text: str) -> str:
    if match := _DAILY.fullmatch(words):
        return f"{_clock(match[1], match[2], text)} * * *"
    if match := _WEEKLY.fullmatch(words):
        days = [day.strip().lower() for day in match[1].replace(" and ", ",").split(",") if day.strip()]
        unknown = [day for day in days if day not in _DAYS]
        if unknown or not days:
            raise BadRule(f"{text!r}: {unknown[0] if unknown else match[1]!r} is no day such as Sunday")
        return f"{_clock(match[2], match[3], text)} * * {','.join(str(_DAYS.index(day)) for day in days)}"
    if match := _MONTHLY.fullmatch(words):
        return f"{_clock(match[3], match[4], text)} {_day(match[2], text)} {_months(match['n'], text)} *"
    if match := _MONTHS.fullmatch(words):
        return f"0 0 1 {_months(match[1], text)} *"
    if len(words.split()) != 5:
        raise BadRule(
            f"{text!r} is no rule: write 'every 6 hours', 'every day at 02:30', 'every week on Sunday at 03:00', "
            "'every month on 1 at 04:00' or a cron expression such as '0 2 * * 0'"
        )
    try:
        CronSim(words, datetime(2026, 1, 1))
    except CronSimError as error:
        raise BadRule(f"{text!r} is no cron expression: {str(error).lower()}") from error
    return words


def _day(day: str, text: str) -> int:
    if not 1 <= int(day) <= 31:
        raise BadRule(f"{text!r}: {day} is no day of a month")
    return int(day)


def _months(every: str | None, text: str) -> str:
    if every is None or int(every) == 1:
        return "*"
    if int(every) not in (2, 3, 4, 6, 12):
        raise BadRule(f"{text!r}: {every} months do not go into a year: write 2, 3, 4, 6 or 12")
    return f"*/{int(every)}"


def _clock(hour: str, minute: str, text: str) -> str:
    if int(hour) > 23 or int(minute) > 59:
        raise BadRule(f"{text!r}: {hour}:{minute} is no time of day")
    return f"{int(minute)} {int(hour)}"
