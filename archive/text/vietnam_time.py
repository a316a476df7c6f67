"""Vietnam's time: one zone without summer time (UTC+7 since 1975), in which people are told when something was or will be."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
"""Seconds."""


_MONTH = re.compile(r"\d{4}-\d{2}\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2})[:h](\d{2}))?\Z", re.ASCII)


def local_time(unix: float) -> str:
    """A moment (Unix seconds) in Vietnam's time, to the minute: ``2026-03-12 08:30``."""
    return datetime.fromtimestamp(unix, VIETNAM).strftime("%Y-%m-%d %H:%M")


def in_vietnam(moment: str) -> str:
    """A moment in ISO 8601 with its zone, as captures have it, in Vietnam's time to the minute: ``2026-03-12 08:30``."""
    return datetime.fromisoformat(moment).astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")


def utc(moment: datetime) -> str:
    """A moment as captures have it: UTC in ISO 8601, ending in ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def local_day(unix: float) -> str:
    """The day of a moment (Unix seconds) in Vietnam: ``2026-03-12``."""
    return datetime.fromtimestamp(unix, VIETNAM).strftime("%Y-%m-%d")


def day_typed(text: str) -> str | datetime:
    """What a person typed as a day: a month (``2026-10``) or a day (``2026-10-14``) as text, else the moment.

    The day may come first, as Vietnam writes it: 10/2026, 14/10/2026, 14/10/2026 08:30. Raises `ValueError`.
    """
    if found := _DAY_FIRST.match(text):
        day, month, year, hour, minute = found.groups()
        text = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
        text += f"T{int(hour):02}:{minute}" if hour and day else ""
    if _MONTH.match(text):
        date.fromisoformat(f"{text}-01")
        return text
    return date.fromisoformat(text).isoformat() if len(text) == 10 else datetime.fromisoformat(text)
