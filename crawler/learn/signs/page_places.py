"""Places: where elements stand on the pages of one theme, by tags and by those class names that many pages bear.

A place is a path of steps from the body down. Names that few pages bear (``post-123``) belong to an item, not to the
theme, and are left out; so are those that only some pages bear at an element whose other names all bear.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.learn.signs.page_outline import Outline

_PLAIN_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_BOXES = frozenset(("table", "tbody", "tr", "td", "div", "center", "font", "span", "b"))
MOST_NUMBERED = 12
"""Boxes side by side that are told by their number: more are entries of a list."""
SEVERAL = 0.3
Step = tuple[str, ...]
"""A tag and the names it bears."""


class Places:
    """The places of a set of outlines, each a number; the same number on every page."""

    def __init__(self, pages: Sequence[Outline], *, numbered: bool = False) -> None:
        """``numbered``: boxes without names of their own are told by their number among their like.

        Pages laid out by tables and fonts alone have nothing else to tell title, lead and text by.
        """
        self.pages = pages
        self.numbered = numbered
        borne: Counter[str] = Counter()
        for page in pages:
            borne.update({name for names in page.names for name in names})
        least = max(2 if len(pages) < 12 else 3, 0.04 * len(pages))
        self.stable = {name for name, count in borne.items() if count >= least}
        self.known: dict[tuple[int, Step], int] = {}
        self.parents: list[int] = []
        self.steps: list[Step] = []
        self.of: list[list[int]] = [[-1] * len(page.tags) for page in pages]
        self._assign()

    def _assign(self) -> None:
        """Number all elements from the body down, the children of one place together."""
        roots = [(number, 0) for number, page in enumerate(self.pages) if page.tags]
        waiting = [self._place(roots, -1, ("body",))]
        standing = {waiting[0]: roots}
        while waiting:
            place = waiting.pop()
            for step, found in self._children(standing.pop(place)).items():
                inner = self._place(found, place, step)
                standing[inner] = found
                waiting.append(inner)

    def _place(self, elements: list[tuple[int, int]], parent: int, step: Step) -> int:
        place = len(self.steps)
        self.steps.append(step)
        self.parents.append(parent)
        self.known[parent, step] = place
        for page, element in elements:
            self.of[page][element] = place
        return place

    def _children(self, elements: list[tuple[int, int]]) -> dict[Step, list[tuple[int, int]]]:
        """The children of the elements at one place, by their steps."""
        by_tag: dict[str, list[tuple[int, list[int]]]] = defaultdict(list)
        for page, element in elements:
            found: dict[str, list[int]] = {}
            outline = self.pages[page]
            at, end = element + 1, outline.ends[element]
            while at < end:
                found.setdefault(outline.tags[at], []).append(at)
                at = outline.ends[at]
            for tag, children in found.items():
                by_tag[tag].append((page, children))
        steps: dict[Step, list[tuple[int, int]]] = defaultdict(list)
        alone = self.numbered and _is_alone(elements)
        for tag, rows in by_tag.items():
            lasting, common = self._lasting(rows), self._common(rows)
            one = len(elements) <= 1.2 * len({page for page, _ in elements})
            counted = self.numbered and alone and tag in _BOXES and _are_several(rows)
            for page, children in rows:
                names = self.pages[page].names
                for at, child in enumerate(children, 1):
                    kept = lasting if len(children) == 1 and one else self.stable
                    own = [name for name in names[child] if name in kept]
                    if len(children) > 1 or not one:
                        own = _own_names(own, common)
                    if counted and not own and at <= MOST_NUMBERED:
                        own = [f":nth-of-type({at})"]
                    steps[tag, *own].append((page, child))
        return steps

    def _common(self, rows: list[tuple[int, list[int]]]) -> set[str]:
        """The names that most pages bear at elements of one tag within one parent: one more name beside them is a module's."""
        borne: Counter[str] = Counter()
        for page, children in rows:
            names = self.pages[page].names
            borne.update({name for child in children for name in names[child]})
        return {name for name, count in borne.items() if count >= 0.6 * len(rows)}

    def _lasting(self, rows: list[tuple[int, list[int]]]) -> set[str]:
        """The names that nearly all elements bear which are the only one of their tag within their parent."""
        alone = [(page, children[0]) for page, children in rows if len(children) == 1]
        borne = Counter(name for page, child in alone for name in set(self.pages[page].names[child]))
        return {name for name, count in borne.items() if count >= 0.9 * len(alone) and name in self.stable}

    def path(self, place: int) -> list[Step]:
        """The steps to a place, from the body down."""
        steps = []
        while place >= 0:
            steps.append(self.steps[place])
            place = self.parents[place]
        return steps[::-1]

    def within(self, inner: int, outer: int) -> bool:
        while inner >= 0:
            if inner == outer:
                return True
            inner = self.parents[inner]
        return False

    def elements(self, page: int, place: int) -> list[int]:
        """The elements of a page that stand at a place."""
        return [number for number, found in enumerate(self.of[page]) if found == place]


