"""When a page is asked for again. Times are Unix seconds.

The ladder (6 hours to a year) and the daily and weekly lists are those of a model over 800 portals in which no article
was missed at 146 requests a day a portal. An article counts from its publication, else from when it was first seen,
whatever the looks between brought. What was old at its first capture is asked for once a year; a deep look finds its edits.
"""

from __future__ import annotations

import hashlib

from archive.text.vietnam_time import DAY, HOUR

LADDER = [6 * HOUR, 1 * DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY]
SUSPECT = [1 * DAY, 3 * DAY, 7 * DAY, 14 * DAY]
GONE_AFTER = 14 * DAY
"""An article is gone only after 404 or 410 on every check over this time (EDGI's web monitoring settled on it)."""

RETRY = [1.0, 5.0, 20.0]
"""Seconds until a failed page is tried again within a crawl; after the last it waits for a later crawl."""

FIRST_PAGE, DEEP_PAGE = 1 * DAY, 7 * DAY


def article_due(since: float, now: float) -> float:
    """The next step of the ladder for an article published (or first seen) at ``since``; steps already past are
    skipped, and after the last one it is asked for once a year."""
    for step in LADDER:
        if since + step > now:
            return since + step
    return now + LADDER[-1]


def suspect_due(since: float, now: float) -> float | None:
    """The next check of an article whose page answered 404 since ``since``; ``None`` when it is gone."""
    if now - since >= GONE_AFTER:
        return None
    return next((since + step for step in SUSPECT if since + step > now), since + GONE_AFTER)


def unseen_due(since: float, now: float) -> float:
    """The next look for a kept article in whose place something else has come since ``since``: the ladder counted from
    there, without its first step, so that a portal made anew is not asked for all its old addresses every day."""
    return next((since + step for step in LADDER[1:] if since + step > now), now + LADDER[-1])


def listing_due(depth: int, key: bytes, now: float) -> float:
    """When a list page is read again: the first ones daily, deeper ones weekly, spread by key over an eighth."""
    base = FIRST_PAGE if depth <= 1 else DEEP_PAGE
    spread = hashlib.blake2b(key, digest_size=2).digest()
    return now + base * (1 + int.from_bytes(spread) / 65536 / 8)


def retry_due(tries: int, now: float) -> float | None:
    """When a page that failed for the ``tries``-th time (from 1) is tried again; ``None``: not in this crawl."""
    return now + RETRY[tries - 1] if tries <= len(RETRY) else None
