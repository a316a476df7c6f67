"""Which place holds the lead: prose before the body that stands at a place of its own, or opens the body so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.learn.signs.groups import Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.prose import SHORTEST_PROSE
from crawler.learn.signs.said import Said, folded

LEAST_SHARE = 0.5
LONGEST = 1500
LEAST_ASKED = 4
LEAST_TOLD = 0.15
"""Share of the articles of which others print something that has to be their lead."""


@dataclass(slots=True)
class Lead:
    """The place of the lead before the body. ``agrees`` of ``asked``: how often lists or feeds print it with the title."""

    place: int
    elements: dict[int, int] = field(default_factory=dict)
    agrees: int = 0
    asked: int = 0


def lead_place(pages: Sequence[Candidate], places: Places, group: Group, said: Said) -> Lead | None:
    """The place between title and body that holds the lead on most pages; ``None`` where the text itself opens with it."""
    found: dict[int, Lead] = {}
    for number in group.pages:
        page = pages[number]
        teasers = {*(said.teasers.get(page.key) or ()), folded(page.outline.described)}
        for outermost in _between(page, group, number, teasers):
            element = _own_place(page, places.of[number], outermost)
            lead = found.setdefault(places.of[number][element], Lead(places.of[number][element]))
            if number in lead.elements:
                continue
            lead.elements[number] = element
            lead.asked += any(len(teaser) > 30 for teaser in teasers)
            lead.agrees += _is_told(page, outermost, teasers)
    enough = [
        lead
        for lead in found.values()
        if len(lead.elements) >= max(3, LEAST_SHARE * len(group.pages)) and _varies(lead, pages) and _is_borne_out(lead)
    ]
    return max(
        enough, key=lambda lead: (_agreement(lead), len(lead.elements), -len(places.path(lead.place))), default=None
    )


def _own_place(page: Candidate, of: list[int], element: int) -> int:
    """The outermost element with the same text that is the only one at its place: rows of a layout share theirs."""
    outline, inner = page.outline, element
    while of.count(of[inner]) > 1:
        children = [at for at in range(inner + 1, outline.ends[inner]) if outline.parents[at] == inner]
        whole = [at for at in children if outline.text_of(at) == outline.text_of(inner)]
        if not whole:
            return element
        inner = whole[0]
    return inner


def _varies(lead: Lead, pages: Sequence[Candidate]) -> bool:
    """Whether what stands there differs from page to page: a notice of the portal's does not."""
    texts = {folded(pages[number].outline.text_of(element)) for number, element in lead.elements.items()}
    return len(texts) > 0.6 * len(lead.elements)


def _is_borne_out(lead: Lead) -> bool:
    """Whether others print it now and then, where they print anything: a line of small print they never do."""
    return lead.asked < LEAST_ASKED or lead.agrees >= LEAST_TOLD * lead.asked


def _agreement(lead: Lead) -> float:
    """How often others print it, in thirds; half where nobody prints any."""
    return round(3 * lead.agrees / lead.asked) / 3 if lead.asked > 2 else 0.5


def _is_told(page: Candidate, element: int, teasers: set[str]) -> bool:
    """Whether lists, feeds or the page's own description print what an element holds, or its beginning."""
    texts = [folded(piece.text) for piece in page.outline.lines_of(element) if len(piece.text) >= SHORTEST_PROSE]
    return any(text.startswith(teaser) or text in teaser for text in texts for teaser in teasers if len(teaser) > 30)


def _between(page: Candidate, group: Group, number: int, teasers: set[str]) -> list[int]:
    """The elements between title and body that hold prose and nothing else, the outermost of them."""
    outline, title, body = page.outline, group.titles[number], group.bodies[number]
    if outline.holds(body, title):
        return []
    found: list[int] = []
    at = outline.ends[title]
    while at < body:
        if outline.holds(at, body) or not _is_prose(page, at, teasers):
            at += 1
            continue
        found.append(at)
        at = outline.ends[at]
    return found


def _is_prose(page: Candidate, element: int, teasers: set[str]) -> bool:
    """Whether an element holds prose and little else; what holds a picture may be its caption, unless others print it."""
    lines = page.outline.lines_of(element)
    length = sum(len(piece.text) for piece in lines)
    prose = sum(
        len(piece.text) for piece in lines if len(piece.text) >= SHORTEST_PROSE and piece.linked * 2 < len(piece.text)
    )
    if not SHORTEST_PROSE <= length <= LONGEST:
        return False
    if any(page.outline.holds(element, image) for image in page.outline.images):
        return prose >= 0.5 * length and _is_told(page, element, teasers)
    return prose >= 0.8 * length
