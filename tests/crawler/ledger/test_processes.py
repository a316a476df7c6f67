"""Which crawling processes are alive: a mark each, held by a lock that ends with its process."""

from __future__ import annotations

import os
import socket

import pytest

from crawler.ledger.processes import Worker, alive_workers, dead_workers


@pytest.fixture
def folder(tmp_path):
    return tmp_path / ".workers"


def died(folder, reading: str = "") -> str:
    """A process that was killed: its mark is left, and nobody holds it."""
    worker = Worker(folder)
    worker.reads(reading)
    os.close(worker._fd)
    return worker.name


def test_a_process_that_runs_is_alive_and_one_that_ended_well_leaves_nothing(folder):
    with Worker(folder) as one, Worker(folder) as other:
        assert sorted(alive_workers(folder)) == sorted([one.name, other.name])
        assert dead_workers(folder) == {}
    assert alive_workers(folder) == [] and list(folder.iterdir()) == []


def test_a_process_that_was_killed_is_told_once_with_what_it_read(folder):
    name = died(folder, "ab12")
    with Worker(folder):
        assert dead_workers(folder) == {name: "ab12"}
        assert dead_workers(folder) == {}


@pytest.mark.parametrize(("read", "left"), [(["ab12", "cd34"], "cd34"), (["ab12" * 8, ""], ""), ([], "")])
def test_only_what_is_read_last_stands_in_the_mark(folder, read, left):
    worker = Worker(folder)
    for key in read:
        worker.reads(key)
    os.close(worker._fd)
    assert dead_workers(folder) == {worker.name: left}


def test_marks_of_other_machines_are_left_alone(folder):
    folder.mkdir()
    (folder / "may-khac-1-abc").write_text("ab12")
    assert dead_workers(folder) == {} and alive_workers(folder) == []
    assert (folder / "may-khac-1-abc").exists()


def test_a_link_in_place_of_a_mark_is_not_followed(folder, tmp_path):
    folder.mkdir()
    (tmp_path / "quan-trong").write_text("x")
    (folder / f"{socket.gethostname()}-1-abc").symlink_to(tmp_path / "quan-trong")
    assert dead_workers(folder) == {}
    assert (tmp_path / "quan-trong").read_text() == "x"


def test_where_no_crawl_ever_ran_nobody_is_alive_or_dead(folder):
    assert (alive_workers(folder), dead_workers(folder)) == ([], {})
