"""Articles as CSV, XLSX and Parquet say what the JSON lines say, and no spreadsheet computes a word of them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile

import pyarrow.parquet as parquet
import pytest
from openpyxl import load_workbook

from archive.export.csv_file import export_csv
from archive.export.jsonl import as_dict
from archive.export.parquet_file import export_parquet
from archive.export.table import COLUMNS, pieces
from archive.export.whole_file import whole_file
from archive.export.xlsx_file import LONGEST_CELL, export_xlsx
from archive.model import Attachment, Image
from archive.text.safe_cells import restored

PORTAL = "hungha.thaibinh"
FORMULA = '=HYPERLINK("http://evil.example/","xem")'
WORDS = ["+84 227", "@tin", "-x", "\t=1", "'=1"]


@pytest.fixture
def filled(store, make_article, make_capture):
    """Two articles: one of wild cells, one with nothing but a text."""
    wild = make_article(
        title=FORMULA, lead="+84 227", byline="-", views=7, tags=WORDS, text="Một\x0bdòng _x000B_",
        attachments=[Attachment("http://a.vn/1.pdf", "=1.pdf")], images=[Image("http://a.vn/1.jpg", "@ảnh")],
    )  # fmt: skip
    store.save_article(wild, make_capture(), PORTAL)
    store.save_article(make_article("2", title=None), make_capture(), PORTAL)
    return store


def told(store):
    return [as_dict(record) for record in store.records()]


def test_csv_cells_can_be_had_back_and_numbers_stay_numbers(filled):
    out = io.StringIO()
    assert export_csv(filled.records(), out) == 2
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    first, said = rows[0], told(filled)[0]
    assert list(first) == list(COLUMNS)
    assert first["title"] == f"'{FORMULA}" and restored(first["title"]) == FORMULA
    assert restored(first["tags"]).split("\n") == WORDS
    assert (first["views"], first["revisions"], first["id"]) == ("7", "0", str(said["id"]))
    assert json.loads(first["attachments"]) == said["attachments"]
    assert rows[1]["title"] == "" and rows[1]["attachments"] == ""


def test_xlsx_holds_text_as_text_and_numbers_as_numbers(filled, tmp_path):
    assert export_xlsx(filled.records(), tmp_path / "x.xlsx") == 2
    sheet = load_workbook(tmp_path / "x.xlsx", read_only=True)["articles"]
    head, first, second = sheet.iter_rows()
    names = [cell.value for cell in head]
    assert names == list(COLUMNS)
    cells = dict(zip(names, first, strict=False))  # empty cells at the end are not stored
    assert cells["title"].value == FORMULA and cells["title"].data_type in ("s", "inlineStr")
    assert cells["views"].value == 7 and cells["id"].value == str(told(filled)[0]["id"])
    assert dict(zip(names, second, strict=False))["title"].value is None
    assert b"<f>" not in zipfile.ZipFile(tmp_path / "x.xlsx").read("xl/worksheets/sheet1.xml")


def test_a_text_longer_than_a_cell_goes_on_in_another_sheet(store, make_article, make_capture, tmp_path):
    text = "Ô𝄞" * LONGEST_CELL
    store.save_article(make_article(text=text), make_capture(), PORTAL)
    export_xlsx(store.records(), tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx", read_only=True)
    (_, row), (_, *more) = book["articles"].values, book["continued"].values
    assert row[COLUMNS.index("text")] + "".join(part[3] for part in more) == text
    assert {part[1] for part in more} == {"text"} and [part[2] for part in more] == list(range(2, len(more) + 2))


def test_pieces_of_a_text_hold_no_more_than_they_may():
    text = "a𝄞" * 50
    parts = list(pieces(text, 7))
    assert "".join(parts) == text and max(len(part.encode("utf-16-le")) // 2 for part in parts) <= 7


def test_parquet_has_the_keys_and_values_of_the_json_lines(filled, tmp_path):
    assert export_parquet(filled.records(), tmp_path / "x.parquet") == 2
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    for row in rows:  # JSON lines name who captured it only where that was another
        assert [one.pop("through") for one in (row, row["capture"], *row["versions"])] == [None] * 3
    assert rows == told(filled)


def test_an_empty_archive_makes_empty_tables(store, tmp_path):
    assert export_parquet(store.records(), tmp_path / "x.parquet") == 0
    assert export_xlsx(store.records(), tmp_path / "x.xlsx") == 0
    assert parquet.read_table(tmp_path / "x.parquet").num_rows == 0


@pytest.mark.parametrize("library", ["openpyxl", "pyarrow"])
def test_a_library_that_is_missing_is_named_with_the_way_to_get_it(library):
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from archive.export.xlsx_file import export_xlsx\nfrom archive.export.parquet_file import export_parquet\n"
        f"ways = {{'openpyxl': export_xlsx, 'pyarrow': export_parquet}}\nways[{library!r}]([], 'x')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"ExtraMissing: this needs {library}, which is not installed:  pip install 'tinhuyen[export]'" in done.stderr


def test_a_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    with pytest.raises(ValueError), whole_file(path) as fresh:
        fresh.write_text("half")
        raise ValueError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    with whole_file(path) as fresh:
        fresh.write_text("new")
    assert path.read_text() == "new" and list(tmp_path.iterdir()) == [path]
