"""The estimate of a first crawl: how long lists are by the numbers seen, and what is printed of it."""

from __future__ import annotations

import json

import pytest

from crawler.crawl import estimate
from crawler.crawl.estimate import Effort, Holdings, Plan

HELD, FIRST, DEEP = Holdings(1234, 56, 789, 0), Effort(2082, 0.578, 41_000_000), Effort(1300, 50.0, 9_000_000)


def plan(**known) -> Plan:
    told = {"delay": 1.0, "sampled": 40, "reached": True, "why": "the sitemap names them", "conditional": True}
    return Plan("hoaan", "http://hoaan.gov.vn/", HELD, FIRST, DEEP, **{**told, **known})


@pytest.mark.parametrize(
    ("numbers", "pages"),
    [
        (set(), 1),
        ({0}, 1),
        ({1, 2, 3, 27}, 27),
        ({10, 20, 30}, 4),  # entries, ten a page: the first page has none
        ({0, 5, 40}, 9),
        ({7}, 2),  # one number alone may count entries
    ],
    ids=["none", "the-first", "pages", "entries", "entries-from-nought", "one-link"],
)
def test_a_series_is_as_long_as_its_highest_number_in_steps_of_its_numbers(numbers, pages):
    assert estimate._length(numbers) == pages


@pytest.mark.parametrize(
    ("number", "shown"), [(0, 0), (7, 7), (99, 99), (104, 100), (1234, 1200), (98_765, 99_000), (150_001, 150_000)]
)
def test_an_estimate_has_two_digits_that_mean_something(number, shown):
    assert estimate._round(number) == shown


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0.001, "1 minute"), (0.5, "30 minutes"), (1.0, "1.0 hours"), (47.9, "47.9 hours"), (48, "2.0 days")],
)
def test_a_duration_is_told_in_the_unit_a_person_would_use(hours, said):
    assert estimate._duration(hours) == said


@pytest.mark.parametrize(
    ("url", "run", "numbers"),
    [
        ("http://a.vn/tin?page=7", "http://a.vn/tin?page=#", [7]),
        ("http://a.vn/tin/2020/7", "http://a.vn/tin/2020/#", [7]),
        ("http://a.vn/tin-7-8", "http://b.vn/#", [8]),
    ],
    ids=["query", "path", "not-of-that-series"],
)
def test_the_number_of_a_page_is_what_varies_in_its_series(url, run, numbers):
    assert estimate._varying(url, run) == numbers


def test_the_names_of_the_json_are_those_of_every_version_so_far():
    told = json.loads(json.dumps(plan().as_dict()))
    assert set(told) == {
        *("portal", "url", "articles", "lists", "files", "requests", "delay", "hours", "bytes", "named_by_sitemap"),
        *("sampled", "reached", "why", "deep_requests", "deep_hours", "deep_bytes", "conditional"),
    }
    assert (told["requests"], told["deep_requests"], told["deep_hours"]) == (2082, 1300, 50.0)


def test_a_portal_that_was_not_reached_has_no_plan_but_a_reason():
    assert plan(reached=False, why="the name does not resolve").lines() == ["hoaan: no plan: the name does not resolve"]


@pytest.mark.parametrize("conditional", [True, False])
def test_a_server_that_cannot_say_what_is_unchanged_is_told(conditional):
    text = "\n".join(plan(conditional=conditional).lines())
    assert ("pages come whole" in text) is not conditional
    assert "about 1,200" in text and "35 minutes" in text and "41 MB" in text and "2.1 days" in text
