"""Phrases as runs of pairs: they find what the text index finds, and words are left to that."""

from __future__ import annotations

import pytest

from archive.queries.full_text.expressions import as_passages, run_of_pairs
from archive.queries.full_text.matching import Query, match
from archive.queries.full_text.query_language import read

PORTAL = "hungha.thaibinh"
TEXTS = (
    ("Thu hồi đất", "Xã họp."),
    ("Họp xã", "Thu hồi đất ở thôn Hạ, chi 48,6 tỷ đồng."),
    ("Đất thu hồi", "Đất nào thu, hồi nào đất."),
    ("Việc thu hồi", "Đất ở thôn Hạ."),
    ("Hồi thu", "Phiên họp ngày 12/3/2024 bàn số 512/QĐ-UBND và thu hồi, rồi hồi đất."),
    ("Chợ", "Chi 48.600 triệu đồng theo Quyết định 512/QĐ-UBND của huyện."),
    ("Sổ", "Số 48600000000 ghi trong sổ."),
)


@pytest.fixture
def held(store, make_article, make_capture):
    for at, (title, text) in enumerate(TEXTS):
        store.save_article(make_article(str(at), title=title, text=text, published=None), make_capture(), PORTAL)
    return store.conn


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param('"thu hồi đất"', {"Thu hồi đất", "Họp xã"}, id="three words; not from the title into the text, not two runs apart"),
        pytest.param('"thu hồi"', {"Thu hồi đất", "Họp xã", "Đất thu hồi", "Việc thu hồi", "Hồi thu"}, id="two words"),
        pytest.param('"thu hồi đất" OR "thôn hạ"', {"Thu hồi đất", "Họp xã", "Việc thu hồi"}, id="either phrase"),
        pytest.param('"thu hồi" -"thôn hạ"', {"Thu hồi đất", "Đất thu hồi", "Hồi thu"}, id="one phrase without another"),
        pytest.param('"thu hồi" "thôn hạ"', {"Họp xã", "Việc thu hồi"}, id="two phrases"),
        pytest.param("512/QĐ-UBND", {"Hồi thu", "Chợ"}, id="a document number"),
        pytest.param("số:512", {"Hồi thu", "Chợ"}, id="the figure of one"),
        pytest.param("12/3/2024", {"Hồi thu"}, id="a day"),
        pytest.param("48,6 tỷ", {"Họp xã", "Chợ", "Sổ"}, id="an amount, also as one run of digits"),
    ],
)  # fmt: skip
def test_phrases_are_found_by_their_pairs(held, typed, titles):
    found = match(held, Query(typed))
    assert found.passages is not None
    assert titled(held, found.sql()) == titles
    found.passages = None  # as the text index answers
    assert titled(held, found.sql()) == titles


@pytest.mark.parametrize("typed", ["đất", "thu hồi đất", '"thu hồi đất" huyện', '"thu hồi" -đất', "nơi:Hạ", "", "***"])
def test_words_are_left_to_the_text_index(held, typed):
    assert match(held, Query(typed)).passages is None


def test_phrases_in_other_letters_are_left_to_the_text_index():
    assert as_passages(read('"ភូមិ ឃុំ"').groups, [], []) is None


def test_a_run_of_pairs_holds_each_pair_once():
    assert run_of_pairs(("thu", "hoi", "dat")) == '"thu_hoi hoi_dat"'


def titled(conn, asked):
    sql, params = asked
    return {row[0] for row in conn.execute(f"SELECT title FROM article WHERE id IN ({sql})", params)}
