"""Addresses that never end: told by their shape, before a request is spent on them.

In a mirror of one real portal 11,213 of 12,823 pages were ``/en/vi/en/…``, grown by relative language links.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_URL = 1800
MAX_SEGMENTS = 16
MAX_QUERY_KEYS = 10

_LANGUAGES = {"vi", "en", "vn", "fr", "zh", "cn", "ja", "ko", "ru", "lo", "km", "vi-vn", "en-us", "en-gb"}
_CALENDAR = re.compile(
    r"(?:itemlist/date/|/calendar/|/lich(?:-cong-tac|-lam-viec)?/(?:tuan|thang|ngay|\d)|/events?/\d{4}[/-]\d)"
    r"|[?&](?:cal|calendar|ical|tribe-bar-date|eventdate)\w*="
    r"|[?&](?:month|thang)=[^&]*&(?:.*&)?(?:year|nam)=|[?&](?:year|nam)=[^&]*&(?:.*&)?(?:month|thang)=",
    re.I,
)


def trap_of(url: str) -> str | None:
    """Why ``url`` looks like one of an endless series, in words; ``None`` when it does not."""
    if len(url) > MAX_URL:
        return f"trap: an address of {len(url):,} characters"
    parts = urlsplit(url)
    segments = [s for s in unquote(parts.path).lower().split("/") if s]
    if len(segments) > MAX_SEGMENTS:
        return f"trap: a path of {len(segments)} segments"
    if sum(s in _LANGUAGES for s in segments) > 1:
        return "trap: language segments pile up in the path"
    if repeated := _repeated(segments):
        return f"trap: the path repeats /{repeated}/"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    keys = Counter(k for k, _ in pairs)
    doubled = [k for k, n in keys.items() if n > 1 and not k.endswith("[]")]
    if doubled:
        return f"trap: the query repeats {doubled[0]}"
    if len(keys) > MAX_QUERY_KEYS:
        return f"trap: a query of {len(keys)} keys"
    if _CALENDAR.search(url):
        return "trap: a calendar"
    return None


def _repeated(segments: list[str]) -> str | None:
    """A segment that stands three times, or a run of two or more that follows itself at once."""
    for segment, times in Counter(segments).items():
        if times > 2:
            return segment
    for size in range(2, len(segments) // 2 + 1):
        for at in range(len(segments) - 2 * size + 1):
            if segments[at : at + size] == segments[at + size : at + 2 * size]:
                return "/".join(segments[at : at + size])
    return None


_PAGE_NUMBER = re.compile(r"(?:(?<=/page/)|(?<=/page-)|(?<=/trang-)|(?<=/trang/)|(?<=/p/))\d+|(?<==)\d+(?=&|$)", re.I)


def series(url: str) -> str | None:
    """The series a numbered list page belongs to (its address with the numbers taken out); ``None`` for any other."""
    bare, times = _PAGE_NUMBER.subn("#", url)
    return bare if times else None


def shape(url: str) -> str:
    """The branch of a portal an address belongs to: its first path segment without digits, and the keys of its query.

    However a series grows below that, by depth, by numbers or by tokens, it stays in its branch.
    """
    parts = urlsplit(url)
    first = next((segment for segment in parts.path.lower().split("/") if segment), "")
    keys = sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"/{re.sub(r'[0-9]+', '#', first)}" + (f"?{'&'.join(keys)}" if keys else "")
