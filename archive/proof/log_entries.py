"""Entries of the log: what stands in it for a capture, or for a note, as canonical bytes.

Every look is a capture, one that found nothing too: its status says so, and its answer has a digest. An entry is made of what
the WARC record itself says, so that a database made anew from the WARC files gives the same entries.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from archive.proof.merkle import leaf_hash

FIELDS = ("record_id", "record_type", "url", "fetched_at", "status", "digest", "truncated")
"""Columns of `capture` that an entry is made of. Files, offsets and portals are left out: they may be written otherwise."""


def canonical(values: dict[str, Any]) -> bytes:
    """JSON without blanks, its keys sorted and its letters ASCII: the same bytes for the same values, in any language."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def entry_of(capture: dict[str, Any]) -> bytes:
    """The entry of a capture: a mapping, or row, that has `FIELDS`."""
    return canonical({name: capture[name] for name in FIELDS} | {"record_id": capture["record_id"].strip("<>")})


def captures(conn: sqlite3.Connection, after: int = 0, page: int = 2000) -> Iterator[tuple[int, dict[str, Any], bytes]]:
    """Every capture in the order they were committed, behind a row number: its row number, its fields, its leaf hash.

    Read in pages: no read snapshot stays open between them.
    """
    while True:
        found = conn.execute(
            f"SELECT rowid, {', '.join(FIELDS)} FROM capture WHERE rowid > ? ORDER BY rowid LIMIT ?", (after, page)
        ).fetchall()
        for row in found:
            values = dict(zip(FIELDS, tuple(row)[1:], strict=True))
            yield row[0], values, leaf_hash(entry_of(values))
        if len(found) < page:
            return
        after = found[-1][0]
