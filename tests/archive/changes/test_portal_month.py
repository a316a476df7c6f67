"""The month of a portal: bounds in Vietnam's time, what was watched and what was not, a page that shows text as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.changes.portal_month import bounds, month_of
from archive.model import PrintedDate
from archive.site.month_page import month_page
from tests.archive.conftest import PORTAL

NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "begins", "ends"),
    [
        ("2026-01", "2025-12-31T17:00:00+00:00", "2026-01-31T17:00:00+00:00"),
        ("2026-12", "2026-11-30T17:00:00+00:00", "2026-12-31T17:00:00+00:00"),
        ("2024-02", "2024-01-31T17:00:00+00:00", "2024-02-29T17:00:00+00:00"),
    ],
)
def test_a_month_begins_and_ends_in_vietnam(month: str, begins: str, ends: str) -> None:
    assert [moment.astimezone(UTC).isoformat() for moment in bounds(month)] == [begins, ends]


@pytest.mark.parametrize("month", ["2026-13", "2026", "x", "2026-1"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        bounds(month)


@pytest.fixture
def held(store, make_article, make_capture):
    """An article of January that was edited and then not found, one without a day, two crawls, one of a dead server."""
    january = PrintedDate("2026-01-03", "day", "visible", "3/1/2026")
    for text in ("Chi 48,6 tỷ đồng.", "Chi 52,1 tỷ đồng. <script>alert(1)</script>"):
        store.save_article(make_article(text=text, published=january), make_capture(), PORTAL)
    store.save_article(make_article("2", published=None, title="Không ngày"), make_capture(), PORTAL)
    store.save_article(
        make_article("3", published=PrintedDate("2025-12-30", "day", "visible", "30/12")), make_capture(), PORTAL
    )
    gone = make_capture(status=404)
    identifier = store.article_of("https://hungha.thaibinh.gov.vn/tin/1")
    store.observe("https://hungha.thaibinh.gov.vn/tin/1", gone, "missing", identifier)
    for start, verdict in (("2026-01-02T18:00:00Z", "complete"), ("2026-01-05T01:00:00Z", "dead server")):
        store.record_run({"portal": PORTAL, "started_at": start, "finished_at": start, "verdict": verdict, "pages": 4})
    return store


def test_a_month_holds_what_the_portal_dates_into_it_and_what_was_seen_in_it(held) -> None:
    month = month_of(held.conn, PORTAL, "2026-01", now=NOW)

    assert [(one.day[:10], one.dated) for one in month.published] == [("2026-01-03", True), ("2026-01-03", False)]
    assert month.undated == 1
    assert [change.what for change in month.changes] == ["edited", "not found"]
    assert [look.was_down for look in month.looks] == [False, True]


def test_days_on_which_nobody_looked_are_told_up_to_today(held) -> None:
    month = month_of(held.conn, PORTAL, "2026-01", now=NOW)

    # 18:00 UTC of the 2nd is the 3rd in Vietnam
    assert month.days_not_looked == tuple(f"2026-01-0{day}" for day in (1, 2, 4, 6, 7, 8, 9))
    spans = [("2026-01-01", "2026-01-02"), ("2026-01-04", "2026-01-04"), ("2026-01-06", "2026-01-09")]
    assert month.spans_not_looked == spans


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_what_portals_wrote_as_text(held, language) -> None:
    page = month_page(month_of(held.conn, PORTAL, "2026-01", now=NOW), "Cổng <b>x</b>", language)

    assert "<script>" not in page and "Cổng <b>" not in page and "&lt;script&gt;" in page
    assert "48,6" in page and "404" in page
    claim = {"vi": "(1)</h2>\n<p>Thêm 1 bài không ghi ngày", "en": "(1)</h2>\n<p>And 1 article without a day"}
    assert claim[language] in page


def test_another_month_holds_nothing(held) -> None:
    month = month_of(held.conn, PORTAL, "2025-11", now=NOW)

    assert not month.published and not month.changes and not month.looks
    assert len(month.days_not_looked) == 30


@pytest.fixture
def undated(store, make_article, make_capture):
    """A portal whose 400 articles of January bear no day."""
    capture = make_capture()
    with store.batch():
        for at in range(400):
            article = make_article(
                f"bai-{at}", published=None, title=f"Xã họp về việc gặt lúa, đắp đê, làm đường lần thứ {at}"
            )
            store.save_article(article, replace(capture, record_id=f"{capture.record_id}-{at}"), PORTAL)
    return month_of(store.conn, PORTAL, "2026-01", now=NOW)


def test_a_report_holds_a_long_month_whole(undated) -> None:
    assert month_page(undated, "Cổng").count("lần thứ") == 400
