"""The rebuilding of ``archive.db``: index, replay, comparison with the file that is there, and the swap at the end.

The new file is made beside the old one and takes its place by one rename. A kill at any moment leaves the old file whole,
and what it left of the new one is removed by the next rebuild, which begins anew.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.database.database import sqlite_errors_as_ours
from archive.database.sqlite_file import connect, connect_reading
from archive.errors import ArchiveError, ArchiveLocked
from archive.redo.compare import Differs, compare
from archive.redo.redo_scan import Index
from archive.redo.redoing import Replay, Replayed
from archive.store import Store
from archive.warc.write import OPEN_SUFFIX
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Config
from crawler.learn.theme_file import FOLDER as THEMES
from crawler.ledger.processes import alive_workers
from crawler.rebuild.reading_again import Here, Processes

Bar = Callable[[str, int], Any]
"""A context manager for a label and a total, which gives what is told each step."""

NEW, INDEX, LOCK = "archive.db.rebuilt", "archive.db.records", ".rebuilding"
"""Files of a rebuild in the archive's folder; none of them is left at its end."""


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild made, and how that compares with the file that was there."""

    replayed: Replayed
    records: int
    articles: int
    seconds: float
    old: str
    """``none``, ``unreadable`` or ``compared``."""
    why: str = ""
    """Why the old file cannot be read."""
    differs: list[Differs] = field(default_factory=list)
    damaged: list[tuple[str, int]] = field(default_factory=list)
    """WARC files that could not be read to their end, each with the byte."""
    untold: int = 0
    """Captures of WARC files that have no redo records: an earlier version made them."""
    placed: bool = False

    @property
    def identical(self) -> bool:
        return self.old == "compared" and not self.differs


def rebuild(folder: ArchiveFolder, *, processes: int, check: bool, replace: bool, bar: Bar) -> Rebuilt:
    """Make the database anew; it takes the old one's place where they are identical, there is none, or ``replace`` says so.

    Raises `UserError` while a crawl runs.
    """
    folder.require()
    began = time.monotonic()
    with _alone(folder):
        paths = sorted(path for path in folder.warc.glob("*.warc.gz*") if path.suffix in (".gz", OPEN_SUFFIX))
        if not paths:
            raise UserError(f"{folder.warc} holds no WARC file: there is nothing to rebuild from")
        old_numbers = _committed(folder.database)
        with ExitStack() as stack:
            reader = Here(folder.warc) if processes == 1 else Processes(folder.warc, processes)
            stack.enter_context(reader)
            index = stack.enter_context(closing(Index(folder.path / INDEX)))
            records = _scan(index, reader, paths, bar)
            done = _replayed(folder, index, reader, old_numbers, bar)
            done.records = records
            _unaccounted(index, done)
        _compared(folder, done)
        done.seconds = time.monotonic() - began
        if not check and (done.old == "none" or done.identical or replace):
            _place(folder, old_numbers)
            done.placed = True
    return done


@contextmanager
def _alone(folder: ArchiveFolder) -> Iterator[None]:
    """No crawl runs, nor another rebuild; what a killed one left is removed, and what this one makes, too."""
    if alive_workers(folder.workers):
        raise UserError(f"a crawl of {folder.path} is running: wait for its end, or stop it with  tinhuyen stop")
    descriptor = os.open(folder.path / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveLocked(f"{folder.path} is being rebuilt by another process") from error
        _remove_traces(folder)
        try:
            yield
        finally:
            _remove_traces(folder)
            (folder.path / LOCK).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _remove_traces(folder: ArchiveFolder) -> None:
    for name in (NEW, INDEX):
        for path in folder.path.glob(f"{name}*"):
            path.unlink(missing_ok=True)


def _committed(database: Path) -> dict[str, int] | None:
    """By series the last redo record whose transaction the old file holds; ``None`` where it tells nothing."""
    if not database.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(connect_reading(database)) as conn:
        return dict(conn.execute("SELECT series, number FROM redo").fetchall())
    return None


def _scan(index: Index, reader: Here | Processes, paths: list[Path], bar: Bar) -> int:
    """Index every record; answers how many there are."""
    records = 0
    with bar("records", sum(path.stat().st_size for path in paths)) as step:
        waiting = [(path, 0, reader.scan(path, 0)) for path in paths]
        while waiting:
            path, start, result = waiting.pop(0)
            part = result()
            index.add(part)
            records += part.records
            step((part.end or path.stat().st_size) - start)
            if part.end is not None:
                waiting.insert(0, (path, part.end, reader.scan(path, part.end)))
    return records


def _replayed(
    folder: ArchiveFolder, index: Index, reader: Here | Processes, committed: dict[str, int] | None, bar: Bar
) -> Rebuilt:
    began, config = time.monotonic(), folder.config()
    total = index.conn.execute("SELECT count(*) FROM redo").fetchone()[0]
    with Store.open(folder.path / NEW) as store:
        # nothing of this file counts until it takes the place of the old one
        store.conn.execute("PRAGMA journal_mode = MEMORY")
        store.conn.execute("PRAGMA synchronous = OFF")
        if config.mask_private_numbers:
            store.mask()
        with bar("redo records", total) as step:
            replay = Replay(store, index, folder.warc, reader, config.portals, _themes(folder), _selectors(config))
            replayed = replay.run(committed, lambda _ops: step(1))
        with store.batch():
            for portal in config.portals.values():
                store.add_portal(portal)
        articles = store.conn.execute("SELECT count(*) FROM article").fetchone()[0]
    with closing(connect(folder.path / NEW)) as conn:  # with a journal again
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Rebuilt(replayed, 0, articles, time.monotonic() - began, "none")


def _themes(folder: ArchiveFolder) -> dict[str, str]:
    """The files of themes that are held today, by portal."""
    return {path.stem: path.read_text("utf-8", "replace") for path in (folder.path / THEMES).glob("*.toml")}


def _selectors(config: Config) -> dict[str, dict[str, Any]]:
    """The selectors of the settings, by portal."""
    return {name: asdict(rules.selectors) for name, rules in config.rules.items() if rules.selectors is not None}


def _unaccounted(index: Index, done: Rebuilt) -> None:
    """Captures that no redo record tells of."""
    done.damaged = index.conn.execute("SELECT name, damage FROM file WHERE damage IS NOT NULL ORDER BY name").fetchall()
    done.untold = index.conn.execute(
        "SELECT count(*) FROM found JOIN file ON file.name = found.file WHERE NOT recorded AND name NOT LIKE 'import-%'"
    ).fetchone()[0]


def _compared(folder: ArchiveFolder, done: Rebuilt) -> None:
    old = folder.database
    if not old.exists():
        return
    try:
        Store.open(old).close()  # one of an earlier version is migrated first
        done.differs = compare(old, folder.path / NEW)
        done.old = "compared"
    except (ArchiveLocked, KeyboardInterrupt):
        raise
    except (ArchiveError, sqlite3.DatabaseError) as error:
        done.old, done.why = "unreadable", str(error)


def _place(folder: ArchiveFolder, before: dict[str, int] | None) -> None:
    """Let the new file take the old one's place. The old one's journal is folded in first: its name would be the new one's."""
    old, new = folder.database, folder.path / NEW
    with new.open("rb") as made:
        os.fsync(made.fileno())
    if alive_workers(folder.workers) or _committed(old) != before:
        raise UserError("a crawl began meanwhile: rebuild again when it is done")
    if old.exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(old)) as conn, sqlite_errors_as_ours(old):
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    new.replace(old)
    for end in ("-wal", "-shm"):
        old.with_name(old.name + end).unlink(missing_ok=True)
    directory = os.open(folder.path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
