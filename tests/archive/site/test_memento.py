"""Memento (RFC 7089): moments, links and the list of all captures in link format."""

from __future__ import annotations

import pytest

from archive.queries.captures import Look, nearest
from archive.site.memento import http_date, links, memento_link, moment_asked, timemap

LOOKS = [Look(f"urn:uuid:{n}", "https://a.vn/1", f"2026-01-{n:02d}T00:00:00Z", 200, None) for n in (1, 10, 20)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-01-01T00:00:00Z", "urn:uuid:1"),
        ("2026-01-10T00:00:00Z", "urn:uuid:10"),
        ("2026-01-06T00:00:00Z", "urn:uuid:10"),
        ("2026-01-05T00:00:00Z", "urn:uuid:1"),
        ("2030-01-01T00:00:00Z", "urn:uuid:20"),
    ],
)
def test_the_nearest_capture_is_found(at, expected):
    assert nearest(LOOKS, at).record_id == expected
    assert nearest([], at) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Thu, 01 Jan 2015 00:00:00 GMT", "2015-01-01T00:00:00Z"),
        ("Thu, 01 Jan 2015 07:00:00 +0700", "2015-01-01T00:00:00Z"),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_is_read_as_http_writes_it(header, expected):
    assert moment_asked(header) == expected


@pytest.mark.parametrize("header", ["yesterday", "2015-01-01", "Thu, 99 Jan 2015 00:00:00 GMT"])
def test_what_is_no_moment_is_refused(header):
    with pytest.raises(ValueError):
        moment_asked(header)


def test_a_list_names_the_first_and_the_last():
    text = timemap("https://a.vn/1", "/timegate/x", "/timemap/link/x", LOOKS, lambda look: f"/m/{look.record_id}")
    assert text.count('memento"') == 3
    assert '</m/urn:uuid:1>; rel="first memento"; datetime="Thu, 01 Jan 2026 00:00:00 GMT"' in text
    assert 'rel="last memento"; datetime="Tue, 20 Jan 2026' in text
    assert 'from="Thu, 01 Jan 2026 00:00:00 GMT"; until="Tue, 20 Jan 2026' in text
    assert memento_link("/m", LOOKS[0], LOOKS[:1]).startswith('</m>; rel="first last memento"')


def test_an_address_cannot_end_its_brackets_nor_the_header():
    made = links('https://a.vn/>; rel="x"\r\nSet-Cookie: đ', "/g", "/m")
    assert made.startswith("<https://a.vn/%3E;%20rel=%22x%22%0D%0ASet-Cookie:%20%C4%91>; rel=")
    assert http_date("2026-01-01T00:00:00.676192Z") == "Thu, 01 Jan 2026 00:00:00 GMT"
