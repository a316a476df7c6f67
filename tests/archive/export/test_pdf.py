"""A page to print as PDF: Vietnamese letters stay letters, and nothing is fetched for it."""

from __future__ import annotations

import re
import zlib

import pytest

from archive.errors import ExtraMissing
from archive.export.pdf import pdf_of

try:
    pdf_of("<p>a</p>")
except ExtraMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)


def streams(pdf: bytes) -> bytes:
    """The unpacked streams of a file."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return b"\n".join(zlib.decompress(one) if one[:1] == b"x" else one for one in packed)


def test_letters_can_be_searched_for_in_the_file():
    made = pdf_of("<html lang=vi><body><h1>Ủy ban nhân dân</h1></body></html>")
    assert made.startswith(b"%PDF-")
    assert "Ủ".encode("utf-16-be").hex() in streams(made).decode("latin-1").lower()  # the map from glyphs to letters


def test_nothing_is_fetched_for_it(loopback):
    pdf_of(
        f'<html><body><img src="{loopback.base}/a.png"><img src="file:///etc/hostname"><link rel="stylesheet" href="{loopback.base}/a.css"></body></html>'
    )
    assert loopback.seen == []
