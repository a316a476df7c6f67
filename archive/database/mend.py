"""Mend in ``archive.db`` what an earlier version wrote otherwise than the WARC files have it: how connections were secured.

Pages taken up after a kill were labelled ``unverified`` whatever their metadata record said. The captures to look at
stand in the table ``mending``; each batch is a transaction of its own, so a kill costs a batch.
"""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.warc.read import CaptureUnreadable, find_file

BATCH = 1000
_MOST = 1 << 16  # bytes of a metadata record that are looked at
_LABELS = ("verified", "unverified", "legacy", "none")


def is_needed(conn: sqlite3.Connection) -> bool:
    """Whether captures wait to be looked at."""
    return conn.execute("SELECT 1 FROM mending LIMIT 1").fetchone() is not None


def labels(conn: sqlite3.Connection, warc: Path) -> int:
    """Set the labels of captures by their metadata records; answers how many were wrong.

    Those whose file is missing from ``warc`` wait until it is there.
    """
    mended = 0
    for (name,) in conn.execute(
        "SELECT DISTINCT file FROM mending JOIN capture ON record_id = mending.capture"
    ).fetchall():
        try:
            path = find_file(warc, name)
        except CaptureUnreadable:
            continue
        while rows := _waiting(conn, name):
            found = [(label, record_id) for record_id, end in rows if (label := label_behind(path, end, record_id))]
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany("UPDATE capture SET secure = ?1 WHERE record_id = ?2 AND secure != ?1", found)
            mended += sum(label != "unverified" for label, _ in found)
            conn.executemany("DELETE FROM mending WHERE capture = ?", [(record_id,) for record_id, _ in rows])
            conn.execute("COMMIT")
    return mended


def _waiting(conn: sqlite3.Connection, name: str) -> list[tuple[str, int]]:
    return conn.execute(
        """SELECT record_id, offset + length FROM mending JOIN capture ON record_id = mending.capture
           WHERE file = ? ORDER BY offset LIMIT ?""",
        (name, BATCH),
    ).fetchall()


def label_behind(path: Path, end: int, record_id: str) -> str | None:
    """What the metadata record at byte ``end``, which belongs to a capture, says of its connection."""
    with path.open("rb") as stream:
        stream.seek(end)
        data = stream.read(_MOST)
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False)), None)
        if record is None or record.record_type != WarcRecordType.metadata:
            return None
        refers_to = str(record.headers.get("WARC-Refers-To") or "").strip("<>")
        label = fields_of(record.reader.read()).get("tls")
    except (OSError, EOFError, ValueError):  # torn behind the capture: nothing is known better
        return None
    return label if refers_to == record_id.strip("<>") and label in _LABELS else None


def fields_of(block: bytes) -> dict[str, str]:
    """The fields of a block of type ``application/warc-fields``."""
    return dict(line.split(": ", 1) for line in block.decode("utf-8", "replace").splitlines() if ": " in line)
