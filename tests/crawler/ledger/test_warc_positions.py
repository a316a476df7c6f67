"""How far into each WARC file the ledger knows its records."""

from __future__ import annotations

import pytest

from crawler.ledger.frontier import Ledger
from crawler.ledger.warc_positions import Positions


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "crawl.db")
    yield opened
    opened.close()


@pytest.fixture
def positions(ledger):
    return Positions(ledger, "one")


def noted(ledger) -> dict[str, tuple[str, int]]:
    return {row[0]: (row[1], row[2]) for row in ledger.conn.execute("SELECT name, state, acked FROM warc_file")}


def test_what_is_in_no_batch_yet_is_not_passed(positions, ledger):
    for n, offset in enumerate((100, 200, 300)):
        positions.written("a.warc.gz", offset, f"r{n}")
    positions.kept("r0")
    positions.kept("r2")  # answered before the one that was written first
    positions.save()
    assert noted(ledger) == {"a.warc.gz": ("open", 200)}
    positions.kept("r1")
    positions.save()
    assert noted(ledger) == {"a.warc.gz": ("open", 301)}


def test_an_earlier_file_is_closed_once_all_of_it_is_kept(positions, ledger):
    positions.written("a.warc.gz", 100, "r0")
    positions.written("b.warc.gz", 50, "r1")
    positions.kept("r1")
    positions.save()
    assert noted(ledger) == {"a.warc.gz": ("open", 100), "b.warc.gz": ("open", 51)}
    positions.kept("r0")
    positions.save()
    assert noted(ledger) == {"a.warc.gz": ("closed", 101), "b.warc.gz": ("open", 51)}


def test_a_record_told_twice_or_never_written_changes_nothing(positions, ledger):
    positions.written("a.warc.gz", 100, "r0")
    positions.kept("r0")
    positions.kept("r0")
    positions.kept("r9")
    positions.save()
    assert noted(ledger) == {"a.warc.gz": ("open", 101)}


def test_in_the_end_all_files_of_the_process_are_closed_and_no_others(positions, ledger):
    Positions(ledger, "two").written("b.warc.gz", 1, "x")
    other = Positions(ledger, "two")
    other.written("b.warc.gz", 1, "x")
    other.save()
    positions.written("a.warc.gz", 100, "r0")
    positions.kept("r0")
    positions.save()
    positions.close()
    assert {name: state for name, (state, _) in noted(ledger).items()} == {"a.warc.gz": "closed", "b.warc.gz": "open"}
