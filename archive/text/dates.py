"""Dates and times as Vietnamese portals print them.

Day comes before month, always; the clock is Vietnam's (+07:00, no daylight saving). What is not a whole, possible date is
refused: "16/72/2020", "Sáng 16/5", "nhiệm kỳ 2021-2026" and telephone numbers give nothing, and nothing ever becomes
"today". Weekday names are read over, since K2's own calendar prints wrong ones.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from archive.model import Precision
from archive.text.normalise import line
from archive.text.vietnam_time import VIETNAM

FIRST_YEAR, LAST_YEAR = 1900, 2100

_MONTH_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_ENGLISH_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}

_YEAR = r"(?P<year>\d{4})(?!\d)"
_WORD_MONTH = "|".join(sorted(map(re.escape, _MONTH_WORDS), key=len, reverse=True))
_ENGLISH_MONTH = "|".join(sorted(_ENGLISH_MONTHS, key=len, reverse=True))
# Possessive (`*+`): a long run of blanks is never shared out between two repeats, which would cost its square.
_GAP = r"\s*+[,./–-]?\s*+"

_ISO = re.compile(
    r"(?<![\d/.-])(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?![\d/]|-\d)"
    r"(?:(?:t|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<zone>z\b|[+-]\d{2}:?\d{2})?)?"
)
# NukeViet prints the zone before the time: "2018-03-01+0706:32:37" is 06:32:37 at +07:00.
_MISPRINTED = re.compile(r"^(\d{4}-\d{2}-\d{2})([+-]\d{2})(\d{2}:\d{2}:\d{2})$")
_NUMERIC = re.compile(
    r"(?<![\d/.,-])(?P<day>\d{1,2})\s?(?P<sep>[/.–-]|\s-\s)\s?(?P<month>\d{1,2})\s?(?P=sep)\s?(?P<year>\d{4}|\d{2})(?![\d/]|[.,-]\d|-[a-zđ])"
)
_IN_WORDS = re.compile(
    rf"(?<![\d/.,-])(?:ngày\s+)?(?P<day>\d{{1,2}}){_GAP}(?:tháng|thg\.?|th\.?|t)\s*(?P<month>\d{{1,2}}|{_WORD_MONTH})(?:\s*+,?\s*+năm\s++|{_GAP}){_YEAR}"
)
_MONTH_FIRST = re.compile(
    rf"(?:tháng|thg\.?|th)\s*(?P<month>\d{{1,2}}|{_WORD_MONTH})\s+(?P<day>\d{{1,2}})(?:\s*,\s*|\s+){_YEAR}"
)
_ENGLISH_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?P<month>{_ENGLISH_MONTH})\.?{_GAP}{_YEAR}"
)
_ENGLISH_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_ENGLISH_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+){_YEAR}"
)
_MONTH_ONLY = re.compile(
    rf"(?<![\d/-])(?:tháng|thg)\s*(?P<month>\d{{1,2}}|{_WORD_MONTH})(?:\s*+,?\s*+năm\s++|\s*+[/-]\s*+|\s++){_YEAR}"
)
_FULL_DATES = (_ISO, _NUMERIC, _IN_WORDS, _MONTH_FIRST, _ENGLISH_DAY_FIRST, _ENGLISH_MONTH_FIRST)

_HALF = r"(?:\s*(?P<half>sa|ch|am|pm|a\.m\.|p\.m\.|sáng|trưa|chiều|tối|đêm)(?![^\W\d_]))?"
_CLOCK = r"(?<![\d:])(?P<hour>\d{1,2})(?:\s*:\s*(?P<minute>\d{2})(?::(?P<second>\d{2}))?|\s*(?:giờ|h|g)\s*(?P<minute2>\d{2})?(?:\s*(?:phút|p|'))?)(?![\d:])"
_TIME = re.compile(_CLOCK + _HALF)
_ZONE = re.compile(r"^\s*+(?:gmt|utc)?\s*+(?P<zone>[+-]\d{2}:?\d{2}|z\b|gmt\b(?!\s*\+))")
# What may stand between a date and its time: separators, a weekday, a word of the kind "lúc".
_BETWEEN = re.compile(
    r"[\s,;|()\[\]–-]*+(?:(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s*nhật|th\s?[2-7]|t[2-7]|cn|tháng\s*[2-7])[\s,;|()–-]*+)?"
    r"(?:lúc|vào lúc|hồi|ngày|at|on|•|·)?[\s,;:|()–-]*+"
)

# What is counted after three numbers with strokes: "12/01/20 phiếu" are votes for, against and void.
_COUNTED = re.compile(r"\s*(?:phiếu|điểm|người|đại biểu|hộ|em|ca|bài|xã|thôn|học sinh|%)(?![^\W\d_])")

_RELATIVE = re.compile(r"(?<!\d)(?P<count>\d{1,3}|một)\s+(?P<unit>giây|phút|giờ|tiếng|ngày|hôm|tuần|tháng|năm)\s+trước")
_NAMED_DAYS = (("hôm nay", 0), ("hôm qua", 1), ("hôm kia", 2))


@dataclass(frozen=True, slots=True)
class Moment:
    """A printed point in time. ``when`` is aware (+07:00); what lies below ``precision`` in it says nothing.

    ``start`` and ``end`` tell where in the tidied, lower-cased text it stood.
    """

    when: datetime
    precision: Precision
    start: int = 0
    end: int = 0
    seconds: bool = False
    zone: timezone | None = None
    """The zone it was printed with, where it was; ``when`` is Vietnam's all the same."""

    def in_own_zone(self) -> Moment:
        """The same moment on the clock it was printed by: for pages that are not Vietnam's, whose day is their own."""
        return self if self.zone is None else replace(self, when=self.when.astimezone(self.zone))

    @property
    def value(self) -> str:
        """As stored: ``YYYY-MM-DDTHH:MM[:SS]+07:00`` (or the offset of its own zone), ``YYYY-MM-DD`` or ``YYYY-MM``."""
        if self.precision == "month":
            return self.when.strftime("%Y-%m")
        if self.precision == "day":
            return self.day
        return self.when.isoformat(timespec="seconds" if self.seconds else "minutes")

    @property
    def day(self) -> str:
        return self.when.strftime("%Y-%m-%d")


