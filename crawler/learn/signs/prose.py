"""Prose that one page alone holds, and boilerplate that many hold: the document frequency of lines, digits masked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from crawler.learn.signs.page_outline import Line, Outline
from crawler.learn.signs.said import address_key, entry_of, folded, titled

_DIGITS = re.compile(r"\d+")
SHORTEST_PROSE = 50
"""Characters from which on a line that is no link is taken for prose."""
MANY = 0.15
"""Share of all pages on which a line that differs by its digits alone is a counter or the like, and no prose."""
LEAST_ENTRIES = 3
"""Entries of one shape from which on they are a list."""


def masked(text: str) -> int:
    """A hash of a text with its digits masked."""
    return hash(_DIGITS.sub("0", folded(text)))


class Frequencies:
    """On how many pages each line stands, as it is and with its digits masked."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()
        self.exactly: Counter[int] = Counter()
        self.names: Counter[str] = Counter()
        self.pages = 0

    def take_page(self, page: Outline) -> None:
        self.pages += 1
        texts = {folded(piece.text) for piece in page.lines}
        self.names.update({name for names in page.names for name in names})
        self.exactly.update(map(hash, texts))
        self.seen.update({hash(_DIGITS.sub("0", text)) for text in texts})

    def of(self, text: str) -> int:
        return max(1, self.seen[masked(text)])

    def is_common(self, text: str) -> bool:
        """Whether a line stands on so many pages that it says nothing of one: a twentieth, but four at least."""
        return self.of(text) >= max(4, self.pages * 0.05)

    def weight(self, piece: Line) -> float:
        """How much of a line speaks of this page alone, in characters."""
        length = len(piece.text)
        if length < SHORTEST_PROSE or piece.linked * 2 > length:
            return 0.0
        if self.of(piece.text) > max(4, MANY * self.pages) or sum(map(str.isalpha, piece.text)) < 0.6 * length:
            return 0.0
        return length / max(1, self.exactly[hash(folded(piece.text))])


def own_prose(page: Outline, frequencies: Frequencies, names: Iterable[str] = ()) -> list[float]:
    """The weight of each line of a page, added up from the front: a difference gives that of any run of lines.

    What stands in the entries of a list speaks of other pages, and weighs nothing; nor does the page's own title.
    """
    listed = listed_lines(page, frequencies)
    total, sums = 0.0, [0.0]
    for number, piece in enumerate(page.lines):
        weight = frequencies.weight(piece) if number not in listed else 0.0
        if weight and len(piece.text) < 300:
            text = folded(piece.text)
            weight = 0.0 if any(name in text for name in names) else weight
        total += weight
        sums.append(total)
    return sums


def listed_lines(page: Outline, frequencies: Frequencies) -> set[int]:
    """The lines that stand in entries of lists: elements of one shape, each with links to one other address."""
    own = address_key(page.url)
    keys = [address_key(anchor.url) for anchor in page.anchors]
    entries: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    titles = titled(page, keys)
    for number, key in enumerate(keys):
        entry = entry_of(page, number, keys, titles) if titles[number] and key != own else None
        if entry is not None and page.tags[entry] != "p":
            shape = (*_shape(page, page.parents[entry], frequencies), *_shape(page, entry, frequencies))
            entries[shape][key] = entry
    listed: set[int] = set()
    for found in entries.values():
        if len(found) >= LEAST_ENTRIES:
            for entry in found.values():
                listed.update(range(*page.line_spans[entry]))
    return listed


def _shape(page: Outline, element: int, frequencies: Frequencies) -> tuple[str, ...]:
    """The tag of an element and the first of its names that many pages bear: others name the item."""
    many = max(3, 0.05 * frequencies.pages)
    return (page.tags[element], *[name for name in page.names[element] if frequencies.names[name] >= many][:1])


def lengths(pieces: Iterable[Line]) -> list[int]:
    """The length of each line, added up from the front."""
    total, sums = 0, [0]
    for piece in pieces:
        total += len(piece.text)
        sums.append(total)
    return sums
