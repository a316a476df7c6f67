"""What the server calls a file (Content-Disposition), as it is really written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.disposition import file_name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%2012.pdf", "Quyết định 12.pdf"),
        ("attachment; filename=\"qd.pdf\"; filename*=UTF-8''Q%C4%90%2012.pdf", "QĐ 12.pdf"),
        ('attachment; filename="Quyết định 12.pdf"', "Quyết định 12.pdf"),
        ("attachment; filename=Quyết định 12.pdf", "Quyết định 12.pdf"),
        ('attachment; filename="=?UTF-8?B?UXV54bq/dCDEkeG7i25oLnBkZg==?="', "Quyết định.pdf"),
        ('attachment; filename="Quy%E1%BA%BFt.pdf"', "Quyết.pdf"),
        ("attachment; filename*0*=UTF-8''Quy%E1%BA%BFt; filename*1*=%20x.pdf", "Quyết x.pdf"),
        ('attachment; filename="a;b.pdf"; size=5', "a;b.pdf"),
        ('attachment; filename="C:\\tmp\\x.doc"', "x.doc"), ('attachment; filename="../../etc/x.pdf"', "x.pdf"),
        ("attachment", None), ('attachment; filename=""', None), ("", None),
    ],
)  # fmt: skip
def test_the_name_a_server_gives_a_file(header, name):
    assert file_name(header.encode()) == name


def test_a_name_read_as_latin_1_on_its_way_is_mended():
    assert file_name('attachment; filename="Kế hoạch.pdf"'.encode().decode("latin-1").encode()) == "Kế hoạch.pdf"


@given(st.binary(max_size=80))
def test_any_header_is_taken_and_no_name_leads_out_of_its_folder(data):
    name = file_name(b"attachment; filename=" + data)
    assert name is None or not {"/", "\\"} & set(name)