def parse_date(text: str, *, now: datetime | None = None) -> Moment | None:
    """The first whole date a printed text holds, with its time of day where one stands beside it.

    ``now`` (aware) is what "2 giờ trước" and "hôm qua" are counted from: the time of capture. Without it they give
    ``None``, as does everything that is not surely a date. A month with a year is only taken from a text that holds
    nothing more exact.
    """
    tidy = line(text).lower()
    if not tidy or len(tidy) > 2000:
        tidy = tidy[:2000]
    first = next(find_dates(tidy), None)
    if first is not None:
        return first
    if now is not None:
        relative = _relative(tidy, now.astimezone(VIETNAM))
        if relative is not None:
            return relative
    month = _MONTH_ONLY.search(tidy)
    if month is not None and not _impossible_date(tidy, month.start()):
        when = _day(month["year"], _month(month["month"]), 1)
        if when is not None:
            return Moment(when, "month", month.start(), month.end())
    return None


def find_dates(text: str) -> Iterator[Moment]:
    """Every whole date of a text, in order; dates alone count, a month or a relative word does not.

    ``text`` must be lower case and tidy (:func:`archive.text.normalise.line`), for the positions to be of use.
    """
    found: list[tuple[int, int, re.Match[str]]] = []
    for pattern in _FULL_DATES:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), match))
    for _, _, match in sorted(found, key=lambda item: item[0]):
        moment = _moment(text, match)
        if moment is not None:
            yield moment


def parse_iso(text: str) -> Moment | None:
    """A machine-written time (``2020-01-13T08:30:00+0700``, RFC 822), its offset applied; ``None`` if it is malformed.

    A time without an offset is Vietnam's.
    """
    tidy = _MISPRINTED.sub(r"\1t\3\g<2>00", line(text).lower())
    match = _ISO.match(tidy)
    if match is not None:
        return _moment(tidy, match)
    return next(find_dates(tidy), None) if len(tidy) < 60 else None


_STROKES = re.compile(
    r"(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>am|pm)?)?"
)


def parse_us(text: str) -> Moment | None:
    """A machine-written time in the American culture ("4/25/2020 8:30:00 AM"), month first; ``None`` for any other text.

    Known by AM or PM after numbers with strokes, as .NET writes where nothing else is set, or by a month that could be none.
    """
    found = _STROKES.fullmatch(line(text).lower())
    if found is None or not (found["half"] or int(found["two"]) > 12):
        return None
    return _stroked(found, month=int(found["one"]), day=int(found["two"]))


def turned_date(text: str) -> Moment | None:
    """The other reading of a time written in numbers with strokes: month first where day first is the usual one, and the
    reverse; ``None`` where there is none.

    >>> turned_date("4/5/2020 8:30:00 AM").value, turned_date("4/5/2020 8:30").value
    ('2020-05-04T08:30:00+07:00', '2020-04-05T08:30+07:00')
    """
    found = _STROKES.fullmatch(line(text).lower())
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    month, day = (two, one) if parse_us(text) is not None else (one, two)
    return _stroked(found, month=month, day=day)


