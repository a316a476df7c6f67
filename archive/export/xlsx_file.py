"""``tinhuyen export --format xlsx``: a row an article as an Excel workbook (ECMA-376), written as a stream.

Text is stored as text, which no spreadsheet computes: what looks like a formula is marked to stay so when the cell is
edited, and is not changed. A cell holds 32,767 characters at most; what is longer goes on in the sheet ``continued``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archive.errors import ExtraMissing
from archive.export.table import COLUMNS, Cell, pieces, row_of
from archive.queries.records import Record
from archive.text.safe_cells import is_formula

LONGEST_CELL, MOST_ROWS = 32_767, 1_048_576
"""What a cell and a sheet hold."""
# what XML cannot hold, or changes when it is read, is written as ST_Xstring has it: _x000B_; and what looks so already, too
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
CONTINUED = ("id", "column", "part", "text")


def export_xlsx(records: Iterable[Record], path: Path) -> int:
    """Write the articles into a workbook; answers how many. Raises `ExtraMissing` where openpyxl is not installed."""
    book = _Book()
    written = 0
    for record in records:
        row = row_of(record)
        book.articles.append([book.cell(row[0], name, cell) for name, cell in zip(COLUMNS, row, strict=True)])
        written += 1
    book.save(path)
    return written


class _Sheets:
    """Rows in a sheet of that name, and in another behind it when it is full."""

    def __init__(self, book: Any, name: str, head: tuple[str, ...]) -> None:
        self._book, self._name, self._head = book, name, head
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        self.sheet = self._book.create_sheet(self._name if self._sheets == 1 else f"{self._name} {self._sheets}")
        self.sheet.freeze_panes = "A2"
        self.sheet.append(self._head)
        self._rows = 1

    def append(self, row: list[Any]) -> None:
        if self._rows == MOST_ROWS:
            self._begin()
        self.sheet.append(row)
        self._rows += 1


class _Book:
    """A workbook with the sheets ``articles`` and ``continued``."""

    def __init__(self) -> None:
        try:
            from openpyxl import Workbook
            from openpyxl.cell import WriteOnlyCell
        except ImportError as error:
            raise ExtraMissing("openpyxl", "export") from error
        self._book = Workbook(write_only=True)
        self._made = WriteOnlyCell
        self.articles = _Sheets(self._book, "articles", COLUMNS)
        self.continued = _Sheets(self._book, "continued", CONTINUED)

    def cell(self, identifier: Cell, column: str, value: Cell) -> Any:
        """The value as a cell; the rest of one that is too long goes into the sheet ``continued``."""
        if not isinstance(value, str):
            return value
        if len(value) <= LONGEST_CELL // 2:
            return self._text(value)
        first, *rest = pieces(value, LONGEST_CELL)
        for part, text in enumerate(rest, start=2):
            self.continued.append([self._text(str(identifier)), column, part, self._text(text)])
        return self._text(first)

    def _text(self, text: str) -> Any:
        cell = self._made(self.articles.sheet, value=_UNWRITABLE.sub(_escaped, text))
        cell.data_type = "s"  # a value that begins with "=" is a formula to openpyxl
        if is_formula(text):
            cell.quotePrefix = True
        return cell

    def save(self, path: Path) -> None:
        with path.open("wb") as out:
            self._book.save(out)


def _escaped(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"
