"""Extracts: which passage is shown, what is marked in it, and that neither size nor markup gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.queries.full_text.extracts import (
    EXTRACT_CHARS,
    MOST_HITS,
    TITLE_CHARS,
    extract,
    marked,
    pattern_of,
    shorten,
)
from archive.text.fold import fold_in_place

FILLER = "Bà con trong thôn cùng nhau dọn vệ sinh đường làng ngõ xóm. " * 30


@pytest.mark.parametrize(
    ("terms", "text", "shown"),
    [
        (["dat"], "Thu hồi đất ở xã", "Thu hồi <mark>đất</mark> ở xã"),
        (["Đất"], "dat ĐẤT đạt, dạt", "<mark>dat ĐẤT đạt</mark>, <mark>dạt</mark>"),
        (["thu hoi dat", "dat"], "thu hồi đất; đất", "<mark>thu hồi đất</mark>; <mark>đất</mark>"),
        (["512/QD-UBND"], "số 512/QĐ-UBND ngày", "số <mark>512/QĐ-UBND</mark> ngày"),
        (["xa"], "xã_hội xanh", "<mark>xã</mark>_hội xanh"),
        (["-", "*"], "không có gì", "không có gì"),
    ],
)
def test_whole_words_are_marked_whatever_their_accents(terms, text, shown):
    assert marked(text, pattern_of(terms)) == shown


def test_a_passage_is_chosen_where_the_different_words_stand_together():
    text = FILLER + "ngân sách xã. " + FILLER + "Hội đồng nhân dân bàn ngân sách năm tới. " + FILLER
    shown = extract(text, pattern_of(["ngan sach", "hoi dong"]))
    assert "<mark>Hội đồng</mark> nhân dân bàn <mark>ngân sách</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_a_text_without_a_hit_shows_its_beginning():
    assert extract(FILLER, pattern_of(["bau cu"])).startswith("Bà con trong thôn")


def test_a_word_repeated_thirty_thousand_times_gives_an_extract_of_ordinary_length():
    shown = extract("huyện " * 30_000, pattern_of(["huyen"]))
    assert shown.count("<mark>") <= EXTRACT_CHARS
    assert shown.count("huyện") < MOST_HITS


def test_a_title_of_a_megabyte_is_cut():
    assert len(marked("T" * 1_000_000, None)) == TITLE_CHARS + 1
    assert len(shorten("một hai ba " * 1000, 100)) <= 101


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.lists(st.text(max_size=8), max_size=3))
def test_marking_never_lets_markup_through(text, terms):
    for shown in (marked(text, pattern_of(terms)), extract(text, pattern_of(terms))):
        assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")


@given(st.text())
def test_folding_in_place_keeps_every_character_in_its_place(text):
    assert len(fold_in_place(text)) == len(text)
