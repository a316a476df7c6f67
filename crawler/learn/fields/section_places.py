"""Which place names the section: few values, each the name by which pages link to a list that holds the article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.addresses.traps import PAGER_KEY
from crawler.learn.signs.groups import Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.said import Said, folded, is_home

LONGEST = 80
AGREES = 0.35
"""Share of the pages on which the list a place names has to hold the article: not all pages of a list are held."""
IN_A_MENU = 0.5
"""Share of all pages that link to an address from which on a menu does."""
LEAST_SHARE = 0.7
"""Share of a group's pages on which a place has to name a list that holds the article."""
FEW = 8
"""Sections a portal may have however few its articles; months and tags are more."""
MOST_IN_MENUS = 24
"""Sections it may have where menus lead to all of them."""
SEVERAL = 0.3
LEAST_TOLD = 3
"""Articles on whose pages a word that is the same on all has to be the name of a list that holds them."""
HOLDS_ALL = 0.85
"""A list that holds more of all articles than this is the portal's, not a section's."""


@dataclass(slots=True)
class Section:
    """The place of the section's name, and the element on each page; ``last`` of several at that place is meant."""

    place: int
    elements: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    agrees: int = 0
    asked: int = 0
    known: float = 0.0
    held: float = 0.0
    """The largest share of all articles that a list of such a name holds."""


def section_place(pages: Sequence[Candidate], places: Places, group: Group, holders: Holders) -> Section | None:
    """The place that names the section on most pages, nearest before the text; ``None`` where none does."""
    found: dict[int, Section] = {}
    for number in group.pages:
        names = holders.names_of(pages[number])
        for place, element in _labelled(pages[number], places.of[number], group, number, holders.labels).items():
            section = found.setdefault(place, Section(place))
            section.elements[number] = element
            section.texts[number] = pages[number].outline.text_of(element, LONGEST)
            told = _bare(section.texts[number])
            if told in holders.held and pages[number].key in holders.known:
                section.asked += 1
                section.agrees += told in names
            section.known += holders.labels[told]
            section.held = max(section.held, holders.shares[told])
    sure = [section for section in found.values() if _is_sure(section, places, group)]
    return max(sure, key=lambda section: _rank(section, places, group), default=None)


def _rank(found: Section, places: Places, group: Group) -> tuple[float, float, float, float, int]:
    """What speaks for a place: pages it names a list on, how often the right one, lists that menus lead to, nearness, little else."""
    pages = len(found.elements)
    distance = sum(abs(group.titles[number] - element) for number, element in found.elements.items())
    share = round(pages / len(group.pages), 1)
    return (
        share,
        round(found.agrees / found.asked, 1) if found.asked else 0.5,
        round(found.known / pages, 1),
        -distance / pages,
        len(places.path(found.place)),
    )


def _is_sure(found: Section, places: Places, group: Group) -> bool:
    """Whether a place names the lists that hold the articles, and its last element is the one: menus name all lists."""
    if len(found.elements) < max(3, LEAST_SHARE * len(group.pages)) or found.agrees < AGREES * found.asked:
        return False
    in_menus = found.known >= 0.9 * len(found.elements) and found.agrees >= 0.9 * found.asked > 0
    if len(set(found.texts.values())) > max(MOST_IN_MENUS if in_menus else FEW, 0.25 * len(group.pages)):
        return False
    if found.known < IN_A_MENU * len(found.elements) and _is_several(found, places):
        return False  # tags: several lists hold the article, and no menu leads to them
    right = sum(places.elements(number, found.place)[-1] == element for number, element in found.elements.items())
    values = set(found.texts.values())
    alone = len(values) == 1 and found.agrees >= max(LEAST_TOLD, 0.9 * found.asked) and found.held <= 0.6
    return right >= 0.9 * len(found.elements) and (len(values) > 1 or alone)


def _is_several(found: Section, places: Places) -> bool:
    """Whether several elements stand at the place on a good part of the pages."""
    several = sum(len(places.elements(number, found.place)) > 1 for number in found.elements)
    return several >= SEVERAL * len(found.elements)


def _labelled(page: Candidate, of: list[int], group: Group, number: int, labels: Mapping[str, float]) -> dict[int, int]:
    """By place, the last element of a page whose text is the name of a list."""
    outline, body = page.outline, group.bodies[number]
    found: dict[int, int] = {}
    for element in range(1, len(outline.tags)):
        first, last = outline.piece_spans[element]
        if not 0 < last - first <= 6 or (
            outline.holds(body, element) and not outline.holds(body, group.titles[number])
        ):
            continue
        text = outline.text_of(element, LONGEST)
        if len(text) <= LONGEST and _bare(text) in labels:
            found[of[element]] = element
    return found


