"""What a reader types, as it is read: groups, exclusions, field words, figures, dates, document numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.queries.full_text.matching import span_of
from archive.queries.full_text.query_language import read


def shown(text):
    """Each group as its alternatives' first writings."""
    return [[" ".join(term.writings[0]) for term in group] for group in read(text).groups]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        pytest.param("thu hồi đất", [["thu"], ["hoi"], ["dat"]], id="words"),
        pytest.param('"thu hồi" đất', [["thu hoi"], ["dat"]], id="phrase"),
        pytest.param("“thu hồi", [["thu hoi"]], id="typographic quote left open"),
        pytest.param("lũ OR lụt", [["lu", "lut"]], id="either"),
        pytest.param("lũ HOẶC lụt bão", [["lu", "lut"], ["bao"]], id="either in Vietnamese"),
        pytest.param("OR", [["or"]], id="OR alone is a word"),
        pytest.param("lũ OR", [["lu"], ["or"]], id="OR without a second is a word"),
        pytest.param("512/QĐ-UBND", [["512 qd ubnd"]], id="document number"),
        pytest.param("48,6 tỷ đồng", [["48 6 ty"], ["dong"]], id="a figure takes its unit"),
        pytest.param("ngày 12 tháng 3 năm 2024", [["12 3 2024"]], id="date in words"),
        pytest.param("12/3/2024", [["12 3 2024"]], id="date"),
        pytest.param("*** ( ) :", [], id="signs"),
        pytest.param("mục: x", [["muc"], ["x"]], id="a field word without its value is a word"),
        pytest.param("a-b", [["a b"]], id="a dash within is none before"),
    ],
)
def test_groups(text, groups):
    assert shown(text) == groups


@pytest.mark.parametrize(
    ("text", "fields", "left_out"),
    [
        ("cổng:hungha đất", [("portal", "hungha")], []),
        ('nơi:"Hưng Hà" -rừng', [("place", "Hưng Hà")], ["rừng"]),
        ("place:hue from:2020 until:3/2021", [("place", "hue"), ("since", "2020"), ("until", "3/2021")], []),
        ('-"thu hồi đất"', [], ["thu hồi đất"]),
        ("http://x", [], []),
    ],
)
def test_field_words_and_exclusions(text, fields, left_out):
    typed = read(text)
    assert (typed.fields, [term.typed for term in typed.left_out]) == (fields, left_out)


def test_neighbours_are_a_run_and_alternatives_end_it():
    assert read("thu hồi đất OR rừng ở xã Lai").runs() == [("thu", "hoi"), ("o", "xa", "lai")]


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("2020", (date(2020, 1, 1), date(2020, 12, 31))),
        ("2/2024", (date(2024, 2, 1), date(2024, 2, 29))),
        ("12/3/2024", (date(2024, 3, 12), date(2024, 3, 12))),
        ("31/2/2024", None),
        ("hôm qua", None),
    ],
)
def test_days_of_a_field_word(value, span):
    assert span_of(value) == span


@given(st.text(alphabet=st.one_of(st.sampled_from('"-:|OR/.,0123456789 đ'), st.characters(codec="utf-8"))))
def test_nothing_that_can_be_typed_is_an_error(text):
    for term in read(text).terms:
        assert term.writings and all(term.writings)
