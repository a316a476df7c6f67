"""Slips, order, accents, addresses: what was meant is found, and what was done about it is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from archive.model import Attachment, Portal, PrintedDate
from archive.queries.full_text.known_address import is_address, known
from archive.queries.full_text.matching import Query
from archive.queries.full_text.related import related
from archive.queries.full_text.search import facets, marker, search
from archive.suspension import suspend

PORTAL = "hungha.thaibinh"
FILLER = "Bà con trong thôn cùng nhau dọn vệ sinh đường làng. " * 8


@pytest.fixture
def filled(store, make_article, make_capture):
    """Articles by path: title, text, day of publication."""
    store.add_portal(Portal("langxa", "https://www.langxa.gov.vn/", "Cổng Lãng Xá", unit="d048"))
    for path, title, text, day in (
        ("apart", "Hội xuân", f"Đất làng thu về. {FILLER} Hồi trống hội.", "2024-05-01"),
        ("phrase", "Tin xã", f"{FILLER}\n\nXã công bố việc thu hồi đất tại thôn Thượng.", "2020-05-01"),
        ("title", "Thu hồi đất ở Lãng Xá", "Hai hộ nhận tiền.", "2018-05-01"),
        ("accents", "Thứ hội đạt giải", "Thư hồi đắt.", "2023-05-01"),
        (
            "drive",
            "Phong trào trồng cây",
            "Phong trào lan rộng; kinh phí 48.600 triệu đồng cho 6.754 cây.",
            "2021-03-12",
        ),
        ("number", "Quyết định mới", "Theo Quyết định 06/QĐ-UBND ngày 12/03/2021, họp ngày 12/3.", None),
    ):
        published = PrintedDate(day, "day", "meta", day) if day else None
        documents = ["06/QĐ-UBND"] if path == "number" else []
        files = [Attachment("https://hungha.thaibinh.gov.vn/tep.pdf", "Tệp")] if path == "number" else []
        article = make_article(
            path, title=title, text=text, published=published, documents=documents, attachments=files
        )
        store.save_article(article, make_capture(url=article.url), PORTAL)
    return store


def found(store, text, **filters):
    result = search(store.conn, Query(text, **filters))
    urls = dict(store.conn.execute("SELECT id, url FROM article").fetchall())
    return [urls[hit.id].rpartition("/")[2] for hit in result.hits], result


def test_the_phrase_comes_before_its_words_apart_and_typed_accents_before_others(filled):
    order, result = found(filled, "thu hồi đất")
    assert order == ["title", "phrase", "apart", "accents"]
    assert [hit.exact for hit in result.hits] == [True, True, True, False]
    assert set(found(filled, "thu hoi dat")[0][:2]) == {"title", "accents"}


def test_newest_first_on_request_undated_last(filled):
    assert found(filled, "thu hồi đất", order="newest")[0] == ["apart", "phrase", "title", "accents"]
    assert found(filled, "")[0][-1] == "number"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("48,6 tỷ", "drive", id="an amount in other words"),
        pytest.param("6754 cây", "drive", id="a figure without its point"),
        pytest.param("12 tháng 3 năm 2021", "number", id="a date in words"),
        pytest.param("6/QĐ-UBND", "number", id="a document number without its nought"),
        pytest.param("số:6", "number", id="the figure of a document number"),
        pytest.param("kĩ thuật OR phong trào", "drive", id="one of two"),
    ],
)
def test_other_writings(text, first, filled):
    assert found(filled, text)[0][0] == first


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        pytest.param("phog trao", "phong trào", id="a letter left out"),
        pytest.param("phong traof", "phong trào", id="Telex that was not converted"),
        pytest.param("phong chào", "phong trào", id="heard alike"),
        pytest.param("phongtrào", "phong trào", id="written as one"),
        pytest.param("trồgn cay", "trồng cây", id="letters swapped"),
    ],
)
def test_slips_are_mended_by_words_of_the_archive(text, instead, filled):
    order, result = found(filled, text)
    assert order[0] == "drive"
    assert [(note.done, note.instead) for note in result.notes] == [("corrected", instead)]


def test_words_that_no_article_holds_together_are_left_out_and_named(filled):
    order, result = found(filled, "phong trào trồng cây kiwi")
    assert order == ["drive"]
    assert [(note.done, note.typed) for note in result.notes] == [("relaxed", "kiwi")]


def test_a_hit_names_its_passage_and_the_article_marks_it(filled):
    (hit,) = search(filled.conn, Query('"thôn Thượng"')).hits
    assert hit.anchor == "p2"
    assert "<mark>thôn Thượng</mark>" in hit.extract
    assert marker("thu hồi đất", "Thu hồi đất")("Thu hồi đất, đạt") == "<mark>Thu hồi đất</mark>, đạt"
    assert marker("", "x") is None


def test_pages_by_date_lead_on_and_do_not_overlap(filled):
    first = search(filled.conn, Query(), size=4)
    second = search(filled.conn, Query(), page=2, size=4, after=first.after)
    assert [hit.id for hit in second.hits] == [hit.id for hit in search(filled.conn, Query(), page=2, size=4).hits]
    assert len({hit.id for hit in (*first.hits, *second.hits)}) == 6
    beyond = search(filled.conn, Query(), page=99, size=4)
    assert (beyond.hits, beyond.pages) == ([], 2)


def test_facets_and_filters_of_states_and_files(filled, make_article, make_capture):
    changed = make_article(
        "apart", title="Hội xuân", text="Chữ khác.", published=PrintedDate("2024-05-01", "day", "meta", "")
    )
    filled.save_article(changed, make_capture(), PORTAL)
    filled.mark_gone("https://hungha.thaibinh.gov.vn/tin/title", "2026-02-01T00:00:00Z")
    spread = facets(filled.conn, Query())
    assert dict(spread.states) == {"changed": 1, "removed": 1, "files": 1}
    assert spread.months[202405] == 1
    assert found(filled, "", state="changed")[0] == ["apart"]
    assert found(filled, "hội", files=True)[0] == []
    assert found(filled, "thu hồi đất", state="removed")[0] == ["title"]
    assert found(filled, "", since=date(2021, 3, 12), until=date(2021, 3, 12))[0] == ["drive"]


def test_places_are_those_of_portals_before_and_after_the_reform(filled, make_article, make_capture):
    filled.update_portal(replace(filled.portal("langxa"), unit="p34@2025-06"))
    article = make_article(
        "place", title="Hội làng", url="https://www.langxa.gov.vn/1", canonical_url="https://www.langxa.gov.vn/1"
    )
    filled.save_article(article, make_capture(portal="langxa"), "langxa")
    places = {unit.id for unit, _ in facets(filled.conn, Query()).places}
    assert {"p34@2025-06", "p33"} <= places
    assert len(search(filled.conn, Query(place="p33")).hits) == 1
    assert len(search(filled.conn, Query(place="p01")).hits) == 0
    assert len(search(filled.conn, Query('nơi:"Thái Bình"')).hits) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "https://hungha.thaibinh.gov.vn/tin/phrase",
        "http://www.hungha.thaibinh.gov.vn/tin/phrase/?utm_source=fb&fbclid=1#top",
        "hungha.thaibinh.gov.vn/tin/phrase",
    ],
)
def test_an_address_leads_to_its_article_however_it_is_written(typed, filled):
    assert is_address(typed)
    assert [row["title"] for row in known(filled.conn, typed).articles] == ["Tin xã"]


@pytest.mark.parametrize("text", ["512/QĐ-UBND", "6.754", "Hưng Hà", "a.b c.d", "tin.tuc", ""])
def test_what_is_no_address(text):
    assert not is_address(text)


def test_of_an_unknown_address_its_portal_is_told_and_of_a_file_its_article(filled):
    assert [row["name"] for row in known(filled.conn, "https://langxa.gov.vn/none").portals] == ["langxa"]
    of_file = known(filled.conn, "https://hungha.thaibinh.gov.vn/tep.pdf")
    assert of_file.is_file and [row["title"] for row in of_file.articles] == ["Quyết định mới"]
    assert known(filled.conn, "https://elsewhere.gov.vn/x").portals == []


def test_a_suspended_article_is_in_no_index_facet_or_answer(filled):
    identifier = search(filled.conn, Query("phong trào trồng cây")).hits[0].id
    suspend(filled, identifier, "theo lệnh", "2026-03-01T00:00:00Z", lambda rows: None)
    assert filled.conn.execute("SELECT count(*) FROM article_facet WHERE article = ?", (identifier,)).fetchone() == (0,)
    assert filled.conn.execute("SELECT count(*) FROM bigram_fts WHERE bigram_fts MATCH 'phong_trao'").fetchone() == (0,)
    assert search(filled.conn, Query('"phong trào"')).hits == []
    assert known(filled.conn, "https://hungha.thaibinh.gov.vn/tin/drive").articles == []
    assert known(filled.conn, "https://hungha.thaibinh.gov.vn/tin/drive").suspended is not None


def test_what_a_query_names_besides(filled):
    named = related(filled.conn, search(filled.conn, Query("06/QĐ-UBND")).typed, "06/QĐ-UBND")
    assert named.documents == ["06/QĐ-UBND"]
    assert json.dumps(named.portals) == "[]"
    assert related(filled.conn, search(filled.conn, Query("Cổng Lãng Xá")).typed, "cong lang xa").portals == [
        ("langxa", "Cổng Lãng Xá")
    ]


def test_days_asked_for_hold_in_the_order_by_relevance_too(filled):
    assert found(filled, "thu hồi đất đến:2018")[0] == ["title"]
    assert found(filled, "thu hồi đất", since=date(2020, 1, 1), until=date(2020, 12, 31))[0] == ["phrase"]


def test_of_days_asked_for_an_undated_article_comes_last(filled, make_article, make_capture):
    dated = make_article(
        "dated",
        title="Tin vui",
        text="Xã họp phát động cuộc thi.",
        published=PrintedDate("2026-01-01", "day", "meta", "1"),
    )
    undated = make_article("undated", title="Xã họp phát động cuộc thi", text="Xã họp phát động cuộc thi.")
    for article in (dated, undated):
        filled.save_article(article, make_capture(url=article.url), PORTAL)
    assert found(filled, "phát động cuộc thi")[0] == ["undated", "dated"]
    assert found(filled, "phát động cuộc thi từ:2026")[0] == ["dated", "undated"]


def test_a_day_nothing_names_leads_to_what_was_published_then_and_says_so(filled):
    order, result = found(filled, "phong trào 12/3/2021")
    assert order == ["drive"]
    assert [(note.done, note.typed, note.instead) for note in result.notes] == [
        ("published", "12/3/2021", "phong trào")
    ]
    assert found(filled, "phong trào 13/3/2021")[1].notes[0].done == "relaxed"


@pytest.mark.parametrize("typed", ["8935/QĐ-UBND", "8.935/QĐ-UBND", "8935/qđ-ubnd", "số:8935/QĐ-UBND", "số:8.935"])
def test_a_document_number_is_found_with_and_without_the_point_of_its_thousands(
    typed, filled, make_article, make_capture
):
    for path, number in (("pointed", "8.935/QĐ-UBND"), ("plain", "8935/QĐ-UBND"), ("other", "935/QĐ-UBND")):
        article = make_article(path, text=f"Theo Quyết định số {number} của tỉnh.")
        filled.save_article(article, make_capture(url=article.url), PORTAL)
    assert set(found(filled, typed)[0]) == {"pointed", "plain"}
