"""A page taken up after a kill carries the label of its connection that its metadata record has."""

from __future__ import annotations

import pytest

from archive.warc.read import read_exchange
from archive.warc.write import Exchange, WarcWriter
from crawler.crawl.recover import _capture, _tail
from crawler.ledger.rows import Page


@pytest.mark.parametrize(
    ("url", "notes", "label"),
    [
        ("https://xa.gov.vn/tin-1.html", [("portal", "xa"), ("tls", "verified")], "verified"),
        ("https://xa.gov.vn/tin-1.html", [("portal", "xa"), ("tls", "legacy")], "legacy"),
        (
            "https://xa.gov.vn/tin-1.html",
            [("tls", "verified"), ("list", "https://xa.gov.vn/"), ("form", "page 2")],
            "verified",
        ),
        ("http://xa.gov.vn/tin-1.html", [("portal", "xa"), ("tls", "none")], "none"),
        ("https://xa.gov.vn/tin-1.html", [], "unverified"),
        ("http://xa.gov.vn/tin-1.html", [], "none"),
    ],
    ids=["verified", "legacy", "posted", "plain http", "torn behind the answer", "torn, plain http"],
)
def test_the_label_is_that_of_the_record(url, notes, label, tmp_path):
    writer = WarcWriter(tmp_path, [("software", "test")])
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n"
    writer.write(
        Exchange(url, "2026-01-01T00:00:00Z", b"GET / HTTP/1.1\r\n\r\n", head, b"tin", None, None, notes=notes)
    )
    writer.close()
    (file,) = tmp_path.iterdir()
    (place,) = _tail(file, 0)
    exchange = read_exchange(tmp_path, file.name, place.offset, place.length)
    page = Page(b"k", url, "xa", "article", 1, 0, "new")
    assert _capture(exchange, page, file.name, place).secure == label
    assert place.posted == (("https://xa.gov.vn/", "page 2") if len(notes) == 3 else ())
