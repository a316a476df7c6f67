"""How Vietnamese a text is: well-formed syllables, and those that carry a mark."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.syllables import is_syllable, marked_share, share

PROSE = "Ủy ban nhân dân xã vừa tổ chức hội nghị triển khai nhiệm vụ quý hai, với hơn trăm đại biểu."
ENGLISH = "The quick brown fox jumps over the lazy dog while strangers watch from behind thirsty hedges."


@pytest.mark.parametrize(
    "word", ["xã", "Nghiêng", "KHUYẾN", "ương", "quỳnh", "y", "đoàn", "giữa", "thuở", "xoong", "khúc", "uỷ", "hoà"]
)
def test_a_word_of_the_language_is_a_syllable_in_any_case_and_form(word):
    assert is_syllable(word) and is_syllable(word.upper()) and is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["strong", "fox", "wifi", "ngx", "àá", "anhs", "bcd", "", "nghị-quyết", "Ã¡n"])
def test_what_no_syllable_is_spelt_like_is_none(word):
    assert not is_syllable(word)


def test_prose_is_told_from_english_and_from_text_read_by_the_wrong_table():
    garbled = PROSE.encode("utf-8").decode("cp1252", "replace")
    assert share(PROSE) > 0.95 and share(ENGLISH) < 0.5
    assert marked_share(PROSE) > 0.6
    assert marked_share(ENGLISH) == 0.0 and marked_share(garbled) < 0.2


@pytest.mark.parametrize("text", ["", "12/3 2026 --- ...", "\0\0"])
def test_without_words_the_share_is_nought(text):
    assert share(text) == marked_share(text) == 0.0


@given(st.text())
def test_shares_lie_between_nought_and_one_and_marked_words_are_among_the_others(text):
    assert 0.0 <= share(text) <= 1.0
    assert 0.0 <= marked_share(text) <= share(text.lower(), limit=3000) + 1e-9


def test_only_the_beginning_of_a_long_text_is_looked_at():
    assert share(PROSE + ENGLISH * 1000, limit=len(PROSE)) == share(PROSE)
