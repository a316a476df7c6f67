"""Keys and ids, fixed for good: other archives and citations hold them."""

from __future__ import annotations

from datetime import date

from archive.ids import article_id, day_of_id, id_floor, url_key


def test_a_key_never_changes():
    assert url_key("https://hungha.thaibinh.gov.vn/tin/1").hex() == "74b20e8182d1bf9b8d515036bdbf9dcf"


def test_an_id_holds_its_day_and_fits_javascript():
    identifier = article_id(date(2024, 3, 12), b"\xff" * 16)
    assert id_floor(date(2024, 3, 12)) <= identifier < id_floor(date(2024, 3, 13)) < 2**53
    assert day_of_id(identifier) == "2024-03-12"
