"""Corrections: shown in place of what was read, which stays; by later versions until a page says something else itself."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from archive.corrections import correct, take_back
from archive.export.jsonl import as_dict
from archive.model import PrintedDate
from archive.proof.checks.check_rows import check_rows
from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import newest, search
from archive.suspension import reinstate, suspend
from tests.archive.conftest import PORTAL

AT = "2026-02-01T00:00:00Z"
WRONG = PrintedDate("2026-01-31", "day", "visible", "31/01/2026")


@pytest.fixture
def kept(store, make_article, make_capture):
    """An article whose day and title were read wrong, as `kept.id`; `kept.again(**changes)` is a later look at its page."""

    class Kept:
        article = make_article(
            title="Trang chủ", published=WRONG, section="Tin", text="Đê Tân Lễ được đắp lại.", tags=["đê"]
        )
        id = 0

        def again(self, **changes):
            return store.save_article(replace(self.article, **changes), make_capture(), PORTAL)

    made = Kept()
    made.id = made.again().id
    store.save_article(
        make_article("2", title="Bài khác", published=replace(WRONG, value="2026-01-15")), make_capture(), PORTAL
    )
    return made


def said(store, identifier, **values):
    for field, value in values.items():
        correct(store, identifier, field, value, "in sai", AT, None)


def faults(store):
    return check_rows(store.conn, None, random.Random(1), lambda n: None).faults


def test_what_was_read_stays_in_its_row_and_what_is_said_is_shown_and_exported(store, kept):
    before = store.load(kept.id)
    said(
        store,
        kept.id,
        title="Đắp đê ở Tân Lễ",
        published="2026-01-10T08:30+07:00",
        tags=["đê điều"],
        section="Thủy lợi",
    )
    assert store.load(kept.id) == before and faults(store) == []
    told = as_dict(store.record(kept.id))
    assert (told["title"], told["published"], told["published_precision"]) == (
        "Đắp đê ở Tân Lễ",
        "2026-01-10T08:30+07:00",
        "minute",
    )
    assert (told["section"], told["tags"], told["published_source"]) == ("Thủy lợi", ["đê điều"], "by hand")
    assert [(one["field"], one["read"], one["value"], one["at"], one["reason"]) for one in told["corrections"]] == [
        ("published", "2026-01-31", "2026-01-10T08:30+07:00", AT, "in sai"),
        ("section", "Tin", "Thủy lợi", AT, "in sai"),
        ("tags", ["đê"], ["đê điều"], AT, "in sai"),
        ("title", "Trang chủ", "Đắp đê ở Tân Lễ", AT, "in sai"),
    ]  # fmt: skip
    assert store.record(kept.id, as_read=True).article == before


def test_search_and_lists_know_the_corrected_words_and_day_and_the_read_ones_no_more(store, kept):
    assert newest(store.conn, 9)[0].id == kept.id
    said(store, kept.id, title="Hộ đê", published="2026-01-10", section="Thủy lợi", byline="Lê Văn Đắp")
    assert [hit.id for hit in newest(store.conn, 9, PORTAL)][1] == kept.id
    found = {
        words: [hit.id for hit in search(store.conn, Query(words)).hits] for words in ('"hộ đê"', '"trang chủ"', "đắp")
    }
    assert found == {'"hộ đê"': [kept.id], '"trang chủ"': [], "đắp": [kept.id]}
    [hit] = search(store.conn, Query("đê", section="Thủy lợi")).hits
    assert (str(hit.title.striptags()), hit.published, hit.section) == ("Hộ đê", "2026-01-10", "Thủy lợi")
    assert search(store.conn, Query("đê", section="Tin")).hits == [] and faults(store) == []


def test_a_look_that_says_the_same_and_being_gone_leave_it_as_corrected(store, kept):
    said(store, kept.id, published="2026-01-10")
    kept.again(views=9)
    store.mark_gone(kept.article.canonical_url, "2026-03-01T00:00:00Z")
    assert store.record(kept.id).article.published.value == "2026-01-10" and faults(store) == []


def test_it_stands_by_a_later_version_until_its_page_says_something_else_in_that_field(store, kept):
    said(store, kept.id, title="Đắp đê", published="2026-01-10")
    kept.again(text="Đê Tân Lễ đã đắp xong.")
    now = store.record(kept.id)
    assert (now.version, now.article.title, now.article.published.value) == (2, "Đắp đê", "2026-01-10")
    kept.again(text="Đê Tân Lễ đã đắp xong.", title="Tân Lễ đắp xong đê")
    now = store.record(kept.id)
    assert (now.version, now.article.title, now.article.published.value) == (3, "Tân Lễ đắp xong đê", "2026-01-10")
    assert [store.record(kept.id, number).article.title for number in (1, 2)] == ["Đắp đê", "Đắp đê"]
    assert faults(store) == [] and [hit.id for hit in search(store.conn, Query('"xong đê"')).hits] == [kept.id]


def test_it_stands_however_the_same_page_is_read_again(store, kept):
    said(store, kept.id, title="Đắp đê")
    store.read_again(kept.id, replace(kept.article, title="Tin tức - Trang chủ"))
    [one] = store.record(kept.id).corrections
    assert (one.value, one.read) == ("Đắp đê", "Tin tức - Trang chủ") and faults(store) == []
    store.read_again(kept.id, replace(kept.article, title="Đắp đê"))
    now = store.record(kept.id)
    assert now.article.title == "Đắp đê" and now.corrections == []  # read so now: nobody's hand is needed


def test_taken_back_it_is_as_it_was(store, kept):
    before = as_dict(store.record(kept.id))
    said(store, kept.id, lead="Một câu.", title=None)
    assert store.record(kept.id).article.title is None
    assert [take_back(store, kept.id, field, AT) for field in ("lead", "title", "title")] == [
        True,
        True,
        False,
    ]
    assert as_dict(store.record(kept.id)) == before and faults(store) == []
    assert store.conn.execute("SELECT count(*) FROM corrected").fetchone()[0] == 0


def test_a_suspended_article_takes_it_along_and_brings_it_back(store, kept):
    said(store, kept.id, title="Đắp đê")
    rows = {}
    suspend(store, kept.id, "lệnh", AT, rows.update)
    held = [
        json.dumps([*row], ensure_ascii=False)
        for table in ("correction", "corrected")
        for row in store.conn.execute(f"SELECT * FROM {table}")
    ]
    assert held == [] and faults(store) == []
    reinstate(store, kept.id, rows, AT)
    assert store.record(kept.id).article.title == "Đắp đê" and faults(store) == []


def test_rows_kept_by_a_version_without_corrections_come_back(store, kept):
    rows = {}
    suspend(store, kept.id, "lệnh", AT, rows.update)
    assert reinstate(
        store, kept.id, {name: found for name, found in rows.items() if not name.startswith("correct")}, AT
    )
    assert store.record(kept.id).article.title == "Trang chủ"


def test_who_follows_the_archive_is_told(store, kept):
    said(store, kept.id, title="Đắp đê")
    last = store.conn.execute("SELECT article, what, at FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    assert tuple(last) == (kept.id, "corrected", AT)
