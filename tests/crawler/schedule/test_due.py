"""What is due is claimed once, by whoever comes first; whatever is left out has a row that says why."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest

from archive.text.vietnam_time import DAY, HOUR
from crawler.folder.hours import Hours
from crawler.ledger.frontier import Ledger
from crawler.schedule.due import Standing, claim, finish, span
from crawler.schedule.schedules import remove_schedules, schedules, set_schedules
from crawler.schedule.when import Rule
from tests.crawler.schedule.machine import Machine
from tests.crawler.schedule.test_when import at

START = at("2026-11-25 10:00")


@pytest.fixture
def machine(tmp_path):
    machine = Machine(str(tmp_path / "crawl.db"), START, {"a", "b"})
    set_schedules(machine.frontier, ["a", "b"], Rule.parse("every 6 hours"), jitter=0)
    yield machine
    machine.close()


def test_nothing_is_due_before_its_time_and_all_of_it_together_at_its_time(machine):
    assert machine.tick() == []
    machine.now = at("2026-11-25 12:00")
    assert [one.portal for one in machine.tick()] == ["a", "b"]
    assert machine.tick() == [] == machine.tick(which=1)
    assert {one.next_at for one in schedules(machine.frontier.conn)} == {at("2026-11-25 18:00")}


def test_an_outage_is_one_row_of_what_was_missed_and_one_run_that_catches_up(machine):
    machine.now = START + 3 * DAY
    claims = machine.tick()
    assert [(one.portal, one.missed) for one in claims] == [("a", 11), ("b", 11)]
    missed = machine.rows("state = 'missed' AND portal = 'a'")
    assert len(missed) == 1 and missed[0]["missed"] == 11
    assert "11 occurrences were missed" in missed[0]["reason"]
    assert machine.tick() == []


def test_a_run_that_is_still_under_way_has_the_next_one_skipped(machine):
    machine.now = at("2026-11-25 12:00")
    machine.tick(lambda claims: 7 * HOUR)
    machine.now = at("2026-11-25 18:00")
    assert machine.tick() == []
    assert {row["reason"] for row in machine.rows("state = 'skipped'")} == {
        "overlapping: the run of 2026-11-25 12:00 still crawls it"
    }
    machine.now = at("2026-11-26 00:00")
    assert len(machine.tick()) == 2


def test_a_crawl_by_hand_counts_as_overlapping_while_its_process_lives(machine):
    machine.frontier.conn.execute(
        "INSERT INTO run (started_at, portals, settings, software, worker) VALUES (?, '[\"a\"]', '{}', 'x', 'may-hand')",
        (START,),
    )
    machine.now = at("2026-11-25 12:00")
    standing = Standing(machine.portals, ["may-hand"], host="may")
    assert [one.portal for one in claim(machine.frontier, "may-1", lambda: standing)] == ["b"]
    assert "a crawl begun 2026-11-25 10:00" in machine.rows("state = 'skipped'")[0]["reason"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"paused": {"a"}}, "paused: tinhuyen resume a"),
        ({"portals": {"b"}}, "not in this archive any more"),
        ({"no_room": "only 3 MB are free"}, "only 3 MB are free"),
    ],
    ids=["paused", "removed", "no room"],
)
def test_what_cannot_be_crawled_is_a_row_with_its_reason(machine, change, says):
    for name, value in change.items():
        setattr(machine, name, value)
    machine.now = at("2026-11-25 12:00")
    machine.tick()
    (row,) = machine.rows("portal = 'a'")
    assert row["state"] == "skipped" and says in row["reason"]
    assert schedules(machine.frontier.conn)[0].occurrence == at("2026-11-25 18:00")


def test_outside_its_hours_a_portal_waits_once_until_they_open(machine):
    machine.hours = {"a": Hours.parse("19:00-07:00")}
    for hour in (12, 13, 18):
        machine.now = at(f"2026-11-25 {hour}:00")
        machine.tick()
        machine.now += 120
        machine.end_those_over()
    machine.now = at("2026-11-25 19:00")
    assert [one.portal for one in machine.tick()] == ["a"]
    states = [(row["state"], row["reason"]) for row in machine.rows("portal = 'a'")]
    assert states[0] == ("deferred", "outside its hours (19:00-07:00): waits until they open")
    assert states[1:] == [("claimed", None)]
    machine.now = at("2026-11-26 00:00")
    assert {one.portal for one in machine.tick()} == {"a", "b"}


def test_a_rule_that_never_falls_within_the_hours_is_put_off_each_day(tmp_path):
    machine = Machine(str(tmp_path / "crawl.db"), START, {"a"}, hours={"a": Hours.parse("22:00-04:00")})
    set_schedules(machine.frontier, ["a"], Rule.parse("every day at 12:00"), jitter=0)
    for _ in range(3 * 24 * 4):
        machine.now += 900
        machine.tick()
    assert [(occurrence, begun) for _, occurrence, begun, _ in machine.ran] == [
        (at(f"2026-11-{day} 12:00"), at(f"2026-11-{day} 22:00")) for day in (25, 26, 27)
    ]
    machine.close()


def test_a_killed_run_is_lost_and_taken_up_again_three_times_then_left_to_its_next_occurrence(machine):
    machine.now = at("2026-11-25 12:00")
    machine.tick()
    for again in range(3):
        machine.kill()
        machine.now += 60
        claims = machine.tick()
        assert [(one.portal, one.again) for one in claims] == [("a", True), ("b", True)], again
    machine.kill()
    machine.now += 60
    assert machine.tick() == []
    lost = machine.rows("state = 'lost' AND portal = 'a'")
    assert len(lost) == 4 and "4 times in a row" in lost[-1]["reason"]
    assert [row["again_of"] for row in machine.rows("portal = 'a'")] == [None, *(row["id"] for row in lost[:-1])]
    machine.now = at("2026-11-25 18:00")
    assert len(machine.tick()) == 2


def test_an_interrupted_run_is_due_again_at_once_and_a_stopped_one_is_not(machine):
    machine.now = at("2026-11-25 12:00")
    claims = machine.tick()
    process = machine.running.pop()
    finish(machine.frontier, process.claims[:1], 1, "interrupted")
    finish(machine.frontier, process.claims[1:], 1, "stopped")
    machine.now += 1
    again = machine.tick()
    assert [(one.portal, one.occurrence) for one in again] == [("a", claims[0].occurrence)]


def test_a_clock_that_goes_back_is_told_and_reckoned_anew(machine):
    machine.now = START + 400 * DAY  # a wrong clock
    machine.tick()
    machine.now = START + HOUR
    machine.tick()
    assert machine.tick() == []
    rows = machine.rows("state = 'skipped'")
    assert {row["reason"] for row in rows} == {f"the clock went back by {span(400 * DAY - HOUR)}"}
    machine.end_those_over()
    machine.kill() if machine.running else None
    machine.now = at("2026-11-25 12:00")
    machine.tick()
    assert {one.next_at for one in schedules(machine.frontier.conn)} == {at("2026-11-25 18:00")}


def test_a_clock_that_is_decades_ahead_counts_no_further_than_it_must(machine):
    began = time.perf_counter()
    machine.now = START + 40 * 365 * DAY
    assert len(machine.tick()) == 2 and machine.tick() == []
    assert time.perf_counter() - began < 5


def test_setting_the_same_schedule_again_moves_nothing(machine):
    machine.now += 60
    assert set_schedules(machine.frontier, ["a", "b"], Rule.parse("every  6 hours"), jitter=0) == 0
    assert set_schedules(machine.frontier, ["a"], Rule.parse("0 2 * * 0"), jitter=0) == 1
    assert {one.portal: one.rule.text for one in schedules(machine.frontier.conn)} == {
        "a": "0 2 * * 0",
        "b": "every 6 hours",
    }
    assert remove_schedules(machine.frontier, ["a", "c"]) == 1


def _claim_from_a_process(path: str, name: str, start, found) -> None:
    frontier = Ledger(path, clock=lambda: START + DAY)
    start.wait()
    claims = claim(
        frontier, name, lambda: Standing([f"xa-{n}" for n in range(200)], [f"may-{n}" for n in range(6)], host="may")
    )
    found.put((name, [one.portal for one in claims]))
    frontier.conn.close()


@pytest.mark.slow
def test_six_processes_that_look_at_once_claim_each_portal_once(tmp_path: Path):
    path = str(tmp_path / "crawl.db")
    frontier = Ledger(path, clock=lambda: START)
    set_schedules(frontier, [f"xa-{n}" for n in range(200)], Rule.parse("every 6 hours"))
    frontier.close()
    context = multiprocessing.get_context("spawn")
    start, found = context.Event(), context.Queue()
    processes = [context.Process(target=_claim_from_a_process, args=(path, f"may-{n}", start, found)) for n in range(6)]
    for process in processes:
        process.start()
    start.set()
    claimed = [portal for _ in processes for portal in found.get(timeout=60)[1]]
    for process in processes:
        process.join()
    assert sorted(claimed) == sorted(f"xa-{n}" for n in range(200))


def test_portals_that_are_closing_are_claimed_before_all_others(machine):
    machine.frontier.conn.execute("INSERT INTO sunset VALUES ('b', 'moved', 'redirects', ?, NULL)", (START,))
    machine.now = at("2026-11-25 12:00")
    assert [one.portal for one in machine.tick()] == ["b", "a"]
