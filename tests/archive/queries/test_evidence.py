"""What was read and what was looked at are two things: a version's capture holds its bytes, an observation what came instead."""

from __future__ import annotations

import pytest

from archive.export.jsonl import as_dict

PORTAL = "hungha.thaibinh"
URL = "https://hungha.thaibinh.gov.vn/tin/1"


def not_modified(make_capture, **changes):
    return make_capture(status=304, record_type="revisit", digest="", payload_bytes=0, **changes)


def test_a_304_confirms_and_is_no_evidence(store, make_article, make_capture):
    read = make_capture()
    saved = store.save_article(make_article(), read, PORTAL)
    look = not_modified(make_capture)
    store.touch(URL, look)
    record = store.record(saved.id)
    assert (record.capture.record_id, record.last_seen, record.last_checked) == (
        read.record_id,
        look.fetched_at,
        look.fetched_at,
    )
    assert as_dict(record)["capture"]["payload_digest"] == read.digest


def test_each_version_keeps_the_capture_it_was_read_from(store, make_article, make_capture):
    first, again, edited, more = (make_capture() for _ in range(4))
    saved = store.save_article(make_article(views=1), first, PORTAL)
    store.save_article(make_article(views=9), again, PORTAL)  # other bytes, the same text
    store.touch(URL, not_modified(make_capture, fetched_at="2026-01-02T12:00:00Z"))
    store.save_article(make_article(text="Đính chính."), edited, PORTAL)
    store.save_article(make_article(text="Đính chính."), more, PORTAL)
    store.touch(URL, not_modified(make_capture, fetched_at="2026-01-09T00:00:00Z"))
    shown = [store.record(saved.id, number) for number in (1, 2)]
    assert [record.capture.record_id for record in shown] == [again.record_id, more.record_id]
    assert [record.article.views for record in shown] == [9, None]
    assert [record.version_seen[0] for record in shown] == [first.fetched_at, edited.fetched_at]
    assert [version.change for version in shown[0].versions] == [None, "text"]
    assert store.record(saved.id).version == 2
    assert (store.record(saved.id, 3), store.record(saved.id, 0)) == (None, None)


def test_the_same_bytes_again_leave_the_response_that_holds_them(store, make_article, make_capture):
    read = make_capture()
    saved = store.save_article(make_article(), read, PORTAL)
    store.save_article(make_article(), make_capture(record_type="revisit", digest=read.digest), PORTAL)
    record = store.record(saved.id)
    assert (record.capture.record_id, record.last_seen) == (read.record_id, "2026-01-02T00:00:00Z")


def test_an_earlier_capture_delivered_late_does_not_become_the_evidence_of_the_newest_text(
    store, make_article, make_capture
):
    read = make_capture(fetched_at="2026-01-01T00:00:00Z")
    saved = store.save_article(make_article(), read, PORTAL)
    store.touch(URL, not_modified(make_capture, fetched_at="2026-01-03T00:00:00Z"))
    late = make_capture(fetched_at="2026-01-02T00:00:00Z")
    store.save_article(make_article(text="Bản ở giữa."), late, PORTAL)
    captures = [version.record_id for version in store.versions(saved.id)]
    assert captures == [read.record_id, late.record_id, read.record_id]
    assert store.record(saved.id).article.text != "Bản ở giữa."


def looked(store, make_capture, found, status, at, article):
    capture = make_capture(status=status, fetched_at=at)
    store.observe(URL, capture, found, article)
    return capture.record_id


def test_looks_that_found_nothing_are_told_with_their_captures_and_prove_nothing(store, make_article, make_capture):
    saved = store.save_article(make_article(), make_capture(fetched_at="2026-01-01T00:00:00Z"), PORTAL)
    ids = [
        looked(store, make_capture, "other page", 200, "2026-01-10T00:00:00Z", saved.id),
        looked(store, make_capture, "missing", 404, "2026-01-11T00:00:00Z", saved.id),
        looked(store, make_capture, "missing", 410, "2026-01-12T00:00:00Z", saved.id),
    ]
    line = as_dict(store.record(saved.id))
    assert (line["last_seen"], line["last_checked"]) == ("2026-01-01T00:00:00Z", "2026-01-12T00:00:00Z")
    assert [(look["status"], look["found"], look["capture"]) for look in line["not_seen"]] == [
        (200, "other page", ids[0]),
        (404, "missing", ids[1]),
        (410, "missing", ids[2]),
    ]
    assert (line["missing_since"], line["gone_at"]) == ("2026-01-11T00:00:00Z", None)
    store.mark_gone(URL, "2026-01-25T00:00:00Z")
    line = as_dict(store.record(saved.id))
    assert (line["missing_since"], line["gone_at"]) == ("2026-01-11T00:00:00Z", "2026-01-25T00:00:00Z")


def test_an_article_that_is_seen_again_is_missing_no_more_and_its_looks_stay(store, make_article, make_capture):
    saved = store.save_article(make_article(), make_capture(fetched_at="2026-01-01T00:00:00Z"), PORTAL)
    looked(store, make_capture, "missing", 404, "2026-01-10T00:00:00Z", saved.id)
    store.mark_gone(URL, "2026-01-10T00:00:00Z")
    store.touch(URL, not_modified(make_capture, fetched_at="2026-01-20T00:00:00Z"))
    line = as_dict(store.record(saved.id))
    assert (line["not_seen"], line["missing_since"], line["gone_at"]) == ([], None, None)
    assert store.conn.execute("SELECT count(*) FROM observation").fetchone() == (1,)


@pytest.mark.parametrize("last", ["error page", "home page", "moved", "other page", "refused", "server error"])
def test_what_is_no_404_is_not_missing(last, store, make_article, make_capture):
    saved = store.save_article(make_article(), make_capture(fetched_at="2026-01-01T00:00:00Z"), PORTAL)
    looked(store, make_capture, "missing", 404, "2026-01-10T00:00:00Z", saved.id)
    looked(store, make_capture, last, 200, "2026-01-11T00:00:00Z", saved.id)
    assert store.record(saved.id).missing_since is None


def test_a_look_delivered_twice_is_one(store, make_article, make_capture):
    saved = store.save_article(make_article(), make_capture(), PORTAL)
    capture = make_capture(status=404)
    for _ in range(2):
        store.observe(URL, capture, "missing", saved.id)
    assert len(store.record(saved.id).not_seen) == 1
