"""What stands beside the articles held against captures and log: looks, files, tombstones, whose captures are, times of versions.

Each of these rows has a capture or a note of the log that says the same. A row that is gone is found by what it leaves alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from archive.proof.checks.faults import Fault
from archive.proof.log import Log
from archive.proof.origins import NOTED, import_notes
from archive.queries.records import Version

RESTORE = "restore archive.db from a backup, or make it anew from the WARC files"
_LOOKS = """SELECT capture.record_id, capture.url, capture.status, capture.fetched_at FROM capture
    WHERE capture.status IN (404, 410) AND capture.kind = 'page' AND capture.record_type = 'response'
        AND capture.file NOT IN (SELECT file FROM import_file)
        AND capture.record_id NOT IN (SELECT capture FROM observation)
        AND EXISTS (SELECT 1 FROM capture AS shown JOIN article ON article.id = shown.article
                    WHERE shown.url = capture.url AND shown.fetched_at < capture.fetched_at
                        AND article.id NOT IN (SELECT article FROM journal WHERE what = 'restored'))"""
_FILES = """SELECT file.url, file.fetched_at, file.last_seen, capture.fetched_at AS brought FROM file JOIN capture ON record_id = file.capture
    WHERE file.fetched_at != capture.fetched_at OR file.last_seen < file.fetched_at"""
_ATTACHMENTS = """SELECT article, attachment.url FROM attachment JOIN file USING (url)
    WHERE attachment.sha256 IS NULL OR (attachment.sha256 = file.sha256 AND attachment.bytes IS NOT file.bytes)"""
_TOMBS = """SELECT DISTINCT article FROM (SELECT article FROM suspended_capture UNION SELECT article FROM suspended_address)
    WHERE article NOT IN (SELECT article FROM suspended)"""


def check_standing(conn: sqlite3.Connection, log: Log) -> Iterator[Fault]:
    """Every fault of these rows."""
    yield from _looks(conn)
    yield from _files(conn)
    yield from _tombstones(conn, log)
    yield from _imports(conn, log)


def version_times(conn: sqlite3.Connection, identifier: int, known: Iterable[Version]) -> Iterator[str]:
    """Times of older versions at which neither the article nor a file of it was captured."""
    known = list(known)
    if len(known) < 2:
        return
    files = sorted({file.url for version in known for file in version.article.attachments})
    found = conn.execute(
        """SELECT fetched_at FROM capture WHERE article = ?1
           UNION SELECT fetched_at FROM capture WHERE url IN (SELECT value FROM json_each(?2))
           UNION SELECT capture.fetched_at FROM file JOIN capture ON record_id = file.capture
               WHERE file.url IN (SELECT value FROM json_each(?2))
           UNION SELECT first_seen FROM file_revision WHERE url IN (SELECT value FROM json_each(?2))
           UNION SELECT last_seen FROM file_revision WHERE url IN (SELECT value FROM json_each(?2))""",
        (identifier, json.dumps(files)),
    )
    times = {row[0] for row in found}
    for version in known[:-1]:
        for name, at in (("begins", version.first_seen), ("was seen last", version.last_seen)):
            if at not in times:
                yield f"has a version {version.number} that {name} at {at}, when nothing of it was captured"


def _looks(conn: sqlite3.Connection) -> Iterator[Fault]:
    for record_id, url, status, at in conn.execute(_LOOKS):
        told = f"the look at {url} at {at}, which was answered {status} (capture {record_id}), is not among the looks: its row was removed; {RESTORE}"
        yield Fault("observation row", record_id, told)


def _files(conn: sqlite3.Connection) -> Iterator[Fault]:
    for url, at, last, brought in conn.execute(_FILES):
        told = f"the file {url} came at {at} and was seen last at {last} by its row, its capture is of {brought}: the row was changed; {RESTORE}"
        yield Fault("file row", url, told)
    for article, url in conn.execute(_ATTACHMENTS):
        told = f"article {article} offers {url} without the SHA-256 or the size that is held of it: its row was changed; {RESTORE}"
        yield Fault("file row", url, told)


def _tombstones(conn: sqlite3.Connection, log: Log) -> Iterator[Fault]:
    """Articles that are suspended or erased by what they left, and whose tombstone is gone."""
    for (article,) in conn.execute(_TOMBS).fetchall():
        told = f"the tombstone of article {article} is gone: its row of suspended was removed; {RESTORE}"
        yield Fault("tombstone", f"article {article}", told)
    held = {row[0] for row in conn.execute("SELECT article FROM suspended WHERE erased IS NOT NULL")}
    for article in sorted(_erased(log) - held):
        told = f"article {article} was erased by the log, and no tombstone says so: go on with the erasure if it broke off, else {RESTORE}"
        yield Fault("tombstone", f"article {article}", told)


def _erased(log: Log) -> set[int]:
    notes = [_object(line) for _, line in log.notes()]
    return {note["article"] for note in notes if note.get("note") == "erased" and isinstance(note.get("article"), int)}


def _imports(conn: sqlite3.Connection, log: Log) -> Iterator[Fault]:
    """WARC files of imports whose row says otherwise than the log whose captures they hold, or is gone."""
    rows = {row[0]: row[1:] for row in conn.execute(f"SELECT file, {', '.join(NOTED)} FROM import_file")}
    notes = {file: _object(line) for file, line in import_notes(log).items()}
    named = {row[0] for row in conn.execute("SELECT DISTINCT file FROM capture WHERE file LIKE 'import-%'")}
    for file in sorted(named - rows.keys()):
        told = f"the captures in {file} are those of others, and whose is not told: its row of import_file was removed; {RESTORE}"
        yield Fault("import row", file, told)
    for file in sorted(rows.keys() & notes.keys()):
        said = tuple(notes[file].get(name) for name in NOTED)
        if said != rows[file]:
            told = f"{file} was imported from {said[0]} (SHA-256 {said[1]}) through {said[2]} by the log, and from {rows[file][0]} (SHA-256 {rows[file][1]}) through {rows[file][2]} by the database: the row was changed; {RESTORE}"  # fmt: skip
            yield Fault("import row", file, told)


def _object(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
