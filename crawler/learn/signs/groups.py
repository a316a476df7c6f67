"""Groups of pages made by one template: those whose prose stands at the same place, under a title at the same place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from archive.text.dates import find_dates
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.prose import LEAST_ENTRIES, SHORTEST_PROSE
from crawler.learn.signs.said import Said, address_key, entry_of, titled

LEAST_PAGES = 4
"""Pages of one template from which on it is learnt."""
MOST_GROUPS = 8
MENU = 0.6
"""Share of a group's pages that a menu leads to, and that list articles of other groups, for it to be sections' pages."""
LEAST_SHARE = 0.6
"""Share of a page's own prose that its body holds at least."""
TEASED = 0.7
"""Share of a group's own prose from which on it is that of lists' entries; "see also" within articles stays below .5."""
FRONT = 0.1
"""Share of a body's prose before the first title of another page that a list has at most."""
GOOD_ENOUGH = 0.7
"""How well a place holds the prose of a page, against the best place on that page, for the page to belong to it."""
LEAST_DISTINCT = 0.6
"""Share of titles that are borne once: the same words on page after page are the site's or a section's."""
STRICT = 6
"""How much a place counts less on pages where another fits better: lists must not widen the place of the articles."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(slots=True)
class Group:
    """Pages of one template. ``pages`` are indices of candidates; ``titles`` and ``bodies`` their elements."""

    body: int
    title: int
    pages: list[int]
    bodies: dict[int, int] = field(default_factory=dict)
    titles: dict[int, int] = field(default_factory=dict)
    named: int = 0
    """On how many pages the title is what others call the page."""
    lists: int = 0
    """Pages of lists whose titles and entries stand at places of the same kind."""


def groups(pages: list[Candidate], places: Places) -> list[Group]:
    """The groups of article pages, the largest first; pages that fit no other are left out."""
    found: list[Group] = []
    for group in _groups(pages, places, range(len(pages))):
        if _are_lists(pages, group):
            continue
        # once more among its own pages alone: lists in like dress widen the place of the text
        inner = _groups(pages, places, group.pages) or [group]
        for one in inner:
            one.lists = max(one.lists, group.lists)
        found += inner
    found = [group for group in found if not _are_teasers(pages, group)]
    return sorted(found, key=lambda group: -len(group.pages))[:MOST_GROUPS]


def without_list_fronts(found: list[Group], pages: list[Candidate], said: Said) -> list[Group]:
    """The groups but those of section pages that open with an article in full: a menu leads to them, and they list others."""
    articles = Counter({pages[number].key: at for at, group in enumerate(found, 1) for number in group.pages})
    return [group for at, group in enumerate(found, 1) if not _are_list_fronts(at, group, pages, said, articles)]


def without_remainders(found: list[Group], places: Places) -> list[Group]:
    """The groups but those few pages of another whose text is missing: their title's place is its, and their body's holds its."""
    return [
        group
        for group in found
        if not any(
            2 * len(group.pages) <= len(other.pages)
            and group.title == other.title
            and group.body != other.body
            and places.within(other.body, group.body)
            for other in found
        )
    ]


def _are_list_fronts(at: int, group: Group, pages: list[Candidate], said: Said, articles: Counter[str]) -> bool:
    if sum(said.is_in_menu(pages[number].key) for number in group.pages) < MENU * len(group.pages):
        return False
    listing = 0
    for number in group.pages:
        keys = {address_key(anchor.url) for anchor in pages[number].outline.anchors}
        others = sum(articles[key] not in (0, at) and not said.is_in_menu(key) for key in keys)
        listing += others >= LEAST_PAGES
    return listing >= MENU * len(group.pages)


def _are_lists(pages: list[Candidate], group: Group) -> bool:
    """Whether what stands at the body's place are entries of lists: titles that link elsewhere, each with a line or two."""
    shares = [_listed_share(pages[number], group.bodies[number]) for number in group.pages]
    return sum(shares) > 0.5 * len(shares)


def _listed_share(page: Candidate, body: int) -> float:
    """The share of a body's text that stands in the entries of a list."""
    outline = page.outline
    keys = [address_key(anchor.url) for anchor in outline.anchors]
    titles = titled(outline, keys)
    listed: set[int] = set()
    for number, key in enumerate(keys):
        element = outline.anchors[number].element
        if not titles[number] or key == page.key or not outline.holds(body, element):
            continue
        while outline.parents[element] > body and _prose_lines(page, outline.parents[element]) < 2:
            element = outline.parents[element]
        listed.update(range(*outline.line_spans[element]))
    length = sum(len(outline.lines[at].text) for at in listed)
    return length / max(1, page.length(body))


