"""Figures and dates in any writing: each writing finds the others, and none that means something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.numbers.written_numbers import FIGURE, date_writings, figure_writings, month_writings


@pytest.mark.parametrize(
    ("typed", "unit", "printed"),
    [
        pytest.param("6754", None, "6 754", id="thousands divided"),
        pytest.param("6.754", None, "6754", id="thousands together"),
        pytest.param("48,6", "ty", "48 600 trieu", id="in millions"),
        pytest.param("48,6", "ty", "48 ti 600 trieu", id="in two words"),
        pytest.param("48.600", "trieu", "48 6 ty", id="in thousands of millions"),
        pytest.param("48,6", "ty", "48 600 000 000", id="in figures alone"),
        pytest.param("48,60", "ty", "48 6 ty", id="nought at the end"),
        pytest.param("6", None, "06", id="nought before"),
    ],
)
def test_one_writing_finds_the_other(typed, unit, printed):
    assert tuple(printed.split()) in figure_writings(typed, unit)


@pytest.mark.parametrize(
    ("typed", "unit", "printed"),
    [
        pytest.param("48,6", None, "486", id="a decimal is no thousand"),
        pytest.param("153,274", "ty", "153 27 ty", id="three decimals stay three"),
        pytest.param("6754", None, "67 54", id="by thousands alone"),
    ],
)
def test_another_amount_is_not_found(typed, unit, printed):
    assert tuple(printed.split()) not in figure_writings(typed, unit)


@given(st.from_regex(FIGURE, fullmatch=True), st.sampled_from([None, "ty", "trieu", "nghin"]))
def test_any_figure_has_its_own_writing_first(figure, unit):
    own = tuple(figure.replace(",", ".").split("."))
    assert figure_writings(figure, unit)[0] == (own if unit is None else (*own, unit))


def test_dates():
    written = date_writings(2024, 3, 2)
    for printed in ("2 3 2024", "02 03 2024", "2 thang 3 nam 2024", "02 thang 3 2024", "2024 03 02"):
        assert tuple(printed.split()) in written
    assert ("thang", "3", "nam", "2024") in month_writings(2024, 3)
