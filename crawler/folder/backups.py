"""Backup of a live archive: a folder, or a tar file, that holds all of it as after a kill, and a list of digests.

The order is that of a crawl backwards: ledger, public database, then WARC files. So whatever the ledger's copy counts as
done is in the copy of ``archive.db``, and what that names is in the WARC files; what came later is read from their tails
by the next crawl.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.database.sqlite_file import connect_reading
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder

DIGESTS = "backup.sha256"
"""SHA-256 of every file, as ``sha256sum -c`` reads it; written last, so that a backup without it is unfinished."""
UNFINISHED = ".unfinished"
"""Marks a folder that is still being written; the same command goes on there."""

_OF_PROCESSES = (
    ".workers",
    ".tickers",
    ".reserve",
    ".rebuilding",
    "archive.db.rebuilt",
    "archive.db.records",
    UNFINISHED,
    DIGESTS,
)
_JOURNALS = ("-wal", "-shm", "-journal")
_TRIES = 5
BLOCK = 1 << 20


@dataclass(slots=True)
class Copied:
    """What a backup holds. ``linked`` WARC files share their bytes with the archive's."""

    files: int = 0
    bytes: int = 0
    linked: int = 0


def back_up(folder: ArchiveFolder, target: Path, *, link: bool = True, parents: bool = False) -> Copied:
    """Write a backup of an archive that may be at work. ``target`` is a folder, or a file that ends in ``.tar``.

    Complete WARC files are linked where the target is on the same file system, unless told otherwise: no copy of ours is
    ever written again. Raises `UserError` for a target that holds something already.
    """
    _require_parent(target, parents)
    if target.suffix == ".tar":
        return _to_tar(folder, target)
    _begin(target, folder.path)
    copied = Copied()
    digests = {}
    for name, source in _parts(folder, target):
        made = target / name
        if source is None:
            digests[name] = digest_of(made)
        else:
            digests[name] = _put(source, made, link and _is_complete(source), copied)
        copied.files, copied.bytes = copied.files + 1, copied.bytes + made.stat().st_size
    write_safely(target / DIGESTS, as_lines(digests))
    (target / UNFINISHED).unlink()
    return copied


def _require_parent(target: Path, make: bool) -> None:
    """The folder a backup is to lie in: one that is missing is a slip in the path, or a disk that is not mounted. Raises
    `UserError`."""
    if make:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
    elif not target.absolute().parent.is_dir():
        raise UserError(
            f"{target.absolute().parent} is not there: is the disk mounted, the path right? --parents makes it, too"
        )


def begin_folder(target: Path) -> None:
    """Make a folder to be filled, or go on with one whose filling broke off. Raises `UserError` for any other."""
    if target.exists() and not (target.is_dir() and ((target / UNFINISHED).exists() or not any(target.iterdir()))):
        raise UserError(f"{target} holds something already: choose an empty folder, nothing is overwritten")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    (target / UNFINISHED).touch()


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_lines(digests: dict[str, str]) -> str:
    """The list of digests as ``sha256sum`` writes it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def write_safely(path: Path, text: str) -> None:
    """Write a file that is either whole or not there."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def _begin(target: Path, source: Path) -> None:
    if source.resolve() in (target.resolve(), *target.resolve().parents):
        raise UserError(f"{target} lies in the archive itself: choose a folder outside of it")
    begin_folder(target)


def _parts(folder: ArchiveFolder, databases: Path) -> Iterator[tuple[str, Path | None]]:
    """The names of all files with their sources, in the order to copy them; databases are copied here, and have none."""
    yield from ((name, None) for name in _copy_databases(folder, databases))
    others = sorted(path for path in folder.path.iterdir() if path != folder.warc and _is_kept(path))
    for path in others:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from ((str(one.relative_to(folder.path)), one) for one in inside if one.is_file())
    names = sorted(path.name for path in folder.warc.glob("*")) if folder.warc.is_dir() else []
    yield from ((f"{folder.warc.name}/{name}", folder.warc / name) for name in names)


def _is_kept(path: Path) -> bool:
    name = path.name
    return name not in _OF_PROCESSES and not name.endswith((".db", *(f".db{end}" for end in _JOURNALS), ".new"))


