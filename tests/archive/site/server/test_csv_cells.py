"""CSV whose cells are no formulas, however the stream is cut."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.site.server.csv_cells import NeutralCells, neutral


@pytest.mark.parametrize("cell", ["=1+1", "+84 227", "-x", "@SUM(1)", "\t=1", " =1", "\uff1d1", "-1+1", "\r=x"])
def test_a_formula_is_led_in_by_an_apostrophe(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "+3.5", "-1e5", "2020-01-01", "Họp", "a=b", "'=1", "-1,5"])
def test_what_is_no_formula_stays(cell):
    assert neutral(cell) == cell


cells = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.lists(cells, min_size=2, max_size=4), max_size=5), st.integers(1, 7))
def test_cells_stay_the_same_but_for_formulas_however_the_bytes_are_cut(rows, step):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    data = out.getvalue().encode()
    guard = NeutralCells()
    pieces = [guard.feed(data[at : at + step]) for at in range(0, len(data), step)]
    text = b"".join([*pieces, guard.feed(b"", last=True)]).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[neutral(cell) for cell in row] for row in rows]
