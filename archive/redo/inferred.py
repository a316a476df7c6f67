"""Operations inferred for captures of an earlier version, which left no redo records: by date, from the records alone.

A page is read, and is an article where it reads as one; a 304 is the article or file seen again, a 404 a look that did not
find it, a file a file. What no record shows is not made up: runs and verdicts, articles counted as gone or withdrawn, takedowns,
sections of lists, what was posted for.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.model import Capture, CaptureKind
from archive.redo.recorded_store import Op
from archive.redo.redo_scan import Found, Index
from archive.store import Store

BATCH = 50
_PAGES = ("text/html", "application/xhtml+xml", "")
_NO_FILES = ("text/", "application/xml", "application/rss", "application/atom", "application/json", "application/rdf")


def operations(index: Index) -> Iterator[list[Op]]:
    """Batches of operations for the captures that nothing tells of, in the order they were fetched."""
    batch: list[Op] = []
    for found in index.untold():
        batch.append([_name(found), found.record_id, found.portal, _kind(found), {}])
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _media_type(found: Found) -> str:
    return (found.content_type or "").partition(";")[0].strip().lower()


def _kind(found: Found) -> CaptureKind:
    kind = _media_type(found)
    if found.url.endswith("/robots.txt"):
        return "robots"
    if kind.startswith("image/") or kind == "text/css":
        return "requisite"
    if kind.endswith("xml") and kind not in _PAGES:
        return "listing"
    return "page" if kind in _PAGES or found.status != 200 else "file"


def _name(found: Found) -> str:
    kind = _media_type(found)
    if found.status != 200 or found.truncated is not None or found.url.endswith("/robots.txt"):
        return "look"
    if kind in _PAGES:
        return "read"
    return "capture" if kind.startswith(_NO_FILES) and kind != "text/css" else "stored"


def look(store: Store, capture: Capture) -> None:
    """What a 304 or 404 says of what is kept under its address; anything else is a capture alone."""
    row = store.conn.execute("SELECT id, canonical_url FROM article WHERE url = ?", (capture.url,)).fetchone()
    if capture.status == 304 and row is not None:
        store.touch(row[1], capture)
    elif capture.status == 304:
        store.touch_file(capture.url, capture)
    elif capture.status in (404, 410) and row is not None:
        store.observe(capture.url, capture, "missing", row[0])
    else:
        store.save_capture(capture)
