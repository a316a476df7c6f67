"""``tinhuyen export --format parquet``: an article a row, typed, with the keys of the JSON lines export."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from archive.errors import ExtraMissing
from archive.export.jsonl import as_dict
from archive.queries.records import Record

ROWS_A_GROUP = 1000
"""Articles that are in memory at once: some 10 MB; a group is what a reader skips or takes."""

_INTEGERS = ("id", "views", "revisions", "version")
_WORDS = ("captions", "tags", "documents")
_OBJECTS: dict[str, dict[str, type]] = {
    "images": {"url": str, "caption": str},
    "attachments": {"url": str, "name": str, "sha256": str, "bytes": int},
    "removed": {"kind": str, "text": str},
    "corrections": {"field": str, "read": str, "value": str, "at": str, "reason": str, "by": str},
    "not_seen": {"at": str, "status": int, "found": str, "capture": str},
}
_CAPTURE: dict[str, type] = {
    "warc": str, "offset": int, "length": int, "record_id": str, "payload_digest": str, "fetched_at": str, "through": str,
}  # fmt: skip
_VERSION: dict[str, type] = {
    "number": int,
    "change": str,
    "first_seen": str,
    "last_seen": str,
    "capture": str,
    "through": str,
}
_NAMES = (
    "id", "url", "canonical_url", "portal", "unit", "section", "title", "lead", "text", "captions", "byline", "author",
    "source", "published", "published_precision", "published_source", "published_text", "modified", "event_date", "views",
    "tags", "images", "attachments", "removed", "documents", "people", "first_seen", "last_seen", "last_checked", "not_seen",
    "missing_since", "gone_at", "revisions", "version", "versions", "capture", "extractor", "corrections",
    "through",
)  # fmt: skip


def export_parquet(records: Iterable[Record], path: Path) -> int:
    """Write the articles into a Parquet file; answers how many. Raises `ExtraMissing` where pyarrow is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise ExtraMissing("pyarrow", "export") from error
    schema = _schema(pyarrow)
    written = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as out:
        for rows in _groups(map(_plain, records)):
            out.write_table(pyarrow.Table.from_pylist(rows, schema))
            written += len(rows)
    return written


def _plain(record: Record) -> dict[str, Any]:
    """The article's fields; a corrected list of tags as JSON, for a column has one type."""
    told = as_dict(record)
    for one in told["corrections"]:
        one |= {
            name: json.dumps(one[name], ensure_ascii=False) for name in ("read", "value") if isinstance(one[name], list)
        }
    return told


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while group := list(islice(rows, ROWS_A_GROUP)):
        yield group


def _schema(pyarrow: Any) -> Any:
    types = {str: pyarrow.string(), int: pyarrow.int64()}

    def struct(names: dict[str, type], **more: Any) -> Any:
        return pyarrow.struct([*((name, types[kind]) for name, kind in names.items()), *more.items()])

    def type_of(name: str) -> Any:
        if name in _OBJECTS:
            return pyarrow.list_(struct(_OBJECTS[name]))
        if name == "people":  # officials are not linked yet
            return pyarrow.list_(struct({"name": str}, positions=pyarrow.list_(types[str]), quote=types[str]))
        if name == "versions":
            return pyarrow.list_(struct(_VERSION, attachments=pyarrow.list_(struct({"url": str, "sha256": str}))))
        if name == "capture":
            return struct(_CAPTURE)
        return pyarrow.list_(types[str]) if name in _WORDS else types[int] if name in _INTEGERS else types[str]

    return pyarrow.schema([(name, type_of(name)) for name in _NAMES])
