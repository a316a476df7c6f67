"""What an answer is by its first bytes, whatever its type says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.sniff import file_type, has_markup


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
    ("body", "kind"),
    [
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x10\0\0\0ACON", None),
        (b"BM\x36\x84\x03\0\0\0\0\0", "image/bmp"),
        (b"BM is short for nothing", None),
        (b"From: <saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\n", "multipart/related"),
        (b"Warning: fopen() in /x.php\n%PDF-1.5", "application/pdf"),
        (b"<br />Warning: fopen()\n%PDF-1.5", None),
        (b"x" * 2000 + b"%PDF-1.5", None),
    ],
)
def test_containers_are_told_by_what_they_hold_and_what_a_script_printed_first_is_passed_over(body, kind):
    assert file_type(body) == kind


@pytest.mark.parametrize(
    ("body", "markup"),
    [
        (b"<TABLE><tr>", True),
        (b"\n<!-- x --><p>", True),
        (b"a < b and p > q", False),
        (b"<pre", False),
        (b" " * 5000 + b"<p>", False),
    ],
)
def test_markup_shows_in_the_first_kilobytes(body, markup):
    assert has_markup(body) is markup


@given(st.binary(max_size=80))
def test_any_body_is_taken_without_an_error(data):
    kind = file_type(data)
    assert kind is None or "/" in kind
