"""CSV for spreadsheets: a cell that would be a formula there is led in by an apostrophe.

Titles and sections are a portal's words, and a spreadsheet runs ``=HYPERLINK(…)`` of a file that was only opened
(CWE-1236). Numbers keep their sign.
"""

from __future__ import annotations

import codecs
import re

# the signs a spreadsheet takes for the beginning of a formula, full-width ones too, also behind blanks
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\Z")
_CELL = re.compile(r'"[^"]*(?:""[^"]*)*"|[^",\r\n]+')


def neutral(cell: str) -> str:
    """The cell as it can be opened in a spreadsheet."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


class NeutralCells:
    """Neutralises a stream of CSV (UTF-8 bytes) piece by piece, however its rows are cut."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._waiting: list[str] = []
        self._quoted = False

    def feed(self, data: bytes, last: bool = False) -> bytes:
        """What is certain so far: whole rows; with ``last`` all that is left."""
        text = self._decode(data, last)
        end = len(text) if last else self._row_end(text)
        if end == 0:
            self._waiting.append(text)
            return b""
        whole = "".join([*self._waiting, text[:end]])
        self._waiting = [text[end:]]
        return _CELL.sub(_neutral_cell, whole).encode()

    def _row_end(self, text: str) -> int:
        """Where the last whole row ends in the text; quotes opened in an earlier piece are remembered."""
        end, at, quoted = 0, 0, self._quoted
        for part in text.split('"'):
            if not quoted and (newline := part.rfind("\n")) >= 0:
                end = at + newline + 1
            at += len(part) + 1
            quoted = not quoted
        self._quoted = not quoted  # split() gives one part more than there are quotes
        return end


def _neutral_cell(match: re.Match[str]) -> str:
    cell = match[0]
    if cell[0] != '"':
        return neutral(cell)
    plain = cell[1:-1]
    return f'"{neutral(plain)}"'
