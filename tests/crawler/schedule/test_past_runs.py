"""What ran and what did not, as it is told: a line a run, its portals below, left-out occurrences together."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.schedule.past_runs import MOST_PORTALS, lines

RUN: dict[str, Any] = {
    "kind": "run", "run": 5, "started_at": "2026-03-02 08:00", "finished_at": "2026-03-02 08:10", "seconds": 600.0,
    "outcome": "finished", "by_schedule": [], "deep": [], "caught_up": 0, "portals": ["xahoa"], "requests": 1200,
    "articles": {"new": 4, "revised": 1}, "lists": {}, "files": 3, "skipped": {"trap": 1500}, "failed": 2, "bytes": 2_500_000,
    "settings": {}, "software": "x", "verdicts": [],
}  # fmt: skip
LEFT: dict[str, Any] = {
    "kind": "occurrence", "at": "2026-03-02 09:00", "portal": "xahoa", "occurrence": "2026-03-02 08:30", "state": "skipped",
    "reason": "xahoa is paused", "missed": 0, "deep": False, "run": None,
}  # fmt: skip


def verdict(portal: str, name: str = "complete", **counts: Any) -> dict[str, Any]:
    return {"portal": portal, "verdict": name, "why": "as seen", "advice": "Look at it.", "counts": counts}


def told(*entries: dict[str, Any], portal: str | None = None) -> str:
    return "\n".join(lines(list(entries), portal))


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({}, "run 5 by hand: 1 portal, 1,200 requests in"),
        ({}, "4 new, 1 revised, 0 gone, 1,500 skipped, 2 failed, 2.5 MB"),
        ({"by_schedule": ["xahoa"]}, "by schedule: 1 portal,"),
        ({"by_schedule": ["a"], "deep": list("abcde")}, "by schedule, a deep look of a, b, c, d and others"),
        ({"caught_up": 3}, "by hand, catching up 3 missed:"),
        ({"portals": ["a", "b"], "requests": 1}, "2 portals, 1 request in"),
        ({"seconds": None, "outcome": "running"}, "running      run 5 by hand: 1 portal, 1,200 requests, 4 new"),
    ],
)
def test_a_run_is_one_line(known, says):
    text = told({**RUN, **known})
    assert says in text and len(text.splitlines()) == 1


def test_portals_with_trouble_come_first_with_what_to_do():
    text = told({**RUN, "verdicts": [verdict("a"), verdict("b", "no answer")]}).splitlines()
    assert [line.split()[0] for line in text[1:]] == ["b", "Look", "a"]


def test_of_many_portals_the_first_are_shown_and_all_of_one_that_is_asked_for():
    many = {**RUN, "verdicts": [verdict(f"p{n:02d}") for n in range(MOST_PORTALS + 3)]}
    text = told(many)
    assert "and 3 more: tinhuyen schedule history PORTAL" in text and "p14" not in text
    assert "p14" in told(many, portal="xahoa")


def test_why_pages_were_skipped_is_told_of_one_portal_alone():
    run = {**RUN, "verdicts": [verdict("xahoa", skipped_why={"trap": 1500})]}
    assert "skipped: 1,500 trap" in told(run, portal="xahoa")
    assert "skipped: " not in told(run)


def test_occurrences_left_out_for_one_reason_at_one_look_share_a_line():
    names = [
        {**LEFT, "portal": name, "reason": f"{name} is paused"}
        for name in ("xa-1", "xa-2", "xa-3", "xa-4", "xa-5", "xa-6")
    ]
    (line,) = told(*names).splitlines()
    assert line.startswith("2026-03-02 09:00  skipped      xa-1, xa-2, xa-3, xa-4 and 2 more: xa-1 is paused")


@pytest.mark.parametrize("other", [{"at": "2026-03-02 10:00"}, {"state": "missed"}, {"reason": "busy"}, {"deep": True}])
def test_those_left_out_otherwise_have_a_line_of_their_own(other):
    assert len(told(LEFT, {**LEFT, **other}).splitlines()) == 2


def test_a_missed_occurrence_says_since_when_and_a_run_ends_what_is_told_together():
    missed = {**LEFT, "state": "missed", "reason": None}
    assert told(missed) == "2026-03-02 09:00  missed       xahoa (from 2026-03-02 08:30 on)"
    assert len(told(LEFT, RUN, LEFT).splitlines()) == 3


def test_where_nothing_ran_nothing_is_told():
    assert lines([]) == []