def _stroked(found: re.Match[str], *, month: int, day: int) -> Moment | None:
    when = _day(found["year"], month, day) if 1 <= month <= 12 else None
    if when is None:
        return None
    groups = {name: found[name] for name in ("hour", "minute", "second", "half")}
    return _with_time(when, groups, None, 0, found.end()) if found["hour"] else Moment(when, "day", 0, found.end())


def day_moment(year: int, month: int, day: int, start: int = 0, end: int = 0) -> Moment | None:
    """A day as a moment, or ``None`` if there is no such day or its year is none of ours."""
    when = _day(str(year), month, day)
    return Moment(when, "day", start, end) if when is not None else None


def _moment(text: str, match: re.Match[str]) -> Moment | None:
    groups = match.groupdict()
    year = groups["year"]
    if len(year) == 2:
        if groups.get("sep") != "/" or not "00" <= year <= "49" or _COUNTED.match(text, match.end()):
            return None
        year = f"20{year}"
    day = _day(year, _month(groups["month"]), int(groups["day"]))
    if day is None:
        return None
    if groups.get("hour"):
        return _with_time(day, groups, groups.get("zone"), match.start(), match.end())
    after = _BETWEEN.match(text, match.end())
    time = _TIME.match(text, after.end()) if after else None
    if time is not None:
        zone = _ZONE.match(text[time.end() :])
        moment = _with_time(day, time.groupdict(), zone["zone"] if zone else None, match.start(), time.end())
        if moment is not None and moment.precision == "minute":
            return moment
    for time in _TIME.finditer(text, max(0, match.start() - 60), match.start()):
        if _BETWEEN.fullmatch(text, time.end(), match.start()):
            moment = _with_time(day, time.groupdict(), None, time.start(), match.end())
            if moment is not None:
                return moment
    return Moment(day, "day", match.start(), match.end())


def _with_time(day: datetime, groups: dict[str, str | None], zone: str | None, start: int, end: int) -> Moment | None:
    hour, minute = int(groups["hour"] or 0), int(groups.get("minute") or groups.get("minute2") or 0)
    half = (groups.get("half") or "").replace(".", "")
    if half in ("ch", "pm", "chiều", "tối", "đêm") and hour < 12:
        hour += 12
    elif half in ("sa", "am", "sáng") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return Moment(day, "day", start, end)
    when = day.replace(hour=hour, minute=minute, second=min(int(groups.get("second") or 0), 59))
    own = _zone(zone) if zone else None
    if own is not None:
        when = when.replace(tzinfo=own).astimezone(VIETNAM)
    return Moment(when, "minute", start, end, seconds=groups.get("second") is not None, zone=own)


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    if offset > timedelta(hours=14):
        return VIETNAM
    return timezone(offset if text[0] == "+" else -offset)


def _relative(text: str, now: datetime) -> Moment | None:
    for word, back in _NAMED_DAYS:
        at = text.find(word)
        if at >= 0:
            day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
            time = _TIME.search(text)
            moment = _with_time(day, time.groupdict(), None, at, at + len(word)) if time else None
            return moment or Moment(day, "day", at, at + len(word))
    match = _RELATIVE.search(text)
    if match is None:
        return None
    count = 1 if match["count"] == "một" else int(match["count"])
    unit = match["unit"]
    if unit in ("giây", "phút", "giờ", "tiếng"):
        seconds = {"giây": 1, "phút": 60, "giờ": 3600, "tiếng": 3600}[unit]
        when = (now - timedelta(seconds=count * seconds)).replace(second=0, microsecond=0)
        return Moment(when, "minute", match.start(), match.end())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit in ("ngày", "hôm", "tuần"):
        days = count * (7 if unit == "tuần" else 1)
        return Moment(midnight - timedelta(days=days), "day", match.start(), match.end())
    if unit == "tháng":
        months = midnight.year * 12 + midnight.month - 1 - count
        year, month = divmod(months, 12)
        last = min(midnight.day, calendar.monthrange(year, month + 1)[1])
        return Moment(midnight.replace(year=year, month=month + 1, day=last), "month", match.start(), match.end())
    return None  # "2 năm trước" is true of a whole year: no precision of ours fits


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _MONTH_WORDS.get(text) or _ENGLISH_MONTHS.get(text, 0)


def _day(year: str, month: int, day: int) -> datetime | None:
    try:
        when = datetime(int(year), month, day, tzinfo=VIETNAM)
    except ValueError:
        return None
    return when if FIRST_YEAR <= when.year <= LAST_YEAR else None


def _impossible_date(text: str, at: int) -> bool:
    """Whether a day number stands right before a month: "31 tháng 2 năm 2020" is no date, nor is its month one."""
    return re.search(r"\d{1,2}\s*+[,./-]?\s*+$", text[:at]) is not None
