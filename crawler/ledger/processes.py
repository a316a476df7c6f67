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

_KEY_BYTES = 64


class Worker:
    """The mark of one crawling process in ``folder``; a context manager, or call :meth:`close`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        # locked before it bears its name: another process must not find it without its lock and take it for a dead one's
        unnamed = folder / f".{self.name}"
        self._fd = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        unnamed.rename(folder / self.name)

    def reads(self, key: str) -> None:
        """Note in the mark what is being read, so that it is known if that ends this process; empty for nothing."""
        os.pwrite(self._fd, key.encode().ljust(_KEY_BYTES), 0)

    def close(self) -> None:
        (self.folder / self.name).unlink(missing_ok=True)
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def dead_workers(folder: Path) -> dict[str, str]:
    """The names of processes of this machine that ended without taking their mark away, and what each was reading.

    Their marks are removed. What was read is the key that :meth:`Worker.reads` was given, empty for nothing.
    """
    dead = {path: _was_reading(path) for path, held in _marks(folder) if not held}
    for path in dead:
        path.unlink(missing_ok=True)
    return {path.name: key for path, key in dead.items()}


def _was_reading(path: Path) -> str:
    try:
        return path.read_bytes()[:_KEY_BYTES].decode("ascii", "ignore").strip()
    except OSError:
        return ""


def alive_workers(folder: Path) -> list[str]:
    """The names of the crawling processes of this machine that hold their mark now."""
    return [path.name for path, held in _marks(folder) if held]


def _marks(folder: Path) -> Iterator[tuple[Path, bool]]:
    """The marks of this machine's processes, and whether each is held by one that runs."""
    for path in sorted(folder.glob(f"{socket.gethostname()}-*")) if folder.exists() else []:
        try:
            fd = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
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
