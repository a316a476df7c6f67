"""The pages of a portal that are held, surveyed together: outlines, line frequencies, what pages say of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.learn.signs.page_outline import Outline, outline_of
from crawler.learn.signs.prose import Frequencies, lengths, own_prose
from crawler.learn.signs.said import Said, address_key, folded, matches
from crawler.page.page import Page

LEAST_PROSE = 150
"""Characters of prose of its own that an article has at least to be learnt from."""


@dataclass(slots=True)
class HeldPage:
    """A page as held: its address, its body, and when it was fetched (ISO 8601)."""

    url: str
    body: bytes
    content_type: str | None = None
    fetched_at: str | None = None


@dataclass(slots=True)
class Candidate:
    """A page that may be an article: it has prose of its own."""

    outline: Outline
    key: str
    prose: list[float]
    lengths: list[int]
    names: list[str]
    hints: list[str] = field(default_factory=list)

    def own(self, element: int) -> float:
        first, last = self.outline.line_spans[element]
        return self.prose[last] - self.prose[first]

    def length(self, element: int) -> int:
        first, last = self.outline.line_spans[element]
        return self.lengths[last] - self.lengths[first]

    def is_named(self, text: str) -> bool:
        """Whether a text is what other pages call this one or, where none names it, what its head does."""
        told = folded(text)
        if self.names:
            return matches(told, self.names)
        head = folded(self.outline.title)
        return len(told) >= 10 and (head == told or head.startswith(told + " ") or matches(told, self.hints))


@dataclass(slots=True)
class Survey:
    """What all pages held say together."""

    said: Said = field(default_factory=Said)
    frequencies: Frequencies = field(default_factory=Frequencies)
    outlines: list[Outline] = field(default_factory=list)


def survey(pages: Iterable[HeldPage]) -> Survey:
    """Look over all pages once: outlines are kept, markup is let go."""
    found = Survey()
    for held in pages:
        page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
        if page.problem or page.is_bare_text:
            continue
        if page.is_feed or _is_xml(held.content_type):
            found.said.take_feed(held.body, held.content_type)
        else:
            found.outlines.append(outline_of(page))
    keys = frozenset(address_key(outline.url) for outline in found.outlines)
    for outline in found.outlines:
        found.said.take_page(outline, keys)
        found.frequencies.take_page(outline)
    return found


def _is_xml(content_type: str | None) -> bool:
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind.endswith("xml") and "xhtml" not in kind


def candidates(found: Survey) -> list[Candidate]:
    """The pages that may be articles, each address once."""
    kept: dict[str, Candidate] = {}
    for outline in found.outlines:
        key = address_key(outline.url)
        names = found.said.names_of(key)
        prose = own_prose(outline, found.frequencies, [name for name in names if len(name) >= 15])
        if prose[-1] >= LEAST_PROSE and key not in kept:
            kept[key] = Candidate(outline, key, prose, lengths(outline.lines), names, list(found.said.hints[key]))
    return list(kept.values())
