"""The content of a file that may be compressed, as a stream in bounded memory, with the byte each part of it stands at.

gzip (a member a record, or one for all), Zstandard (with a dictionary in its first frame, as .warc.zst has it), LZ4, or plain.
Behind what does not unpack, reading goes on at the next gzip member that begins a record.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from fastwarc.stream_io import Lz4Reader, ZstdReader

from archive.warc.scan import next_record

PIECE, SMALL_PIECE = 1 << 16, 1 << 12
DENSE_FROM, MOST_DENSE = 1 << 30, 200
"""A file that unpacks to more than a gigabyte, and to more than so many times its size, is a compression bomb: text packs
to a tenth, and a WARC file of nothing but zeros to a thousandth."""
_GZIP, _ZSTD, _ZSTD_SKIPPABLE, _LZ4 = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18", b"\x04\x22\x4d\x18"
_BEGINNINGS = (b"WARC/", b"filedesc:")


class Bomb(Exception):
    """Raised for a file that unpacks to far more than any text does."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a file, and at which byte of it."""

    offset: int
    text: str


@dataclass(slots=True)
class Unpacked:
    """The content of ``file`` in pieces; what does not unpack is told to ``damage`` and left out, and a gap remembered."""

    file: BinaryIO
    damage: list[Damage] = field(default_factory=list)
    form: str = ""
    """``gzip``, ``zstd``, ``lz4`` or nothing for a plain file."""
    taken: int = 0
    """Bytes of the content so far."""
    consumed: int = 0
    """Bytes of the file that were read for it."""
    members: dict[int, int] = field(default_factory=dict)
    """Where a member that begins at a byte of the content stands in the file; the latest of them."""

    def pieces(self) -> Iterator[bytes]:
        """The content; an empty piece says that something is missing there. Raises `Bomb`."""
        head = self.file.read(4)
        self.file.seek(-len(head), 1)
        if head.startswith(_GZIP):
            self.form, found = "gzip", self._gzip()
        elif head in (_ZSTD, _ZSTD_SKIPPABLE):
            self.form, found = "zstd", self._frames(ZstdReader)
        elif head == _LZ4:
            self.form, found = "lz4", self._frames(Lz4Reader)
        else:
            found = iter(self._read, b"")
        for piece in found:
            self.taken += len(piece)
            if self.taken > DENSE_FROM and self.taken > MOST_DENSE * self.consumed:
                raise Bomb(f"it unpacks to more than {MOST_DENSE} times its size: nothing behind that was read")
            yield piece

    def place(self, at: int) -> str:
        """A byte of the content as a person finds it: of the file, where a member begins there or it is not packed."""
        if not self.form or at in self.members:
            return f"byte {self.members.get(at, at):,}"
        return f"byte {at:,} of what it unpacks to"

    def _read(self) -> bytes:
        data = self.file.read(PIECE)
        self.consumed += len(data)
        return data

    def _begin_member(self, offset: int) -> None:
        self.members[self.taken] = offset
        while len(self.members) > 64:
            del self.members[next(iter(self.members))]

    def _gzip(self) -> Iterator[bytes]:
        at = self.file.tell()
        while True:
            self.file.seek(at)
            head = self.file.read(2)
            if not head:
                return
            self.file.seek(at)
            if head != _GZIP:
                padding = self._zeros(at)
                if padding is None:
                    return
                if padding > at:
                    at = padding
                    continue
            begins = at
            self._begin_member(at)
            try:
                inflate = zlib.decompressobj(31)
                yield from self._one(inflate)
                at = self.file.tell() - len(inflate.unused_data)
            except zlib.error as error:
                self.damage.append(Damage(begins, f"it does not unpack ({str(error).rpartition(': ')[2]})"))
                yield b""
                following = next_record(self.file, begins + 1, _BEGINNINGS)
                if following is None:
                    return
                at = following

    def _one(self, inflate: Any) -> Iterator[bytes]:
        """One gzip member. Raises `zlib.error`, for one the file ends in, too."""
        while not inflate.eof:
            data = inflate.unconsumed_tail or self._read()
            if not data:
                raise zlib.error("gzip: the file ends within it")
            out = inflate.decompress(data, PIECE)
            if out:
                yield out

    def _zeros(self, at: int) -> int | None:
        """Behind zeros that fill a block; ``None`` at the end of the file."""
        self.file.seek(at)
        while data := self.file.read(PIECE):
            rest = data.lstrip(b"\0")
            at += len(data) - len(rest)
            if rest:
                return at
        return None

    def _frames(self, reader: Callable[[BinaryIO], Any]) -> Iterator[bytes]:
        """Content that fastwarc unpacks, in small pieces: one that fails takes little with it."""
        self._begin_member(self.file.tell())
        try:
            unpacking = reader(self.file)
            while piece := unpacking.read(SMALL_PIECE):
                self.consumed = self.file.tell()
                yield piece
        except OSError as error:
            if error.errno is not None:
                raise  # the disk's
            self.damage.append(Damage(self.file.tell(), f"it does not unpack ({error})"))
            yield b""
