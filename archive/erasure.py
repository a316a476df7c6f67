"""Erasure in the public file: of an article that is suspended the tombstone says that it was erased, and nothing else is left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from archive.proof.log_entries import entry_of
from archive.proof.merkle import leaf_hash
from archive.queries.records import rows
from archive.queries.suspensions import suspension
from archive.rows.search_index import INDEXES
from archive.store import Store


def leaves_of(conn: sqlite3.Connection, records: Iterable[str]) -> list[str]:
    """The hashes (hex) in the log of captures that are held."""
    found = rows(
        conn,
        "SELECT * FROM capture WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY rowid",
        (json.dumps(list(records)),),
    )
    return [leaf_hash(entry_of(row)).hex() for row in found]


def erase(store: Store, article: int, at: str, records: list[str], series: Iterable[str] = ()) -> bool:
    """Say that a suspended article was erased, and take out what else showed it: captures of lists with their looks.

    ``series`` are those of redo records that were erased, too. False where that was done before. The journal keeps its lines, without the address.
    """
    conn = store.conn
    conn.execute("PRAGMA secure_delete = ON")
    with store.batch():
        stone = suspension(conn, article)
        if stone is None or stone.erased is not None:
            return False
        named = json.dumps(records)
        conn.execute("UPDATE suspended SET erased = ? WHERE article = ?", (at, article))
        conn.execute("UPDATE journal SET url = '' WHERE article = ?", (article,))
        conn.execute("PRAGMA defer_foreign_keys = ON")
        for table, column in (("observation", "capture"), ("mending", "capture"), ("capture", "record_id")):
            conn.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (named,))
        store.note("erase", article, said(conn, article, records, series))
    return True


def said(conn: sqlite3.Connection, article: int, records: list[str], series: Iterable[str] = ()) -> dict[str, Any]:
    """What is kept of an erased article: its tombstone, hashes of its addresses and captures, the lines of the journal."""
    stone = suspension(conn, article)
    assert stone is not None
    kept = "SELECT url_key, canonicaliser FROM article_id WHERE id = ?"
    return {
        "stone": [stone.article, stone.at, stone.reason, stone.erased],
        "keys": [list(row) for row in conn.execute(kept, (article,))],
        "addresses": [
            key for (key,) in conn.execute("SELECT key FROM suspended_address WHERE article = ?", (article,))
        ],
        "captures": [
            list(row)
            for row in conn.execute("SELECT record_id, leaf FROM suspended_capture WHERE article = ?", (article,))
        ],
        "records": records,
        "redo": [
            list(row)
            for row in conn.execute(
                "SELECT series, number FROM redo WHERE series IN (SELECT value FROM json_each(?))",
                (json.dumps(list(series)),),
            )
        ],
        "journal": [
            list(row)
            for row in conn.execute("SELECT seq, what, at FROM journal WHERE article = ? ORDER BY seq", (article,))
        ],
    }


def again(conn: sqlite3.Connection, article: int, kept: dict[str, Any]) -> None:
    """The tombstone of an erased article once more, as :func:`said` kept it; its journal lines are put in by who renumbers."""
    conn.execute("INSERT OR REPLACE INTO suspended(article, at, reason, erased) VALUES (?, ?, ?, ?)", kept["stone"])
    conn.executemany(
        "INSERT INTO article_id(url_key, id, canonicaliser) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(key, article, version) for key, version in kept["keys"]],
    )
    conn.executemany(
        "INSERT INTO suspended_address(key, article) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(key, article) for key in kept["addresses"]],
    )
    conn.executemany(
        "INSERT INTO suspended_capture(record_id, article, leaf) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(record_id, article, leaf) for record_id, leaf in kept["captures"]],
    )
    conn.executemany(  # series whose last records were erased count as far as they did
        "INSERT INTO redo(series, number) VALUES (?, ?) ON CONFLICT(series) DO UPDATE SET number = max(number, excluded.number)",
        kept.get("redo", ()),
    )


def put_in_lines(conn: sqlite3.Connection, lines: dict[int, tuple[int, str, str]]) -> None:
    """Put the journal lines of erased articles (by number: article, what, when) where they were; the others move on."""
    if not lines:
        return
    held = [row[0] for row in conn.execute("SELECT seq FROM journal ORDER BY seq")]
    conn.execute("UPDATE journal SET seq = -seq")
    number = 0
    for seq in held:
        number += 1
        while number in lines:
            number += 1
        conn.execute("UPDATE journal SET seq = ? WHERE seq = ?", (number, -seq))
    conn.executemany(
        "INSERT INTO journal(seq, article, what, at, url) VALUES (?, ?, ?, ?, '')",
        [(seq, *line) for seq, line in sorted(lines.items())],
    )


def scrub(conn: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted in the file: words in the index's older segments, free pages, the journal."""
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'article_fts'").fetchone():
        for index in INDEXES:
            conn.execute(f"INSERT INTO {index}({index}) VALUES('optimize')")
    conn.execute("VACUUM")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
