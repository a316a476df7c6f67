"""Moments as people in Vietnam are told them, whatever the machine's own zone is."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.vietnam_time import VIETNAM, local_day, local_time


@pytest.mark.parametrize(
    ("utc", "told"),
    [
        ("2026-03-01T16:59:59Z", "2026-03-01 23:59"),
        ("2026-03-01T17:00:00Z", "2026-03-02 00:00"),
        ("1970-01-01T00:00:00Z", "1970-01-01 07:00"),
    ],
)
def test_the_day_begins_seven_hours_before_that_of_utc(utc, told):
    unix = datetime.fromisoformat(utc).timestamp()
    assert (local_time(unix), local_day(unix)) == (told, told[:10])


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)))
def test_the_offset_is_the_same_all_year(moment):
    unix = moment.replace(tzinfo=VIETNAM).timestamp()
    assert local_time(unix) == f"{moment:%Y-%m-%d %H:%M}"
