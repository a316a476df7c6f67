"""The log of an archive: an append-only file of leaf hashes, and a signed head for each run that appended to it.

``proof/leaves`` holds 32 bytes an entry, ``proof/heads.jsonl`` the heads, ``proof/notes.jsonl`` the entries that are no
captures, ``proof/frontier.json`` what appending needs to know. Leaves are written first and the head that signs them last,
so that a kill leaves leaves without a head at most: they are compared with what was to be appended, and signed the next time.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.proof import log_entries, signing
from archive.proof.heads import Head, read_heads, sign
from archive.proof.merkle import HASH_BYTES, Frontier, leaf_hash
from archive.proof.trouble import LogBroken
from archive.warc.write import Finished, disk_error, utc_now, warc_date

FOLDER, KEY = "proof", "proof.key"
CHUNK = 4096  # leaves read or written at once


class Leaves:
    """The leaf hashes of a file as a sequence, read where they are asked for."""

    def __init__(self, data: bytes | memoryview, size: int | None = None) -> None:
        self._data = data
        self._size = len(data) // HASH_BYTES if size is None else size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> bytes:
        if not 0 <= index < self._size:
            raise IndexError(index)
        return bytes(self._data[index * HASH_BYTES : (index + 1) * HASH_BYTES])

    def __iter__(self) -> Iterator[bytes]:
        return (self[index] for index in range(self._size))


@dataclass(slots=True)
class Through:
    """How far the database is in the log: the frontier there, and the capture it ended with, by row number and record id."""

    tree: Frontier
    rowid: int = 0
    record_id: str = ""
    notes: int = 0
    """Bytes of the notes that are in the log."""
    head: int = 0
    """The number of the head that signed it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The log at one moment, while a crawl may go on: its heads, its leaves, and what the last append remembered."""

    heads: list[Head]
    leaves: Leaves
    remembered: Through | None


class Log:
    """The log in the folder of an archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.key = folder / KEY
        self.leaves_path = self.folder / "leaves"
        self.heads_path = self.folder / "heads.jsonl"
        self.notes_path = self.folder / "notes.jsonl"
        self.stamps_path = self.folder / "stamps.jsonl"
        self.public_path = self.folder / "key.pub"
        self.frontier_path = self.folder / "frontier.json"

    def exists(self) -> bool:
        return self.heads_path.exists() or self.leaves_path.exists()

    def heads(self) -> list[Head]:
        """Every head, the first one first. Raises `LogBroken`."""
        return read_heads(self.heads_path)[0]

    def leaves(self, size: int | None = None) -> Leaves:
        """The leaves, or the first ``size`` of them: 32 MB at a million."""
        data = self.leaves_path.read_bytes() if self.leaves_path.exists() else b""
        return Leaves(data, size)

    def snapshot(self) -> Snapshot:
        """The log as it stands between two appends. Raises `LogBroken` for a head that cannot be read."""
        with self._locked() if os.access(self.folder, os.W_OK) else nullcontext():
            return Snapshot(self.heads(), self.leaves(), self.remembered())

    def notes(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """The notes from a byte on, each with the byte it ends at; what a kill left of one is none."""
        if not self.notes_path.exists():
            return
        with self.notes_path.open("rb") as file:
            file.seek(start)
            for line in file:
                start += len(line)
                if line.endswith(b"\n"):
                    yield start, line[:-1]

    def note(self, *notes: dict[str, object]) -> None:
        """Write notes, for instance of an erasure, one JSON object each; the next head signs them."""
        with self._locked():
            held = self.notes_path.read_bytes() if self.notes_path.exists() else b""
            whole = len(held) - len(held.rpartition(b"\n")[2])
            _append(self.notes_path, whole, [log_entries.canonical(values) + b"\n" for values in notes])

    def note_files(self, files: Iterable[Finished]) -> None:
        """Note the digests of WARC files: the latest note of a name counts, should a file be written anew."""
        notes = [{"note": "file", "name": file.name, "bytes": file.size, "sha256": file.sha256} for file in files]
        if notes:
            self.note(*notes)

    def append(
        self, conn: sqlite3.Connection, archive: str, run: int | None = None, clock: Callable[[], datetime] = utc_now
    ) -> Head | None:
        """Append what the database has beyond the log and sign a head; None where there is nothing. Twice is as once.

        Raises `LogBroken`, and then changes nothing, where the log is not what its last head signed, or the key is gone.
        """
        with self._locked():
            self.frontier_path.with_name(f"{self.frontier_path.name}.new").unlink(missing_ok=True)  # what a kill left
            heads, _ = read_heads(self.heads_path)
            last = heads[-1] if heads else None
            through = self._through(last)
            key = self._signer(last)
            grown = self._grow(through, self._pending(conn, through))
            if not grown:
                if last is not None and self.remembered() is None:  # a kill behind the head, or a copy without it
                    through.head = last.number
                    self._remember(through)
                return None
            head = Head(
                archive, last.number + 1 if last else 1, run, through.tree.size, through.tree.root().hex(),
                warc_date(clock()), last.fingerprint() if last else "", "",
            )  # fmt: skip
            head = sign(head, key)
            _append(self.heads_path, sum(len(one.line()) for one in heads), [head.line()])
            through.head = head.number
            self._remember(through)
            return head

    def _signer(self, last: Head | None) -> Ed25519PrivateKey:
        try:
            key = signing.load_key(self.key)
        except FileNotFoundError as error:
            if last is not None:
                raise LogBroken(f"{self.key} is gone, so no head can be signed: restore it from a backup") from error
            return signing.make_key(self.key, self.public_path)
        if last is not None and last.key != signing.public_hex(key):
            raise LogBroken(f"{self.key} is not the key of the heads before: restore that from a backup")
        if not self.public_path.exists():
            signing.write_public(key, self.public_path)
        return key

    def _through(self, last: Head | None) -> Through:
        """Where the last head left the log. Raises `LogBroken` where the leaves are not those it signed."""
        size = last.size if last else 0
        held = self.leaves_path.stat().st_size if self.leaves_path.exists() else 0
        if held < size * HASH_BYTES:
            raise LogBroken(
                f"{self.leaves_path} has {held // HASH_BYTES:,} leaves where its last head signed {size:,}: it was cut;"
                " restore it from a backup"
            )
        remembered = self.remembered()
        if last is None:
            return Through(Frontier())
        if remembered is not None and remembered.tree.size == size and remembered.tree.root().hex() == last.root:
            return remembered
        tree = Frontier()
        tree.extend(self.leaves(size))
        if tree.root().hex() != last.root:
            raise LogBroken(
                f"{self.leaves_path} no longer gives the root that head {last.number} signed: it was changed; restore it"
                " from a backup.  tinhuyen verify --log  says where"
            )
        return Through(tree)

    def remembered(self) -> Through | None:
        """What the last append left to be remembered; None where it is lost, which costs no more than time."""
        try:
            kept = json.loads(self.frontier_path.read_bytes())
            roots = [bytes.fromhex(node) for node in kept["roots"]]
            return Through(Frontier(kept["size"], roots), kept["rowid"], kept["record_id"], kept["notes"], kept["head"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, through: Through) -> None:
        kept = {
            "size": through.tree.size,
            "roots": [node.hex() for node in through.tree.roots],
            "rowid": through.rowid,
            "record_id": through.record_id,
            "notes": through.notes,
            "head": through.head,
        }
        fresh = self.frontier_path.with_name(f"{self.frontier_path.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.write_bytes(log_entries.canonical(kept))
        fresh.replace(self.frontier_path)

    def goes_on(self, conn: sqlite3.Connection, through: Through) -> bool:
        """Whether the database is still the one the log ended with: its captures have the same row numbers."""
        row = conn.execute("SELECT record_id FROM capture WHERE rowid = ?", (through.rowid,)).fetchone()
        return row is not None and row[0] == through.record_id

    def _pending(self, conn: sqlite3.Connection, through: Through) -> Iterator[bytes]:
        """The leaves that are to be appended; ``through`` moves on with them."""
        known: set[bytes] = set()
        signed = through.tree.size
        if not self.goes_on(conn, through):  # made anew, put back from a copy, or the first time
            known = {leaf[:8] for leaf in self.leaves(through.tree.size)}
            through.rowid = 0
        for rowid, capture, leaf in log_entries.captures(conn, through.rowid):
            through.rowid, through.record_id = rowid, capture["record_id"]
            if leaf[:8] not in known:
                yield leaf
        for end, line in self.notes(through.notes):
            if not through.notes and not known:  # nothing is remembered of the notes
                known = {leaf[:8] for leaf in self.leaves(signed)}
            through.notes = end
            if (leaf := leaf_hash(line))[:8] not in known:
                yield leaf

    def _grow(self, through: Through, pending: Iterator[bytes]) -> int:
        """Write leaves behind those that are signed. What an earlier try left there must be the same."""
        start = through.tree.size * HASH_BYTES
        held, offset = self._behind(start), 0
        while chunk := list(islice(pending, CHUNK)):
            through.tree.extend(chunk)
            data = b"".join(chunk)
            there = held[offset : offset + len(data)]
            if not data.startswith(there):
                raise self._nobodys()
            if len(there) < len(data):
                _append(self.leaves_path, start + offset, [data])
            offset += len(data)
        if len(held) > offset and len(held) // HASH_BYTES * HASH_BYTES > offset:
            raise self._nobodys()
        return offset // HASH_BYTES

    def _behind(self, start: int) -> bytes:
        if not self.leaves_path.exists():
            return b""
        with self.leaves_path.open("rb") as file:
            file.seek(start)
            return file.read()

    def _nobodys(self) -> LogBroken:
        return LogBroken(
            f"{self.leaves_path} ends in leaves that no head signed and that are not this archive's: it was changed, or"
            " archive.db was put back from an older copy; restore both from the same backup"
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time appends."""
        self.folder.mkdir(exist_ok=True)
        descriptor = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _append(path: Path, at: int, pieces: list[bytes]) -> None:
    """Write at a byte, behind which nothing is kept, and see it onto the disk. Raises `DiskFull`."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            os.ftruncate(descriptor, at)
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    written = os.pwrite(descriptor, view, at)
                    view, at = view[written:], at + written
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise disk_error(error, path.name) from error
