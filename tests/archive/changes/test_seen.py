"""Rows of changes: made with what is kept, taken back with it, listed newest first."""

from __future__ import annotations

import pytest

from archive.changes.seen import Asked, count, listed, looks_of
from archive.model import Portal
from archive.suspension import reinstate, suspend

PORTAL = "hungha.thaibinh"
ALL = ("edited", "removed", "not found", "returned")


@pytest.fixture
def edited(store, make_article, make_capture):
    """The id of an article whose figure was changed, then an accent."""
    texts = ["Chi 48,6 tỷ đồng cho lể hội.", "Chi 52,1 tỷ đồng cho lể hội.", "Chi 52,1 tỷ đồng cho lễ hội."]
    return [store.save_article(make_article(text=text), make_capture(), PORTAL).id for text in texts][-1]


def told(store, *what, **asked):
    return [(row["what"], row["version"]) for row in listed(store.conn, Asked(what or ALL, **asked), 50)]


def test_an_edit_has_a_row_with_its_largest_spot(edited, store):
    (row,) = listed(store.conn, Asked(), 10)
    assert (row["article"], row["version"], row["kinds"]) == (edited, 2, ",figures,")
    assert (row["before"], row["after"], row["spots"]) == ("48,6", "52,1", 1)
    assert (row["seen_before"], row["at"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")


def test_edits_of_spelling_alone_are_listed_when_asked_for(edited, store):
    assert told(store, "edited") == [("edited", 2)]
    assert told(store, "edited", spelling=True) == [("edited", 3), ("edited", 2)]
    assert told(store, "edited", kind="figures", spelling=True) == [("edited", 2)]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        pytest.param({"portal": PORTAL}, 1, id="portal"),
        pytest.param({"portal": "other"}, 0, id="other portal"),
        pytest.param({"since": "2026-01-02T00:00:00Z"}, 1, id="since its moment"),
        pytest.param({"until": "2026-01-02T00:00:00Z"}, 0, id="until its moment"),
        pytest.param({"kind": "names"}, 0, id="other kind"),
        pytest.param({"after": ("2026-01-02T00:00:00Z", 0)}, 0, id="behind the last row"),
    ],
)
def test_rows_are_narrowed(asked, number, edited, store):
    assert len(listed(store.conn, Asked(**asked), 10)) == number
    if "after" not in asked:
        assert count(store.conn, Asked(**asked)) == number


def test_what_was_not_found_stands_until_it_is_seen_again(store, make_article, make_capture):
    article = make_article()
    identifier = store.save_article(article, make_capture(), PORTAL).id
    looks = [make_capture(status=404) for _ in range(2)]
    for look in looks:
        store.observe(article.url, look, "missing", identifier)
    assert told(store) == [("not found", None)]
    (row,) = listed(store.conn, Asked(("not found",)), 10)
    assert row["seen_before"] == "2026-01-01T00:00:00Z"
    assert [(one["at"], one["status"]) for one in looks_of(store.conn, row)] == [(one.fetched_at, 404) for one in looks]
    store.touch(article.canonical_url, make_capture(status=304))
    assert told(store) == [("returned", None)]


def test_a_server_that_failed_says_nothing_of_the_article(store, make_article, make_capture):
    identifier = store.save_article(make_article(), make_capture(), PORTAL).id
    store.observe(make_article().url, make_capture(status=503), "server error", identifier)
    assert told(store) == []


def test_a_removal_takes_the_place_of_looks_that_prove_nothing(store, make_article, make_capture):
    article = make_article()
    identifier = store.save_article(article, make_capture(), PORTAL).id
    store.observe(article.url, make_capture(status=404), "missing", identifier)
    store.mark_gone(article.canonical_url, "2026-01-20T00:00:00Z")
    assert told(store) == [("removed", None)]


def test_a_suspended_article_has_no_rows_and_has_them_again_when_it_is_back(edited, store):
    before, kept = told(store, spelling=True), {}
    assert suspend(store, edited, "yêu cầu", "2026-02-01T00:00:00Z", kept.update)
    assert told(store, spelling=True) == []
    assert reinstate(store, edited, kept, "2026-02-02T00:00:00Z")
    assert told(store, spelling=True) == before


def test_rows_name_their_portal(edited, store):
    store.update_portal(Portal(PORTAL, "https://hungha.thaibinh.gov.vn/", "Cổng Hưng Hà"))
    assert listed(store.conn, Asked(), 1)[0]["portal_title"] == "Cổng Hưng Hà"
