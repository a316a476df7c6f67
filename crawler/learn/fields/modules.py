"""Which places hold modules beside the articles: menus, latest news and counters that stand on page after page.

A theme needs none of this, for it reads every field at its own place. Pages of the portal that bear no theme, a notice
of another component or a page about the office, have the same modules around them, and are read without these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.learn.fields.surroundings import common
from crawler.learn.signs.groups import Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Matcher, Places, Step
from crawler.learn.signs.prose import Frequencies
from crawler.learn.signs.selecting import ALL, selector_for

LEAST_SHARE = 0.5
"""Share of a group's pages on which a module stands."""
FOREIGN = 0.8
"""Share of a module's characters that are links, or lines that many pages hold."""
OWN = 0.05
"""Share of a module's characters that may be prose of one page alone."""
LEAST_TEXT = 80
"""Characters a module holds on a page, taken over all pages: less disturbs nobody."""
MOST = 12
SAMPLE = 30
"""Pages a selector is tried on."""
RIGHT = 0.9


@dataclass(slots=True)
class Module:
    """A place outside the article, over all pages of a group."""

    pages: int = 0
    length: int = 0
    foreign: int = 0
    own: float = 0.0

    def is_one(self, of: int) -> bool:
        return (
            self.pages >= LEAST_SHARE * of
            and self.length >= LEAST_TEXT * self.pages
            and self.foreign >= FOREIGN * self.length
            and self.own <= OWN * self.length
        )


def modules(
    pages: Sequence[Candidate], places: Places, group: Group, frequencies: Frequencies, kept: Iterable[int]
) -> tuple[str, ...]:
    """Selectors of the modules around a group's articles, the largest first. ``kept`` are the places of fields."""
    found = _modules(pages, places, group, frequencies)
    keep = _with_those_around(places, kept)
    good = {place for place, module in found.items() if place not in keep and module.is_one(len(group.pages))}
    outer = [place for place in good if not any(other in good for other in _around(places, place))]
    largest = sorted(outer, key=lambda place: -found[place].length)[:MOST]
    selectors = (_selector(pages, places, group, place) for place in largest)
    return tuple(dict.fromkeys(selector for selector in selectors if selector))


def _modules(pages: Sequence[Candidate], places: Places, group: Group, frequencies: Frequencies) -> dict[int, Module]:
    found: dict[int, Module] = defaultdict(Module)
    for number in group.pages:
        page, outline = pages[number], pages[number].outline
        scope = common(page, group.titles[number], group.bodies[number])
        foreign = _foreign(page, frequencies)
        seen = set()
        for element in range(1, len(outline.tags)):
            first, last = outline.line_spans[element]
            if first == last or outline.holds(element, scope) or outline.holds(scope, element):
                continue
            place = places.of[number][element]
            module = found[place]
            module.pages += place not in seen
            seen.add(place)
            module.length += page.lengths[last] - page.lengths[first]
            module.foreign += foreign[last] - foreign[first]
            module.own += page.own(element)
    return found


def _foreign(page: Candidate, frequencies: Frequencies) -> list[int]:
    """The characters of each line that are links or stand on many pages, added up from the front."""
    total, sums = 0, [0]
    for piece in page.outline.lines:
        if piece.linked * 2 >= len(piece.text) or frequencies.is_common(piece.text):
            total += len(piece.text)
        sums.append(total)
    return sums


def _around(places: Places, place: int) -> Iterable[int]:
    while (place := places.parents[place]) >= 0:
        yield place


def _with_those_around(places: Places, kept: Iterable[int]) -> set[int]:
    return {outer for place in kept for outer in (place, *_around(places, place))}


def _selector(pages: Sequence[Candidate], places: Places, group: Group, place: int) -> str:
    """A selector that finds a module and nothing else; empty where none does."""
    chosen = group.pages[:: max(1, len(group.pages) // SAMPLE)]
    wanted = {at: places.elements(number, place) for at, number in enumerate(chosen)}
    outlines = [pages[number].outline for number in chosen]
    selected = selector_for(outlines, places.path(place), wanted, which=ALL)
    if selected.right < RIGHT or any(_holds_text(page, selected.steps) for page in pages):
        return ""
    return selected.selector


def _holds_text(page: Candidate, steps: Sequence[Step]) -> bool:
    """Whether what a selector finds on a page is that page's text: another template may name its column so."""
    return sum(page.own(element) for element in Matcher(steps).elements(page.outline)) > 0.5 * page.prose[-1]
