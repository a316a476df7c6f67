"""Records of WARC and ARC files of any tool, one by one, in bounded memory; where a file is damaged, what and at which byte.

Read leniently in what is harmless (line ends, blank lines, brackets, order), strictly in what is not: a record is whole, is
as long as it says and has the digests it names, or it is told as damaged and not given out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from archive.warc.foreign.unpacked import Damage, Unpacked
from archive.warc.scan import ALGORITHMS, is_digest

MOST_HEAD = 1 << 16
"""Bytes of the head of a record."""
_BLANK = b"\r\n \t\0"
_BEGINS = re.compile(rb"(?:\A|(?<=\n))(?:WARC/\d|filedesc://)")
_ARC_DATE = re.compile(r"\d{14}")
_LENGTH = re.compile(r"\d{1,15}")


@dataclass(slots=True)
class Foreign:
    """One record as another tool wrote it. ``headers`` are by lower-case name, the first of each; ``block`` is ``None`` for
    one that is larger than asked for."""

    place: str
    headers: dict[str, str]
    block: bytes | None
    size: int
    is_arc: bool = False

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def record_id(self) -> str:
        return self.headers.get("warc-record-id", "").strip("<> ")


@dataclass(slots=True)
class Fault:
    """What is wrong at a place of a file, and is not given out."""

    place: str
    text: str


@dataclass
class ForeignRecords:
    """The records of a file, and its faults, in their order."""

    file: BinaryIO
    most: int
    """Bytes of a block that are held in memory: one that is larger is stepped over."""
    records: int = 0
    _held: bytearray = field(default_factory=bytearray)
    _at: int = 0
    """The byte of the content at which ``_held`` begins."""
    _told: int = 0
    _is_arc: bool = False

    def __post_init__(self) -> None:
        self.content = Unpacked(self.file)
        self._pieces = self.content.pieces()

    def __iter__(self) -> Iterator[Foreign | Fault]:
        """Raises `archive.warc.foreign.unpacked.Bomb`."""
        while True:
            self._skip_blank()
            yield from self._damage()
            if not self._held:
                return
            if not _BEGINS.match(self._held) and not (self._is_arc and self._arc_line()):
                yield self._garbage()
                continue
            found = self._record()
            yield from self._damage()
            if isinstance(found, Foreign):
                self.records += 1
                if found.kind != "filedesc":
                    yield found
            else:
                yield found

    @property
    def here(self) -> str:
        """Where reading stands."""
        return self.content.place(self._at)

    # bytes

    def _more(self) -> bool:
        """Hold one piece more; false at the end, and where something is missing in between."""
        piece = next(self._pieces, None)
        if not piece:
            return False
        self._held += piece
        return True

    def _fill(self, size: int) -> bool:
        while len(self._held) < size:
            if not self._more():
                return len(self._held) >= size
        return True

    def _take(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        self._at += len(taken)
        return taken

    def _skip_blank(self) -> None:
        """Step over blank lines, and zeros that fill a block."""
        while not self._held or not self._take_blank():
            # behind a gap the next piece is of something else: so twice
            if not self._held and not self._more() and not self._more():
                return

    def _take_blank(self) -> bool:
        """Take what is blank off what is held; whether anything is left."""
        self._take(len(self._held) - len(self._held.lstrip(_BLANK)))
        return bool(self._held)

    def _damage(self) -> Iterator[Fault]:
        """What did not unpack since it was told last."""
        while self._told < len(self.content.damage):
            one = self.content.damage[self._told]
            self._told += 1
            yield _fault(one)

    def _garbage(self) -> Fault:
        """Step over what is no record, to the next that begins."""
        place, skipped = self.content.place(self._at), 0
        while True:
            found = _BEGINS.search(self._held, 1 if not skipped else 0)
            if found is not None and found.start():
                skipped += len(self._take(found.start()))
                break
            if len(self._held) > 16:
                skipped += len(self._take(len(self._held) - 12))
            if not self._more():
                skipped += len(self._take(len(self._held)))
                break
        return Fault(place, f"{skipped:,} bytes are no record")

    # records

    def _line(self, start: int) -> int | None:
        """Where the line that begins at a byte of what is held ends; ``None`` where it has no end."""
        while (end := self._held.find(b"\n", start)) < 0:
            if len(self._held) > MOST_HEAD or not self._more():
                return None
        return end

    def _arc_line(self) -> bool:
        end = self._line(0)
        return end is not None and _arc_fields(bytes(self._held[:end])) is not None

    def _record(self) -> Foreign | Fault:
        place = self.content.place(self._at)
        if self._held.startswith(b"filedesc://") or self._is_arc:
            return self._arc_record(place)
        headers = self._head()
        if headers is None:
            return self._broken(place, "the head of the record has no end")
        length = headers.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            return self._broken(place, "the record has no length")
        return self._with_block(place, headers, int(length))

    def _broken(self, place: str, text: str) -> Fault:
        """Step over the beginning of a record that cannot be read."""
        self._take(1)
        self._garbage()
        return Fault(place, text)

    def _head(self) -> dict[str, str] | None:
        """The headers; what is held begins with the block afterwards. ``None`` where they have no end."""
        start, lines = 0, list[str]()
        while True:
            end = self._line(start)
            if end is None or end > MOST_HEAD:
                return None
            line = bytes(self._held[start:end]).rstrip(b"\r")
            start = end + 1
            if not line.strip():
                break
            text = line.decode("utf-8", "replace")
            if text[0] in " \t" and len(lines) > 1:
                lines[-1] += f" {text.strip()}"
            else:
                lines.append(text)
        self._take(start)
        headers: dict[str, str] = {}
        for said in lines[1:]:
            name, colon, value = said.partition(":")
            if colon:
                headers.setdefault(name.strip().lower(), "".join(c for c in value if c.isprintable()).strip())
        return headers

    def _with_block(self, place: str, headers: dict[str, str], length: int) -> Foreign | Fault:
        named = {headers.get(name, "").partition(":")[0].lower().replace("-", "") for name in _DIGESTS}
        hashes = {name: hashlib.new(name) for name in ALGORITHMS if name in named}
        kept: bytearray | None = bytearray() if length <= self.most else None
        left = length
        while left:
            if not self._held and not self._more():
                return Fault(place, f"the record ends behind {length - left:,} of its {length:,} bytes")
            piece = self._take(min(left, len(self._held)))
            left -= len(piece)
            for one in hashes.values():
                one.update(piece)
            if kept is not None:
                kept += piece
        if not self._ends_well():
            self._put_back(kept)
            return Fault(place, f"the record does not end behind the {length:,} bytes it says")
        reckoned = {name: one.digest() for name, one in hashes.items()}
        if is_digest(headers.get("warc-block-digest", ""), reckoned) is False:
            return Fault(place, "the record does not have its block digest: it was changed")
        return Foreign(place, headers, bytes(kept) if kept is not None else None, length)

    def _put_back(self, block: bytearray | None) -> None:
        """Have a record read that begins within a block which is too long."""
        if block is None:
            return
        found = _BEGINS.search(block + self._held[:8], 1)  # the head of one may begin with the last bytes of the block
        if found is not None and found.start() < len(block):
            self._held[:0] = block[found.start() :]
            self._at -= len(block) - found.start()

    def _ends_well(self) -> bool:
        """Whether a record, a blank line or the end of the file stands behind a block."""
        self._fill(16)
        rest = self._held.lstrip(_BLANK)
        return not rest or len(rest) < len(self._held) or bool(_BEGINS.match(rest))

    def _arc_record(self, place: str) -> Foreign | Fault:
        end = self._line(0)
        fields = _arc_fields(bytes(self._held[:end])) if end is not None else None
        if end is None or fields is None:
            return self._broken(place, "the line of the ARC record cannot be read")
        self._is_arc = True
        self._take(end + 1)
        url, address, date, media, length = fields
        if url.startswith("filedesc:"):
            return self._arc_head(place, length)
        if not _LENGTH.fullmatch(length):
            return Fault(place, f"the ARC record has no length ({length[:20]})")
        if not _ARC_DATE.fullmatch(date):
            return self._after_arc_fault(place, f"the ARC record has no date ({date[:20]})", int(length))
        headers = {
            "warc-type": "arc", "warc-target-uri": url, "content-type": media, "warc-ip-address": address,
            "warc-date": datetime.strptime(date, "%Y%m%d%H%M%S").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            if _is_date(date) else "",
        }  # fmt: skip
        found = self._with_block(place, headers, int(length))
        if isinstance(found, Foreign):
            found.is_arc = True
        return found

    def _arc_head(self, place: str, length: str) -> Foreign | Fault:
        """The version block that a file begins with; one without a length ends at a blank line."""
        if _LENGTH.fullmatch(length):
            return self._with_block(place, {"warc-type": "filedesc"}, int(length))
        for _ in range(8):
            end = self._line(0)
            if end is None:
                break
            if not self._take(end + 1).strip():
                break
        return Foreign(place, {"warc-type": "filedesc"}, b"", 0)

    def _after_arc_fault(self, place: str, text: str, length: int) -> Fault:
        self._with_block(place, {}, length)
        return Fault(place, text)


_DIGESTS = ("warc-block-digest",)


def _is_date(digits: str) -> bool:
    try:
        datetime.strptime(digits, "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return True


def _arc_fields(line: bytes) -> tuple[str, str, str, str, str] | None:
    """Address, IP address, date, type and length of the line an ARC record begins with; ``None`` for any other line.

    An address may hold blanks, so the fields are told from the end: five in version 1, ten in version 2.
    """
    words = line.rstrip(b"\r").decode("utf-8", "replace").split(" ")
    for most in (4, 9):
        if len(words) > most:
            url, rest = " ".join(words[:-most]), words[-most:]
            is_url = "://" in url[:40] or url.startswith(("dns:", "filedesc:"))
            if is_url and (most == 9 or (rest[1].isdigit() and len(rest[1]) >= 8)):
                return url, rest[0], rest[1], rest[2], rest[-1]
    return None


def _fault(damage: Damage) -> Fault:
    return Fault(f"byte {damage.offset:,}", damage.text)
