"""``tinhuyen export --format cdxj``: an index over the archive's WARC files, from which pywb replays them.

It is made of the captures the database holds, so that what is suspended is not in it.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from archive.model import Capture
from archive.queries.records import capture_from_row, rows
from archive.warc.cdxj import line_of


def export_cdxj(
    conn: sqlite3.Connection,
    out: TextIO,
    portals: Sequence[str] | None = None,
    progress: Callable[[int], None] = lambda _step: None,
) -> int:
    """Write a line for each capture of the named portals, or of all, sorted; answers how many.

    Memory does not grow with the archive: lines are sorted by a temporary database on the disk.
    """
    with SortedLines() as lines:
        for capture in captures_of(conn, portals):
            lines.add(line_of(capture, capture.file, capture.offset, capture.length))
            progress(1)
        written = 0
        for line in lines:
            out.write(f"{line}\n")
            written += 1
    return written


def captures_of(conn: sqlite3.Connection, portals: Sequence[str] | None, page: int = 1000) -> Iterator[Capture]:
    """The captures of portals, or all, in the order of files and of places in them.

    Eight bytes of memory each. Read in pages: no snapshot stays open between them, whatever is done with each; what is
    suspended meanwhile is left out.
    """
    named = f"WHERE portal IN ({','.join('?' * len(portals))})" if portals is not None else ""
    numbers = array("q")
    found = conn.execute(f"SELECT rowid FROM capture {named} ORDER BY file, offset", tuple(portals or ()))
    numbers.extend(row[0] for row in found)
    for start in range(0, len(numbers), page):
        wanted = json.dumps(numbers[start : start + page].tolist())
        held = rows(
            conn,
            "SELECT * FROM capture WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY file, offset",
            (wanted,),
        )
        yield from [capture_from_row(row) for row in held]


class SortedLines:
    """Lines that come out sorted by their bytes, each once, however many they are."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a temporary file, gone with the connection

    def __enter__(self) -> SortedLines:
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE line (line TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, line: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO line VALUES (?)", (line,))

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._db.execute("SELECT line FROM line ORDER BY line"))
