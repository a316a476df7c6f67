"""The small notation in which the demo's articles are written, read into blocks.

Blocks are separated by a blank line; the first characters say what a block is:

    # a heading                        - an item (one a line)            | a cell | a cell | (one row a line)
    [ảnh] the caption of a picture     [tệp 1] words linked to the article's first attachment
    [quảng cáo] words | address        anything else is a paragraph

Spaces inside a line are kept as typed: doubled ones are among the mistakes real portals publish.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "heading", "bullets", "table", "image", "file", "advert"]

FILE = re.compile(r"\[tệp (\d+)\]\s*(.+)")
ADVERT = re.compile(r"\[quảng cáo\]\s*+(.+?)\s*\|\s*+(\S+)")


class NotationError(ValueError):
    """A block that starts like a special one and is not; the message quotes it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``text`` (caption, words of the link …), ``rows`` of a list or a table, ``target`` of a link.

    The target of a ``file`` is the number of the attachment, counted from 1; that of an ``advert`` its address.
    """

    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    target: str = ""


def parse(body: str) -> tuple[Block, ...]:
    """All blocks of a body, in order. Raises NotationError."""
    return tuple(parse_block(chunk) for chunk in re.split(r"\n[ \t]*\n", body.strip("\n")) if chunk.strip())


def parse_block(chunk: str) -> Block:
    lines = chunk.strip("\n").splitlines()
    if chunk.startswith("# "):
        return Block("heading", chunk[2:].strip())
    if chunk.startswith("- "):
        if not all(line.startswith("- ") for line in lines):
            raise NotationError(f"a list with a line that is no item: {chunk!r}")
        return Block("bullets", rows=tuple((line[2:].strip(),) for line in lines))
    if chunk.startswith("|"):
        rows = tuple(tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines)
        if len({len(row) for row in rows}) != 1:
            raise NotationError(f"a table with rows of different length: {chunk!r}")
        return Block("table", rows=rows)
    if chunk.startswith("[ảnh]"):
        return Block("image", chunk.removeprefix("[ảnh]").strip())
    if match := FILE.fullmatch(chunk):
        return Block("file", match[2].strip(), target=match[1])
    if match := ADVERT.fullmatch(chunk):
        return Block("advert", match[1], target=match[2])
    if chunk.startswith(("[", "#", "|")):
        raise NotationError(f"a block nobody knows: {chunk!r}")
    return Block("paragraph", "\n".join(lines))


def mended(text: str) -> str:
    """The text as a reader takes it: composed (NFC), each run of spaces one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def slug(text: str, limit: int = 90) -> str:
    """ASCII letters and digits joined by hyphens, cut at a word: what the three systems make of a title."""
    folded = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    ascii_text = "".join(char for char in folded if not unicodedata.combining(char))
    words = re.findall(r"[a-z0-9]+", ascii_text)
    while words and len("-".join(words)) > limit:
        words.pop()
    return "-".join(words)
