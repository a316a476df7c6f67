"""Folding: which spellings are one to a searcher, and how Vietnamese sorts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.fold import accent_form, accent_pattern, fold, fold_d, hold, plain_words, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Đảng bộ", "dang bo", id="đ and tones"),
        pytest.param(unicodedata.normalize("NFD", "Đạ Huoai"), "da huoai", id="decomposed"),
        pytest.param("Ðảng", "dang", id="Icelandic eth for Đ"),
        pytest.param("UBND tỉnh 512/QĐ", "ubnd tinh 512/qd", id="signs stay"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_d_keeps_every_character_in_its_place(text):
    folded = fold_d(text)
    assert len(folded) == len(text)
    assert not set("đĐðÐ") & set(folded)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("hoà bình", "HÒA Bình", True, id="tone placement and case"),
        pytest.param(unicodedata.normalize("NFD", "huyền"), "huyền", True, id="Unicode form"),
        pytest.param("thuỷ", "thủy", True, id="uy"),
        pytest.param("huyền", "huyện", False, id="another tone"),
        pytest.param("dang", "đang", False, id="d and đ"),
        pytest.param("tan", "tân", False, id="a and â"),
        pytest.param("hà", "hàng", False, id="part of a word"),
        pytest.param("Ðảng", "Đảng", True, id="look-alike eth"),
        pytest.param("***", "***", False, id="only signs"),
    ],
)
def test_accents_count_in_accent_patterns(one, other, same):
    found = accent_pattern(one).search(accent_form(f"Xã {other}, huyện"))
    assert (found is not None) is same


def test_vietnamese_order_is_by_letter_then_by_tone():
    names = ["Đà Nẵng", "Ân Thi", "Dĩ An", "An Bình", "Ăn", "Bà Rịa", "An Bĩnh", "Đông Hà", "Êa", "Ea Súp"]
    assert sorted(names, key=sort_key) == [
        "An Bình", "An Bĩnh", "Ăn", "Ân Thi", "Bà Rịa", "Dĩ An", "Đà Nẵng", "Đông Hà", "Ea Súp", "Êa",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Đảng bộ–huyện, “512/QĐ”", b" dang bo huyen 512 qd ", id="Vietnamese and its signs"),
        pytest.param("Ðảng\u00a0viên  mới", b" dang vien moi ", id="look-alikes"),
        pytest.param("10 m² ở Zürich, 漢字", b" 10 m o zurich ", id="other letters: folded or left out"),
        pytest.param("", b"  ", id="nothing"),
    ],
)
def test_plain_words(text, words):
    assert plain_words(text) == words


VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"


@given(st.text(alphabet=f"{VIETNAMESE}{VIETNAMESE.upper()}bcdghklmnpqrstvx019 .,–“”…ðÐ"))
def test_composed_and_decomposed_texts_have_the_same_plain_words(text):
    assert plain_words(unicodedata.normalize("NFD", text)) == plain_words(text)
    assert plain_words(text).split() == [word.encode() for word in fold(text).translate(SIGNS).split()]


SIGNS = str.maketrans(dict.fromkeys(".,–“”…", " "))


def test_words_within_words():
    assert hold(("xã", "hưng", "hà"), ("hưng", "hà")) and not hold(("hưng", "xã", "hà"), ("hưng", "hà"))
    assert not hold(("hưng",), ())
