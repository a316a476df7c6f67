"""What stands around the text of an article: the picture above it with its caption, the signature below it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crawler.extract.credits.byline import read_signature, without_label
from crawler.learn.fields.days import elsewhere
from crawler.learn.signs.groups import Group
from crawler.learn.signs.held import Candidate
from crawler.learn.signs.page_places import Places

LEAST_PAGES = 3
LONGEST_CAPTION = 300
LONGEST_SIGNATURE = 160
SIGNED = 0.8
"""Share of what stands at a place that can be read as a signature."""
_SIGNED_BY = frozenset(("theo", "tin", "bài", "ảnh", "nguồn", "tin,", "bài,", "bài:", "tin:", "ảnh:", "nguồn:"))
"""Words a signature itself opens with."""
VARIED = 0.5
"""Share of captions that stand on one page alone; what is the same on many is no caption."""


@dataclass(slots=True)
class Picture:
    """The caption's place and the place of its picture, before the text."""

    place: int
    image: int
    texts: dict[int, str] = field(default_factory=dict)


def picture_place(pages: Sequence[Candidate], places: Places, group: Group) -> Picture | None:
    """The place of the caption of the picture that stands before the text; ``None`` where captions stand in it."""
    found: dict[tuple[int, int], Picture] = {}
    for number in group.pages:
        for image, caption, text in _pictures(pages[number], group, number):
            key = (places.of[number][caption], places.of[number][image])
            found.setdefault(key, Picture(*key)).texts.setdefault(number, text)
    enough = [
        picture
        for picture in found.values()
        if len(picture.texts) >= LEAST_PAGES and len(set(picture.texts.values())) > VARIED * len(picture.texts)
    ]
    return max(enough, key=lambda picture: len(picture.texts), default=None)


def _pictures(page: Candidate, group: Group, number: int) -> Iterator[tuple[int, int, str]]:
    """Pictures before the body in the element that holds both title and body: picture, caption, the caption's text."""
    outline, title, body = page.outline, group.titles[number], group.bodies[number]
    if outline.holds(body, title):
        return
    scope = common(page, title, body)
    others = elsewhere(page, title, body)
    for image in outline.images:
        if not scope < image < body or any(outline.holds(other, image) for other in others):
            continue
        around = outline.parents[image]
        while around > scope and not outline.holds(around, body) and not outline.holds(around, title):
            text = outline.text_of(around, LONGEST_CAPTION)
            if 10 < len(text) <= LONGEST_CAPTION and not page.is_named(text):
                yield image, _innermost(page, around, text), text
                break
            if text:
                break
            around = outline.parents[around]


def _innermost(page: Candidate, around: int, text: str) -> int:
    """The innermost element that holds all of a text."""
    outline = page.outline
    best = around
    for element in range(around + 1, outline.ends[around]):
        if outline.text_of(element, LONGEST_CAPTION) == text:
            best = element
    return best


def common(page: Candidate, one: int, other: int) -> int:
    """The innermost element that holds two."""
    outline = page.outline
    while not outline.holds(one, other):
        one = outline.parents[one]
    return one


@dataclass(slots=True)
class Signed:
    """A place below the text whose lines are signatures."""

    place: int
    signed: dict[int, str] = field(default_factory=dict)
    others: int = 0

    @property
    def label(self) -> str:
        """The word that stands before the name on page after page: the software's, and the name is an account's then."""
        if any(without_label(text) != text for text in self.signed.values()):
            return ""  # one the reader of signatures knows
        first = Counter(text.partition(" ")[0] for text in self.signed.values())
        word, count = first.most_common(1)[0]
        named = {text.partition(" ")[2] for text in self.signed.values()}
        return word if count == len(self.signed) > LEAST_PAGES and len(named) > 1 and not _is_own(word) else ""


def signature_place(pages: Sequence[Candidate], places: Places, group: Group) -> Signed | None:
    """The place below the body where the signature stands; ``None`` where it is the last line of the text."""
    found: dict[int, Signed] = defaultdict(lambda: Signed(-1))
    for number in group.pages:
        for element, text in _below(pages[number], group, number):
            place = places.of[number][element]
            found[place].place = place
            if read_signature(without_label(text)) is not None:
                found[place].signed.setdefault(number, text)
            else:
                found[place].others += 1
    enough = [
        one
        for one in found.values()
        if len(one.signed) >= LEAST_PAGES
        and one.others <= (1 - SIGNED) * (len(one.signed) + one.others)
        and len(set(one.signed.values())) > 1
    ]
    return max(enough, key=lambda one: (len(one.signed), -len(places.path(one.place))), default=None)


def _is_own(word: str) -> bool:
    return word.casefold() in _SIGNED_BY or word.casefold().endswith(":")


def _below(page: Candidate, group: Group, number: int) -> Iterator[tuple[int, str]]:
    """The short elements below the body, in the element that holds title and body, that link nowhere else."""
    outline, title, body = page.outline, group.titles[number], group.bodies[number]
    scope = common(page, title, body)
    others = elsewhere(page, title, body)
    linked = [anchor.element for anchor in outline.anchors]
    for element in range(outline.ends[body], outline.ends[scope]):
        first, last = outline.piece_spans[element]
        if not 0 < last - first <= 12 or any(outline.holds(other, element) for other in others):
            continue
        text = outline.text_of(element, LONGEST_SIGNATURE)
        if 2 < len(text) <= LONGEST_SIGNATURE and not any(
            outline.holds(element, link) or outline.holds(link, element) for link in linked
        ):
            yield element, text
