"""Files of an archive as they are opened for writing: never through a symbolic link, the private ones for their owner alone.

An archive may have been sent by somebody: a link where tinhuyen writes (``.reserve``, ``tinhuyen.toml.new``, a WARC file
left open) would have it overwrite, cut or delete a file of its owner's anywhere. A linked ``warc/`` folder is left: large
archives keep it on another disk.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveDamaged

PRIVATE = 0o600

_WRITTEN = (
    "tinhuyen.toml",
    "tinhuyen.toml.new",
    "archive.db",
    "crawl.db",
    ".reserve",
    ".workers",
    ".tickers",
    "proof",
    "proof.key",
)
_JOURNALS = ("-wal", "-shm", "-journal")


def refuse_links(folder: Path) -> None:
    """Raise `ArchiveDamaged` where a file of the folder that is written to is a symbolic link."""
    names = [*_WRITTEN, *(f"{name}{end}" for name in ("archive.db", "crawl.db") for end in _JOURNALS)]
    _refuse([folder / name for name in names])


def refuse_links_within(folder: Path) -> None:
    """As `refuse_links`, with all WARC files and marks of processes, which may be thousands: before a crawl."""
    refuse_links(folder)
    found: list[Path] = []
    refuse_link(folder / "themes")
    for below in (folder / "warc", folder / ".workers", folder / ".tickers", folder / "themes"):
        with suppress(OSError):
            found += [Path(entry.path) for entry in os.scandir(below) if entry.is_symlink()]
    _refuse(found)


def refuse_link(path: Path) -> None:
    """Raise `ArchiveDamaged` where a path that is written to, or in, is a symbolic link."""
    _refuse([path])


def _refuse(paths: list[Path]) -> None:
    for path in paths:
        if path.is_symlink():
            raise ArchiveDamaged(
                f"{path} is a symbolic link, and what is written to it would change {os.path.realpath(path)}:"
                " put the file itself there, or delete the link"
            )


def keep_private(path: Path) -> None:
    """Take a file, where it is there, from everybody but its owner."""
    with suppress(OSError):  # not there, not ours, or on a medium that knows no rights
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode) and mode & 0o077:
            path.chmod(PRIVATE)


def make_private(path: Path) -> None:
    """Make an empty file for its owner alone; one that is there stays, and is taken from all others."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE))
    keep_private(path)


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner alone, in the place of what was there by that name, a link included."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
