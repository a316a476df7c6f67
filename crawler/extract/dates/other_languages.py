"""Dates on pages in other languages than Vietnamese: month names of a dozen languages, and who puts the month first.

Kept apart from :mod:`archive.text.dates`, since "mai", "mars" or "set" are words of their own in Vietnamese text. The
clock of such a page is its own: a date keeps the zone it is printed with, and so its day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from archive.text.dates import Moment, day_moment, parse_date, parse_iso
from archive.text.normalise import line

# English months first: theirs are read by archive.text.dates as well, these are for the endings it does not know.
_MONTHS = {
    1: "january jan januar jänner januari janvier janv enero ene gennaio gen janeiro styczeń stycznia leden ledna ocak января янв tammikuuta janúar ianuarie január siječnja sausio",
    2: "february feb febr februar feber februari février févr fevrier febrero febbraio fevereiro fev luty lutego únor února şubat февраля фев helmikuuta febrúar februarie február veljače vasario",
    3: "march mar mär märz maerz mars marzo março maart marzec marca březen března mart марта мар maaliskuuta martie ožujka kovo",
    4: "april apr avril avr abril abr aprile kwiecień kwietnia duben dubna nisan апреля апр huhtikuuta apríl aprilie travnja balandžio",
    5: "may mai mayo maggio mag maio mei maj maja květen května mayıs мая toukokuuta maí máj svibnja gegužės",
    6: "june jun juni juin junio giugno giu junho czerwiec czerwca červen června haziran июня июн kesäkuuta júní iunie jún lipnja birželio",
    7: "july jul juli juillet juil julio luglio lug julho lipiec lipca červenec července temmuz июля июл heinäkuuta júlí iulie júl srpnja liepos",
    8: "august aug août aout agosto ago augusti augustus sierpień sierpnia srpen srpna ağustos августа авг elokuuta ágúst kolovoza rugpjūčio",
    9: "september sep sept septembre septiembre settembre set setembro wrzesień września září eylül сентября сен syyskuuta septembrie szeptember rujna rugsėjo",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out październik października říjen října ekim октября окт lokakuuta október octombrie listopada spalio",
    11: "november nov novembre noviembre novembro listopad listopadu kasım ноября ноя marraskuuta nóvember noiembrie studenoga lapkričio",
    12: "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro grudzień grudnia prosinec prosince aralık декабря дек joulukuuta desember des decembrie prosinca gruodžio",
}  # fmt: skip
_NUMBER_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
_NAMES = "|".join(sorted(map(re.escape, _NUMBER_OF), key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_DAY_FIRST = re.compile(
    rf"(?<![\d.,/-])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª)?[\s.,/-]*(?:de\s+|of\s+)?(?P<month>{_NAMES})(?![^\W\d_])[\s.,'/-]*(?:de\s+|del\s+)?{_YEAR}"
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_])(?P<month>{_NAMES})\.?\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+){_YEAR}"
)
_YEAR_FIRST = re.compile(rf"(?<!\d){_YEAR}[\s,./-]+(?P<month>{_NAMES})\.?[\s,./-]+(?P<day>\d{{1,2}})(?!\d)")
_EAST_ASIAN = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[年년.]\s*(?P<month>\d{1,2})\s*[月월.]\s*(?P<day>\d{1,2})\s*(?:[日일]|(?![\d.]))"
)
_YEAR_AHEAD = re.compile(r"\s*\d{4}")
_DIGIT = re.compile(r"\d")
_SLASHED = re.compile(
    r"(?<![\d/.,-])(?P<first>\d{1,2})(?P<sign>[/-])(?P<second>\d{1,2})(?P=sign)(?P<year>(?:19|20)\d{2}|\d{2})(?![\d/-])"
)
_DOTTED_SHORT = re.compile(r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d\d)")
"""A day as German prints it in small places, where it is all the text: "23.09.22"."""
_DAY_FIRST_ENGLISH = re.compile(r"\.(?:uk|au|nz|ie|in|za|ng|ke|sg|my|hk|ph)$")


# Lands of one clock, by the last part of a host. A site elsewhere (.com, .org, .us, .ru, .au) has none that is known.
_CLOCKS = {
    "Europe/Berlin": "de at ch li fr it es nl be lu pl cz sk hu si hr dk se no rs ba me mk al mt",
    "Europe/Athens": "fi ee lv lt ro bg gr ua cy",
    "Europe/London": "uk ie pt",
    "Europe/Istanbul": "tr",
    "Asia/Tokyo": "jp",
    "Asia/Seoul": "kr",
    "Asia/Shanghai": "cn tw hk sg my ph",
    "Asia/Kolkata": "in",
    "Asia/Bangkok": "th",
}
_ZONE_OF = {land: ZoneInfo(zone) for zone, lands in _CLOCKS.items() for land in lands.split()}


def clock_of(host: str) -> ZoneInfo | None:
    """The clock of the land a host is registered in; ``None`` where it has several, or the host tells no land."""
    return _ZONE_OF.get(host.rpartition(".")[2].lower())


def on_clock(moment: Moment, zone: ZoneInfo | None) -> Moment:
    """A day told as an instant of UTC on the clock it is midnight by: "22:00Z" and "23:00Z" in Berlin. Any other as it is."""
    if zone is None or moment.zone is None or moment.zone.utcoffset(None) or moment.precision != "minute":
        return moment
    when = moment.when.astimezone(zone)
    if when.strftime("%H%M%S") != "000000":
        return moment
    return replace(moment, when=when, zone=timezone(when.utcoffset() or timedelta(0)))


def month_comes_first(language: str | None, region: str | None, host: str) -> bool:
    """Whether "04/05/2020" is a day in April: in American English, by the page's language and the land of its host."""
    if region not in (None, "us"):
        return False
    return language == "en" and _DAY_FIRST_ENGLISH.search(host) is None


def parse_foreign(text: str, *, month_first: bool = False) -> Moment | None:
    """The first whole date of a printed text, in its own zone; ``None`` where there is none that is sure."""
    if _DIGIT.search(text) is None:  # most of what is asked
        return None
    tidy = line(text).lower()[:2000]
    slashed = _SLASHED.search(tidy)
    if slashed is not None:
        first, second = int(slashed["first"]), int(slashed["second"])
        if second > 12 or (month_first and first <= 12):
            year = slashed["year"] if len(slashed["year"]) == 4 else f"20{slashed['year']}"
            moment = day_moment(int(year), first, second, slashed.start(), slashed.end())
            if moment is not None:
                return moment
    if (short := _DOTTED_SHORT.fullmatch(tidy)) is not None:
        return day_moment(2000 + int(short["year"]), int(short["month"]), int(short["day"]), 0, len(tidy))
    for pattern in (_EAST_ASIAN, _DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        for match in pattern.finditer(tidy):
            month = match["month"]
            number = int(month) if month.isdigit() else _NUMBER_OF[month]
            moment = day_moment(int(match["year"]), number, int(match["day"]), match.start(), match.end())
            if moment is not None:
                return moment
    found = parse_date(tidy)
    return found.in_own_zone() if found is not None and found.precision != "month" else None


def parse_foreign_iso(text: str, *, month_first: bool = False, clock: ZoneInfo | None = None) -> Moment | None:
    """A machine-written time with the day of its own zone, or of the page's ``clock``; else what :func:`parse_foreign` makes of it."""
    moment = parse_iso(text) if _YEAR_AHEAD.match(text) else None
    if moment is not None:
        return on_clock(moment.in_own_zone(), clock)
    return parse_foreign(text, month_first=month_first)
