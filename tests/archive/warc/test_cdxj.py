"""CDXJ keys are those that replay tools look addresses up by, and each line leads to its record."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.cdxj import line_of, surt


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.dongbac.example/Tin/1.html?b=2&a=1", "example,dongbac)/tin/1.html?a=1&b=2"),
        ("https://dongbac.example:8443", "example,dongbac:8443)/"),
        ("http://dongbac.example/tin/", "example,dongbac)/tin"),
        ("http://dongbac.example/Tìn", "example,dongbac)/t%c3%acn"),
        ("http://dongbac.example:x/", "http://dongbac.example:x/"),
    ],
)
def test_the_key_of_an_address_is_its_host_from_the_right(url, key):
    assert surt(url) == key


@given(st.text())
def test_a_key_of_anything_is_one_word(url):
    key = surt(f"http://dongbac.example/{url}")
    assert key and key.isascii() and key.isprintable() and " " not in key


def test_a_line_names_place_and_kind(make_capture):
    capture = make_capture(content_type="text/html; charset=utf-8", record_type="revisit")
    key, time, values = line_of(capture, "a.warc.gz", 7, 9).split(" ", 2)
    assert key == "vn,gov,thaibinh,hungha)/tin/1" and time == "20260101000000"
    told = json.loads(values)
    assert told["mime"] == "warc/revisit" and (told["filename"], told["offset"], told["length"]) == (
        "a.warc.gz",
        "7",
        "9",
    )
