"""Archives near a folder that is none: after a ``cd``, a relative path leads elsewhere, and the archive lies beside it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

CONFIG_NAME = "tinhuyen.toml"

LEVELS = 4
"""How many folders upwards are looked at."""

LOOKED_AT = 500
"""How many entries of one folder are looked at: a home folder has hundreds, a spool millions."""


def archives_near(path: Path) -> list[Path]:
    """Archives of the same name, around, inside or beside ``path``, likeliest first; at most three. ``path`` is absolute.

    Of those beside it the nearest names come first: a slip of one letter is likelier meant than a backup next to it.
    """
    here = Path.cwd()
    around = [*dict.fromkeys([path.parent, *path.parent.parents[:LEVELS], here, *here.parents[:LEVELS]])]
    same_name = (folder / path.name for folder in around)
    beside = [
        child
        for folder in dict.fromkeys([path.parent, here, here.parent, path.parent.parent])
        for child in _folders(folder)
    ]
    beside.sort(key=lambda child: -difflib.SequenceMatcher(None, path.name, child.name).ratio())
    found: dict[Path, None] = {}
    for candidate in (*same_name, *around, *beside):
        if candidate != path and _is_archive(candidate):
            found.setdefault(candidate)
    return list(found)[:3]


def _folders(folder: Path) -> Iterator[Path]:
    try:
        yield from (child for child in islice(folder.iterdir(), LOOKED_AT) if child.is_dir())
    except OSError:  # not ours to read
        return


def _is_archive(folder: Path) -> bool:
    try:
        return (folder / CONFIG_NAME).is_file()
    except OSError:
        return False