def _is_alone(elements: list[tuple[int, int]]) -> bool:
    """Whether one element stands at a place on nearly all pages that have it: a list may have many."""
    counts = Counter(page for page, _ in elements)
    return sum(count == 1 for count in counts.values()) >= 0.8 * len(counts)


def _are_several(rows: Sequence[tuple[int, list[int]]]) -> bool:
    """Whether elements of one tag stand side by side on a good part of the pages."""
    return sum(len(children) > 1 for _, children in rows) >= SEVERAL * len(rows)


def _own_names(names: list[str], common: set[str]) -> list[str]:
    """Those of one of several siblings' names that tell its place: what most pages bear, else its classes."""
    return [name for name in names if name in common] or [name for name in names if not name.startswith("#")]


def css(steps: Sequence[Step]) -> str:
    """A selector of a path: each step the child of the one before."""
    return " > ".join(_step(step) for step in steps)


def _step(step: Step) -> str:
    tag, *names = step
    return (tag if _PLAIN_NAME.fullmatch(tag) else "*") + "".join(map(_named, names))


def _named(name: str) -> str:
    if name.startswith(":"):  # the number among its like
        return name
    if name.startswith("#"):
        return name if _PLAIN_NAME.fullmatch(name[1:]) else f'[id="{_quoted(name[1:])}"]'
    return f".{name}" if _PLAIN_NAME.fullmatch(name) else f'[class~="{_quoted(name)}"]'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


@dataclass(slots=True)
class Matcher:
    """Finds the elements of outlines that a path of steps selects, as a CSS selector of child steps would."""

    steps: Sequence[Step]

    def elements(self, page: Outline) -> list[int]:
        last = self.steps[-1]
        return [number for number in range(len(page.tags)) if fits(page, number, last) and self._around(page, number)]

    def _around(self, page: Outline, number: int) -> bool:
        for step in reversed(self.steps[:-1]):
            number = page.parents[number]
            if number < 0 or not fits(page, number, step):
                return False
        return True


def fits(page: Outline, number: int, step: Step) -> bool:
    """Whether an element answers a step."""
    if page.tags[number] != step[0]:
        return False
    names = page.names[number]
    for name in step[1:]:
        if name.startswith(":"):
            if name not in (nth(page, number), nth_last(page, number)):
                return False
        elif name not in names:
            return False
    return True


def nth_last(page: Outline, number: int) -> str:
    """The number of an element among its siblings of the same tag, counted from the last, as CSS writes it."""
    parent, tag, count = page.parents[number], page.tags[number], 1
    at = page.ends[number]
    while at < page.ends[parent]:
        count += page.tags[at] == tag
        at = page.ends[at]
    return f":nth-last-of-type({count})"


def nth(page: Outline, number: int) -> str:
    """The number of an element among its siblings of the same tag, as CSS writes it."""
    parent, tag, count = page.parents[number], page.tags[number], 1
    at = parent + 1
    while at < number:
        count += page.tags[at] == tag
        at = page.ends[at]
    return f":nth-of-type({count})"
