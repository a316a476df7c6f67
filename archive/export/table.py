"""Articles as rows of a table: one flat cell for each field of the JSON lines export.

Lists of words are joined by line ends, lists of objects are JSON; what is absent is an empty cell. Numbers are numbers,
except for ids: with 16 digits they are longer than what a spreadsheet keeps of a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archive.export.jsonl import as_dict
from archive.queries.records import Record

Cell = str | int | None

LISTS = ("captions", "tags", "documents")
"""Fields that are lists of words."""
OBJECTS = ("images", "attachments", "removed", "people", "not_seen", "versions", "corrections")
"""Fields that are lists of objects."""
OF_CAPTURE = ("warc", "offset", "length", "record_id", "payload_digest", "fetched_at")

COLUMNS = (
    "id", "url", "canonical_url", "portal", "unit", "section", "title", "lead", "text", "captions", "byline", "author",
    "source", "published", "published_precision", "published_source", "published_text", "modified", "event_date", "views",
    "tags", "images", "attachments", "removed", "documents", "people", "first_seen", "last_seen", "last_checked", "not_seen",
    "missing_since", "gone_at", "revisions", "version", "versions", *(f"capture_{name}" for name in OF_CAPTURE), "extractor",
    "corrections", "through",
)  # fmt: skip


def row_of(record: Record) -> list[Cell]:
    """The article as one row of `COLUMNS`."""
    values = as_dict(record)
    capture = values.pop("capture")
    values["through"] = capture.get("through")
    values |= {f"capture_{name}": capture[name] for name in OF_CAPTURE}
    return [_cell(name, values[name]) for name in COLUMNS]


def _cell(name: str, value: Any) -> Cell:
    if name in LISTS:
        return "\n".join(value) or None
    if name in OBJECTS:
        return json.dumps(value, ensure_ascii=False) if value else None
    return str(value) if name == "id" else value


def pieces(text: str, longest: int) -> Iterator[str]:
    """A text in pieces of at most so many UTF-16 units, the measure in which spreadsheets count; none for no text.

    A letter of two units is never cut.
    """
    start = 0
    while start < len(text):
        end = min(start + longest, len(text))
        while (units := len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2) > longest:
            end -= max(1, (units - longest) // 2)
        yield text[start:end]
        start = end
