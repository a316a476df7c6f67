"""Make a WARC file whole after a kill: keep every record up to the torn tail, drop the rest, take ``.open`` off."""

from __future__ import annotations

import fcntl
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.warc.write import OPEN_SUFFIX

CHUNK = 1 << 20
_TYPE = re.compile(rb"\r\nWARC-Type: *([a-z]+)")


class WarcInUse(Exception):
    """Raised by :func:`repair` for a file another process is writing."""


class NotAWarc(Exception):
    """Raised by :func:`repair` for a file that does not begin as a gzipped WARC file."""


@dataclass(slots=True)
class Repaired:
    """What a repair did: the file's path now (``None`` when nothing whole was in it), records kept, bytes cut off."""

    path: Path | None
    records: int
    bytes_cut: int


def repair(path: Path) -> Repaired:
    """Cut ``path`` back to its last whole exchange and give it its final name.

    Raises :class:`WarcInUse`, :class:`NotAWarc`, or :class:`FileNotFoundError`. Repairing a whole file changes nothing.
    """
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarcInUse(f"{path} is being written by a running crawl: stop the crawl first") from error
        size = os.fstat(file.fileno()).st_size
        magic = file.read(2)
        if size and magic != b"\x1f\x8b"[: len(magic)]:
            raise NotAWarc(f"{path} is not a gzipped WARC file")
        ends = [(end, kind) for end, kind in _whole_members(path)]
        while ends and ends[-1][1] == b"request":  # its response was torn off
            ends.pop()
        keep = ends[-1][0] if ends else 0
        if keep < size:
            file.truncate(keep)
            os.fsync(file.fileno())
    final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
    if not keep:
        path.unlink()
        return Repaired(None, 0, size)
    if final != path:
        path.rename(final)
    return Repaired(final, len(ends), size - keep)


def repair_all(folder: Path) -> list[Repaired]:
    """Repair every ``.open`` file in ``folder`` that no process is writing."""
    done = []
    for path in sorted(folder.glob(f"*.warc.gz{OPEN_SUFFIX}")):
        try:
            done.append(repair(path))
        except WarcInUse:
            continue
    return done


def _whole_members(path: Path) -> Iterator[tuple[int, bytes]]:
    """(end offset, record type) of each whole gzip member, stopping at the first that is torn."""
    with path.open("rb") as file:
        offset, data = 0, b""
        while True:
            inflate, head, member = zlib.decompressobj(31), b"", 0
            while not inflate.eof:
                if not data:
                    data = file.read(CHUNK)
                    if not data:
                        return
                try:
                    out = inflate.decompress(data)
                except zlib.error:
                    return
                if len(head) < 2048:
                    head += out[:2048]
                member += len(data) - len(inflate.unused_data)
                data = inflate.unused_data
            offset += member
            found = _TYPE.search(head)
            yield offset, found.group(1) if found else b""
