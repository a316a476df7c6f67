"""Which of a page's dates to believe: each family's order of trust, with the malformed and the future rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from archive.model import PrintedDate
from archive.text.dates import Moment, parse_date, parse_iso, parse_us, turned_date
from archive.text.vietnam_time import VIETNAM
from crawler.cms.family import Dates
from crawler.extract.dates.other_languages import parse_foreign_iso

_ISO = re.compile(r"\s*\d{4}")

EARLIEST_YEAR = 1996
"""No Vietnamese portal is older; 1970 and 1900 are what software prints for "none"."""

AHEAD = timedelta(days=2)
"""How far after its capture a publication may seem to lie (clocks and zones) before it is rejected."""


FOREIGN = Dates(published=("jsonld", "meta", "microdata", "time"), modified=("jsonld", "meta", "microdata", "visible"))
"""On pages that are not Vietnam's, whose software we know nothing of, what is written for machines is right most often."""

LAST = ("jsonld", "script", "title", "visible", "address")
"""The order of :func:`crawler.extract.dates.last_resort.last_dates`."""


@dataclass(frozen=True, slots=True)
class Readers:
    """How printed dates are read: ``visible`` those for people, ``machine`` those for machines."""

    visible: Callable[[str], Moment | None]
    machine: Callable[[str], Moment | None]
    own_clock: bool = False
    turned: Callable[[str], Moment | None] | None = None
    """Reads a machine-written "4/5/2020" the other way round; ``None`` for any other text."""


@dataclass(slots=True)
class Candidates:
    """Printed dates under their source's name: ``jsonld``, ``microdata``, ``meta`` (machine-written), ``time``, ``visible``."""

    published: dict[str, str] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Chosen:
    published: PrintedDate | None = None
    modified: PrintedDate | None = None
    notes: list[str] = field(default_factory=list)


def readers(
    fetched_at: str | None, *, foreign: bool = False, month_first: bool = False, clock: ZoneInfo | None = None
) -> Readers:
    """Vietnam's readings of dates, or those of ``foreign`` pages; ``month_first`` tells what "04/05/2020" is there, and
    ``clock`` when it is midnight."""
    now = _time(fetched_at)
    if not foreign:
        return Readers(
            lambda text: parse_date(text, now=now),
            lambda text: parse_us(text) or parse_iso(text) or parse_date(text, now=now),
            turned=turned_date,
        )
    return Readers(
        lambda text: parse_foreign_iso(text, month_first=month_first, clock=clock),
        lambda text: parse_foreign_iso(text, month_first=month_first, clock=clock),
        own_clock=True,
    )


def choose(candidates: Candidates, order: Dates, fetched_at: str | None = None, read: Readers | None = None) -> Chosen:
    """The dates of an article. ``modified`` is ``None`` where it only repeats the publication.

    Sources that differ by more than a day are noted; so is a machine-written time that is the printed one shifted by
    the zone's seven hours, in which case the printed one is taken.
    """
    now = _time(fetched_at)
    read = read or readers(fetched_at)
    chosen = Chosen()
    moments = _moments(candidates.published, order.published, now, read)
    if moments:
        source, moment, text = _on_own_clock(_first_published(moments, candidates)) if read.own_clock else moments[0]
        visible = next((other for name, other, _ in moments if name == "visible"), None)
        if source != "visible" and visible is not None:
            apart = abs(moment.when - visible.when)
            if visible.precision == "minute" and timedelta(hours=6, minutes=59) <= apart <= timedelta(
                hours=7, minutes=1
            ):
                chosen.notes.append(f"publication: {source} is seven hours off the printed time, which was taken")
                source, moment, text = next(item for item in moments if item[0] == "visible")
            elif moment.day != visible.day and (
                _is_zone_slip(moment, visible) or _repeats_modification(moment, text, candidates, now, read)
            ):
                chosen.notes.append(
                    f"publication: {source} says {moment.value}, the page prints {visible.value}, which was taken"
                )
                source, moment, text = next(item for item in moments if item[0] == "visible")
            elif moment.day != visible.day:
                chosen.notes.append(f"publication: {source} says {moment.value}, the page prints {visible.value}")
        for name, other, _ in moments[1:]:
            if name != "visible" and abs(other.when - moment.when) > timedelta(days=1):
                chosen.notes.append(f"publication: {source} says {moment.value}, {name} says {other.value}")
        chosen.published = PrintedDate(moment.value, moment.precision, source, text)
        chosen.modified = _modified(candidates, order, now, moment, read)
    return chosen