def _bare(text: str) -> str:
    return folded(text).strip(" :/|»>-")


class Holders:
    """Which named lists hold which of a portal's articles."""

    def __init__(self, pages: Sequence[Candidate], said: Said) -> None:
        self.said = said
        articles = {page.key for page in pages}
        self.shared = _shared(said.labels, articles)
        held: Counter[str] = Counter()
        self.of: dict[str, set[str]] = {}
        known = {page.key for page in pages if not said.is_in_menu(page.key)}
        self.known = known if len(known) >= LEAST_TOLD else articles
        """The articles whose lists are known: of those that a module shows on every page no list says more than another."""
        paths = _lists([key for key in said.labels if key not in articles])
        for page in pages:
            holding = [key for key in said.linked_from.get(page.key, ()) if key not in articles]
            listed = {_first_page(_path(key)) for key in holding} | {_with_query(key) for key in holding}
            listed |= _above(page.key)
            self.of[page.key] = {key for key, path in paths.items() if path and path in listed}
            held.update(self.of[page.key] if page.key in self.known else ())
        self.some = {key for key, count in held.items() if count <= HOLDS_ALL * len(self.known)}
        self.labels: dict[str, float] = {}
        """The names of these lists, each with the share of all pages that link to it."""
        self.shares: dict[str, float] = {}
        """The names, each with the share of all articles its list holds."""
        menus = {key for key in paths if said.linked_on[key] >= IN_A_MENU * said.pages and not is_home(key)}
        self.held: set[str] = set()
        """The names of lists that are known to hold an article."""
        for key in self.some | (menus - held.keys()):
            for label in said.labels[key].keys() - self.shared:
                self.labels[label] = max(self.labels.get(label, 0.0), said.linked_on[key] / max(1, said.pages))
                self.shares[label] = max(self.shares.get(label, 0.0), held[key] / len(self.known))
                if key in self.some:
                    self.held.add(label)

    def names_of(self, page: Candidate) -> set[str]:
        """What the lists are called that hold a page, those of all articles left out; and what feeds say."""
        found = {folded(section) for section in self.said.feed_sections.get(page.key, ())}
        for key in self.of[page.key] & self.some:
            found.update(self.said.labels[key].keys() - self.shared)
        return found


def _shared(labels: Mapping[str, Counter[str]], articles: set[str]) -> set[str]:
    """Labels of several lists each of which goes by another name: "back", "all of these"; they name none."""
    named: dict[str, set[str]] = defaultdict(set)
    for key, said in labels.items():
        if key in articles or not said:
            continue
        own = said.most_common(1)[0][0]
        for label in said:
            named[label].add(own)
    return {label for label, own in named.items() if len(own - {label}) >= (3 if label in own else 2)}


def _lists(keys: Sequence[str]) -> dict[str, str]:
    """By address, what a list is told by: its path or, where several lists have one path, its query too."""
    queries: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        if "?" in key:
            queries[_path(key)].add(_with_query(key))
    return {key: _with_query(key) if "?" in key and len(queries[_path(key)]) > 1 else _path(key) for key in keys}


def _with_query(key: str) -> str:
    """The path of a list's address and its query without what counts its pages."""
    fields = [field for field in key.partition("?")[2].split("&") if field and not _counts_pages(field)]
    return _path(key) + ("?" + "&".join(sorted(fields)) if fields else "")


def _counts_pages(field: str) -> bool:
    key, _, value = field.partition("=")
    return value.isdigit() and (key.endswith("_cur") or PAGER_KEY.match(key) is not None)


def _first_page(path: str) -> str:
    """The path of a list's first page: a number behind it, with or without a word before, counts its pages."""
    return re.sub(r"(?:/[^/\d]{1,20})?/(?:[^/\d]{1,10}[-_.]?)?\d{1,4}$", "", path)


def _path(key: str) -> str:
    """The path of an address without what its last part is called for the server (``.html``, ``Default.aspx``)."""
    path = key.partition("?")[0].partition("/")[2].rstrip("/").casefold()
    head, _, last = path.rpartition("/")
    name, dot, ending = last.rpartition(".")
    if not dot or len(ending) > 5:
        return path
    return head if name in ("default", "index") else f"{head}/{name}".strip("/")


def _above(key: str) -> set[str]:
    """The paths above an article's."""
    parts = _path(key).split("/")
    return {"/".join(parts[:length]) for length in range(1, len(parts))}
