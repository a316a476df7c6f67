"""The ledger as a running crawl holds it: patient with other processes, and plain about what cannot be written."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import cannot_keep_told
from crawler.ledger.frontier import Ledger

PATIENCE = 180.0
"""Seconds a write of a running crawl waits for a database that another process keeps locked; leases last longer."""


def be_patient(conn: sqlite3.Connection, seconds: float | None = None) -> None:
    """Have the writes of ``conn`` wait for a lock, for :data:`PATIENCE`: somebody else's transaction costs time, never a
    page."""
    conn.execute(f"PRAGMA busy_timeout = {1000 * (PATIENCE if seconds is None else seconds):.0f}")


class PatientLedger(Ledger):
    """A frontier whose writes raise :data:`crawler.folder.limits.CANNOT_KEEP` when the disk is full or a lock does not end."""

    def __init__(self, folder: ArchiveFolder, *, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        super().__init__(folder.ledger, clock=clock)
        be_patient(self.conn)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        with cannot_keep_told(self.folder), super().write() as conn:
            yield conn
