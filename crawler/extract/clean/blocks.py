"""The pieces an article's markup falls into before anyone decides what they mean.

HTML and bare text both become a list of blocks in reading order; captions, bylines, adverts and counters are then told
apart by the same rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from archive.text.normalise import line

BlockKind = Literal["text", "item", "row", "heading", "image", "caption"]
Align = Literal["", "left", "center", "right", "justify"]


@dataclass(slots=True)
class Link:
    """A link as printed: its address (absolute), its words, whether a style hides it from readers, whether the page marks
    it as one to download."""

    href: str
    text: str
    hidden: bool = False
    download: bool = False


@dataclass(slots=True)
class Block:
    """One paragraph, list item, table row, heading or picture. ``text`` is tidy (one line, NFC).

    ``bold`` and ``italic`` are the shares of the letters set so. ``in_table`` tells that a layout table held it, and
    ``with_image`` that a picture stood in the same paragraph, cell or figure. ``standing_alone`` is the bare text's hint: empty
    lines around. ``raw_spaces`` counts the blanks a bare line was indented by.
    """

    kind: BlockKind
    text: str = ""
    align: Align = ""
    bold: float = 0.0
    italic: float = 0.0
    links: list[Link] = field(default_factory=list)
    in_table: bool = False
    with_image: bool = False
    url: str = ""
    hidden: bool = False
    standing_alone: bool = False
    raw_spaces: int = 0
    after_break: bool = False

    @property
    def linked_share(self) -> float:
        """Share (0 to 1) of the letters that are link text."""
        return min(1.0, sum(len(link.text) for link in self.links) / max(1, len(self.text)))

    @property
    def is_prose(self) -> bool:
        return self.kind in ("text", "item", "heading", "row")


def prose_of(blocks: list[Block]) -> list[Block]:
    """The blocks that are read as text and say something, in their order."""
    return [block for block in blocks if block.is_prose and block.text]


_BEGINNING = 60


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two printed texts are the same but for case, spaces and punctuation."""
    if not one or not other or max(len(one), len(other)) > 3 * min(len(one), len(other)) + 40:
        return False
    return same_letters(one, other)


def same_letters(one: str, other: str) -> bool:
    """Whether two texts are the same under :func:`squeeze`; most differ in their first words, and are read no further."""
    begin, start = squeeze(one[:_BEGINNING]), squeeze(other[:_BEGINNING])
    both = min(len(begin), len(start)) - 1  # the last letter may have lost the accent that follows it
    return begin[: max(both, 0)] == start[: max(both, 0)] and squeeze(one) == squeeze(other)


def squeeze(text: str) -> str:
    """Letters and digits alone, in lower case: the key under which repeated texts are found."""
    if text.isascii():  # no letter of them is composed or looks like another: a tenth of the cost
        return text.encode().translate(_LOWER, _ASCII_WITHOUT_LETTERS).decode()
    return _NO_LETTERS.sub("", line(text).lower())


_NO_LETTERS = re.compile(r"[\W_]+")
_LOWER = bytes(range(256)).lower()
_ASCII_WITHOUT_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def opening(text: str, most: int) -> str:
    """The first letters of :func:`squeeze`, of a long text at the cost of a short one."""
    for part in (2 * most, 4 * most):  # prose has enough letters in the first, the markup of a layout in the second
        if len(text) > 2 * part:
            letters = squeeze(text[:part])
            if len(letters) > most + 2:  # what comes next may change the last letter, and no other
                return letters[:most]
    return squeeze(text)[:most]
