"""What pages call the list of a day is no title."""

from __future__ import annotations

import pytest

from crawler.learn.signs.groups import is_bare_day


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("12/02/2020", True),
        ("2020", True),
        ("04-07-2018 09:15", True),
        ("Họp báo 12/02/2020", False),
        ("Nghị quyết 18", False),
    ],
)
def test_a_date_and_nothing_else_is_a_bare_day(text: str, bare: bool) -> None:
    assert is_bare_day(text) is bare
