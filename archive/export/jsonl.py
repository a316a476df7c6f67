"""``tinhuyen export --format jsonl``: one article a line, in order of id, with the keys others rely on.

What is absent is null or []; a date of day precision is ``YYYY-MM-DD``; gone articles are included.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from archive.changes.following import entries
from archive.export.article import article_fields
from archive.model import Capture, Observation
from archive.queries.records import Record, Version
from archive.queries.standing_corrections import Correction
from archive.store import Store


def export_jsonl(store: Store, out: TextIO, portals: Sequence[str] | None = None) -> int:
    """Write the articles of the named portals, or of all, and answer how many. Raises `UnknownPortal`.

    Streams: memory does not grow with the archive, and a crawl may go on meanwhile.
    """
    written = 0
    for record in store.records(list(portals) if portals is not None else None):
        out.write(json.dumps(as_dict(record), ensure_ascii=False) + "\n")
        written += 1
    return written


def export_changes(store: Store, out: TextIO, portals: Sequence[str] | None = None, *, after: int = 0) -> int:
    """Write what became of articles behind a cursor, in order; answers how many lines. Raises `UnknownPortal`.

    Each line has ``cursor``, ``change``, ``at``, ``id``, ``url`` and ``article``, null for one that was withdrawn.
    Lines of articles of other portals than those named are left out; one that was withdrawn is told for all.
    """
    for name in portals or ():
        store.portal(name)
    written = 0
    for entry in entries(store.conn, after):
        if portals is not None and entry.record is not None and entry.record.portal.name not in portals:
            continue
        line = {
            "cursor": entry.cursor,
            "change": entry.what,
            "at": entry.at,
            "id": entry.article,
            "url": entry.url,
            "article": as_dict(entry.record) if entry.record is not None else None,
        }
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        written += 1
    return written


def as_dict(record: Record) -> dict[str, Any]:
    """The record as exported; the order of the keys is the order in the documentation."""
    fields = article_fields(record.article)
    extractor = fields.pop("extractor")
    head = {name: fields.pop(name) for name in ("url", "canonical_url")}
    told = {
        "id": record.id,
        **head,
        "portal": record.portal.name,
        "unit": record.portal.unit,
        **fields,
        "first_seen": record.first_seen,
        "last_seen": record.last_seen,
        "last_checked": record.last_checked,
        "not_seen": [_look(look) for look in record.not_seen],
        "missing_since": record.missing_since,
        "gone_at": record.gone_at,
        "revisions": record.revisions,
        "version": record.version,
        "versions": [_version(version) for version in record.versions],
        "capture": _capture(record.capture),
        "extractor": extractor,
        "corrections": [_correction(one) for one in record.corrections],
    }
    if record.through:  # of an article of which others captured something; any other has no such keys
        for version in told["versions"]:
            version["through"] = record.through.get(version["capture"])
        told["capture"]["through"] = record.through.get(record.capture.record_id)
        told["through"] = told["capture"]["through"] if record.imported else None
    return told


def _capture(capture: Capture) -> dict[str, Any]:
    return {
        "warc": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": capture.record_id,
        "payload_digest": capture.digest,
        "fetched_at": capture.fetched_at,
    }


def _correction(one: Correction) -> dict[str, Any]:
    return {"field": one.field, "read": one.read, "value": one.value, "at": one.at, "reason": one.reason, "by": one.who}


def _look(look: Observation) -> dict[str, Any]:
    return {"at": look.at, "status": look.status, "found": look.found, "capture": look.capture}


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "change": version.change,
        "first_seen": version.first_seen,
        "last_seen": version.last_seen,
        "capture": version.record_id,
        "attachments": [{"url": file.url, "sha256": file.sha256} for file in version.article.attachments],
    }
