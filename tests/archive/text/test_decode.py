"""Charsets that a page names and no page is written in."""

from __future__ import annotations

import pytest

from archive.text.decode import declared_charset, decode


@pytest.mark.parametrize(
    "name", ["idna", "undefined", "punycode", "unicode_escape", "utf-7", "zlib", "rot13", "base64", "x" * 40]
)
def test_a_codec_that_is_no_charset_is_not_used(name):
    body = f'<meta charset="{name}">'.encode() + "Uỷ ban nhân dân xã họp".encode("cp1258", "replace")
    assert declared_charset(body) is None
    assert decode(body).text
