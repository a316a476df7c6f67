"""Deep looks: a schedule beside that of the crawls, by which all that is kept is asked for again."""

from __future__ import annotations

import pytest

from archive.ids import url_key
from archive.text.vietnam_time import DAY, HOUR
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Ack, Found, Outcome
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.schedule.due import claim, finish
from crawler.schedule.run_due import begin_deep_looks
from crawler.schedule.schedules import give_deep_looks, remove_schedules, schedules, set_schedules
from crawler.schedule.when import BadRule, Rule, usual_deep_rule
from tests.crawler.schedule.machine import Machine
from tests.crawler.schedule.test_when import at

START = at("2026-11-25 10:00")


@pytest.fixture
def machine(tmp_path):
    machine = Machine(str(tmp_path / "crawl.db"), START, {"a"})
    set_schedules(machine.frontier, ["a"], Rule.parse("every 6 hours"), jitter=0)
    set_schedules(machine.frontier, ["a"], Rule.parse("every month on 1 at 04:00"), jitter=0, deep=True)
    yield machine
    machine.close()


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("every month on 1 at 04:00", "2026-12-01 04:00", "2027-01-01 04:00"),
        ("monthly on the 15th at 04:30", "2026-12-15 04:30", "2027-01-15 04:30"),
        ("every month on day 3 at 4:00", "2026-12-03 04:00", "2027-01-03 04:00"),
        ("every 3 months on 1 at 04:00", "2027-01-01 04:00", "2027-04-01 04:00"),
        ("every month", "2026-12-01 00:00", "2027-01-01 00:00"),
        ("Every 2 Months", "2027-01-01 00:00", "2027-03-01 00:00"),
        ("every month on 31 at 04:00", "2026-12-31 04:00", "2027-01-31 04:00"),
        ("0 4 1 * *", "2026-12-01 04:00", "2027-01-01 04:00"),
    ],
)
def test_a_rule_may_come_about_once_a_month(rule, first, second):
    parsed = Rule.parse(rule)
    assert [parsed.next(START), parsed.next(parsed.next(START))] == [at(first), at(second)]


@pytest.mark.parametrize(
    "rule", ["every month on 0 at 04:00", "every month on 32 at 04:00", "every 5 months", "every month on 1 at 25:00"]
)
def test_a_month_that_is_none_is_told(rule):
    with pytest.raises(BadRule):
        Rule.parse(rule)


def test_both_schedules_stand_beside_each_other(machine):
    assert [(one.deep, one.rule.text) for one in schedules(machine.frontier.conn)] == [
        (False, "every 6 hours"),
        (True, "every month on 1 at 04:00"),
    ]
    assert set_schedules(machine.frontier, ["a"], Rule.parse("every month on 1 at 04:00"), jitter=0, deep=True) == 0
    assert remove_schedules(machine.frontier, ["a"], deep_only=True) == 1
    assert [one.deep for one in schedules(machine.frontier.conn)] == [False]


def test_a_deep_look_that_falls_on_a_crawl_takes_its_place(machine):
    set_schedules(machine.frontier, ["a"], Rule.parse("every month on 1 at 06:00"), jitter=0, deep=True)
    machine.now = at("2026-12-01 00:00")
    machine.tick()
    machine.now = at("2026-12-01 06:00")
    assert [(one.portal, one.deep) for one in machine.tick()] == [("a", True)]
    (row,) = machine.rows("state = 'skipped'")
    assert row["reason"].startswith("overlapping") and not row["deep"]


def test_a_deep_look_waits_for_the_crawl_that_runs_and_is_not_lost_for_a_month(machine):
    machine.now = at("2026-12-01 00:00")
    machine.tick(lambda claims: 5 * HOUR)
    machine.now = at("2026-12-01 04:00")
    assert machine.tick() == []
    machine.now = at("2026-12-01 04:30")
    assert machine.tick() == []
    deferred = machine.rows("state = 'deferred'")
    assert len(deferred) == 1 and deferred[0]["deep"] and "waits until that has ended" in deferred[0]["reason"]
    machine.now = at("2026-12-01 05:15")
    assert [one.deep for one in machine.tick()] == [True]


def test_an_interrupted_deep_look_goes_on_and_begins_nothing_anew(machine, tmp_path):
    frontier = machine.frontier
    key = url_key("http://a/tin-1.html")
    frontier.add([Found("http://a/tin-1.html", key, "a", "article", "link")])

    def due():
        return frontier.conn.execute("SELECT due FROM page").fetchone()[0]

    def visit():
        (lease,) = frontier.claim("w", 1, 5, 60.0, ["a"])
        read = Outcome("stored", Reason(Code.ARTICLE), due=machine.now + 100 * DAY)
        frontier.ack([Ack(key, lease.epoch, read, article_id=1)])
        frontier.release(lease, 0.0)

    visit()
    machine.now = at("2026-12-01 04:00")
    first = claim(frontier, "may-1", machine.standing)
    begin_deep_looks(frontier, first)
    assert due() == machine.now
    visit()
    finish(frontier, first, None, "interrupted")
    again = [one for one in claim(frontier, "may-2", machine.standing) if one.deep]
    assert len(again) == 1
    begin_deep_looks(frontier, again)
    assert due() > machine.now  # it was asked for already


def test_the_first_schedule_of_a_portal_brings_deep_looks_and_whoever_takes_them_away_is_heeded(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db", clock=lambda: START)
    assert [one.rule.text for one in give_deep_looks(frontier, ["a"])] == [usual_deep_rule("a").text]
    set_schedules(frontier, ["a"], Rule.parse("every 6 hours"))
    remove_schedules(frontier, ["a"], deep_only=True)
    assert give_deep_looks(frontier, ["a"]) == []
    assert len({usual_deep_rule(f"xa-{n}.hungyen").text for n in range(200)}) == 28  # not all on one day
    frontier.close()


def test_a_deep_look_asks_for_articles_and_attachments_and_for_no_picture(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db", clock=lambda: START)
    states = {
        "tin": ("article", "stored"),
        "het": ("article", "gone"),
        "qd": ("file", "file"),
        "anh": ("requisite", "file"),
        "bo": ("page", "skipped"),
    }
    for name, (role, state) in states.items():
        frontier.add([Found(f"http://a/{name}", url_key(name), "a", role, "link")])
        frontier.conn.execute("UPDATE page SET state = ?, due = NULL WHERE key = ?", (state, url_key(name)))
    frontier.begin(["a"], full=True)
    due = frontier.conn.execute("SELECT url FROM page WHERE due IS NOT NULL ORDER BY url").fetchall()
    assert [row[0] for row in due] == ["http://a/het", "http://a/qd", "http://a/tin"]
    frontier.close()
