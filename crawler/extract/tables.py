"""Tables: those that hold figures become rows of text, those that only place a picture are read through."""

from __future__ import annotations

from bs4 import Tag

from archive.text.normalise import line
from crawler.extract.blocks import Block
from crawler.extract.runs import NEXT

CELL_LIMIT = 600
"""Characters of a cell above which a table is taken to lay out text, not to list facts."""


def is_data_table(table: Tag) -> bool:
    """Whether a table lists facts: no picture, no table within, at least two rows of which most have two cells or more."""
    if table.find(["img", "table", "iframe"]) is not None:
        return False
    sizes = []
    for row in table.find_all("tr"):
        cells = row.find_all(["td", "th"], recursive=False)
        if any(len(cell.get_text()) > CELL_LIMIT for cell in cells):
            return False
        if cells:
            sizes.append(len(cells))
    return len(sizes) >= 2 and sum(size >= 2 for size in sizes) * 2 > len(sizes)


def rows_of(table: Tag) -> list[Block]:
    """The rows of a data table as blocks, cells joined by `` | ``; rows without a word are left out."""
    blocks = []
    for row in table.find_all("tr"):
        cells = [line(cell.get_text(" ").replace(NEXT, " ")) for cell in row.find_all(["td", "th"], recursive=False)]
        if any(cells):
            blocks.append(Block("row", " | ".join(cells).strip()))
    return blocks
