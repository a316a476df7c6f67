"""Verifications of the archive: made, kept in the ledger, and due again after a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, contextmanager

from archive.database.sqlite_file import is_read_only
from archive.proof.checks.verification import Bar, Verified, verify
from archive.proof.log import Log
from archive.proof.trouble import LogBroken
from archive.store import Store
from archive.text.vietnam_time import DAY
from crawler.errors import DAMAGED, FAILURES, OK
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.queries.read_only import open_read_only
from crawler.ledger.verifications import heads_seen, keep_verification, last_verification, remember_head

MOST_KEPT = 200
"""Faults of a verification that the ledger keeps in full; it keeps how many there were."""


def exit_code(done: Verified) -> int:
    return DAMAGED if done.unreadable else FAILURES if done.faults else OK


def verify_archive(
    folder: ArchiveFolder,
    *,
    sample: int | None = None,
    log_alone: bool = False,
    given: Sequence[tuple[int, int, str]] = (),
    bar: Bar | None = None,
    clock: Callable[[], float] = time.time,
) -> Verified:
    """Verify an archive, and keep in the ledger that it was, and with what outcome.

    ``given`` are heads that others kept, as number, size and root. With ``log_alone`` the log is brought up to date first. WARC files that are well and that the log has no digest of (of
    crawls that were killed, or from before there was a log) are noted in it.
    """
    folder.require()
    may_write = not is_read_only(folder.database)
    with Store.open_reading(folder.database) as store:
        with open_read_only(folder) as ledger:
            witnessed = [*heads_seen(ledger), *given]
        if log_alone and may_write:
            bring_log_up_to_date(folder, store)
        done = verify(
            folder.path, store.conn, sample=sample, log_alone=log_alone, witnessed=witnessed, bar=bar
        )  # fmt: skip
        if may_write:
            if done.records is not None and done.records.whole and done.log is not None and not done.log.faults:
                Log(folder.path).note_files(done.records.whole)
                bring_log_up_to_date(folder, store)
            with _ledger(folder) as ledger:
                keep_verification(ledger, clock(), done.what, exit_code(done), _kept(done))
    return done


def bring_log_up_to_date(folder: ArchiveFolder, store: Store) -> None:
    """Sign what no head has signed yet; a log that is broken is left as it is, for a check to tell."""
    try:
        head = Log(folder.path).append(store.conn, folder.config().name)
    except LogBroken:  # what is wrong with it is told by the check
        return
    if head is not None:
        with _ledger(folder) as ledger:
            remember_head(ledger, head)


@contextmanager
def _ledger(folder: ArchiveFolder):
    frontier = Ledger(folder.ledger)
    with closing(frontier.conn), frontier.write() as conn:
        yield conn


def _kept(done: Verified) -> dict:
    kept = done.as_dict()
    del kept["what"]
    return {**kept, "faults": kept["faults"][:MOST_KEPT], "faults_found": len(kept["faults"])}


def is_due(conn: sqlite3.Connection, every_days: float, now: float) -> bool:
    """Whether the archive is to be verified again. A new archive waits as long as any other, from its first crawl on."""
    if not every_days:
        return False
    began = conn.execute("SELECT min(started_at) FROM run").fetchone()[0]
    last = last_verification(conn) or began
    return last is not None and now >= last + every_days * DAY
