"""Which crawling processes of this machine are alive: each holds a lock on a file of its own while it runs.

A lease outlives the process that was killed under it. On another machine only time tells; here the lock does, at once,
and without guessing from process numbers, which are used again.
"""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
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
    dead = []
    for path in sorted(folder.glob(f"{socket.gethostname()}-*")) if folder.exists() else []:
        try:
            fd = os.open(path, os.O_WRONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(fd)
        path.unlink(missing_ok=True)
        dead.append(path.name)
    return dead


def alive_workers(folder: Path) -> list[str]:
    """The names of the crawling processes of this machine that hold their mark now."""
    alive = []
    for path in sorted(folder.glob(f"{socket.gethostname()}-*")) if folder.exists() else []:
        try:
            fd = os.open(path, os.O_WRONLY)
        except OSError:  # gone, or on a read-only medium, where nothing works
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            alive.append(path.name)
        finally:
            os.close(fd)
    return alive
