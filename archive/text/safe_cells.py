"""Cells that no spreadsheet computes: what would be a formula there is led in by an apostrophe, and can be had back.

Titles and sections are a portal's words, and a spreadsheet runs ``=HYPERLINK(…)`` of a file that was only opened
(CWE-1236). Numbers keep their sign. A cell that looks as if it had been led in already gets one more apostrophe, so that
`restored` gives every cell back as it was.
"""

from __future__ import annotations

import re

# the signs a spreadsheet takes for the beginning of a formula, full-width ones too, also behind blanks
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_LED_IN = re.compile(r"'+(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\Z")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet that reads the cell from a text file would compute it."""
    return _FORMULA.match(cell) is not None and _NUMBER.match(cell) is None


def neutral(cell: str) -> str:
    """The cell as it can be opened in a spreadsheet."""
    return f"'{cell}" if is_formula(cell) or _LED_IN.match(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before `neutral`."""
    return cell[1:] if _LED_IN.match(cell) else cell
