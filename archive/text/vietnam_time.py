"""Vietnam's time: one zone without summer time (UTC+7 since 1975), in which people are told when something was or will be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
"""Seconds."""


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
