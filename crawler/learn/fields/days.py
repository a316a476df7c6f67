"""Which place tells the day of publication: the one whose days rank like the article numbers or like the lists do.

A related item's day, a clock and a day of modification give days too, but not in that order. Where lists or feeds print
a day beside an article's title, the place has to say the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.text.dates import Moment, parse_date, parse_iso
from crawler.extract.by_theme import day_in
from crawler.extract.dates.labelled_dates import labelled_dates
from crawler.learn.signs.groups import LEAST_PAGES, Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.ranks import concordance, numbers_of, spearman
from crawler.learn.signs.said import Said, address_key, entry_of, titled

_MAY_BE_DAY = re.compile(r"\d{1,2}\D{1,12}\d{1,4}|\b(?:19|20)\d\d\b")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d")
LONGEST = 140
"""Characters of the line a day is printed in."""
MOST_BESIDE = 70
"""Characters beside the day in that line: weekday, author, views. More is a sentence that tells of a day."""
LEAST_COVERAGE = 0.6
CONSTANT, CLOCK = "the same day on nearly every page", "the day of the visit: a clock"
BAR = 0.8
"""How well the days of a place have to rank or agree for it to be believed."""


@dataclass(slots=True)
class Source:
    """A place that gives a day on many pages. ``kind``: ``visible``, ``time`` (an attribute), or a machine's source."""

    place: int
    kind: str
    days: dict[int, str] = field(default_factory=dict)
    elements: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    minutes: int = 0
    agrees: int = 0
    asked: int = 0
    rank: float = 0.0
    listed: float = 0.0
    refused: str = ""

    @property
    def role(self) -> str:
        """What the labels within its texts say its days are of."""
        roles = Counter(_role(text) for text in list(self.texts.values())[:20])
        return roles.most_common(1)[0][0] if roles else ""

    @property
    def is_dated(self) -> bool:
        """Whether its days are those of single pages: no clock's, no constant."""
        return self.refused not in (CLOCK, CONSTANT)

    @property
    def quality(self) -> float:
        ranked = max(abs(self.rank), abs(self.listed))
        if self.asked < LEAST_PAGES:
            return ranked
        return 0.7 * self.agrees / self.asked + 0.3 * max(ranked, self.agrees / self.asked)


def day_source(
    pages: Sequence[Candidate], places: Places, group: Group, said: Said
) -> tuple[Source | None, list[Source]]:
    """The best source of the day of publication of a group's pages, if any is believed, and all that were weighed."""
    sources = [
        source
        for source in _sources(pages, places, group).values()
        if len(source.days) >= LEAST_COVERAGE * len(group.pages)
    ]
    for source in sources:
        _weigh(source, pages, group, said)
    believed = [source for source in sources if not source.refused]
    if not believed:
        return None, sources
    best = max(believed, key=lambda source: (_order(source), _depth(source, places)))
    best = _beside_the_title(_not_the_edit(best, sources), believed, group)
    return _published_first(best, believed), sources


def _depth(source: Source, places: Places) -> int:
    """How far down a place lies: of elements around the same text the innermost holds nothing else."""
    return len(places.path(source.place)) if source.place >= 0 else 0


def _not_the_edit(best: Source, sources: Sequence[Source]) -> Source:
    """Of a day whose label says modification and another labelled publication, never later, the other: whatever lists print."""
    if best.role != "modified":
        return best
    others = [
        source for source in sources if source.role == "published" and source.is_dated and _is_never_later(source, best)
    ]
    return max(others, key=_order, default=best)


def _beside_the_title(best: Source, believed: Sequence[Source], group: Group) -> Source:
    """Of a day that stands below the text and another above it, never later, the other: readers' comments are dated too."""
    if not _is_below(best, group):
        return best
    others = [source for source in believed if not _is_below(source, group) and _is_never_later(source, best)]
    return max(others, key=_order, default=best)


def _is_below(source: Source, group: Group) -> bool:
    below = sum(element > group.bodies[number] for number, element in source.elements.items())
    return source.place >= 0 and below > 0.5 * len(source.elements)


def _is_never_later(one: Source, other: Source) -> bool:
    both = [(day, other.days[number]) for number, day in one.days.items() if number in other.days]
    return len(both) >= 0.8 * len(other.days) and all(day <= later for day, later in both)


def _published_first(best: Source, believed: list[Source]) -> Source:
    """Of sources that mostly say the same day the one that is never later: the other repeats the modification."""
    for other in sorted(believed, key=_order, reverse=True):
        both = [(day, other.days[number]) for number, day in best.days.items() if number in other.days]
        same = sum(one == two for one, two in both)
        earlier = sum(two < one for one, two in both)
        if earlier and same * 2 >= len(both) and same + earlier == len(both) >= 0.8 * len(best.days):
            return other
    return best


