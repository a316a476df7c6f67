"""Tables: those that hold figures become rows of text, those that only place a picture are read through."""

from __future__ import annotations

from bs4 import Tag

from archive.text.normalise import line
from crawler.extract.clean.blocks import Block
from crawler.extract.clean.plain_paragraphs import NEXT

CELL_LIMIT = 600
"""Characters of a cell above which a table is taken to lay out text, not to list facts."""

SENTENCE = 120
"""Characters from which a cell that ends as a sentence does is a paragraph."""


def is_data_table(table: Tag) -> bool:
    """Whether a table lists facts: no picture, no table within, at least two rows of which most have two cells or more.

    Columns without a word in any row only set a margin; a table whose every row holds at most one cell of words, or in
    which long sentences stand, places text.
    """
    if table.find(["img", "table", "iframe"]) is not None:
        return False
    rows = [row for row in (_cells(row) for row in table.find_all("tr")) if row]
    if any(len(cell) > CELL_LIMIT for row in rows for cell in row):
        return False
    used = _used_columns(rows)
    sizes = [sum(column in used for column in range(len(row))) for row in rows]
    wordy = [[cell for cell in row if cell] for row in rows]
    if all(len(row) <= 1 for row in wordy) and any(_is_paragraph(row[0]) for row in wordy if row):
        return False
    return len(sizes) >= 2 and sum(size >= 2 for size in sizes) * 2 > len(sizes)


def rows_of(table: Tag) -> list[Block]:
    """The rows of a data table as blocks, cells joined by `` | ``; rows and columns without a word are left out."""
    rows = [_cells(row) for row in table.find_all("tr")]
    used = _used_columns(rows)
    blocks = []
    for row in rows:
        if any(row):
            blocks.append(Block("row", " | ".join(cell for at, cell in enumerate(row) if at in used).strip()))
    return blocks


def _cells(row: Tag) -> list[str]:
    return [line(cell.get_text(" ").replace(NEXT, " ")) for cell in row.find_all(["td", "th"], recursive=False)]


def _used_columns(rows: list[list[str]]) -> set[int]:
    return {at for row in rows for at, cell in enumerate(row) if cell}


def _is_paragraph(text: str) -> bool:
    return len(text) >= SENTENCE and text.endswith((".", "!", "?", "…", ".”", '."'))
