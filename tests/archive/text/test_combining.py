"""Combining marks: ordinary text is left alone, a run of thousands costs no more than its length."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.combining import LONGEST_RUN, beyond_ascii, nfc, nfd, stream_safe
from archive.text.decode import decode
from archive.text.normalise import line


@pytest.mark.parametrize(
    "text", ["", "plain", "Hưng Hà", unicodedata.normalize("NFD", "Đường Nguyễn Huệ"), "a" + "\u0300" * 30]
)
def test_ordinary_text_stays(text):
    assert stream_safe(text) == text


@pytest.mark.parametrize("marks", ["\u0300", "\u0315\u0300", "\u05b0", "\u0f71", "\u20d0", "\u1dc0"], ids=ascii)
def test_a_run_is_cut_whatever_script_its_marks_are_of(marks):
    assert len(stream_safe("a" + marks * 200_000 + "b")) == LONGEST_RUN + 2


@pytest.mark.parametrize("before", range(LONGEST_RUN + 2))
def test_a_run_is_cut_wherever_it_stands_and_one_mark_less_is_not(before):
    start, marks = "ă" * before, "\u0315" * LONGEST_RUN
    assert stream_safe(start + marks + "\u0300" + "b") == start + marks + "b"
    assert stream_safe(start + marks + "b" + "\u0300") == start + marks + "b" + "\u0300"


@pytest.mark.parametrize("before", [0, 1, 30, 31, 977, 5_000])
def test_a_run_is_cut_in_a_long_text_of_plain_letters_too(before):
    start, marks = "a" * before, "\u0315" * LONGEST_RUN
    assert stream_safe(f"{start}{marks}\u0300{'b' * 2_000}") == f"{start}{marks}{'b' * 2_000}"
    assert stream_safe(f"{start}{marks}b\u0300{'b' * 2_000}") == f"{start}{marks}b\u0300{'b' * 2_000}"


@given(st.text())
def test_the_letters_beyond_ascii_are_left_in_their_order(text):
    assert beyond_ascii(text) == "".join(letter for letter in text if not letter.isascii())


@given(st.text())
def test_composing_and_decomposing_agree_with_unicode_on_safe_text(text):
    safe = stream_safe(text)
    assert nfc(text) == unicodedata.normalize("NFC", safe)
    assert nfd(text) == unicodedata.normalize("NFD", safe)


def test_a_page_of_marks_out_of_order_is_decoded_and_tidied_at_once():
    bomb = "Tin a" + "\u0315" * 300_000 + "\u0300" * 300_000
    assert len(decode(bomb.encode()).text) < 100
    assert len(line(bomb)) < 100
