"""Writing a selector for a place: the shortest path of steps that finds what is meant, and nothing before it, on all pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crawler.learn.signs.page_outline import Outline
from crawler.learn.signs.page_places import Matcher, Step, css, nth, nth_last

FEWEST_STEPS = 2


@dataclass(slots=True)
class Selected:
    """A selector and how often it finds first what it should, over all pages looked at."""

    selector: str
    right: float
    alone: bool = False
    """Whether it finds one element at most on nearly all pages."""
    steps: Sequence[Step] = ()


ALL = None
"""Every element that a selector finds is meant."""


def selector_for(
    pages: Sequence[Outline], path: Sequence[Step], wanted: Mapping[int, Sequence[int]], *, which: int | None = 0
) -> Selected:
    """The selector of the elements ``wanted`` (by page). Pages not in ``wanted`` should have none of it.

    ``which`` of several elements found is meant: the first (0), the last (-1), or ``ALL`` of them.
    """
    best = Selected("", -1.0)
    for steps in _choices(pages, path, wanted):
        found = _tried(pages, steps, wanted, which)
        if found.right > best.right + 0.01:
            best = found
        if best.right >= 0.995:
            break
    return best


def _choices(
    pages: Sequence[Outline], path: Sequence[Step], wanted: Mapping[int, Sequence[int]]
) -> list[Sequence[Step]]:
    """Ever longer ends of a path; then with the number of a step among its like, where that is always the same."""
    fewest = min(len(path), FEWEST_STEPS)
    plain = [path[-length:] for length in range(fewest, len(path) + 1)]
    found = plain
    for count in (nth, nth_last):
        numbered = _numbered(pages, path, wanted, count)
        if numbered != list(path):
            found = found + [numbered[-length:] for length in range(fewest, len(path) + 1)]
    return found


def _numbered(
    pages: Sequence[Outline],
    path: Sequence[Step],
    wanted: Mapping[int, Sequence[int]],
    count: Callable[[Outline, int], str],
) -> list[Step]:
    """The path with the number of each step that is the same on all pages, as ``count`` counts it."""
    found: list[Step] = list(path)
    for back in range(1, len(path)):
        if any(name.startswith(("#", ":")) for name in path[-back]):
            continue
        numbers = set()
        for number, element in ((number, element) for number, elements in wanted.items() for element in elements):
            at = element
            for _ in range(back - 1):
                at = pages[number].parents[at]
            numbers.add(count(pages[number], at))
        if len(numbers) == 1:
            found[-back] = (*path[-back], numbers.pop())
    return found


def _tried(
    pages: Sequence[Outline], steps: Sequence[Step], wanted: Mapping[int, Sequence[int]], which: int | None
) -> Selected:
    matcher, right, alone = Matcher(steps), 0, 0
    for number, page in enumerate(pages):
        found = matcher.elements(page)
        meant = wanted.get(number, ())
        right += found == list(meant) if which is None or not meant else bool(found) and found[which] == meant[0]
        alone += len(found) < 2
    return Selected(css(steps), right / max(1, len(pages)), alone >= 0.97 * len(pages), steps)
