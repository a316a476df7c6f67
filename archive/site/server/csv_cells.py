"""CSV for spreadsheets, neutralised on its way out: see `archive.text.safe_cells`."""

from __future__ import annotations

import codecs
import re

from archive.text.safe_cells import neutral

_CELL = re.compile(r'"[^"]*(?:""[^"]*)*"|[^",\r\n]+')


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
