"""Suspended articles in the private file: their rows as they stood, and captures that crawls brought of them since."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from archive.model import Capture
from archive.suspension import Rows
from crawler.ledger.frontier import Ledger


def keep(ledger: Ledger, article: int, at: str, rows: Rows) -> None:
    """Keep the rows of an article; those of an earlier try, whose article is still public, give way."""
    data = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
    with ledger.write() as conn:
        conn.execute("INSERT OR REPLACE INTO suspended(article, at, data) VALUES (?, ?, ?)", (article, at, data))


def kept(ledger: Ledger, article: int) -> Rows | None:
    """The rows of an article, None where none are kept."""
    row = ledger.conn.execute("SELECT data FROM suspended WHERE article = ?", (article,)).fetchone()
    if row is None:
        return None
    rows: Rows = json.loads(zlib.decompress(row["data"]))
    return rows


def hold(ledger: Ledger, article: int, capture: Capture) -> None:
    """Keep a capture that came while its article is suspended; it may be delivered twice."""
    with ledger.write() as conn:
        conn.execute(
            "INSERT INTO suspended_capture(record_id, article, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (capture.record_id, article, json.dumps(asdict(capture), ensure_ascii=False)),
        )


def held(ledger: Ledger, article: int) -> list[Capture]:
    """The captures that came while an article was suspended, in the order they were fetched."""
    rows = ledger.conn.execute("SELECT data FROM suspended_capture WHERE article = ?", (article,))
    return sorted((Capture(**json.loads(row["data"])) for row in rows), key=lambda one: one.fetched_at)


def ask_anew(ledger: Ledger, article: int, keys: Iterable[str]) -> None:
    """Have the next crawl ask for an article and its files without conditions: a 304 would speak of what was not kept."""
    with ledger.write() as conn:
        found = [bytes.fromhex(key) for key in keys]
        found += [row["key"] for row in conn.execute("SELECT key FROM page WHERE article_id = ?", (article,))]
        conn.executemany("UPDATE page SET etag = NULL, last_modified = NULL WHERE key = ?", [(key,) for key in found])
        conn.execute(
            "UPDATE page SET state = 'stored', due = ?, suspect_since = NULL, unseen_since = NULL"
            " WHERE article_id = ? AND state IN ('stored', 'unchanged', 'suspect', 'gone')",
            (ledger.clock(), article),
        )


def follow(ledger: Ledger, places: Mapping[str, tuple[int, int]]) -> None:
    """Let the captures of suspended articles follow their records, which stand at other bytes of a file written anew."""
    with ledger.write() as conn:
        for row in conn.execute("SELECT article, data FROM suspended").fetchall():
            rows = json.loads(zlib.decompress(row["data"]))
            moved = [kept for kept in rows["capture"] if kept["record_id"].strip("<>") in places]
            for kept in moved:
                kept["offset"], kept["length"] = places[kept["record_id"].strip("<>")]
            if moved:
                data = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
                conn.execute("UPDATE suspended SET data = ? WHERE article = ?", (data, row["article"]))
        for row in conn.execute("SELECT record_id, data FROM suspended_capture").fetchall():
            kept = json.loads(row["data"])
            if (place := places.get(row["record_id"].strip("<>"))) is not None:
                kept["offset"], kept["length"] = place
                said = json.dumps(kept, ensure_ascii=False)
                conn.execute("UPDATE suspended_capture SET data = ? WHERE record_id = ?", (said, row["record_id"]))


def forget(ledger: Ledger, article: int) -> None:
    """The article is public again: nothing of it is kept here."""
    with ledger.write() as conn:
        conn.execute("DELETE FROM suspended WHERE article = ?", (article,))
        conn.execute("DELETE FROM suspended_capture WHERE article = ?", (article,))
