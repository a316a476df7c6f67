"""What a crawl says while it runs."""

from __future__ import annotations

import json

import pytest

from crawler.crawl.progress import Speed, log_line, progress_line, time_left, waits

NIGHT = "outside its hours (19:00-07:00)"


@pytest.mark.parametrize(
    ("waiting", "told"),
    [
        ({}, ""),
        ({"a": NIGHT}, f"; waiting: a, {NIGHT}"),
        ({"a": "paused", "b": NIGHT}, "; waiting: a and 1 other portal, paused"),
        ({"a": NIGHT, "b": NIGHT, "c": NIGHT}, f"; waiting: a and 2 other portals, {NIGHT}"),
    ],
    ids=["none", "one", "two", "three"],
)
def test_a_crawl_that_waits_says_for_what(waiting, told):
    assert waits(waiting) == told


@pytest.mark.parametrize(
    ("articles", "done", "known", "seconds", "line"),
    [
        (1, 537, 904, 360.0, "1 article; 537 of 904 known pages done, about 6 min left"),
        (1204, 1, 1, None, "1,204 articles; 1 of 1 known page done"),
        (0, 5, 9, 20.0, "0 articles; 5 of 9 known pages done, under a minute left"),
        (2, 5, 90_000, 3 * 3600.0, "2 articles; 5 of 90,000 known pages done, about 3 h left"),
        (2, 5, 900_000, 50 * 3600.0, "2 articles; 5 of 900,000 known pages done, about 2 days left"),
        (2, 5, 9, 60.0, "2 articles; 5 of 9 known pages done, about 1 min left"),
    ],
)
def test_articles_come_first_then_the_share_and_the_time_left(articles, done, known, seconds, line):
    assert progress_line(articles, done, known, time_left(seconds)) == line


def test_the_time_left_goes_by_the_last_minutes():
    speed = Speed()
    speed.note(0.0, 0)
    assert speed.seconds_for(100) is None  # nothing to go by yet
    speed.note(10.0, 100)
    assert speed.seconds_for(100) == 10.0
    for moment in range(20, 400, 10):
        speed.note(float(moment), 100 + (moment - 10) // 10)  # since then one page in ten seconds
    assert speed.seconds_for(100) == 1000.0


def test_a_log_line_states_vietnams_time():
    assert json.loads(log_line("crawled", run=3))["time"].endswith("+07:00")
