"""Cells of tables are never computed by a spreadsheet, and can be had back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.safe_cells import is_formula, neutral, restored


@pytest.mark.parametrize("cell", ["=1+1", "+84 227", "-x", "@SUM(1)", "\t=1", " =1", "\uff1d1", "-1+1", "\r=x"])
def test_a_formula_is_led_in_by_an_apostrophe(cell):
    assert is_formula(cell)
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "+3.5", "-1e5", "2020-01-01", "Họp", "a=b", "-1,5", "'Họp'", "''"])
def test_what_is_no_formula_stays(cell):
    assert neutral(cell) == cell


@pytest.mark.parametrize("cell", ["'=1", "''=1", "'-5", "'\t"])
def test_what_looks_led_in_already_is_led_in_once_more(cell):
    assert neutral(cell) == f"'{cell}"


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@ \t\r\n1.\uff1d"), st.characters(exclude_categories=["Cs"]))))
def test_every_cell_can_be_had_back(cell):
    assert restored(neutral(cell)) == cell
    assert not is_formula(neutral(cell))
