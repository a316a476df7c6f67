"""Thirty days of 300 portals under a simulated clock, with an outage, kills and tickers that look at the same moment."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict

import pytest

from archive.text.vietnam_time import DAY, HOUR, MINUTE
from crawler.folder.hours import Hours
from crawler.schedule.schedules import schedules, set_schedules
from crawler.schedule.when import Rule
from tests.crawler.schedule.machine import Machine
from tests.crawler.schedule.test_when import at

START = at("2026-11-01 00:00")
OUTAGE = (START + 10 * DAY + 5 * HOUR, START + 13 * DAY + 5 * HOUR)
RULES = ["every 6 hours", "every day at 02:30", "every week on Sunday at 03:00", "every 2 hours", "30 */8 * * 1-5"]
PORTALS = [f"xa-{n}.hungyen" for n in range(300)]


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """The machine after its month; ``machine.caught_up`` are the claims of the first look after the outage."""
    rand = random.Random(20261101)
    machine = Machine(str(tmp_path_factory.mktemp("month") / "crawl.db"), START, set(PORTALS))
    machine.frontier.conn.execute("PRAGMA synchronous = OFF")
    machine.hours = {name: Hours.parse("19:00-07:00") for name in PORTALS[::25]}
    for n, rule in enumerate(RULES):
        set_schedules(machine.frontier, PORTALS[n :: len(RULES)], Rule.parse(rule))
    machine.rule = {one.portal: one for one in schedules(machine.frontier.conn)}
    machine.kills, machine.caught_up = 0, []
    while machine.now < START + 30 * DAY:
        machine.now += 5 * MINUTE
        if OUTAGE[0] <= machine.now < OUTAGE[1]:
            machine.running.clear()  # the power is off
            continue
        takes = lambda claims: rand.choice([2, 10, 40, 180]) * MINUTE  # noqa: E731
        for which in rand.sample([0, 1, 0], k=rand.choice([1, 2, 3])):  # tickers that overlap
            claims = machine.tick(takes, which)
            if machine.now - OUTAGE[1] < DAY and machine.now >= OUTAGE[1]:
                machine.caught_up += [(machine.now, one) for one in claims]
        if machine.running and rand.random() < 0.01:
            machine.kill(rand.randrange(len(machine.running)))
            machine.kills += 1
        if rand.random() < 0.002:
            machine.paused ^= {rand.choice(PORTALS)}
        machine.no_room = "the disk is full" if 20 * DAY < machine.now - START < 20.2 * DAY else None
    machine.now += 12 * HOUR
    machine.end_those_over()
    yield machine
    machine.close()


@pytest.mark.slow
def test_every_occurrence_is_run_once_or_has_a_row_that_says_why_not(month):
    kinds = Counter()
    for portal in PORTALS:
        rows = month.rows(f"portal = '{portal}'")
        schedule = month.rule[portal]
        accounted = Counter()
        for row in rows:
            kinds[row["state"]] += 1
            assert row["state"] in ("done", "lost", "skipped", "missed", "deferred", "claimed")
            assert row["reason"] or row["state"] in ("done", "claimed")
            if row["state"] == "missed":
                occurrences = schedule.rule.after(row["occurrence"] - 1)
                accounted.update(itertools.islice(occurrences, row["missed"]))
            elif row["state"] in ("done", "skipped", "claimed", "lost") and row["again_of"] is None:
                accounted[row["occurrence"]] += 1
        expected = list(itertools.takewhile(max(accounted).__ge__, schedule.rule.after(START)))
        late = set(expected) - set(accounted)
        if portal not in month.hours:  # what falls together while hours are closed is one run
            assert not late, (portal, sorted(late)[:3])
        assert not set(accounted) - set(expected)
        assert max(accounted.values()) == 1, portal
        assert len(expected) > 3
    assert month.kills > 30 and kinds["lost"] > 30
    assert all(kinds[name] for name in ("done", "skipped", "missed", "deferred"))


@pytest.mark.slow
def test_after_the_outage_each_portal_is_caught_up_exactly_once(month):
    missed = Counter(row["portal"] for row in month.rows("state = 'missed'") if row["at"] >= OUTAGE[1])
    assert set(missed.values()) == {1}
    often = [
        portal
        for portal in PORTALS
        if month.rule[portal].rule.text in ("every 6 hours", "every day at 02:30", "every 2 hours")
    ]
    caught = defaultdict(list)
    for at_, one in month.caught_up:
        if one.missed:
            caught[one.portal].append(at_)
    blocked = {
        row["portal"]
        for row in month.rows("state IN ('skipped', 'deferred')")
        if OUTAGE[1] <= row["at"] < OUTAGE[1] + DAY
    }
    for portal in often:
        assert len(caught[portal]) == 1 or portal in blocked or portal in month.hours, portal


@pytest.mark.slow
def test_no_portal_is_crawled_twice_at_the_same_time(month):
    spans = defaultdict(list)
    for portal, _, begun, ended in month.ran:
        spans[portal].append((begun, ended))
    for portal, found in spans.items():
        found.sort()
        assert all(later[0] >= earlier[1] for earlier, later in itertools.pairwise(found)), portal
    assert len(month.ran) == len({(portal, begun) for portal, _, begun, _ in month.ran})


@pytest.mark.slow
def test_nothing_lost_stays_lost(month):
    for row in month.rows("state = 'lost'"):
        again = month.rows(f"again_of = {row['id']}")
        assert len(again) == 1 or "in a row" in row["reason"]
        assert not any("overlapping" in (one["reason"] or "") for one in again)
