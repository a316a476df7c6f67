"""Restore of a backup into a new folder: every file is held against its digest, and ``tinhuyen.toml`` comes last."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from archive.errors import ArchiveDamaged
from crawler.errors import UserError
from crawler.folder.backups import DIGESTS, UNFINISHED, begin_folder, copy_digested
from crawler.folder.nearby import CONFIG_NAME

Read = Callable[[int], bytes]


def restore(backup: Path, target: Path, made: Callable[[Path], None] = lambda _target: None) -> int:
    """Make an archive of a backup and answer how many files it has; one that broke off is begun anew. ``made`` is told of
    the archive while it may still be begun anew.

    Raises `UserError` where the target holds something already or the backup is none, and `ArchiveDamaged` for a file that
    is lost or altered; the folder is no archive then.
    """
    if not backup.exists():
        raise UserError(f"{backup} is neither a folder nor a file")
    if backup.is_dir() and not (backup / DIGESTS).is_file():
        raise UserError(f"{backup} is no finished backup: it has no {DIGESTS}")
    begin_folder(target)
    (target / CONFIG_NAME).unlink(missing_ok=True)
    settings: dict[str, bytes] = {}
    try:
        found = {name: _put(read, target, name, settings) for name, read in _files(backup)}
    except tarfile.TarError as error:
        raise ArchiveDamaged(f"{backup} is no whole tar file: {error}") from error
    listed = _listed((target / DIGESTS).read_text("utf-8")) if DIGESTS in found else None
    if listed is None:
        raise UserError(f"{backup} is no finished backup: it has no {DIGESTS}")
    del found[DIGESTS]
    _hold_against(found, listed, backup)
    (target / DIGESTS).unlink()
    for name, text in settings.items():
        (target / name).write_bytes(text)
    made(target)
    (target / UNFINISHED).unlink()
    return len(found)


def _files(backup: Path) -> Iterator[tuple[str, Read]]:
    """The files of a backup, each with what reads it."""
    if backup.is_dir():
        for path in sorted(backup.rglob("*")):
            if path.is_file() and not path.is_symlink() and not _is_of_a_look(path):
                with path.open("rb") as file:
                    yield path.relative_to(backup).as_posix(), file.read
        return
    with tarfile.open(backup, "r|") as tar:
        for member in tar:
            held = tar.extractfile(member) if member.isreg() else None
            if held is not None:
                yield member.name, held.read


def _is_of_a_look(path: Path) -> bool:
    """Whether somebody looks into the backup just now: SQLite's index and its empty journal."""
    return path.name.endswith("-shm") or (path.name.endswith("-wal") and path.stat().st_size == 0)


def _put(read: Read, target: Path, name: str, settings: dict[str, bytes]) -> str:
    """Write one file and answer its digest; the settings wait for the others: without them the folder is no archive."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts:
        raise ArchiveDamaged(f"the backup holds a file outside of its folder: {name!r}")
    if name == CONFIG_NAME:
        pieces: list[bytes] = []
        digest = copy_digested(read, pieces.append)
        settings[name] = b"".join(pieces)
        return digest
    made = target / place
    made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as written:
        return copy_digested(read, written.write)


def _listed(text: str) -> dict[str, str]:
    lines = [line.partition("  ") for line in text.splitlines()]
    return {name: digest for digest, _, name in lines}


def _hold_against(found: dict[str, str], listed: dict[str, str], backup: Path) -> None:
    for name, digest in listed.items():
        if name not in found:
            raise ArchiveDamaged(f"{backup} lacks {name}: no archive was made of it")
        if found[name] != digest:
            raise ArchiveDamaged(f"{name} in {backup} is not as it was backed up: no archive was made of it")
    for name in sorted(found.keys() - listed.keys()):
        raise ArchiveDamaged(f"{name} in {backup} was not backed up: no archive was made of it")