def is_of_site_builder(published: PrintedDate) -> bool:
    """Whether a structured date is written for people ("Jun 12, 2025"): Webflow puts there when the whole site was last
    published, which for an older article is later than the date it prints."""
    return published.source == "jsonld" and _ISO.match(published.text) is None


def _modified(
    candidates: Candidates, order: Dates, now: datetime | None, published: Moment, read: Readers
) -> PrintedDate | None:
    for source, moment, text in _moments(candidates.modified, order.modified, now, read):
        same_day = moment.day == published.day and "day" in (moment.precision, published.precision)
        if not same_day and moment.when - published.when > timedelta(minutes=1):
            return PrintedDate(moment.value, moment.precision, source, text)
    return None


def _moments(
    printed: Mapping[str, str], order: tuple[str, ...], now: datetime | None, read: Readers
) -> list[tuple[str, Moment, str]]:
    """The readable dates in order of trust; sources the order does not name come last."""
    rank = {name: position for position, name in enumerate(order)}
    shown = read.visible(printed["visible"]) if printed.get("visible") else None
    found = []
    for source, text in sorted(printed.items(), key=lambda item: rank.get(item[0].split(":")[0], len(rank))):
        if source.split(":")[0] not in rank:
            continue
        moment = read.visible(text) if source in ("visible", "title") else read.machine(text)
        if (
            moment is not None
            and source == "visible"
            and moment.precision == "minute"
            and moment.when.strftime("%H%M%S") == "000000"
            and not read.own_clock
        ):
            moment = replace(moment, precision="day")  # midnight is what software prints where it keeps no time
        if moment is not None and shown is not None and read.turned is not None and moment.day != shown.day:
            other = read.turned(text)  # a server of another culture writes month and day the other way round
            moment = other if other is not None and other.day == shown.day else moment
        if moment is None or moment.precision == "month" or moment.when.year < EARLIEST_YEAR:
            continue
        if now is not None and moment.when > now + AHEAD:
            continue
        found.append((source, moment, text))
    return found


def _repeats_modification(
    moment: Moment, text: str, candidates: Candidates, now: datetime | None, read: Readers
) -> bool:
    """Whether a date of publication is only the modification's, as software writes it for edited articles."""
    sources = tuple({source.split(":")[0] for source in candidates.modified})
    modified = _moments(candidates.modified, sources, now, read)
    return any(text == said or abs(moment.when - other.when) < timedelta(minutes=1) for _, other, said in modified)


def _first_published(moments: list[tuple[str, Moment, str]], candidates: Candidates) -> list[tuple[str, Moment, str]]:
    """The moments without a leading one that only repeats the modification, where another source is more than a day earlier."""
    first = moments[0]
    if first[2] not in candidates.modified.values():
        return moments
    earlier = [
        item for item in moments[1:] if item[0] != "visible" and first[1].when - item[1].when > timedelta(days=1)
    ]
    return [*earlier, *moments] if earlier else moments


def _on_own_clock(moments: list[tuple[str, Moment, str]]) -> tuple[str, Moment, str]:
    """The first moment, or the one that tells the same instant by the page's clock where the first tells it in UTC."""
    first = moments[0][1]
    if first.zone is None or first.zone.utcoffset(None):
        return moments[0]
    for item in moments[1:]:
        other = item[1]
        apart = abs(other.when.replace(tzinfo=None) - first.when.replace(tzinfo=None))
        if other.precision != "minute" or not timedelta(0) < apart <= timedelta(hours=14):
            continue
        same_instant = other.zone is not None and abs(other.when - first.when) < timedelta(minutes=1)
        if same_instant or (other.zone is None and apart.seconds % 900 == 0):
            return item
    return moments[0]


def _is_zone_slip(one: Moment, other: Moment) -> bool:
    return other.precision == "day" and abs(one.when - other.when) <= timedelta(hours=31)


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = parse_iso(text)
    return moment.when.astimezone(VIETNAM) if moment else None