def _copy_databases(folder: ArchiveFolder, target: Path) -> list[str]:
    """Copy the databases, the ledger first; again where an article was taken down between the two."""
    found = [folder.ledger, folder.database, *sorted(folder.path.glob("*.db"))]
    paths = [path for path in dict.fromkeys(found) if path.exists()]
    for _ in range(_TRIES):
        for path in paths:
            _copy_database(path, target / path.name)
        if _suspended(target / folder.database.name) <= _suspended(target / folder.ledger.name):
            return [path.name for path in paths]
    raise UserError(
        f"an article that is suspended in {folder.database} is not in {folder.ledger}: nothing was backed up"
    )


def _copy_database(source: Path, target: Path) -> None:
    for path in (target, *(target.with_name(target.name + end) for end in _JOURNALS)):
        path.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect_reading(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)  # in one step: writers go on meanwhile, and what they write is not in it
    shutil.copymode(source, target)


def _suspended(database: Path) -> set[int]:
    """The articles that are suspended by a copy of either database; none in one of an earlier version."""
    if not database.exists():
        return set()
    with closing(sqlite3.connect(database)) as conn:
        try:
            return {article for (article,) in conn.execute("SELECT article FROM suspended")}
        except sqlite3.OperationalError:
            return set()


def _is_complete(path: Path) -> bool:
    """Whether a file is a WARC file that no crawl writes any more."""
    return path.name.endswith((".warc.gz", ".warc"))


def _put(source: Path, target: Path, link: bool, copied: Copied) -> str:
    """Copy or link one file and answer its digest; one that a crawl completes meanwhile is found by its new name."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if link:
        try:
            os.link(source, target)
        except OSError:
            pass  # another file system, or one without links
        else:
            copied.linked += 1
            return digest_of(target)
    with _opened(source) as read, target.open("wb") as written:
        digest = copy_digested(read.read, written.write)
    shutil.copymode(source if source.exists() else _completed(source), target)
    return digest


def copy_digested(read: Callable[[int], bytes], write: Callable[[bytes], object]) -> str:
    """Copy a stream to its end and answer the SHA-256 of what went through, in hex."""
    sha256 = hashlib.sha256()
    while block := read(BLOCK):
        sha256.update(block)
        write(block)
    return sha256.hexdigest()


def _opened(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except FileNotFoundError:
        return _completed(source).open("rb")


def _completed(source: Path) -> Path:
    """The name a WARC file gets when it is complete."""
    return source.with_name(source.name.removesuffix(".open"))


def _to_tar(folder: ArchiveFolder, target: Path) -> Copied:
    """Write the backup as one tar file, under another name until it is whole."""
    if target.exists():
        raise UserError(f"{target} is there already: choose another name, nothing is overwritten")
    part = target.with_name(f"{target.name}.part")
    copied, digests = Copied(), {}
    with _scratch(target) as scratch:
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as tar:
            for name, source in _parts(folder, Path(scratch)):
                digests[name] = _add(tar, name, source or Path(scratch) / name, copied)
            listed = Path(scratch) / DIGESTS
            listed.write_text(as_lines(digests), "utf-8")
            tar.add(listed, DIGESTS)
    part.replace(target)
    return copied


@contextmanager
def _scratch(target: Path) -> Iterator[str]:
    """A folder beside the target for copies of the databases; always the same, so that what a kill left of it is removed."""
    folder = target.absolute().with_name(f".{target.name}.databases")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _add(tar: tarfile.TarFile, name: str, source: Path, copied: Copied) -> str:
    """Add a file as long as it is now, though a crawl may go on writing it."""
    with _opened(source) as read:
        info = tar.gettarinfo(arcname=name, fileobj=read)
        if info.islnk():  # a file with several names, one of them in the tar already
            info.type, info.size = tarfile.REGTYPE, os.fstat(read.fileno()).st_size
        bounded = _Bounded(read, info.size)
        tar.addfile(info, bounded)  # type: ignore[arg-type]
    copied.files, copied.bytes = copied.files + 1, copied.bytes + info.size
    return bounded.sha256.hexdigest()


class _Bounded:
    """The first bytes of a file, digested as they are read."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left, self.sha256 = file, size, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(min(size, self._left))
        self._left -= len(block)
        self.sha256.update(block)
        return block
