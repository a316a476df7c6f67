"""Which places hold the tags: links to lists of their own, other ones on every page, that no menu leads to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract.clean.attachments import is_document
from crawler.learn.fields.days import elsewhere
from crawler.learn.signs.groups import Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_outline import Anchor
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.said import Said, address_key, is_home

LONGEST = 60
LEAST_PAGES = 3
SMALL_PRINT = 400
"""Characters of a part of the body that may be its small print."""
AGREES = 0.15
"""Share of the lists held that have to hold the article: of a long list not all pages are held."""
KNOWN = 0.3
"""Share of the links whose lists have to be held for what these hold to decide; else the shape of the addresses does."""
FEWEST = 6
"""Different tags a portal has at least; a trail of sections has fewer."""


@dataclass(slots=True)
class Tags:
    """A place of links to lists. ``agrees`` of ``asked``: how many of the lists held hold the article."""

    place: int
    anchors: dict[int, list[Anchor]] = field(default_factory=dict)
    agrees: int = 0
    asked: int = 0


def tag_places(pages: Sequence[Candidate], places: Places, group: Group, said: Said, section: int | None) -> list[Tags]:
    """The places that hold the tags of a group's pages, the best first; none where it has no tags."""
    found: dict[int, Tags] = {}
    for number in group.pages:
        for place, anchors in _links(pages[number], places.of[number], group, number, said).items():
            found.setdefault(place, Tags(place)).anchors[number] = anchors
    articles = {pages[number].key for number in group.pages}
    good = [
        tags
        for tags in found.values()
        if not _is_trail(tags.place, section, places) and _are_tags(tags, pages, group, said, articles)
    ]
    return sorted(good, key=lambda tags: _rank(tags, group), reverse=True)


def _rank(tags: Tags, group: Group) -> tuple[float, int, int]:
    """What speaks for a place: how many of its lists hold the article, on how many pages it stands, how near."""
    agrees = round(tags.agrees / tags.asked, 1) if tags.asked > 3 else 0.6
    return agrees, len(tags.anchors), -_distance(tags, group)


def _is_trail(place: int, section: int | None, places: Places) -> bool:
    """Whether links stand where the section does: the trail of bread crumbs."""
    return section is not None and (places.within(place, section) or places.within(section, place))


def _distance(tags: Tags, group: Group) -> int:
    return sum(abs(anchors[0].element - group.titles[number]) for number, anchors in tags.anchors.items())


def _links(page: Candidate, of: list[int], group: Group, number: int, said: Said) -> dict[int, list[Anchor]]:
    """By place, the short links of a page that no menu bears and that stand around the article, not in its text."""
    outline, body, title = page.outline, group.bodies[number], group.titles[number]
    others = elsewhere(page, title, body)
    inner = body if not outline.holds(body, title) else -1
    found: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in outline.anchors:
        if not anchor.text or len(anchor.text) > LONGEST:
            continue
        if inner >= 0 and outline.holds(inner, anchor.element) and not _in_small_print(page, inner, anchor.element):
            continue
        if any(outline.holds(other, anchor.element) for other in others):
            continue
        key = address_key(anchor.url)
        if key == page.key or is_document(anchor.url):
            continue
        if key.partition("/")[0] != page.key.partition("/")[0] or page.is_named(anchor.text):
            continue
        found[of[anchor.element]].append(anchor)
    return found


def _in_small_print(page: Candidate, body: int, element: int) -> bool:
    """Whether a link within the body stands in a part of it that holds no prose of the page's own."""
    outline = page.outline
    while outline.parents[element] != body:
        element = outline.parents[element]
    return page.own(element) == 0 and page.length(element) <= SMALL_PRINT


def _are_tags(tags: Tags, pages: Sequence[Candidate], group: Group, said: Said, articles: set[str]) -> bool:
    """Whether the links of a place are tags: they differ from page to page, lead to no article, and their lists hold the page."""
    if len(tags.anchors) < LEAST_PAGES:
        return False
    keys = {number: [address_key(anchor.url) for anchor in anchors] for number, anchors in tags.anchors.items()}
    if sum(any(map(is_home, found)) for found in keys.values()) > 0.5 * len(keys):
        return False  # a trail of bread crumbs
    every = [key for found in keys.values() for key in found if not is_home(key)]
    if not every:
        return False
    if sum(key in articles for key in every) > 0.1 * len(every):
        return False
    sets = Counter(tuple(sorted({anchor.text for anchor in found})) for found in tags.anchors.values())
    if max(sets.values()) > 0.5 * len(keys) or len(every) < 1.5 * len(keys):
        return False  # a cloud of all tags, or one link a page: a section, an author
    if len({anchor.text for found in tags.anchors.values() for anchor in found}) < FEWEST:
        return False
    for number, found in keys.items():
        for key in found:
            held = key in said.called
            tags.asked += held
            tags.agrees += held and _lists(key, pages[number].key, said)
    if tags.asked >= KNOWN * len(every) or tags.agrees >= max(3, 2 * AGREES * tags.asked):
        return tags.agrees >= AGREES * tags.asked
    return _share_a_path(set(every))


def _lists(key: str, article: str, said: Said) -> bool:
    return any(
        one == key or one.startswith((key + "?", key + "/", key + "&")) for one in said.linked_from.get(article, ())
    )


def _share_a_path(keys: set[str]) -> bool:
    """Whether addresses nobody fetched are of one shape: the part before their last is the same, or all before their query."""
    heads = Counter(
        key.rpartition("/")[0].rpartition("/")[2] if "?" not in key else key.partition("?")[0] for key in keys
    )
    return heads.most_common(1)[0][1] >= 0.9 * len(keys)
