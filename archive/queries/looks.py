"""What ``archive.db`` says of one kept article or file, line by line: seen when, changed how, not found when. For ``why``."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from archive.model import Observation
from archive.queries import records as reading
from archive.text.vietnam_time import local_time

CHANGES = {
    "text": "page changed",
    "attachment": "attachment replaced",
    "text and attachment": "page changed, attachment replaced",
}

MOST = 10
"""Looks told, the latest; the article's page has all."""


def looks(conn: sqlite3.Connection, row: dict[str, Any]) -> list[str]:
    """The lines for a row of the ledger; none for what is neither article nor file."""
    if row["article_id"] is not None:
        record = reading.record(conn, row["article_id"])
        return _of_article(record) if record is not None else []
    if row["state"] == "file":
        return _of_file(conn, row["url"])
    return []


def _of_article(record: reading.Record) -> list[str]:
    others = f", seen through {record.through[record.capture.record_id]}" if record.imported else ""
    lines = [f"  seen      last {_told(record.last_seen)}; checked last {_told(record.last_checked)}{others}"]
    lines += [
        f"  version   {version.number}: {CHANGES[version.change]}, "
        f"seen first {_told(version.first_seen)}{_through(record, version)}, capture {version.record_id}"
        for version in record.versions[-MOST:]
        if version.change
    ]
    lines += _not_found(record.not_seen)
    if record.gone_at:
        lines.append(f"  counted   as gone on {_told(record.gone_at)}, after two weeks of 404")
    return lines


def _through(record: reading.Record, version: reading.Version) -> str:
    who = record.through.get(version.record_id)
    return f" through {who}" if who else ""


def _of_file(conn: sqlite3.Connection, url: str) -> list[str]:
    kept = reading.one(conn, "SELECT * FROM file WHERE url = ?", (url,))
    if kept is None:
        return []
    older = reading.rows(conn, "SELECT * FROM file_revision WHERE url = ? ORDER BY first_seen", (url,))
    lines = [
        f"  earlier   sha256 {one['sha256']}, last {_told(one['last_seen'])}, capture {one['capture']}" for one in older
    ]
    lines.append(
        f"  file      sha256 {kept['sha256']}, since {_told(kept['fetched_at'])}, seen last {_told(kept['last_seen'])}"
    )
    if kept["changes"] > reading.UNSTEADY:
        lines.append("  file      other bytes at every look: made anew for each request, so no version of its articles")
    return lines + _not_found(reading.file_observations(conn, url, kept["last_seen"]))


def _not_found(found: list[Observation]) -> list[str]:
    return [
        f"  not found {_told(look.at)}: {look.found} ({look.status}), capture {look.capture}" for look in found[-MOST:]
    ]


def _told(moment: str) -> str:
    return local_time(datetime.fromisoformat(moment).timestamp())
