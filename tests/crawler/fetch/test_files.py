"""What an answer is by its first bytes, and what the server calls it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.disposition import file_name
from crawler.fetch.sniff import file_type


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.4 x", "application/pdf"), (b"\r\n\r\n\xef\xbb\xbf%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04\x14", "application/zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"Rar!\x1a\x07\x00", "application/vnd.rar"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"{\\rtf1\\ansi", "application/rtf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "multipart/related"),
        (b"<html><p>%PDF-1.4 la gi?", None), (b"<!doctype html><p>PK", None), (b"", None), ("Bản tin %PDF".encode(), None),
    ],
)  # fmt: skip
def test_a_file_shows_in_its_first_bytes(body, kind):
    assert file_type(body) == kind


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
def test_any_header_and_any_body_is_taken_without_an_error(data):
    file_type(data)
    name = file_name(b"attachment; filename=" + data)
    assert name is None or "/" not in name
