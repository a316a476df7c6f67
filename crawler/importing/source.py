"""The files an import is given: told apart by their content, and read as records whatever they are."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from archive.export.wacz import THEME
from archive.warc.foreign.foreign_records import Fault, Foreign, ForeignRecords
from archive.warc.foreign.unpacked import Bomb, Unpacked
from crawler.errors import UserError

MOST_LINE = 16 << 20
"""Bytes of one line of JSON."""
MOST_ENTRIES, MOST_PACKAGE = 100_000, 32 << 20
"""Files in a WACZ, and bytes of its datapackage.json."""
BLOCK = 1 << 20
MOST_THEME = 1 << 20
_RECORDS = (b"WARC/", b"filedesc:")


class NotImportable(UserError):
    """Raised for a file that is none of those that can be imported; says what it is."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be imported: its name, what it is (``warc``, ``wacz``, ``jsonl``), its SHA-256 and its size in bytes."""

    path: Path
    kind: str
    sha256: str
    size: int

    @classmethod
    def open(cls, path: Path) -> Source:
        """Look at a file. Raises `NotImportable`."""
        try:
            with path.open("rb") as file:
                kind = _kind(path, file)
                file.seek(0)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                return cls(path, kind, sha256, file.tell())
        except OSError as error:
            raise NotImportable(f"cannot read {path}: {error.strerror or error}") from error

    def theme(self) -> bytes | None:
        """How the pages in a WACZ of an archive of ours were read there; ``None`` in any other."""
        if self.kind != "wacz":
            return None
        try:
            with zipfile.ZipFile(self.path) as wacz:
                entry = wacz.getinfo(THEME)
                known = (
                    "sha256:" + hashlib.sha256(data := wacz.read(entry)).hexdigest()
                    if entry.file_size < MOST_THEME
                    else ""
                )
                resources = json.loads(wacz.read("datapackage.json"))["resources"]
                return data if any(one["path"] == THEME and one["hash"] == known for one in resources) else None
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError, RuntimeError, OSError):
            return None

    def records(self, most: int) -> Iterator[Foreign | Fault]:
        """The records, and what is wrong with the file, in their order; blocks of at most so many bytes."""
        if self.kind == "wacz":
            yield from _of_wacz(self.path, most)
            return
        with self.path.open("rb") as file:
            yield from _of_lines(file) if self.kind == "jsonl" else _of_records(file, most)


def _kind(path: Path, file: BinaryIO) -> str:
    head = file.read(4)
    file.seek(0)
    if not head:
        raise NotImportable(f"{path} is empty")
    if head.startswith(b"PK"):
        return "wacz"
    content = Unpacked(file)
    begins = next(content.pieces(), b"").lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if begins.startswith(b"{"):
        return "jsonl"
    if begins.startswith(_RECORDS) or content.damage:
        return "warc"  # one that is damaged from its first byte on may hold records behind
    if b"\nWARC/" in begins:
        return "warc"
    raise NotImportable(
        f"{path} is no WARC, ARC or WACZ file, nor JSON lines: it begins with {begins[:12]!r} at byte 0; nothing was taken"
    )


def _of_records(file: BinaryIO, most: int) -> Iterator[Foreign | Fault]:
    records = ForeignRecords(file, most)
    try:
        yield from records
    except Bomb as bomb:
        yield Fault(records.here, str(bomb))


def _of_lines(file: BinaryIO) -> Iterator[Foreign | Fault]:
    """JSON lines, of a file that may be compressed."""
    content, held, number = Unpacked(file), bytearray(), 0
    told = 0

    def lines() -> Iterator[bytes | None]:
        for piece in content.pieces():
            held.extend(piece)
            while (end := held.find(b"\n")) >= 0:
                line = bytes(held[:end])
                del held[: end + 1]
                yield line
            if len(held) > MOST_LINE:
                held.clear()
                yield None
        yield bytes(held)

    try:
        for line in lines():
            number += 1
            for one in content.damage[told:]:
                yield Fault(f"byte {one.offset:,}", one.text)
            told = len(content.damage)
            if line is None:
                yield Fault(f"line {number:,}", "the line is longer than 16 MB")
            elif line.strip():
                yield _text_of(line, f"line {number:,}")
    except Bomb as bomb:
        yield Fault(f"line {number:,}", str(bomb))


