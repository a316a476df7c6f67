"""What ends a crawl early because nothing more can be kept: a full disk, the quota, a database kept locked.

Each is one line and an exit code, and the same command goes on later. A full disk has no room for the words that it is
full either: :class:`Reserve` keeps a little back for them.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveLocked
from archive.warc.write import DiskFull
from crawler.errors import DAMAGED, DISK_FULL
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Config

CANNOT_KEEP = (DiskFull, ArchiveLocked)
"""What a write of a crawl raises when it can go on later, but not now."""

RESERVED = 2_000_000
"""Bytes kept back: the last batch (about 50 pages of text), the run and the verdict on each of a few hundred portals."""

_FULL = 65536  # bytes; a file system with less free has no room, whatever error SQLite makes of it


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends that cannot go on: its ``outcome``, one line for its user, and the exit code."""

    outcome: str
    text: str
    exit_code: int = DISK_FULL

    @classmethod
    def of(cls, error: DiskFull | ArchiveLocked) -> Ending:
        if isinstance(error, DiskFull):
            return cls("disk full", error.strerror or str(error))
        return cls("interrupted", str(error), DAMAGED)


class Reserve:
    """A file that takes up room while there is some, and gives it away when the disk is full."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Take the room up. Raises `DiskFull` when there is none: a crawl had better not begin."""
        if self.path.exists() and self.path.stat().st_size >= RESERVED:
            return
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, RESERVED)
        except OSError as error:
            self.path.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                full = f"the disk is full at {self.path.parent}: free some space and crawl again"
                raise DiskFull(error.errno, full) from error
            raise
        finally:
            os.close(fd)

    def give(self) -> None:
        """Free the room; once it is gone this does nothing."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


@contextmanager
def cannot_keep_told(folder: ArchiveFolder) -> Iterator[None]:
    """SQLite's words for no room and for a lock as ours: :data:`CANNOT_KEEP`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if is_full(error, folder):
            full = f"the disk is full at {folder.path}: free some space and crawl again"
            raise DiskFull(errno.ENOSPC, full) from error
        if "locked" in str(error):
            raise ArchiveLocked(f"{folder.path} is locked by another process; try again when it is done") from error
        raise


def is_full(error: sqlite3.Error, folder: ArchiveFolder | None) -> bool:
    """Whether an error of SQLite comes of a full disk; the shared memory of its journal calls that an I/O error."""
    if "is full" in str(error):
        return True
    if "disk I/O" not in str(error) or folder is None:
        return False
    with suppress(OSError):
        return shutil.disk_usage(folder.path).free < _FULL
    return False


def no_room(folder: ArchiveFolder, config: Config) -> Ending | None:
    """Why nothing more may be written; ``None`` while there is room."""
    limits = config.limits
    free = shutil.disk_usage(folder.path).free
    if free < limits.min_free_mb * 1e6:
        return Ending(
            "disk full",
            f"only {free / 1e6:,.0f} MB are free where {folder.path} is, less than limits.min_free_mb "
            f"({limits.min_free_mb:g}): free some space and crawl again",
        )
    if limits.quota_gb is not None and (size := folder.size()) > limits.quota_gb * 1e9:
        return Ending(
            "quota reached",
            f"{folder.path} takes {size / 1e9:,.2f} GB, more than limits.quota_gb ({limits.quota_gb:g}): "
            "raise the quota in tinhuyen.toml, or move the archive to a larger disk",
        )
    return None
