"""Which crawling processes of this machine are alive: each holds a lock on a file of its own while it runs.

A lease outlives the process that was killed under it. On another machine only time tells; here the lock does, at once,
and without guessing from process numbers, which are used again.
"""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self


class Worker:
    """The mark of one crawling process in ``folder``; a context manager, or call :meth:`close`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        # locked before it bears its name: another process must not find it without its lock and take it for a dead one's
        unnamed = folder / f".{self.name}"
        self._fd = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        unnamed.rename(folder / self.name)

    def close(self) -> None:
        (self.folder / self.name).unlink(missing_ok=True)
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def dead_workers(folder: Path) -> list[str]:
    """The names of processes of this machine that ended without taking their mark away; their marks are removed."""
    dead = [path for path, held in _marks(folder) if not held]
    for path in dead:
        path.unlink(missing_ok=True)
    return [path.name for path in dead]


def alive_workers(folder: Path) -> list[str]:
    """The names of the crawling processes of this machine that hold their mark now."""
    return [path.name for path, held in _marks(folder) if held]


def _marks(folder: Path) -> Iterator[tuple[Path, bool]]:
    """The marks of this machine's processes, and whether each is held by one that runs."""
    for path in sorted(folder.glob(f"{socket.gethostname()}-*")) if folder.exists() else []:
        try:
            fd = os.open(path, os.O_WRONLY)
        except OSError:  # gone, or on a read-only medium, where nothing works
            continue
        held = False
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = True
        finally:
            os.close(fd)
        yield path, held