def _text_of(line: bytes, place: str) -> Foreign | Fault:
    """One line: ``url``, ``text``, ``time`` (or ``timestamp``, ``date``), and ``title`` where there is one."""
    try:
        values: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Fault(place, f"the line is no JSON ({str(error).partition(':')[0]})")
    if not isinstance(values, dict):
        return Fault(place, "the line is no JSON object")
    url, text, title = values.get("url"), values.get("text"), values.get("title")
    if not isinstance(url, str) or not isinstance(text, str) or not text.strip():
        return Fault(place, "the line has no url or no text")
    time = next((values[name] for name in ("time", "timestamp", "date") if values.get(name)), None)
    moment = _moment(time)
    if moment is None:
        return Fault(place, "the line does not say when its page was captured (time, as 2024-05-01T08:00:00Z)")
    if isinstance(title, str) and title.strip() and not text.lstrip().startswith(title.strip()):
        text = f"{' '.join(title.split())}\n\n{text}"
    block = text.encode("utf-8", "replace")
    headers = {"warc-type": "text", "warc-target-uri": url, "warc-date": moment, "content-type": "text/plain; charset=utf-8"}  # fmt: skip
    return Foreign(place, headers, block, len(block))


def _moment(time: object) -> str | None:
    """A time as WARC writes it; one without an offset is taken as UTC. ``None`` for what is none."""
    try:
        if isinstance(time, int | float) and not isinstance(time, bool):
            moment = datetime.fromtimestamp(time if time < 1e11 else time / 1000, UTC)
        else:
            moment = datetime.fromisoformat(str(time).strip())
    except (ValueError, OverflowError, OSError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _of_wacz(path: Path, most: int) -> Iterator[Foreign | Fault]:
    """The WARC files in a WACZ, each held against the digest its package names."""
    try:
        with zipfile.ZipFile(path) as wacz:
            yield from _of_package(wacz, most)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        yield Fault("byte 0", f"it is no whole zip file ({error})")


def _of_package(wacz: zipfile.ZipFile, most: int) -> Iterator[Foreign | Fault]:
    entries = wacz.infolist()
    if len(entries) > MOST_ENTRIES:
        yield Fault("byte 0", f"it holds {len(entries):,} files, more than {MOST_ENTRIES:,}")
        return
    known = yield from _digests(wacz)
    found, seen = 0, set[str]()
    for entry in entries:
        name = entry.filename
        if not _is_records(name):
            continue
        found += 1
        wrong = _wrong(wacz, entry, known.get(name), name in seen)
        seen.add(name)
        if wrong is not None:
            yield Fault(f"byte {entry.header_offset:,}, {name[:100]!r}", wrong)
            continue
        with wacz.open(entry) as file:
            for one in _of_records(file, most):  # type: ignore[arg-type]
                one.place = f"{one.place} of {name[:100]}"
                yield one
    if not found:
        yield Fault("byte 0", "it is a zip file without WARC files in archive/, so no WACZ")


def _is_records(name: str) -> bool:
    plain = name.lower().replace("\\", "/")
    return plain.rpartition("/")[2].endswith((".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz"))


def _digests(wacz: zipfile.ZipFile) -> Generator[Fault, None, dict[str, str]]:
    """What datapackage.json says its files' digests are; faults where it cannot be read."""
    try:
        info = wacz.getinfo("datapackage.json")
    except KeyError:
        yield Fault("byte 0", "it has no datapackage.json: what is in it cannot be held against its digests")
        return {}
    if info.file_size > MOST_PACKAGE:
        yield Fault("datapackage.json", "it is larger than 32 MB")
        return {}
    try:
        package = json.loads(wacz.read(info))
        resources = package["resources"]
        return {one["path"]: str(one["hash"]) for one in resources if isinstance(one, dict) and "hash" in one}
    except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
        yield Fault("datapackage.json", f"it cannot be read ({type(error).__name__})")
        return {}


def _wrong(wacz: zipfile.ZipFile, entry: zipfile.ZipInfo, digest: str | None, again: bool) -> str | None:
    """Why a file of a WACZ is not read; ``None``: it is."""
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
        return "its name leads out of the package: it is not read"
    if again:
        return "a second file of that name: it is not read"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > (1 << 30) and entry.file_size > 200 * max(1, entry.compress_size):
        return "it unpacks to more than 200 times its size: it is not read"
    algorithm, _, told = (digest or "").partition(":")
    if algorithm not in ("sha256", "md5", "sha512", "sha1"):
        return None
    hashed = hashlib.new(algorithm)
    try:
        with wacz.open(entry) as file:
            while block := file.read(BLOCK):
                hashed.update(block)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        return f"it does not unpack ({error})"
    return (
        None if hashed.hexdigest() == told.lower() else f"it does not have the {algorithm} that datapackage.json names"
    )
