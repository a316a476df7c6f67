"""A lost ledger: made again from ``archive.db`` as far as that knows, and what is lost with it told in a line.

What is known there is what was kept: articles with the state of their last looks, files, and that there were runs. Lists and
feeds are read anew in any case. Imported addresses are left out: nobody ever asked for them.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.database.sqlite_file import connect_reading
from archive.ids import url_key
from archive.text.plurals import counted
from crawler.addresses.roles import PRIORITY
from crawler.addresses.urls import canonical, origin
from crawler.ledger.revisits import article_due, suspect_due

DATABASE = "archive.db"
_BATCH = 1000
_NEEDED = (
    "SELECT imported FROM article LIMIT 0",
    "SELECT erased FROM suspended LIMIT 0",
    "SELECT capture FROM observation LIMIT 0",
)
"""What an archive of an earlier version cannot answer: it is migrated first, and its captures are known the next time."""
_ARTICLES = """SELECT capture.url, capture.portal, min(capture.fetched_at) AS found, max(capture.fetched_at) AS seen, article.id,
        article.published, article.first_seen, article.gone_at, article.capture AS record_id, article.last_seen,
        (SELECT file FROM capture AS held WHERE held.record_id = article.capture) AS warc
    FROM capture JOIN article ON article.id = capture.article
    WHERE capture.kind = 'page' AND capture.status IN (0, 200) AND NOT article.imported
        AND capture.file NOT IN (SELECT file FROM import_file)
    GROUP BY capture.url"""
_FILES = """SELECT file.url, capture.portal, capture.fetched_at AS found, capture.fetched_at AS seen, capture.record_id,
        capture.file AS warc, capture.kind
    FROM file JOIN capture ON capture.record_id = file.capture WHERE capture.file NOT IN (SELECT file FROM import_file)"""
_PUT = """INSERT INTO page (key, url, origin, portal, role, state, method, found_at, priority, due, tries, visits, visited_at, status,
        record_id, warc, article_id, suspect_since)
    VALUES (?, ?, ?, ?, ?, ?, 'archive', ?, ?, ?, 0, 1, ?, 200, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"""


@dataclass(slots=True)
class MadeAgain:
    """What a ledger was made of again, and how many articles are suspended whose copies it held."""

    articles: int = 0
    files: int = 0
    suspended: int = 0

    def told(self, path: Path) -> str:
        """What a person is told."""
        known = f"{counted(self.articles, 'article')} and {counted(self.files, 'file')}"
        copies = f", the copies of {counted(self.suspended, 'suspended article')}" if self.suspended else ""
        return (
            f"{path} was lost: it is made again from {DATABASE}, with {known} that are asked for again when they are due. Lost are the"
            f" addresses that failed or were left out and why, schedules, pauses, follows, logs of runs, ETags{copies}: a backup has them"
        )


def tell(text: str) -> None:
    """Say it to who is at the terminal."""
    print(f"tinhuyen: {text}", file=sys.stderr)


def is_lost(conn: sqlite3.Connection, ledger: Path) -> bool:
    """Whether a ledger knows no address although the archive holds what it captured itself."""
    return conn.execute("SELECT 1 FROM page LIMIT 1").fetchone() is None and holds_captures(ledger)


def holds_captures(ledger: Path) -> bool:
    """Whether the archive beside a ledger holds captures of its own."""
    database = ledger.with_name(DATABASE)
    if not database.exists():
        return False
    try:
        with closing(connect_reading(database)) as conn:
            for probe in _NEEDED:
                conn.execute(probe)
            own = "SELECT 1 FROM capture WHERE file NOT IN (SELECT file FROM import_file) LIMIT 1"
            return conn.execute(own).fetchone() is not None
    except sqlite3.DatabaseError:
        return False  # of an earlier version; or damaged, which whoever opens it will tell


def make_again_if_lost(
    conn: sqlite3.Connection, write: Callable[[], AbstractContextManager[sqlite3.Connection]], path: Path, now: float
) -> None:
    """Fill a ledger that was lost, in one transaction, and tell it: what a kill left empty is filled by the next."""
    if not is_lost(conn, path):
        return
    with write():
        made = make_again(conn, path, now) if is_lost(conn, path) else None  # another process may have been first
    if made is not None:
        tell(made.told(path))


def make_again(conn: sqlite3.Connection, ledger: Path, now: float) -> MadeAgain:
    """Fill an empty ledger from the archive beside it, within one transaction of its connection."""
    made = MadeAgain()
    with closing(connect_reading(ledger.with_name(DATABASE))) as held:
        held.row_factory = sqlite3.Row
        for row in held.execute(_ARTICLES):
            made.articles += _put(conn, row, "article", *_state(held, row, now), row["id"])
        for row in held.execute(_FILES):
            role = "requisite" if row["kind"] == "requisite" else "file"
            made.files += _put(conn, row, role, "file", None, None, None)
        made.suspended = held.execute("SELECT count(*) FROM suspended WHERE erased IS NULL").fetchone()[0]
        conn.executemany(
            """INSERT INTO run (id, started_at, finished_at, portals, settings, software, outcome) VALUES (?, ?, ?, '[]', '{}', '', 'finished')""",
            list(_runs(held)),
        )
    return made


def _put(
    conn: sqlite3.Connection, row: sqlite3.Row, role: str, state: str, due: float | None, suspect: float | None, article: int | None
) -> int:  # fmt: skip
    key, home, found, seen = url_key(canonical(row["url"])), origin(row["url"]), unix(row["found"]), unix(row["seen"])
    conn.execute("INSERT INTO host (origin) VALUES (?) ON CONFLICT (origin) DO NOTHING", (home,))
    values: tuple[Any, ...] = (
        key, row["url"], home, row["portal"], role, state, found, PRIORITY[role], due, seen, row["record_id"], row["warc"],
        article, suspect,
    )  # fmt: skip
    return conn.execute(_PUT, values).rowcount


def _state(held: sqlite3.Connection, row: sqlite3.Row, now: float) -> tuple[str, float | None, float | None]:
    """State, next visit, and since when an article has answered 404, by its last looks."""
    if row["gone_at"] is not None:
        return "gone", None, None
    missing = None
    looks = "SELECT at, found FROM observation WHERE article = ? AND at > ? ORDER BY at DESC"
    for look in held.execute(looks, (row["id"], row["last_seen"])):
        if look["found"] != "missing":
            break
        missing = unix(look["at"])
    if missing is not None:
        return "suspect", suspect_due(missing, now) or now, missing
    return "stored", article_due(unix(row["published"] or row["first_seen"]), now), None


def _runs(held: sqlite3.Connection) -> Iterator[tuple[int, float, float]]:
    for row in held.execute("SELECT id, started_at, coalesce(finished_at, started_at) AS ended FROM run"):
        yield row["id"], unix(row["started_at"]), unix(row["ended"])


def unix(moment: str) -> float:
    """Unix seconds of a time or day of ``archive.db``; of a month, its first day."""
    text = f"{moment}-01" if len(moment) == 7 else moment
    found = datetime.fromisoformat(text.replace("Z", "+00:00") if "T" in text else f"{text}T00:00+07:00")
    return found.timestamp()
