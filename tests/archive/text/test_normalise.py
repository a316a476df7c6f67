"""Tidying of text: one Unicode form, one kind of space, nothing invisible, and not a word changed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.normalise import SHORT, line, lines, mend_spaces, visible


@pytest.mark.parametrize(
    ("printed", "tidy"),
    [
        ("  Xã\u00a0 Hòa\tAn \r\n họp ", "Xã Hòa An họp"),
        ("Xa\u0303 Ho\u0300a", "Xã Hòa"),
        ("Ủy\u200b ban\u00ad nhân\ufeff dân", "Ủy ban nhân dân"),
        ("Ðảng bộ \u0189ông Hải", "Đảng bộ Đông Hải"),
        ("ðồng", "đồng"),
        ("a\x00b\x07c\ud800d", "abcd"),
        ("\u3000\u2003", ""),
        ("", ""),
        ("Hoà hay hòa, kỹ hay kĩ: như đã viết.", "Hoà hay hòa, kỹ hay kĩ: như đã viết."),
    ],
    ids=["spaces", "composed", "invisible", "look-alikes", "eth", "controls", "only-spaces", "empty", "spelling-stays"],
)
def test_a_text_becomes_one_line(printed, tidy):
    assert line(printed) == tidy


@given(st.text())
def test_a_line_has_single_blanks_and_is_tidy_already_when_done_twice(text):
    tidy = line(text)
    assert line(tidy) == tidy
    assert "  " not in tidy and tidy == tidy.strip() and "\n" not in tidy
    assert unicodedata.is_normalized("NFC", tidy)


@given(st.text(min_size=SHORT + 1, max_size=SHORT * 2))
def test_a_long_text_is_tidied_as_a_short_one_is(text):
    """Short ones are remembered; that must not tell."""
    first, second = text[:SHORT], text[SHORT:]
    assert line(f"{first} | {second}") == line(f"{line(first)} | {line(second)}")


@given(st.text())
def test_what_is_visible_keeps_its_lines_and_its_blanks(text):
    shown = visible(text)
    assert visible(shown) == shown
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [("a\r\nb\rc\n\n \u2028d\u2029", ["a", "b", "c", "d"]), ("", []), (" \n\t\n", []), ("một  dòng", ["một dòng"])],
)
def test_lines_that_say_nothing_are_left_out(text, said):
    assert lines(text) == said


@pytest.mark.parametrize(
    ("printed", "mended"),
    [
        ("Thu Uyên ( Đài TT- TH Hưng Hà )", "Thu Uyên (Đài TT-TH Hưng Hà)"),
        ("Đài TT - TH huyện", "Đài TT-TH huyện"),
        ("Phòng VH - TT", "Phòng VH-TT"),
        ("HĐND - UBND xã", "HĐND - UBND xã"),
        ("CNH- HĐH, HĐH -CNH", "CNH-HĐH, HĐH-CNH"),
        ("Tin , ảnh : Minh Đức", "Tin, ảnh: Minh Đức"),
        ("lúc 8 .30", "lúc 8 .30"),
        ("“ Xã Hòa ”", "“Xã Hòa”"),
    ],
)
def test_loose_spaces_of_a_printed_phrase_are_mended(printed, mended):
    assert mend_spaces(printed) == mended


@given(st.text("ATĐab -,.()“”[]", max_size=40))
def test_mending_takes_out_nothing_but_blanks_and_is_done_once(text):
    mended = mend_spaces(text)
    assert mended.replace(" ", "") == line(text).replace(" ", "")
    assert mend_spaces(mended) == mended
