"""What stands in the body of an article and is none of its text: parts that stand on page after page, or link elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crawler.extract.clean.attachments import is_document
from crawler.extract.credits.byline import read_signature
from crawler.learn.fields.days import elsewhere
from crawler.learn.signs.groups import Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.prose import SHORTEST_PROSE, Frequencies
from crawler.learn.signs.said import folded

_CELLS = frozenset(("td", "th", "tr", "tbody", "thead", "table", "caption", "colgroup"))
LINKED = 0.7
"""Share of the characters of a part that are links from which on it is no text."""
COMMON = 0.85
"""Share of the characters of a part that stand on many pages from which on it is boilerplate."""
PROSE = 0.3
"""Share of the characters of a part that are prose of its page alone from which on it is never left out."""
LEAST_PAGES = 3
LONGEST_SMALL_PRINT = 400
SMALL = 0.7
"""Share of the pages on which an element has to be small print; a title nobody else prints passes for prose."""


@dataclass(slots=True)
class Part:
    """A place within the body, over all pages."""

    place: int
    pages: set[int] = field(default_factory=set)
    elements: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    length: int = 0
    linked: int = 0
    common: int = 0
    lines: int = 0
    signed: int = 0
    files: int = 0
    images: int = 0
    own: float = 0.0


def dropped(
    pages: Sequence[Candidate], places: Places, group: Group, frequencies: Frequencies, others: Iterable[int]
) -> list[Part]:
    """The parts of the body to leave out: the outermost places that are boilerplate, links, or ``others``."""
    parts = _parts(pages, places, group, frequencies)
    named = set(others)
    bad = {
        place
        for place, part in parts.items()
        if (place in named and part.own <= PROSE * part.length) or _is_boilerplate(part, places)
    }
    return [parts[place] for place in bad if not any(outer in bad for outer in _around(places, place, group.body))]


def _around(places: Places, place: int, body: int) -> Iterable[int]:
    place = places.parents[place]
    while place not in (-1, body):
        yield place
        place = places.parents[place]


def _is_boilerplate(part: Part, places: Places) -> bool:
    if len(part.pages) < LEAST_PAGES or not part.length or part.files:
        return False
    step = places.steps[part.place]
    if step[0] in _CELLS and part.linked < LINKED * part.length:
        return False  # the cells of tables repeat small words and figures
    if part.linked < LINKED * part.length and _is_text_of_cell(part.place, places):
        return False
    if part.signed * 2 > part.lines or part.own > 0.1 * part.length:
        return False
    if part.linked >= LINKED * part.length and step[0] not in ("p", "a", "span", "strong", "b", "em", "i"):
        return True
    return part.common >= COMMON * part.length and step[0] not in ("strong", "b", "em", "i", "span", "a", "br")


def _is_text_of_cell(place: int, places: Places) -> bool:
    """Whether a place is that of a cell's text: an element without a name of its own, as editors set figures in."""
    while place >= 0 and all(name.startswith(":") for name in places.steps[place][1:]):
        if places.steps[place][0] in ("td", "th"):
            return True
        place = places.parents[place]
    return False


def _parts(pages: Sequence[Candidate], places: Places, group: Group, frequencies: Frequencies) -> dict[int, Part]:
    found: dict[int, Part] = {}
    for number in group.pages:
        page, body = pages[number], group.bodies[number]
        outline = page.outline
        files = [anchor.element for anchor in outline.anchors if is_document(anchor.url)]
        for element in range(body + 1, outline.ends[body]):
            first, last = outline.line_spans[element]
            if first == last:
                continue
            place = places.of[number][element]
            part = found.setdefault(place, Part(place))
            part.pages.add(number)
            part.elements[number].append(element)
            part.own += page.own(element)
            part.files += any(outline.holds(element, file) for file in files)
            for piece in outline.lines[first:last]:
                length = len(piece.text)
                part.length += length
                part.linked += piece.linked
                part.common += length if frequencies.is_common(piece.text) else 0
                part.lines += 1
                part.signed += length <= 140 and read_signature(piece.text) is not None
    return found


def around(pages: Sequence[Candidate], places: Places, group: Group, place: int) -> int:
    """The outermost place within the body that holds what stands at ``place`` and no prose: title and day with their small print."""
    if not places.within(place, group.body) or place == group.body:
        return place
    standing = {number: places.elements(number, place)[:1] for number in group.pages}
    while (outer := places.parents[place]) not in (-1, group.body):
        standing = {number: [pages[number].outline.parents[at] for at in found] for number, found in standing.items()}
        # rows of a layout share one place: what is left out by it would be all of them
        every = {number: places.elements(number, outer) for number in group.pages}
        held = [(number, element) for number, found in every.items() for element in found]
        small = sum(_is_small_print(pages[number], element, group.titles[number]) for number, element in held)
        if small < SMALL * max(1, len(held)):
            return place
        place = outer
    return place


def _is_small_print(page: Candidate, element: int, title: int) -> bool:
    """Whether an element holds no prose but the title once more, and no picture."""
    outline = page.outline
    if page.length(element) > LONGEST_SMALL_PRINT or any(outline.holds(element, image) for image in outline.images):
        return False
    named = folded(outline.text_of(title, LONGEST_SMALL_PRINT))
    long = [piece for piece in outline.lines_of(element) if len(piece.text) >= SHORTEST_PROSE]
    return page.own(element) == 0 or all(_tells(folded(piece.text), named) for piece in long)


def _tells(line: str, title: str) -> bool:
    """Whether a line is the title with something before it; a trail of bread crumbs may cut it short."""
    return title in line or line.rstrip(" ().")[-20:] in title


def beside(pages: Sequence[Candidate], places: Places, group: Group) -> set[int]:
    """Places within the body that list other pages: related articles, neighbours."""
    told: dict[int, int] = defaultdict(int)
    for number in group.pages:
        body, outline = group.bodies[number], pages[number].outline
        for element in set(elsewhere(pages[number], group.titles[number], body)):
            if outline.holds(body, element) and element != body:
                told[places.of[number][element]] += 1
    return {place for place, count in told.items() if count >= LEAST_PAGES}
