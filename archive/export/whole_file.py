"""A file that is whole or not there: written beside its place and renamed at the end."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

UNFINISHED = ".new"
"""Behind the name of a file that is being written; the next try begins it anew."""


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write the file ``path``: it takes its place at the end, and what raises leaves the old one and no half.

    What is no file (a pipe, ``/dev/stdout``) is written to as it stands.
    """
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        yield path
        return
    path = path.resolve()  # a link stays one
    fresh = path.with_name(f"{path.name}{UNFINISHED}")
    try:
        yield fresh
        _onto_the_disk(fresh)
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _onto_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
