"""How portals were found at their last crawl: what stays over looks, what is told first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.model import Portal
from archive.rows.portal_health import Health, all_portals, never_reached, save, save_run, unjudged

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def judged(store):
    """Keeps a verdict on a portal, on a day of March; answers how it stands then."""

    def keep(verdict: str, day: int, *, portal: str = "hungha.thaibinh", well: bool = False, **known) -> Health:
        save(store.conn, portal, verdict, at=f"2026-03-{day:02d}T00:00:00Z", well=well, **known)
        return next(one for one in all_portals(store.conn) if one.portal == portal)

    return keep


def test_the_same_verdict_keeps_since_when_it_stands_and_another_begins_anew(judged):
    assert judged("no answer", 1).since == "2026-03-01T00:00:00Z"
    again = judged("no answer", 2)
    assert (again.since, again.checked_at) == ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
    assert judged("server errors", 3).since == "2026-03-03T00:00:00Z"


def test_when_all_was_well_last_outlives_trouble(judged):
    judged("complete", 1, well=True)
    trouble = judged("no answer", 2)
    assert (trouble.well_at, trouble.is_well) == ("2026-03-01T00:00:00Z", False)


def test_a_crawl_without_tls_leaves_what_is_known_of_the_certificate(judged):
    judged("complete", 1, certificate_ends="2026-06-01T00:00:00Z")
    assert judged("no answer", 2).certificate_ends == "2026-06-01T00:00:00Z"


def test_portals_that_need_a_look_come_first_then_the_latest(store, judged):
    for name, day, well in (("a", 1, True), ("b", 2, False), ("c", 3, True), ("d", 1, False)):
        judged("complete" if well else "no answer", day, portal=name, well=well)
    assert [one.portal for one in all_portals(store.conn)] == ["b", "d", "c", "a"]


def test_a_portal_is_told_by_its_title_where_it_has_one(judged):
    assert judged("complete", 1).title == "Cổng huyện Hưng Hà"
    assert judged("complete", 1, portal="never-added").title == "never-added"


def test_articles_not_found_at_their_last_look_are_counted_apart_from_those_gone(
    store, judged, make_article, make_capture
):
    kept = [store.save_article(make_article(str(n)), make_capture(), "hungha.thaibinh").id for n in range(3)]
    for identifier in kept[1:]:
        late = make_capture(fetched_at="2026-02-20T00:00:00Z", status=404)
        with store.batch():
            store.observe("x", late, "missing", identifier)
    store.mark_gone(make_article("2").canonical_url, "2026-02-21T00:00:00Z")
    health = judged("complete", 1)
    assert (health.articles, health.not_seen, health.gone) == (3, 1, 1)


@pytest.mark.parametrize(
    ("days", "near"), [(None, False), (15, False), (13, True), (0, True), (-29, True), (-31, False)]
)
def test_a_certificate_is_told_of_shortly_before_and_after_its_end(days, near):
    ends = None if days is None else (NOW + timedelta(days=days)).isoformat()
    health = Health("a", "a", "complete", "", "", None, True, 0, 0, None, certificate_ends=ends)
    assert health.certificate_is_near(NOW) is near


def test_portals_crawled_by_an_earlier_version_are_counted_until_they_are_judged(store, judged, make_capture):
    store.add_portal(Portal("xahoa", "http://xahoa.gov.vn/"))
    assert unjudged(store.conn) == 0 and ("xahoa", "xahoa") in never_reached(store.conn)
    store.save_capture(make_capture(portal="xahoa"))
    assert unjudged(store.conn) == 1 and ("xahoa", "xahoa") not in never_reached(store.conn)
    judged("complete", 1, portal="xahoa")
    assert unjudged(store.conn) == 0


def test_what_has_no_column_is_kept_as_detail(store):
    number = save_run(
        store.conn, {"portal": "xahoa", "started_at": "2026-03-01T00:00:00Z", "new": 2, "skipped_why": {"trap": 3}}
    )
    row = store.conn.execute("SELECT new, revised, detail FROM run WHERE id = ?", (number,)).fetchone()
    assert (row[0], row[1]) == (2, None)
    assert row[2] == '{"skipped_why": {"trap": 3}}'
