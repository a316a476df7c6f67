"""The calendar of an address: weeks from Monday, days of Vietnam, each capture on its day."""

from __future__ import annotations

from archive.queries.captures import Look
from archive.site.views.captures.capture_calendar import MOST_MONTHS, calendar, first_of_day


def look(at: str, status: int = 200) -> Look:
    return Look(f"urn:uuid:{at}", "https://xa.example/tin/1", at, status, None)


def test_a_month_is_weeks_from_monday_with_none_for_days_of_other_months():
    (month,) = calendar([look("2024-05-15T03:00:00Z")])  # May 2024 began on a Wednesday and ended on a Friday
    assert [len(week) for week in month.weeks] == [7] * 5
    assert [day and day.number for day in month.weeks[0]] == [None, None, 1, 2, 3, 4, 5]
    assert [day and day.number for day in month.weeks[-1]] == [27, 28, 29, 30, 31, None, None]
    assert [day.day for week in month.weeks for day in week if day and day.looks] == ["2024-05-15"]


def test_a_capture_late_in_the_day_of_greenwich_is_of_the_next_day_in_vietnam():
    looks = [look("2024-04-30T17:00:00Z"), look("2024-04-30T16:59:59Z")]
    assert [month.month for month in calendar(looks)] == ["2024-05", "2024-04"]


def test_a_day_tells_each_status_once_and_leads_to_its_first_capture():
    looks = [look("2024-05-15T01:00:00Z"), look("2024-05-15T02:00:00Z", 304), look("2024-05-15T03:00:00Z", 304)]
    (day,) = [day for week in calendar(looks)[0].weeks for day in week if day and day.looks]
    assert (day.codes, len(day.looks)) == ([200, 304], 3)
    assert first_of_day(looks) == {looks[0]: "2024-05-15"}


def test_of_very_many_months_the_newest_are_drawn():
    looks = [look(f"{year}-{month:02d}-10T03:00:00Z") for year in range(2015, 2024) for month in range(1, 13)]
    drawn = [month.month for month in calendar(looks)]
    assert (len(drawn), drawn[0], drawn[-1]) == (MOST_MONTHS, "2023-12", "2022-01")