def _is_run_of_titles(page: Candidate, body: int) -> bool:
    """Whether a body is a list without boxes: it opens with the title of another page, and text stands behind each of them."""
    outline = page.outline
    keys = [address_key(anchor.url) for anchor in outline.anchors]
    titles = titled(outline, keys)
    starts: dict[str, int] = {}
    for number, anchor in enumerate(outline.anchors):
        if titles[number] and keys[number] != page.key and outline.holds(body, anchor.element):
            heading = _line_of(page, anchor.element)
            if heading is not None:
                starts.setdefault(keys[number], heading)
    marks = sorted(set(starts.values()))
    first, last = outline.line_spans[body]
    if len(marks) < LEAST_ENTRIES or page.prose[marks[0]] - page.prose[first] > FRONT * page.own(body):
        return False
    told = [any(_is_prose_line(page, at) for at in range(one + 1, end)) for one, end in pairwise([*marks, last])]
    return sum(told) >= max(LEAST_ENTRIES, 0.5 * len(marks))


def _is_prose_line(page: Candidate, at: int) -> bool:
    piece = page.outline.lines[at]
    return len(piece.text) >= SHORTEST_PROSE and piece.linked * 2 < len(piece.text)


def _are_teasers(pages: list[Candidate], group: Group) -> bool:
    """Whether the prose of the bodies is that of entries of lists, each under its own title, which links elsewhere.

    A list of which few pages are held has teasers that no other page shows: they are no prose of its own all the same.
    """
    shares = [_teased_share(pages[number], group.bodies[number], group.titles[number]) for number in group.pages]
    return sum(shares) > TEASED * len(shares)


def _teased_share(page: Candidate, body: int, title: int) -> float:
    """The share of a body's own prose behind a title that links to another page, and with it apart from the page's title."""
    outline = page.outline
    first, last = outline.line_spans[body]
    keys = [address_key(anchor.url) for anchor in outline.anchors]
    titles = titled(outline, keys)
    teased: set[int] = set()
    for number, anchor in enumerate(outline.anchors):
        if not titles[number] or keys[number] == page.key:
            continue
        entry = entry_of(outline, number, keys, titles)
        heading = _line_of(page, anchor.element)
        if entry is None or heading is None:
            continue
        apart = [at for at in outline.path(anchor.element) if at >= entry and not outline.holds(at, title)]
        begin, end = outline.line_spans[apart[0]] if apart else (0, 0)
        teased.update(range(max(begin, heading + 1, first), min(end, last)))
    own = sum(page.prose[at + 1] - page.prose[at] for at in teased)
    return own / max(1, page.own(body))


def _line_of(page: Candidate, link: int) -> int | None:
    """The line that a link makes, where it is most of it: not one that a sentence holds."""
    outline, block = page.outline, link
    while block > 0 and outline.line_spans[block][0] == outline.line_spans[block][1]:
        block = outline.parents[block]
    at = outline.line_spans[block][0]
    if at >= len(outline.lines):
        return None
    return at if outline.lines[at].linked * 2 > len(outline.lines[at].text) else None


def _prose_lines(page: Candidate, element: int) -> int:
    return sum(len(piece.text) >= SHORTEST_PROSE and not piece.linked for piece in page.outline.lines_of(element))


def _groups(pages: list[Candidate], places: Places, among: Iterable[int]) -> list[Group]:
    found: list[Group] = []
    for body, standing in _by_body(pages, places, among):
        left = {number: at for number, at in standing.items() if not _is_run_of_titles(pages[number], at)}
        lists = len(standing) - len(left)
        while len(left) >= LEAST_PAGES and len(found) < MOST_GROUPS:
            group = _titled(pages, places, body, left)
            if group is None:
                break
            group.lists = lists
            found.append(group)
            left = {number: element for number, element in left.items() if number not in group.titles}
    return found


def _by_body(pages: list[Candidate], places: Places, among: Iterable[int]) -> list[tuple[int, dict[int, int]]]:
    """Places that hold the prose of pages, each with its pages and their elements there: greedily, the best first."""
    fits = {number: _fits(pages[number], places.of[number]) for number in among}
    found: list[tuple[int, dict[int, int]]] = []
    while len(fits) >= LEAST_PAGES and len(found) < MOST_GROUPS:
        scores: dict[int, float] = defaultdict(float)
        for held in fits.values():
            best_fit = max(fit for fit, _ in held.values())
            for place, (fit, _) in held.items():
                scores[place] += fit * (fit / best_fit) ** STRICT
        if not scores:
            break
        best = max(scores, key=lambda place: (round(scores[place], 1), len(places.path(place))))
        chosen = {
            number: held[best][1]
            for number, held in fits.items()
            if best in held and held[best][0] >= GOOD_ENOUGH * max(fit for fit, _ in held.values())
        }
        if len(chosen) < LEAST_PAGES:
            break
        found.append((best, chosen))
        fits = {number: held for number, held in fits.items() if number not in chosen}
    return found


