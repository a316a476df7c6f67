"""Hours in which portals may be asked: spans of Vietnam's day, over midnight too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.vietnam_time import DAY, VIETNAM
from crawler.folder.hours import Hours

NIGHT = "22:00-06:00"


def at(clock: str, day: int = 2) -> float:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=VIETNAM).timestamp()


@pytest.mark.parametrize(
    ("spans", "clock", "allowed"),
    [
        (NIGHT, "21:59", False),
        (NIGHT, "22:00", True),
        (NIGHT, "00:00", True),
        (NIGHT, "05:59", True),
        (NIGHT, "06:00", False),
        ("12:00-13:00", "12:59", True),
        ("12:00-13:00", "13:00", False),
        ("00:00-24:00", "13:00", True),
        ("18:00-24:00", "23:59", True),
        ("18:00-24:00", "00:00", False),
        ("08:00-08:00", "03:00", True),  # from eight to eight is all day
        (f"12:00 – 13:00, {NIGHT}", "12:30", True),
        (f"12:00-13:00, {NIGHT}", "14:00", False),
    ],
)
def test_a_span_holds_its_beginning_and_not_its_end(spans, clock, allowed):
    assert Hours.parse(spans).allow(at(clock)) is allowed


def test_without_spans_any_hour_will_do():
    assert Hours().allow(at("03:00")) and Hours().next_opening(at("03:00")) == at("03:00")


@pytest.mark.parametrize(
    ("clock", "opens"),
    [
        ("23:00", at("23:00")),
        ("07:00", at("12:00")),
        ("12:30", at("12:30")),
        ("13:00", at("22:00")),
        ("05:00", at("05:00")),
    ],
)
def test_the_next_opening_is_now_or_the_nearest_beginning(clock, opens):
    assert Hours.parse(f"{NIGHT}, 12:00-13:00").next_opening(at(clock)) == opens


def test_an_opening_that_is_past_today_is_tomorrows():
    assert Hours.parse("08:00-09:00").next_opening(at("10:00")) == at("08:00", 3)


clocks = st.times().map(lambda time: f"{time:%H:%M}")


@given(st.lists(st.tuples(clocks, clocks), min_size=1, max_size=3), st.integers(0, 2 * 86400))
def test_asking_is_allowed_at_the_next_opening_which_is_within_a_day(spans, seconds):
    hours = Hours.parse(", ".join(f"{begin}-{end}" for begin, end in spans))
    now = at("00:00") + seconds
    opens = hours.next_opening(now)
    assert hours.allow(opens) and now <= opens <= now + DAY
    assert opens == now or not hours.allow(opens - 1)


@given(st.lists(st.tuples(clocks, clocks), min_size=1, max_size=3))
def test_hours_are_written_as_they_are_read(spans):
    hours = Hours.parse(", ".join(f"{begin}-{end}" for begin, end in spans))
    assert Hours.parse(str(hours)) == hours


@pytest.mark.parametrize(
    "text", ["", "always", "22-6", "22:00", "25:00-06:00", "22:00-06:60", "22:00-06:00;12:00-13:00"]
)
def test_what_is_no_span_is_refused(text):
    with pytest.raises(ValueError):
        Hours.parse(text)


def test_hours_are_vietnams_whatever_the_machines_zone_is():
    assert Hours.parse(NIGHT).allow(datetime(2026, 3, 2, 16, 0, tzinfo=UTC).timestamp())
