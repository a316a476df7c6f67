"""What a crawl says while it runs."""

from __future__ import annotations

import pytest

from crawler.progress import waits

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
