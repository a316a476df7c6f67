"""Takedown: an article with all that shows it is moved out of the public file, and back as it was.

The rows go to whoever keeps them (``keep``: the private database), before they leave here: a kill between the two leaves
a copy too many, never one too few. Ids, record ids and positions stay; the WARC files are not touched.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from archive.ids import url_key
from archive.proof.log_entries import entry_of
from archive.proof.merkle import leaf_hash
from archive.queries.records import article_row, rows, versions_of
from archive.queries.suspensions import suspension
from archive.rows import search_index
from archive.store import Store

Rows = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table, as they stood."""

_OF_ARTICLE = ("body", "image", "attachment", "removed", "revision", "observation", "correction", "corrected")
_OF_FILE = ("file", "file_revision")
_BACK = ("capture", "article", *_OF_ARTICLE, *_OF_FILE)


def suspend(store: Store, identifier: int, reason: str, at: str, keep: Callable[[Rows], None]) -> bool:
    """Take an article out of everything public and leave a tombstone; False where it is not kept, or suspended already.

    ``keep`` gets the rows and must have them safe when it returns.
    """
    conn = store.conn
    conn.execute("PRAGMA secure_delete = ON")  # pages that become free hold nothing of the text
    with store.batch():
        row = article_row(conn, identifier)
        if row is None or suspension(conn, identifier) is not None:
            return False
        taken = _gathered(conn, row)
        keep(taken)
        _bury(conn, row, taken, reason, at)
        search_index.remove(conn, identifier)
        _take_out(conn, identifier, taken)
        store.note("suspend", identifier, reason, at, store.last_journal_time())
    store.checkpoint()  # the journal holds the old pages
    return True


def reinstate(store: Store, identifier: int, taken: Rows, at: str) -> bool:
    """Put a suspended article back as it was; False where there is no tombstone of it. The journal says ``restored``."""
    conn = store.conn
    with store.batch():
        if suspension(conn, identifier) is None:
            return False
        conn.execute("PRAGMA defer_foreign_keys = ON")  # captures and articles name each other
        for table in _BACK:
            for row in taken.get(table, ()):  # an earlier version kept no corrections
                _insert(conn, table, row)
        for table in ("suspended", "suspended_address", "suspended_capture"):
            conn.execute(f"DELETE FROM {table} WHERE article = ?", (identifier,))
        conn.execute(
            "INSERT INTO journal(article, what, at, url) VALUES (?, 'restored', ?, ?)",
            (identifier, at, taken["article"][0]["url"]),
        )
        search_index.add(conn, [identifier])
        store.note("reinstate", identifier, at)
    return True


def addresses_of(conn: sqlite3.Connection, identifier: int) -> list[str]:
    """The hashes (hex) of the addresses that belong to a suspended article."""
    return [row["key"] for row in rows(conn, "SELECT key FROM suspended_address WHERE article = ?", (identifier,))]


def _gathered(conn: sqlite3.Connection, row: dict[str, Any]) -> Rows:
    """All rows that show an article: its own, its captures, and the files nobody else offers."""
    key = (row["id"],)
    taken: Rows = {
        table: list(rows(conn, f"SELECT * FROM {table} WHERE article = ? ORDER BY 1, 2", key)) for table in _OF_ARTICLE
    }
    taken["article"] = list(rows(conn, "SELECT * FROM article WHERE id = ?", key))
    urls = _as_json(_own_files(conn, row))
    for table in _OF_FILE:
        of_url = f"SELECT * FROM {table} WHERE url IN (SELECT value FROM json_each(?))"
        taken[table] = list(rows(conn, of_url, (urls,)))
    taken["observation"] += rows(
        conn,
        "SELECT * FROM observation WHERE article IS NULL AND url IN (SELECT value FROM json_each(?))",
        (urls,),
    )
    captures = [*_captures_of_pages(conn, row, taken), *_captures_of_files(conn, urls)]
    elsewhere = _used_by_other_files(conn, captures, urls)
    taken["capture"] = [kept for kept in captures if kept["record_id"] not in elsewhere]
    taken["observation"] += _looks_by(conn, taken)
    return taken


def _used_by_other_files(conn: sqlite3.Connection, captures: list[dict[str, Any]], urls: str) -> set[str]:
    """Captures that the file of another address was read from, too: an address that redirects there."""
    found = conn.execute(
        """SELECT capture FROM file WHERE capture IN (SELECT value FROM json_each(?1))
               AND url NOT IN (SELECT value FROM json_each(?2))
           UNION SELECT capture FROM file_revision WHERE capture IN (SELECT value FROM json_each(?1))
               AND url NOT IN (SELECT value FROM json_each(?2))""",
        (_as_json(kept["record_id"] for kept in captures), urls),
    )
    return {record_id for (record_id,) in found}


def _looks_by(conn: sqlite3.Connection, taken: Rows) -> list[dict[str, Any]]:
    """Looks for other articles that brought this one's bytes: shown, they would show the article."""
    known = {look["capture"] for look in taken["observation"]}
    found = rows(
        conn,
        "SELECT * FROM observation WHERE capture IN (SELECT value FROM json_each(?))",
        (_as_json(kept["record_id"] for kept in taken["capture"]),),
    )
    return [look for look in found if look["capture"] not in known]


