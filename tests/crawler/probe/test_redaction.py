"""What a report leaves out of settings and of a response's record."""

from __future__ import annotations

import io

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.warc.record import Record, digest, serialise
from crawler.probe.redaction import without_private_headers, without_secrets


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("https://ten:mat-khau@xa.example/tin", "https://xa.example/tin"),
        ("//ten:mat-khau@xa.example/tin", "//xa.example/tin"),
        ("ten:mat-khau@xa.example", "xa.example"),
        ("https://xa.example/rss?token=abc123&trang=2", "https://xa.example/rss?token=…&trang=2"),
        ("https://xa.example/rss?trang=2&API_KEY=abc123", "https://xa.example/rss?trang=2&API_KEY=…"),
        (r"^https://xa\.example/\?password=abc123$", r"^https://xa\.example/\?password=…"),
        ("/rss;jsessionid=0AF3", "/rss;jsessionid=…"),
        (["/a?sid=1", {"url": "//u@xa.example"}], ["/a?sid=…", {"url": "//xa.example"}]),
        ("https://xa.example/tin?id=12&Itemid=5", "https://xa.example/tin?id=12&Itemid=5"),
        ("a[href^='mailto:toa-soan@xa.example']", "a[href^='mailto:toa-soan@xa.example']"),
        (12, 12),
    ],
)
def test_a_setting_is_told_without_secrets(setting, shown):
    assert without_secrets(setting) == shown


HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Set-Cookie: PHPSESSID=bi-mat;\r\n path=/\r\nX-CSRF-Token: bi-mat\r\nX-Client-IP: 203.0.113.9\r\nContent-Length: 8\r\n\r\n"
)


def record(head: bytes) -> bytes:
    block = head + b"<p>Tin\r\n"
    headers = [("WARC-Target-URI", "https://xa.example/tin"), ("WARC-Payload-Digest", digest(b"<p>Tin\r\n"))]
    name = "urn:uuid:00000000-0000-4000-8000-000000000000"
    return serialise(
        [Record("response", name, "2026-05-01T00:00:00Z", "application/http;msgtype=response", block, headers)]
    )[0]


def test_a_record_is_shown_without_the_headers_that_tell_who_asked():
    shown, left_out = without_private_headers(record(HEAD))
    assert left_out == ["set-cookie", "x-csrf-token", "x-client-ip"]
    reader = ArchiveIterator(io.BytesIO(shown), check_digests="raise")  # another's reader holds it to both digests
    one = next(iter(reader))
    assert one.http_headers.headers == [
        ("Server", "nginx"),
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", "8"),
    ]
    assert one.content_stream().read() == b"<p>Tin\r\n"
    assert one.rec_headers.get_header("WARC-Target-URI") == "https://xa.example/tin"
    assert one.rec_headers.get_header("WARC-Date") == "2026-05-01T00:00:00Z"
    assert "00000000-0000-4000" not in one.rec_headers.get_header("WARC-Record-ID")


def test_a_record_without_private_headers_stays_byte_for_byte():
    whole = record(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n")
    assert without_private_headers(whole) == (whole, [])


def test_what_is_no_record_is_not_given_away():
    assert without_private_headers(b"mat khau: bi-mat") == (b"", [])
