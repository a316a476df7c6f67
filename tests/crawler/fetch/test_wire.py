"""The tee on the wire keeps every byte of an exchange, and the private names it leans on are still there."""

from __future__ import annotations

import zlib

import pytest
from scrapy.core.downloader.handlers import http11
from scrapy.core.engine import ExecutionEngine
from twisted.web import _newclient

from crawler.fetch.wire import HEAD_ROOM, _TeeProtocol
from tests.conftest import answer
from tests.crawler.fetch.fetching import fetch


def test_the_private_names_the_tee_leans_on_exist():
    assert issubclass(http11._LenientHTTP11ClientProtocol, _newclient.HTTP11ClientProtocol)
    assert hasattr(http11._LenientHTTP11ClientFactory, "buildProtocol")
    assert hasattr(_newclient.Request, "writeTo")
    assert issubclass(_TeeProtocol, _newclient.HTTP11ClientProtocol)
    assert callable(_newclient.HTTP11ClientProtocol._finishResponse) and _newclient.HTTP11ClientProtocol._parser is None
    assert _newclient.HTTPClientParser.MAX_LENGTH and callable(_newclient.HTTPClientParser.lineLengthExceeded)
    source = open(http11.__file__).read()  # noqa: PTH123, SIM115
    assert "self._pool._factory" in source and "contextFactory=self._contextFactory" in source
    assert "_slot" in ExecutionEngine.__init__.__code__.co_names


ANSWERS = {
    "/plain": answer("<p>đầy đủ</p>", X_Odd="Hoa  Thường"),
    "/gzip": answer(zlib.compress(b"x" * 500, wbits=31), Content_Encoding="gzip"),
    "/chunked": b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    "/odd-line": b"HTTP/1.1 200 OK\r\nthis line has no colon\r\nContent-Length: 2\r\n\r\nhi",
    "/moved": answer("", "301 Moved Permanently", Location="/plain"),
    "/missing": answer("không có", "404 Not Found"),
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
}


@pytest.mark.slow
def test_every_byte_sent_and_received_is_recorded(loopback):
    loopback.routes = dict(ANSWERS)
    got = {}
    for fetched in fetch(*(loopback.base + path for path in ANSWERS)):
        sent = fetched.request
        assert b"Wire" not in sent and sent.endswith(b"\r\n\r\n") and fetched.address == "127.0.0.1"
        got[sent.split()[1].decode()] = fetched.response
    assert got == ANSWERS


@pytest.mark.slow
def test_nothing_is_sent_to_a_private_address_that_was_not_permitted(loopback):
    loopback.routes = dict(ANSWERS)
    (fetched,) = fetch(loopback.base + "/plain", allow_private=False)
    assert (fetched.request, fetched.response) == (b"", b"")
    assert "127.0.0.1" in fetched.error and loopback.seen == []


@pytest.mark.slow
def test_what_is_larger_than_the_limit_is_recorded_up_to_it_and_marked(loopback):
    loopback.routes = {"/": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 4_000_000}
    (fetched,) = fetch(loopback.base, max_bytes=100_000, download_maxsize=100_000)
    assert fetched.overflow and fetched.error.startswith("DownloadCancelledError")
    assert 100_000 <= len(fetched.response) <= 100_000 + HEAD_ROOM


@pytest.mark.slow
def test_bytes_beyond_an_answer_are_not_the_answer_to_the_next_request(keeping):
    """Two answers to one request: the connection is given up, else the second would be stored under another address."""
    keeping.answers = [answer("một") + answer("giả mạo"), answer("hai")]
    assert [fetched.body.decode() for fetched in fetch(keeping.base + "/1", keeping.base + "/2")] == ["một", "hai"]
    assert keeping.connections == 2


@pytest.mark.slow
def test_a_connection_that_died_between_two_requests_is_replaced(keeping):
    keeping.answers, keeping.close_after = [answer("một"), answer("hai")], 1
    rows = fetch(keeping.base + "/1", keeping.base + "/2")
    assert [fetched.body.decode() for fetched in rows] == ["một", "hai"]
    assert [fetched.response for fetched in rows] == [answer("một"), answer("hai")]


@pytest.mark.slow
def test_a_head_without_end_is_cut_off(loopback):
    loopback.routes = {"/": b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 200_000}
    (fetched,) = fetch(loopback.base)
    assert "HeadTooLarge" in fetched.error
    assert len(fetched.response) < 500_000
