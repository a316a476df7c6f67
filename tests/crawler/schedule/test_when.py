"""Rules mean what they say, in Vietnam's time; jitter is the same whoever asks."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.vietnam_time import VIETNAM
from crawler.schedule.when import BadRule, Rule, spread, usual_jitter


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()


def local(unix: float) -> str:
    return datetime.fromtimestamp(unix, VIETNAM).strftime("%a %Y-%m-%d %H:%M")


WEDNESDAY = at("2026-11-25 10:00")


@pytest.mark.parametrize(
    ("rule", "next_two"),
    [
        ("every 6 hours", ["Wed 2026-11-25 12:00", "Wed 2026-11-25 18:00"]),
        ("every 5 minutes", ["Wed 2026-11-25 10:05", "Wed 2026-11-25 10:10"]),
        ("every hour", ["Wed 2026-11-25 11:00", "Wed 2026-11-25 12:00"]),
        ("every day", ["Thu 2026-11-26 00:00", "Fri 2026-11-27 00:00"]),
        ("every week", ["Mon 2026-11-30 00:00", "Mon 2026-12-07 00:00"]),
        ("every day at 02:30", ["Thu 2026-11-26 02:30", "Fri 2026-11-27 02:30"]),
        ("Every  day at 10:30", ["Wed 2026-11-25 10:30", "Thu 2026-11-26 10:30"]),
        ("every week on Sunday at 03:00", ["Sun 2026-11-29 03:00", "Sun 2026-12-06 03:00"]),
        ("every week on monday, friday at 3:05", ["Fri 2026-11-27 03:05", "Mon 2026-11-30 03:05"]),
        ("every month on 1 at 04:00", ["Tue 2026-12-01 04:00", "Fri 2027-01-01 04:00"]),
        ("0 2 * * 0", ["Sun 2026-11-29 02:00", "Sun 2026-12-06 02:00"]),
        ("0 2 * * 7", ["Sun 2026-11-29 02:00", "Sun 2026-12-06 02:00"]),
        ("0 2 * * 1", ["Mon 2026-11-30 02:00", "Mon 2026-12-07 02:00"]),
        ("*/20 8-9 * * *", ["Thu 2026-11-26 08:00", "Thu 2026-11-26 08:20"]),
    ],
    ids=str,
)
def test_a_rule_comes_about_when_it_says(rule, next_two):
    assert [local(unix) for unix in itertools.islice(Rule.parse(rule).after(WEDNESDAY), 2)] == next_two


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("every minute", "too often"),
        ("* * * * *", "too often"),
        ("0,1 4 * * *", "too often"),
        ("sometimes", "is no rule"),
        ("", "is no rule"),
        ("61 * * * *", "is no cron expression"),
        ("0 0 31 2 *", "no cron expression"),
        ("every day at 25:00", "no time of day"),
        ("every week on Sunnday at 03:00", "sunnday"),
        ("every 0 hours", "too often"),
    ],
    ids=str,
)
def test_what_is_no_rule_says_why(rule, says):
    with pytest.raises(BadRule, match=says):
        Rule.parse(rule)


@given(st.floats(0, 4e9), st.sampled_from(["every 6 hours", "every 2 weeks", "0 2 * * 0", "*/15 * * * *"]))
def test_occurrences_are_later_than_asked_and_rise(unix, text):
    found = list(itertools.islice(Rule.parse(text).after(unix), 4))
    assert unix < found[0] and found == sorted(set(found))


@given(st.text(min_size=1, max_size=20), st.integers(0, 4_000_000_000), st.floats(0, 1e6))
def test_jitter_is_the_same_each_time_and_below_its_limit(portal, occurrence, jitter):
    assert 0 <= spread(portal, occurrence, jitter) == spread(portal, occurrence, jitter) <= jitter


def test_jitter_spreads_portals_evenly_and_is_drawn_anew_for_each_occurrence():
    rule = Rule.parse("every 6 hours")
    jitter = usual_jitter(rule)
    assert jitter == 1800.0
    drawn = sorted(spread(f"xa-{n}.hungyen", WEDNESDAY, jitter) for n in range(1000))
    assert drawn[100] == pytest.approx(180, abs=60) and drawn[900] == pytest.approx(1620, abs=60)
    assert spread("a", WEDNESDAY, jitter) != spread("a", WEDNESDAY + 21600, jitter)
