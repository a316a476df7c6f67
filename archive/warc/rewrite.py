"""A WARC file written anew without some of its exchanges: all other records byte for byte, in their order."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from archive.warc.write import Finished

SUFFIX = ".erasing"
PIECE = 1 << 20


def without(path: Path, records: Collection[str]) -> Finished | None:
    """Write ``path`` anew without the exchanges of some answers (record ids without brackets): request, answer, metadata.

    The new file takes the old one's place by one rename. ``None``, and nothing is done, where it holds none of them.
    """
    places: list[tuple[int, bool]] = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            named = {str(record.record_id).strip("<>")}
            for header in ("WARC-Concurrent-To", "WARC-Refers-To"):
                if str(record.headers.get("WARC-Type")) != "revisit" and (other := record.headers.get(header)):
                    named.add(str(other).strip("<>"))
            places.append((record.stream_pos, not named.isdisjoint(records)))
    if not any(erased for _, erased in places):
        return None
    made = path.with_name(path.name + SUFFIX)
    made.unlink(missing_ok=True)
    digest, size = hashlib.sha256(), 0
    ends = [*(offset for offset, _ in places[1:]), path.stat().st_size]
    with path.open("rb") as old, made.open("xb") as new:
        for (start, erased), end in zip(places, ends, strict=True):
            if erased:
                continue
            old.seek(start)
            left = end - start
            while left:
                piece = old.read(min(PIECE, left))
                new.write(piece)
                digest.update(piece)
                left -= len(piece)
                size += len(piece)
        new.flush()
        os.fsync(new.fileno())
    made.replace(path)
    return Finished(path.name, size, digest.hexdigest())


def remove_traces(warc: Path) -> None:
    """Remove what a killed rewriting left."""
    for path in warc.glob(f"*{SUFFIX}"):
        path.unlink(missing_ok=True)
