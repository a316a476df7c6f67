"""The index of what was changed, removed or put back: it holds those articles, whichever way they came to be so."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from archive.model import Attachment, PrintedDate
from archive.proof.checks.check_rows import check_rows
from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import search
from archive.rows import search_index
from archive.suspension import reinstate, suspend
from tests.archive.conftest import PORTAL

FILE = "https://hungha.thaibinh.gov.vn/a.pdf"


@pytest.fixture
def held(store, make_article, make_capture):
    """Nine articles of one subject, of which nothing happened."""
    for at in range(9):
        article = make_article(
            str(at), title=f"Thu hồi đất lần {at}", attachments=[Attachment(FILE)] if at == 5 else []
        )
        store.save_article(article, make_capture(url=article.url), PORTAL)
    return store


def found(store, state, text="thu hồi đất"):
    """The last parts of the addresses that a search among what is in a state finds."""
    urls = dict(store.conn.execute("SELECT id, url FROM article").fetchall())
    return "".join(sorted(urls[hit.id][-1] for hit in search(store.conn, Query(text, state=state)).hits))


def edit(store, make_article, make_capture, path, text="Sửa lại: 48,6 tỷ đồng."):
    article = make_article(path, title=f"Thu hồi đất lần {path}", text=text)
    store.save_article(article, make_capture(url=article.url), PORTAL)
    return article.canonical_url


def test_nothing_happened(held):
    assert [found(held, state) for state in ("changed", "removed", "returned")] == ["", "", ""]
    assert held.conn.execute("SELECT count(*) FROM altered_fts_docsize").fetchone() == (0,)


def test_an_edit_a_removal_and_a_return_are_found_by_the_words_that_stand(held, make_article, make_capture):
    edit(held, make_article, make_capture, "1")
    url = make_article("2").canonical_url
    held.mark_gone(url, "2026-02-01T00:00:00Z")
    held.mark_gone(make_article("3").canonical_url, "2026-02-01T00:00:00Z")
    held.touch(make_article("3").canonical_url, make_capture(fetched_at="2026-02-09T00:00:00Z"))

    assert [found(held, state) for state in ("changed", "removed", "returned")] == ["1", "2", "3"]
    assert found(held, "changed", "48,6 tỷ") == "1" and found(held, "changed", '"huyện họp"') == ""
    edit(held, make_article, make_capture, "1", "Không còn con số nào.")
    assert found(held, "changed", "48,6 tỷ") == "" and found(held, "changed", "không còn con số") == "1"


def test_another_file_is_a_change(held, make_capture):
    for sha256 in ("a" * 64, "b" * 64):
        held.save_file(FILE, PORTAL, make_capture(url=FILE, kind="file"), sha256, 9)

    assert found(held, "changed") == "5"


def test_one_that_was_taken_down_comes_back_into_it(held, make_article, make_capture):
    identifier, taken = held.article_of(edit(held, make_article, make_capture, "1")), []
    suspend(held, identifier, "court", "2026-03-01T00:00:00Z", taken.append)
    assert found(held, "changed") == ""

    reinstate(held, identifier, taken[0], "2026-03-02T00:00:00Z")
    assert found(held, "changed") == "1"


def test_side_by_side_comes_before_apart_among_many_that_were_changed(held, make_article, make_capture):
    for at in range(9):
        edit(held, make_article, make_capture, str(at), "Xã ở đất nào?")
    article = make_article("x", title="Xã họp", text="Việc thu hồi đất ở xã.")
    for one in (article, replace(article, text="Việc thu hồi đất ở xã. Thêm.")):
        held.save_article(one, make_capture(url=one.url), PORTAL)

    hits = search(held.conn, Query("thu hồi đất ở xã", state="changed")).hits
    assert hits[0].title.striptags() == "Xã họp"


def test_what_was_removed_is_ranked_beside_many_more_that_were_changed(store, make_article, make_capture):
    def save(path, title, text, day="2020-01-01"):
        published = PrintedDate(day, "day", "meta", day)
        article = make_article(path, title=title, text=text, published=published)
        store.save_article(article, make_capture(url=article.url, fetched_at="2026-01-05T00:00:00Z"), PORTAL)
        return article.canonical_url

    with store.batch():
        gone = [save("right", "Thu hồi đất ở xã", "Việc thu hồi đất ở xã.", "2019-01-01")]
        gone += [save(f"apart-{at}", "Xã họp", "Hồi đó. Đất này. Thu kia. Ở xã nào?") for at in range(70)]
        for text in ("Việc thu hồi đất ở xã.", "Việc thu hồi đất ở xã, sửa."):
            for at in range(70):
                save(f"changed-{at}", "Thu hồi đất ở xã", text)
        for url in gone:
            store.mark_gone(url, "2026-02-01T00:00:00Z")

    first, *_ = search(store.conn, Query("thu hồi đất ở xã", state="removed")).hits
    assert first.id == store.article_of(gone[0])


def test_made_anew_it_is_as_it_was_and_checked_against_the_rows(held, make_article, make_capture):
    edit(held, make_article, make_capture, "1")
    before = held.conn.execute("SELECT id FROM altered_fts_docsize").fetchall()
    with held.batch():
        search_index.rebuild(held.conn)

    assert held.conn.execute("SELECT id FROM altered_fts_docsize").fetchall() == before != []
    assert found(held, "changed") == "1"
    held.conn.execute("INSERT INTO altered_fts(altered_fts) VALUES ('delete-all')")
    assert any(
        "not in the index of those" in fault.text for fault in check_rows(held.conn, None, Random(1), print).faults
    )