def _own_files(conn: sqlite3.Connection, row: dict[str, Any]) -> set[str]:
    """Addresses of attachments and pictures that any version of this article offers, and no other article does.

    Those that an address redirects to are among them: their capture is the file's.
    """
    versions = versions_of(conn, row)
    found = {file.url for version in versions for file in version.article.attachments}
    found |= {image.url for version in versions for image in version.article.images}
    led_to = conn.execute(
        """SELECT DISTINCT capture.url FROM capture WHERE record_id IN (
               SELECT capture FROM file WHERE url IN (SELECT value FROM json_each(?1))
               UNION SELECT capture FROM file_revision WHERE url IN (SELECT value FROM json_each(?1)))""",
        (_as_json(found),),
    )
    found |= {url for (url,) in led_to}
    of_others = conn.execute(
        """SELECT url FROM attachment WHERE url IN (SELECT value FROM json_each(?1)) AND article != ?2
           UNION SELECT url FROM image WHERE url IN (SELECT value FROM json_each(?1)) AND article != ?2""",
        (_as_json(found), row["id"]),
    )
    return found - {url for (url,) in of_others}


def _captures_of_pages(conn: sqlite3.Connection, row: dict[str, Any], taken: Rows) -> list[dict[str, Any]]:
    """What was captured of the article: its own captures, the looks, and others of its addresses or with its bytes."""
    found = rows(
        conn,
        """SELECT rowid, * FROM capture WHERE article = ?1
           OR article IS NULL AND (
               record_id IN (SELECT value FROM json_each(?2)) OR url IN (?3, ?4)
               OR url IN (SELECT url FROM capture WHERE article = ?1)
               OR digest IN (SELECT digest FROM capture WHERE article = ?1 AND digest != ''))
           ORDER BY rowid""",
        (row["id"], _as_json(look["capture"] for look in taken["observation"]), row["url"], row["canonical_url"]),
    )
    return list(found)


def _captures_of_files(conn: sqlite3.Connection, urls: str) -> list[dict[str, Any]]:
    """Captures of the article's own files, but for bytes that are public at another address, and what others refer to."""
    found = rows(
        conn,
        """SELECT rowid, * FROM capture AS own WHERE article IS NULL AND url IN (SELECT value FROM json_each(?1))
               AND record_id NOT IN (SELECT capture FROM observation WHERE url = own.url)
               AND (digest = '' OR NOT EXISTS (SELECT 1 FROM capture AS other WHERE other.digest = own.digest
                    AND other.url NOT IN (SELECT value FROM json_each(?1))))
           ORDER BY rowid""",
        (urls,),
    )
    return list(found)


def _bury(conn: sqlite3.Connection, row: dict[str, Any], taken: Rows, reason: str, at: str) -> None:
    conn.execute("INSERT INTO suspended(article, at, reason) VALUES (?, ?, ?)", (row["id"], at, reason))
    addresses = {row["url"], row["canonical_url"]}
    addresses |= {kept["url"] for table in ("capture", *_OF_FILE) for kept in taken[table]}
    addresses |= {version.article.canonical_url for version in versions_of(conn, row)}
    conn.executemany(
        "INSERT INTO suspended_address(key, article) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(url_key(address).hex(), row["id"]) for address in sorted(addresses)],
    )
    conn.executemany(
        "INSERT INTO suspended_capture(record_id, article, leaf) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(kept["record_id"], row["id"], leaf_hash(entry_of(kept)).hex()) for kept in taken["capture"]],
    )


def _take_out(conn: sqlite3.Connection, identifier: int, taken: Rows) -> None:
    conn.execute("PRAGMA defer_foreign_keys = ON")
    for table in _OF_ARTICLE:
        conn.execute(f"DELETE FROM {table} WHERE article = ?", (identifier,))
    looks = [(look["capture"],) for look in taken["observation"]]
    conn.executemany("DELETE FROM observation WHERE capture = ?", looks)
    for table in _OF_FILE:
        conn.executemany(f"DELETE FROM {table} WHERE url = ?", [(file["url"],) for file in taken[table]])
    records = [(kept["record_id"],) for kept in taken["capture"]]
    conn.executemany("DELETE FROM mending WHERE capture = ?", records)
    conn.executemany("DELETE FROM capture WHERE record_id = ?", records)
    conn.execute("DELETE FROM article WHERE id = ?", (identifier,))


def _insert(conn: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    """One row back in its place; one that came again meanwhile stays as it is."""
    if "rowid" in row and conn.execute("SELECT 1 FROM capture WHERE rowid = ?", (row["rowid"],)).fetchone():
        row = {name: value for name, value in row.items() if name != "rowid"}
    names, places = ", ".join(row), ", ".join("?" * len(row))
    conn.execute(f"INSERT INTO {table}({names}) VALUES ({places}) ON CONFLICT DO NOTHING", tuple(row.values()))


def _as_json(values: Iterable[str]) -> str:
    return json.dumps(list(values))
