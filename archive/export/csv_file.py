"""``tinhuyen export --format csv``: a row an article, safe to open in a spreadsheet (RFC 4180, UTF-8)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from archive.export.table import COLUMNS, Cell, row_of
from archive.queries.records import Record
from archive.text.safe_cells import neutral


def export_csv(records: Iterable[Record], out: TextIO) -> int:
    """Write the articles, with a head of `COLUMNS`; answers how many. Streams."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    written = 0
    for record in records:
        writer.writerow([_safe(cell) for cell in row_of(record)])
        written += 1
    return written


def _safe(cell: Cell) -> Cell:
    return neutral(cell) if isinstance(cell, str) else cell
