"""Databases that several processes open at the same moment, the first of which makes them."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from archive.database.sqlite_file import connect
from archive.store import Store
from crawler.ledger.frontier import Ledger

PROCESSES, ROUNDS = 3, 15


def _open_and_close(folder: str, together, faults) -> None:
    for nth in range(ROUNDS):
        together.wait(60)
        try:
            Ledger(Path(folder) / f"crawl-{nth}.db").close()
            with Store.open(Path(folder) / f"archive-{nth}.db") as store:
                store.checkpoint()
        except Exception as error:
            faults.put(repr(error))


@pytest.mark.slow
def test_processes_that_start_together_agree_on_the_schema(tmp_path):
    context = multiprocessing.get_context("spawn")
    together, faults = context.Barrier(PROCESSES), context.SimpleQueue()
    processes = [
        context.Process(target=_open_and_close, args=(str(tmp_path), together, faults)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert faults.empty(), faults.get()


def test_a_file_that_stays_locked_is_told_after_the_time_given(tmp_path):
    holder = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    holder.execute("CREATE TABLE t (a)")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        connect(tmp_path / "x.db", timeout=0.05)
    holder.execute("ROLLBACK")
    connect(tmp_path / "x.db", timeout=0.05).close()