def _fits(page: Candidate, of: list[int]) -> dict[int, tuple[float, int]]:
    """The places on a page that hold most of its own prose: how well they do, and which element it is."""
    outline = page.outline
    total = page.prose[-1]
    found: dict[int, tuple[float, int]] = {}
    element = 0
    while True:
        own = page.own(element)
        recall, precision = own / total, own / max(1, page.length(element))
        found[of[element]] = (2 * recall * precision / (recall + precision), element)
        inner = _heaviest(page, element)
        if inner < 0 or page.own(inner) < LEAST_SHARE * total or outline.tags[inner] == "p":
            return found
        element = inner


def _heaviest(page: Candidate, element: int) -> int:
    outline, best, most = page.outline, -1, 0.0
    at = element + 1
    while at < outline.ends[element]:
        if (own := page.own(at)) > most:
            best, most = at, own
        at = outline.ends[at]
    return best


def _titled(pages: list[Candidate], places: Places, body: int, chosen: dict[int, int]) -> Group | None:
    """Those of a body's pages whose title stands at one place, the commonest."""
    hits: dict[int, dict[int, int]] = defaultdict(dict)
    for number in chosen:
        for place, title in _named_elements(pages[number], places.of[number]).items():
            hits[place][number] = title
    if not hits:
        return None
    most = max(len(found) for found in hits.values())
    enough = [
        place
        for place in hits
        if len(hits[place]) >= max(LEAST_PAGES, 0.25 * most) and _is_title(pages, places, hits[place], place, chosen)
    ]
    if not enough:
        return None
    best = max(enough, key=lambda place: (*_rank(places, place, hits[place], chosen, most), len(places.path(place))))
    titles = dict(hits[best])
    group = Group(body, best, [], named=len(titles))
    for number, element in chosen.items():
        # a page that nobody names, or by other words, has its title where the others have theirs
        standing = [titles[number]] if number in titles else places.elements(number, best)[:1]
        if standing:
            group.pages.append(number)
            group.titles[number], group.bodies[number] = standing[0], element
    return group


def _is_title(pages: list[Candidate], places: Places, hits: dict[int, int], place: int, chosen: dict[int, int]) -> bool:
    """Whether what stands at a place is a page's own title wherever it stands: not one of a list's, nor the site's name."""
    first = {number: next(iter(places.elements(number, place)), None) for number in chosen if pages[number].names}
    standing = {number: element for number, element in first.items() if element is not None}
    right = sum(hits.get(number) == element for number, element in standing.items())
    texts = Counter(pages[number].outline.text_of(title, 320) for number, title in hits.items())
    distinct = sum(count == 1 for count in texts.values()) / len(hits)
    return distinct >= LEAST_DISTINCT and (not standing or right >= 0.85 * len(standing))


def _rank(
    places: Places, place: int, hits: dict[int, int], chosen: dict[int, int], most: int
) -> tuple[bool, bool, bool, float]:
    """What speaks for a place as the title's: it is a heading, most pages have it, nothing else stands there, it is near."""
    heading = places.steps[place][0] in HEADINGS
    near = sum(abs(chosen[number] - title) for number, title in hits.items()) / len(hits)
    alone = sum(len(places.elements(number, place)) == 1 for number in hits) > 0.9 * len(hits)
    return heading, len(hits) >= 0.9 * most, alone, -near


def _named_elements(page: Candidate, of: list[int]) -> dict[int, int]:
    """By place, the elements of a page whose text is what the page is called: the outermost of those that hold no more."""
    outline = page.outline
    found: dict[int, int] = {}
    for element in _short_elements(page):
        text = outline.text_of(element, 320)
        if 4 < len(text) <= 300 and page.is_named(text) and not is_bare_day(text):
            found.setdefault(of[element], element)
    return found


def is_bare_day(text: str) -> bool:
    """Whether a text is a date and nothing else: calendars and entries call the list of a day so."""
    moment = next(find_dates(text), None)
    rest = text if moment is None else text[: moment.start] + text[moment.end :]
    return not any(char.isalpha() for char in rest)


def _short_elements(page: Candidate) -> list[int]:
    outline = page.outline
    lengths = [len(piece) for piece in outline.pieces]
    total, sums = 0, [0]
    for length in lengths:
        total += length
        sums.append(total)
    return [
        element
        for element in range(1, len(outline.tags))
        if 4 < sums[outline.piece_spans[element][1]] - sums[outline.piece_spans[element][0]] <= 420
    ]