def _order(source: Source) -> tuple[float, float, bool, bool, bool, int]:
    """What speaks for a source: its rank, the pages it stands on, that it is no stamp for machines, its minutes, its brevity."""
    texts = list(source.texts.values())
    stamped = source.kind == "visible" and sum(bool(_STAMP.match(text)) for text in texts) * 2 > len(texts)
    minutes = source.minutes * 2 > len(source.days)
    coverage = round(len(source.days) / 10)
    return round(source.quality, 3), coverage, not stamped, minutes, source.kind == "visible", -len("".join(texts))


def _weigh(source: Source, pages: Sequence[Candidate], group: Group, said: Said) -> None:
    days = {pages[number].key: day for number, day in source.days.items()}
    numbers = dict(zip(group.pages, numbers_of([pages[number].outline.url for number in group.pages]), strict=True))
    both = [(numbers[number], day) for number, day in source.days.items() if numbers.get(number) is not None]
    if len(both) >= LEAST_PAGES:
        source.rank = spearman([float(number or 0) for number, _ in both], [day for _, day in both])
    runs = [[key for key in run if key in days] for run in said.runs]
    listed, pairs = concordance(days, [run for run in runs if len(run) > 1])
    source.listed = listed if pairs >= LEAST_PAGES else 0.0
    for key, day in days.items():
        told = set(said.days.get(key) or ()) | ({said.feed_days[key]} if key in said.feed_days else set())
        if source.role == "modified":
            told |= set(said.edited.get(key) or ())
        if told:
            source.asked += 1
            source.agrees += day in told
    source.refused = _refusal(source, pages)


def _role(text: str) -> str:
    """The role of the day that a line is read by."""
    roles = [date.role for date in labelled_dates(text) if date.moment.precision != "month"]
    return next((role for role in ("published", "") if role in roles), "modified" if roles else "")


def _refusal(source: Source, pages: Sequence[Candidate]) -> str:
    distinct = len(set(source.days.values()))
    if distinct <= max(1, 0.1 * len(source.days)):
        return CONSTANT
    today = sum((pages[number].outline.fetched_at or "")[:10] == day for number, day in source.days.items())
    if today > 0.5 * len(source.days):
        return CLOCK
    if source.quality < BAR:
        return f"its days rank {max(abs(source.rank), abs(source.listed)):.2f} with the order of the articles, and agree with {source.agrees} of {source.asked} lists"
    return ""


def _sources(pages: Sequence[Candidate], places: Places, group: Group) -> Mapping[tuple[int, str], Source]:
    found: dict[tuple[int, str], Source] = {}
    for number in group.pages:
        for place, kind, element, text, moment in _told(pages[number], places.of[number], group, number):
            source = found.setdefault((place, kind), Source(place, kind))
            if number not in source.days:
                source.days[number], source.texts[number] = moment.value[:10], text
                source.elements[number] = element
                source.minutes += moment.precision == "minute"
    return found


def _told(page: Candidate, of: list[int], group: Group, number: int) -> Iterator[tuple[int, str, int, str, Moment]]:
    """Each place of a page that tells a day: place, kind, element, text, moment."""
    outline = page.outline
    for source, text in outline.machine.items():
        moment = parse_iso(text) or parse_date(text)
        if moment is not None and moment.precision != "month":
            yield -1, source, -1, text, moment
    body = group.bodies[number]
    foreign = elsewhere(page, group.titles[number], body)
    for element in range(1, len(outline.tags)):
        value = outline.values.get(element, {})
        stamp = value.get("datetime") or value.get("content")
        if stamp and (moment := parse_iso(stamp) or parse_date(stamp)) is not None and moment.precision != "month":
            yield of[element], "time" if value.get("datetime") else "microdata", element, stamp, moment
        first, last = outline.piece_spans[element]
        if not 0 < last - first <= 40 or any(outline.holds(outer, element) for outer in foreign):
            continue
        text = outline.text_of(element, LONGEST + 1)
        if 5 < len(text) <= LONGEST and _MAY_BE_DAY.search(text) and (moment := day_in(text)) is not None:
            beside = len(text) - (moment.end - moment.start)
            if beside <= (25 if outline.holds(body, element) else MOST_BESIDE):
                yield of[element], "visible", element, text, moment


def elsewhere(page: Candidate, title: int, body: int) -> list[int]:
    """The elements of a page that speak of others: each holds a title that links to another page, and not its own title."""
    outline = page.outline
    keys = [address_key(anchor.url) for anchor in outline.anchors]
    titles = titled(outline, keys)
    found = []
    for number, key in enumerate(keys):
        if not titles[number] or key == page.key or outline.holds(body, outline.anchors[number].element):
            continue
        entry = entry_of(outline, number, keys, titles)
        if entry is not None and not outline.holds(entry, title) and not outline.holds(entry, body):
            found.append(entry)
        else:
            found.append(outline.parents[outline.anchors[number].element])
    return [entry for entry in found if not outline.holds(entry, title) and not outline.holds(entry, body)]
