"""Make a WARC file whole after a kill: keep every record up to the torn tail, drop the rest, take ``.open`` off."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.warc.write import OPEN_SUFFIX

CHUNK = 1 << 20
SMALLEST_RECORD = 20  # bytes; the header of a gzip member and its trailer
_MAGIC = b"\x1f\x8b\x08"
_GZIP = re.compile(
    re.escape(_MAGIC) + rb"(?=[\x00\x04\x08\x0c])"
)  # no flags, or a name or extra field, as writers of WARC set
_MEMBER_HEAD = 4096  # bytes of a member that are looked at
_TYPE = re.compile(rb"\r\nWARC-Type: *([a-z]+)")


class WarcInUse(Exception):
    """Raised by :func:`repair` for a file another process is writing."""


class NotAWarc(Exception):
    """Raised by :func:`repair` for a file that does not begin as a gzipped WARC file; it is left as it is."""


class DamagedInside(Exception):
    """Raised by :func:`repair` when whole records stand behind a broken one: that is no torn tail, and nothing is cut."""


@dataclass(slots=True)
class Repaired:
    """What a repair did: the file's path now (``None`` when nothing whole was in it), records kept, bytes cut off."""

    path: Path | None
    records: int
    bytes_cut: int


def repair(path: Path) -> Repaired:
    """Cut ``path`` back to its last whole exchange and give it its final name.

    Only a torn tail is cut, as a kill leaves it. Raises :class:`WarcInUse`, :class:`NotAWarc`, :class:`DamagedInside` or
    :class:`FileNotFoundError`, and then changes nothing. Repairing a whole file changes nothing either.
    """
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarcInUse(f"{path} is being written by a running crawl: stop the crawl first") from error
        size = os.fstat(file.fileno()).st_size
        if path.name.endswith(OPEN_SUFFIX) and size < SMALLEST_RECORD:
            path.unlink()  # killed before its first record was written
            return Repaired(None, 0, size)
        ends = list(_whole_members(path))
        if not ends:
            raise NotAWarc(f"{path} does not begin with a whole gzipped WARC record; it was left as it is")
        torn = ends[-1][0]
        if torn < size and _record_after(file, torn + 1):
            raise DamagedInside(
                f"{path} is damaged at byte {torn} and holds records behind that; it was left as it is: restore a copy"
            )
        while len(ends) > 1 and ends[-1][1] == b"request":  # its response was torn off
            ends.pop()
        keep = ends[-1][0]
        if keep < size:
            file.truncate(keep)
            os.fsync(file.fileno())
    final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
    if final != path:
        path.rename(final)
    return Repaired(final, len(ends), size - keep)


def repair_all(folder: Path) -> list[Repaired]:
    """Repair every ``.open`` file in ``folder`` that no process is writing."""
    done = []
    for path in sorted(folder.glob(f"*.warc.gz{OPEN_SUFFIX}")):
        try:
            done.append(repair(path))
        except (WarcInUse, NotAWarc, DamagedInside):
            continue  # left for a person: `tinhuyen repair` says which it is
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
                    out = inflate.decompress(data, CHUNK)  # a member may unpack to a thousand times its size
                except zlib.error:
                    return
                if len(head) < 2048:
                    head += out[:2048]
                left = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
                member += len(data) - len(left)
                data = left
            offset += member
            found = _TYPE.search(head)
            if not head.startswith(b"WARC/1.") or found is None:
                return
            yield offset, found.group(1)


def _record_after(file: BinaryIO, start: int) -> bool:
    """Whether a gzip member that begins a WARC record starts anywhere from ``start`` on."""
    file.seek(start)
    data, following = file.read(CHUNK), file.read(CHUNK)
    while data:
        window = data + following[:_MEMBER_HEAD]
        for found in _GZIP.finditer(window, 0, len(data) + len(_MAGIC)):
            with contextlib.suppress(zlib.error):
                if (
                    zlib.decompressobj(31).decompress(window[found.start() : found.start() + _MEMBER_HEAD], 7)
                    == b"WARC/1."
                ):
                    return True
        data, following = following, file.read(CHUNK)
    return False
