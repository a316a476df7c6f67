"""Addresses that never end: told by their shape, before a request is spent on them.

In a mirror of one real portal 11,213 of 12,823 pages were ``/en/vi/en/…``, grown by relative language links.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import WithWords

MAX_URL = 1800
MAX_SEGMENTS = 16
MAX_QUERY_KEYS = 10

_LANGUAGES = {"vi", "en", "vn", "fr", "zh", "cn", "ja", "ko", "ru", "lo", "km", "vi-vn", "en-us", "en-gb"}
_PORTLET_KEY = re.compile(r"^(?:p_[a-z]_|p_auth|_|tx_|inheritRedirect$)")
"""Keys of Liferay's portlets and TYPO3's plugins: a plain link to one article has a dozen of them."""
PAGER_KEY = re.compile(r"^(?:start|limitstart|offset|page\w*|trang|paged|p|cur\w*|b_start\S*|limit)$", re.I)

_CALENDAR = re.compile(
    r"(?:itemlist/date/|/(?:events?/)?calendar/(?:(?:day|week|month|year|ical)\b)?/?\d?|/events?/\d{4}[/-]\d)[\d/-]*$",
    re.I,
)
"""Paths of calendars of appointments, which end in a date. A name after it is that of a page."""
_CALENDAR_QUERY = re.compile(
    r"(?:^|&)(?:(?:outlook-)?ical|tribe-bar-date|tribe_event_display|eventdate|cal(?:endar)?(?:_?(?:date|day|month|year))?)=",
    re.I,
)
_SCHEDULE = WithWords("{address_schedules}")
"""The work schedule of an office: a calendar that is news. Its series ends as any other does, once it brings nothing."""
_MONTH_OF = re.compile(r"(?:^|&)(?:month|thang|day|ngay|week|tuan)=\d", re.I)
_YEAR = re.compile(r"(?:^|&)(?:year|nam)=(\d+)", re.I)
_DATED_PATH = re.compile(
    r"/(?:lich[\w-]*|calendar|archives?/date|day|month|year)/(?:thang-|nam-)?(\d{4})(?:[/-]\d|/?$)", re.I
)
YEARS = range(1985, datetime.now(UTC).year + 3)
"""Years somebody can have published in, or plans for; a calendar that counts on for ever leaves them."""


def trap_of(url: str) -> Reason | None:
    """Why ``url`` looks like one of an endless series; ``None`` when it does not."""
    if len(url) > MAX_URL:
        return Reason(Code.TRAP_LONG_ADDRESS, characters=len(url))
    parts = urlsplit(url)
    segments = [s for s in unquote(parts.path).lower().split("/") if s]
    if len(segments) > MAX_SEGMENTS:
        return Reason(Code.TRAP_DEEP_PATH, segments=len(segments))
    if _languages_pile_up(segments):
        return Reason(Code.TRAP_LANGUAGES)
    if repeated := _repeated(segments):
        return Reason(Code.TRAP_PATH_REPEATS, segment=repeated)
    if trap := _query_trap(parts.query):
        return trap
    return Reason(Code.TRAP_CALENDAR) if _is_calendar(parts.path, parts.query) else None


def _languages_pile_up(segments: list[str]) -> bool:
    """Whether languages follow each other or return; two of them apart may be a section and its name."""
    places = [at for at, segment in enumerate(segments) if segment in _LANGUAGES]
    if len(places) < 2:
        return False
    named = [segments[at] for at in places]
    return len(places) > 2 or len(set(named)) < len(named) or places[1] == places[0] + 1


def _query_trap(query: str) -> Reason | None:
    """A query that repeats itself, or has more fields than software gives a page. The form of a list hands on its fields,
    most of them empty, to each of its pages."""
    if "&" not in query:
        return None
    fields = parse_qsl(query, keep_blank_values=True)
    keys = Counter(key for key, _ in fields)
    for key, times in keys.items():
        # twice may be a slip of the template; a pager that adds itself again goes on doing so
        if not key.endswith("[]") and (times > 2 or (times > 1 and PAGER_KEY.match(key))):
            return Reason(Code.TRAP_QUERY_REPEATS, key=key)
    own = {key for key, value in fields if value and not _PORTLET_KEY.match(key)}
    numbers_a_page = any(value.isdigit() and PAGER_KEY.match(key) for key, value in fields)
    if (len(own) > MAX_QUERY_KEYS and not numbers_a_page) or len(keys) > 3 * MAX_QUERY_KEYS:
        return Reason(Code.TRAP_MANY_KEYS, keys=len(own))
    return None


def _is_calendar(path: str, query: str) -> bool:
    if not _SCHEDULE.search(path) and (_CALENDAR.search(path) or _CALENDAR_QUERY.search(query)):
        return True
    years = [_YEAR.search(query)] if _MONTH_OF.search(query) else []
    years.append(_DATED_PATH.search(path))
    return any(found is not None and int(found[1]) not in YEARS for found in years)


def _repeated(segments: list[str]) -> str | None:
    """A name that stands three times, or a run of two or more that follows itself at once; dates repeat their numbers."""
    for segment, times in Counter(segments).items():
        if times > 2 and (times > 4 or not segment.isdigit()):
            return segment
    for size in range(2, len(segments) // 2 + 1):
        for at in range(len(segments) - 2 * size + 1):
            run = segments[at : at + size]
            if run == segments[at + size : at + 2 * size] and not all(segment.isdigit() for segment in run):
                return "/".join(run)
    return None


_PAGE_NUMBER = re.compile(
    r"(?:(?<=/page/)|(?<=/page-)|(?<=/trang-)|(?<=/trang/)|(?<=/p/))\d+|(?<==)\d[\d/.-]*(?=&|$)"
    r"|(?:(?<=/)|(?<=/ngay-)|(?<=/thang-)|(?<=/tuan-)|(?<=/nam-))\d{1,4}(?:[/-]\d{1,4}){1,2}(?=\.html?$|/?$|\?)",
    re.I,
)
"""The number of a page, or a date in its place: a calendar is a series too."""


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
