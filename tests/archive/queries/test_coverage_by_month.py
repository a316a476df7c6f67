"""Coverage by month: what an empty month is told to be, by the looks in it and after it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.queries.coverage_by_month import coverage
from archive.rows import portal_health

PORTAL = "hungha.thaibinh"
NOW = datetime(2026, 6, 15, tzinfo=UTC)


def looked(store, day: str, verdict: str) -> None:
    with store.batch():
        run = {
            "portal": PORTAL,
            "started_at": f"{day}T01:00:00Z",
            "finished_at": f"{day}T02:00:00Z",
            "verdict": verdict,
        }
        portal_health.save_run(store.conn, run)


def causes(store, years=()):
    found = coverage(store.conn, PORTAL, years, NOW)
    return found, {month.month: month for _, months in found.years for month in months if month is not None}


@pytest.mark.parametrize(
    ("looks", "month", "cause"),
    [
        pytest.param(
            [("2026-02-03", "complete"), ("2026-04-03", "complete")], "2026-03", "nothing", id="looked at later"
        ),
        pytest.param([("2026-03-03", "complete")], "2026-02", "before", id="before the first look"),
        pytest.param([("2026-03-03", "complete")], "2026-05", "not_looked", id="no look since"),
        pytest.param(
            [("2026-02-03", "complete"), ("2026-04-03", "no answer")], "2026-03", "down", id="no answer since"
        ),
        pytest.param([("2026-02-03", "complete"), ("2026-04-03", "limited")], "2026-03", "part", id="part of it since"),
        pytest.param(
            [("2026-04-03", "no answer"), ("2026-05-03", "idle")], "2026-04", "nothing", id="down, then looked at"
        ),
    ],
)
def test_an_empty_month_is_told_by_the_looks_since(store, looks, month, cause):
    for day, verdict in looks:
        looked(store, day, verdict)
    assert causes(store)[1][month].cause == cause


def test_a_month_with_articles_tells_looks_that_were_not_answered(store):
    looked(store, "2026-03-03", "no answer")
    looked(store, "2026-03-04", "complete")
    _, months = causes(store, [(2026, [0, 0, 4] + [0] * 9, 4)])
    march = months["2026-03"]
    assert (march.cause, march.articles, march.looks, march.down, march.verdict) == ("held", 4, 2, 1, "no answer")


def test_whole_years_without_an_article_are_gaps_and_months_to_come_are_none(store):
    looked(store, "2026-03-03", "complete")
    found, _ = causes(store, [(2026, [1] * 3 + [0] * 9, 3), (2022, [1] * 12, 12)])
    assert [(gap.first, gap.last, gap.cause) for gap in found.gaps] == [(2023, 2025, "before")]
    assert found.years[0][1][6:] == [None] * 6


def test_a_look_counts_in_the_month_it_has_in_vietnam(store):
    with store.batch():
        portal_health.save_run(
            store.conn, {"portal": PORTAL, "started_at": "2026-01-31T20:00:00Z", "verdict": "complete"}
        )
    assert causes(store)[1]["2026-02"].looks == 1


def test_a_misprinted_year_does_not_draw_centuries(store):
    found, _ = causes(store, [(2026, [1] * 12, 12), (1026, [1] + [0] * 11, 1)])
    assert len(found.years) == 41
