"""CSV whose cells are no formulas, however the stream is cut."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from archive.site.server.csv_cells import NeutralCells
from archive.text.safe_cells import neutral

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
