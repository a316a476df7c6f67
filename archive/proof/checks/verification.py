"""Verify an archive: WARC files, rows and log, all of them or a sample; what was looked at, and every fault."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.proof.checks.check_log import LogChecked, check_log
from archive.proof.checks.check_records import RecordsChecked, check_files, check_sample, noted_files
from archive.proof.checks.check_rows import RowsChecked, check_rows, is_readable
from archive.proof.checks.check_standing import check_standing
from archive.proof.checks.faults import Fault
from archive.proof.log import Log
from archive.text.plurals import counted

Bar = Callable[[str, int], Any]
"""A context manager for a label and a total, which gives what is told each step."""


@dataclass(slots=True)
class Verified:
    """What a verification looked at and found. Parts that were not looked at are None."""

    what: str
    """``all``, ``sample`` or ``log``."""
    unreadable: list[str] = field(default_factory=list)
    """What SQLite itself finds wrong with the database: rows cannot be believed then."""
    records: RecordsChecked | None = None
    rows: RowsChecked | None = None
    log: LogChecked | None = None

    @property
    def faults(self) -> list[Fault]:
        said = [Fault("database", "archive.db", f"archive.db is damaged: {one}; restore it from a backup, or make it anew from the WARC files") for one in self.unreadable]  # fmt: skip
        for part in (self.records, self.rows, self.log):
            said += part.faults if part is not None else []
        return said

    def as_dict(self) -> dict[str, Any]:
        checked: dict[str, Any] = {}
        if self.records is not None:
            checked |= {name: getattr(self.records, name) for name in ("files", "records", "captures", "bytes")}
        if self.rows is not None:
            checked |= {name: getattr(self.rows, name) for name in ("articles", "versions", "observations")}
        log = self.log
        return {
            "what": self.what,
            "checked": checked,
            "log": None
            if log is None
            else {
                "heads": log.heads,
                "size": log.size,
                "pending": log.pending,
                "root": log.head.root if log.head else None,
                "signed_at": log.head.time if log.head else None,
                "key": log.head.key if log.head else None,
            },
            "faults": [{"kind": fault.kind, "of": fault.of, "text": fault.text} for fault in self.faults],
        }

    def lines(self) -> Iterator[str]:
        """What was looked at, line by line."""
        records, rows, log = self.records, self.rows, self.log
        if records is not None:
            yield (
                f"captures  {counted(records.files, 'WARC file')}, {counted(records.records, 'record')}"
                f" ({records.bytes / 1e6:,.1f} MB), {counted(records.captures, 'capture')}"
            )
        if rows is not None:
            looks = f", {counted(rows.observations, 'look')} that found nothing" if rows.observations else ""
            yield f"rows      {counted(rows.articles, 'article')} in {counted(rows.versions, 'version')}{looks}"
        if log is not None and log.head is not None:
            yield f"log       {counted(log.size, 'entry', 'entries')} under {counted(log.heads, 'head')}"
            yield f"          root {log.head.root}"
            yield f"          signed at {log.head.time} by the key {log.head.key}"
        elif log is not None:
            yield "log       none yet: the next crawl begins it, or  tinhuyen verify --log"
        if log is not None and log.pending and log.head is not None:
            yield f"          {counted(log.pending, 'capture')} of a crawl that runs, or was killed, not signed yet"


def verify(
    folder: Path,
    conn: sqlite3.Connection,
    *,
    sample: int | None = None,
    log_alone: bool = False,
    witnessed: Sequence[tuple[int, int, str]] = (),
    bar: Bar | None = None,
    choose: random.Random | None = None,
) -> Verified:
    """Hold an archive against itself; ``witnessed`` are heads seen before. Nothing is changed."""
    bar, choose, log = bar or _no_bar, choose or random.SystemRandom(), Log(folder)
    done = Verified("log" if log_alone else "all" if sample is None else "sample")
    done.unreadable = is_readable(conn)
    if done.unreadable:
        return done
    if not log_alone:
        done.records = _records(folder, conn, sample, noted_files(log), bar, choose)
        count = conn.execute("SELECT count(*) FROM article").fetchone()[0]
        with bar("rows", count if sample is None else min(sample, count)) as step:
            done.rows = check_rows(conn, sample, choose, step)
        if sample is None:
            done.rows.faults += check_standing(conn, log)
    done.log = check_log(log, conn, witnessed)
    return done


def _records(
    folder: Path,
    conn: sqlite3.Connection,
    sample: int | None,
    noted: dict[str, tuple[int, str]],
    bar: Bar,
    choose: random.Random,
) -> RecordsChecked:
    warc = folder / "warc"
    if sample is not None:
        with bar("captures", sample) as step:
            return check_sample(conn, warc, sample, choose, step)
    total = sum(path.stat().st_size for path in warc.glob("*.warc*")) if warc.is_dir() else 0
    with bar("captures", total) as step:
        return check_files(conn, warc, noted, step)


@contextmanager
def _no_bar(_label: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _step: None
