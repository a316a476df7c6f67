"""Rows of the database held against each other and against the captures, as far as that is exact.

An article's text has its content hash, its times are those of captures, its older versions unpack with its newest text, its
key is that of its address, its files have the digests their addresses gave. What a page says that is in no hash (counters,
pictures, what was removed) can be held against its capture by reading that again alone.
"""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from archive.ids import url_key
from archive.proof.checks.check_standing import version_times
from archive.proof.checks.faults import Fault
from archive.queries import records as reading
from archive.queries.older_versions import content_hash

RESTORE = "restore archive.db from a backup, or make it anew from the WARC files"
PAGE = 500


@dataclass(slots=True)
class RowsChecked:
    articles: int = 0
    versions: int = 0
    observations: int = 0
    faults: list[Fault] = field(default_factory=list)


def is_readable(conn: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with the file; nothing where it is sound."""
    try:
        said = [row[0] for row in conn.execute("PRAGMA quick_check(20)")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if said == ["ok"] else said


def check_rows(
    conn: sqlite3.Connection, sample: int | None, choose: random.Random, progress: Callable[[int], None]
) -> RowsChecked:
    """Check every article, or a sample of them; with every article the tables that go with them, too."""
    checked = RowsChecked()
    for identifier in _articles(conn, sample, choose):
        checked.articles += 1
        conn.execute("BEGIN")  # one look for all of an article's rows: a crawl may be writing
        try:
            checked.faults += _article(conn, identifier, checked)
        except (TypeError, ValueError, LookupError) as error:
            told = f"the rows of article {identifier} hold what nothing of ours wrote ({error}): one was changed; {RESTORE}"
            checked.faults.append(Fault("article row", f"article {identifier}", told))
        finally:
            conn.execute("COMMIT")
        progress(1)
    if sample is None:
        for check in (_references, _observations, _files, _index, _months):
            checked.faults += check(conn)
        checked.observations = conn.execute("SELECT count(*) FROM observation").fetchone()[0]
    return checked


def _articles(conn: sqlite3.Connection, sample: int | None, choose: random.Random) -> Iterator[int]:
    if sample is not None:
        held = [row[0] for row in conn.execute("SELECT id FROM article ORDER BY id")]
        yield from sorted(choose.sample(held, min(sample, len(held))))
        return
    last = -1
    while found := conn.execute("SELECT id FROM article WHERE id > ? ORDER BY id LIMIT ?", (last, PAGE)).fetchall():
        yield from (row[0] for row in found)
        last = found[-1][0]


def _article(conn: sqlite3.Connection, identifier: int, checked: RowsChecked) -> Iterator[Fault]:
    name = f"article {identifier}"
    row = reading.article_row(conn, identifier)
    if row is None:
        if conn.execute("SELECT 1 FROM article WHERE id = ?", (identifier,)).fetchone() is None:
            return  # withdrawn just now
        yield Fault("article row", name, f"{name} has no text: its row of body is gone; {RESTORE}")
        return
    try:
        known = reading.versions_of(conn, row)
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        yield Fault("article row", name, f"an older version of {name}, {row['url']}, does not unpack ({error}): it, or the text after it, was changed; {RESTORE}")  # fmt: skip
        return
    checked.versions += len(known)
    for version in known:
        if content_hash(version.article) != version.content_hash:
            which = name if version.number == len(known) else f"version {version.number} of {name}"
            yield Fault("article row", which, f"{which}, {row['url']}, does not have its content hash: its text or its hash was changed; {RESTORE}")  # fmt: skip
    wrong = [*_times(conn, row, known), *_captures(conn, row, known), *version_times(conn, identifier, known)]
    if [version.number for version in known] != list(range(1, row["revisions"] + 2)):
        wrong.append(f"has {row['revisions']} older versions by its row and {len(known) - 1} in the table revision")
    key = conn.execute("SELECT url_key FROM article_id WHERE id = ?", (identifier,)).fetchone()
    if key is None or key[0] != url_key(row["canonical_url"]).hex():
        wrong.append("has another address than the one its id was given to")
    for said in wrong:
        yield Fault("article row", name, f"{name}, {row['url']}, {said}: a row was changed; {RESTORE}")


def _times(conn: sqlite3.Connection, row: dict[str, Any], known: list[reading.Version]) -> Iterator[str]:
    """Times that are no capture's."""
    first, last, own_first, own_last = conn.execute(
        """SELECT min(fetched_at), max(fetched_at), min(iif(import_file.file IS NULL, fetched_at, NULL)),
               max(iif(import_file.file IS NULL, fetched_at, NULL))
           FROM capture LEFT JOIN import_file USING (file) WHERE article = ?""",
        (row["id"],),
    ).fetchone()
    if row["imported"] != (own_first is None and first is not None):
        yield "says otherwise than its captures whether the archive saw it itself"
    looked = conn.execute("SELECT max(at) FROM observation WHERE article = ?", (row["id"],)).fetchone()[0] or ""
    for column, time in (("first_seen", own_first or first), ("last_seen", own_last or last)):
        if row[column] != time:
            yield f"has {column} {row[column]}, its captures {time}"
    if row["last_checked"] not in (max(row["last_seen"], looked), row["gone_at"]):
        yield f"has last_checked {row['last_checked']}, its looks {max(row['last_seen'], looked)}"
    if row["gone_at"] is not None and row["gone_at"] < row["last_seen"]:
        yield "counts as gone and was seen since"
    for version in known if first is not None else ():
        if not first <= version.first_seen <= version.last_seen <= max(last, version.first_seen):
            yield f"has a version {version.number} seen from {version.first_seen} to {version.last_seen}, which cannot be"


def _captures(conn: sqlite3.Connection, row: dict[str, Any], known: list[reading.Version]) -> Iterator[str]:
    """Captures that are not there, or are of something else."""
    named = {row["capture"], row["first_capture"], row["version_capture"], *(version.record_id for version in known)}
    for record_id in sorted(named):
        held = conn.execute("SELECT article, status FROM capture WHERE record_id = ?", (record_id,)).fetchone()
        if held is None:
            yield f"names the capture {record_id}, which is not held"
        elif held[0] != row["id"] or held[1] not in (0, 200):  # 0: what others kept without its HTTP head
            yield f"names the capture {record_id}, which is not one of it"


def _references(conn: sqlite3.Connection) -> Iterator[Fault]:
    for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        of = f"{table} {rowid}" if rowid is not None else table
        yield Fault("database", of, f"a row of {table} names a row of {parent} that is not there: {RESTORE}")


def _observations(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Looks that say otherwise than their captures."""
    found = conn.execute(
        """SELECT observation.capture, observation.url, observation.at, observation.status, found, fetched_at, capture.status
           FROM observation JOIN capture ON record_id = observation.capture
           WHERE at != fetched_at OR observation.status != capture.status
              OR (found = 'missing') != (capture.status IN (404, 410))"""
    )
    for record_id, url, at, status, word, fetched_at, answered in found:
        told = (
            f"the look at {url} says {word} ({status}) at {at}, its capture {record_id} {answered} at {fetched_at}: the row"
            f" was changed; {RESTORE}"
        )
        yield Fault("observation row", record_id, told)


def _files(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Attachments with a digest that their address never gave."""
    found = conn.execute(
        """SELECT article, attachment.url, attachment.sha256 FROM attachment
           WHERE sha256 IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM file WHERE file.url = attachment.url AND file.sha256 = attachment.sha256)
             AND NOT EXISTS (SELECT 1 FROM file_revision AS older
                             WHERE older.url = attachment.url AND older.sha256 = attachment.sha256)"""
    )
    for article, url, sha256 in found:
        told = f"article {article} offers {url} with the SHA-256 {sha256}, which that address never gave: a row was changed; {RESTORE}"
        yield Fault("file row", url, told)


_FACETS_SHOULD = """SELECT id, portal, coalesce(section, 0),
    coalesce(CAST(replace(substr(published || '-01', 1, 10), '-', '') AS INTEGER), 0), revisions > 0, gone_at IS NOT NULL,
    EXISTS (SELECT 1 FROM attachment WHERE attachment.article = id) FROM article_shown"""
_FACETS_ARE = "SELECT article, portal, section, day, changed, removed, files FROM article_facet"


def _index(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Articles that search does not know, and entries of search without an article."""
    mend = "make the index anew from a backup or the WARC files"
    for query, said in (
        ("SELECT id FROM article EXCEPT SELECT id FROM article_fts_docsize", "is not in the search index"),
        ("SELECT id FROM article_fts_docsize EXCEPT SELECT id FROM article", "is in the search index and not held"),
        ("SELECT id FROM article EXCEPT SELECT id FROM bigram_fts_docsize", "is not in the index of pairs"),
        ("SELECT id FROM bigram_fts_docsize EXCEPT SELECT id FROM article", "is in the index of pairs and not held"),
        (
            "SELECT article FROM article_facet WHERE changed OR removed OR returned EXCEPT SELECT id FROM altered_fts_docsize",
            "was changed, removed or put back and is not in the index of those",
        ),
        (
            "SELECT id FROM altered_fts_docsize EXCEPT SELECT article FROM article_facet WHERE changed OR removed OR returned",
            "is in the index of what was changed, removed or put back, and was not",
        ),
        (_FACETS_SHOULD + " EXCEPT " + _FACETS_ARE, "is not filtered by what its row says"),
        ("SELECT article FROM article_facet EXCEPT SELECT id FROM article", "is counted in facets and not held"),
    ):
        for identifier, *_ in conn.execute(query):
            yield Fault("search index", f"article {identifier}", f"article {identifier} {said}: {mend}")


def _months(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Months of a portal whose count is not that of its articles."""
    counted = """SELECT portal, coalesce(CAST(substr(published, 1, 4) || substr(published, 6, 2) AS INTEGER), 0) AS month,
        coalesce(section, 0) AS section, count(*) AS articles FROM article_shown GROUP BY 1, 2, 3"""
    kept = "SELECT portal, month, section, articles FROM portal_month"
    for one, other in ((counted, kept), (kept, counted)):
        for portal, month in conn.execute(f"SELECT DISTINCT portal, month FROM ({one} EXCEPT {other})").fetchall():
            told = (
                f"portal {portal} has another number of articles in {month or 'no month'} than its summary: {RESTORE}"
            )
            yield Fault("summary", f"portal {portal}, {month}", told)
