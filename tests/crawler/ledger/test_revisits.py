"""When what is kept is looked at again."""

from __future__ import annotations

import pytest

from archive.text.vietnam_time import DAY, HOUR
from crawler.ledger.revisits import LADDER, article_due, unseen_due


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        pytest.param(0, 6 * HOUR, id="just published"),
        pytest.param(6 * HOUR, 18 * HOUR, id="looked at after six hours"),
        pytest.param(5 * DAY, 2 * DAY, id="first seen at five days: the steps before are skipped"),
        pytest.param(100 * DAY, 265 * DAY, id="after the quarter"),
        pytest.param(3000 * DAY, 365 * DAY, id="old: once a year"),
    ],
)
def test_the_ladder_counts_from_publication(age, wait):
    now = 1_800_000_000.0
    assert article_due(now - age, now) - now == wait


def test_every_step_of_the_ladder_is_taken_once():
    since, now, looks = 0.0, 0.0, []
    while now < LADDER[-1]:
        now = article_due(since, now)
        looks.append(now)
    assert looks == LADDER


@pytest.mark.parametrize(("since", "wait"), [(0, 1), (1, 2), (3, 4), (40, 50), (500, 365)])
def test_what_is_not_found_is_looked_for_ever_more_seldom(since, wait):
    now = 1_800_000_000.0
    assert unseen_due(now - since * DAY, now) - now == wait * DAY
