"""The tee on the wire keeps every byte of an exchange, and the private names it leans on are still there."""

from __future__ import annotations

import subprocess
import sys
import zlib

import pytest
from scrapy.core.downloader.handlers import http11
from scrapy.core.engine import ExecutionEngine
from twisted.web import _newclient

from tests.conftest import answer


def test_the_private_names_the_tee_leans_on_exist():
    assert issubclass(http11._LenientHTTP11ClientProtocol, _newclient.HTTP11ClientProtocol)
    assert hasattr(http11._LenientHTTP11ClientFactory, "buildProtocol")
    assert hasattr(_newclient.Request, "writeTo")
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

SCRIPT = """
import json, sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from crawler.fetch.wire import Recording

class One(Spider):
    name = "one"
    custom_settings = {
        "DOWNLOAD_HANDLERS": {"http": "crawler.fetch.wire.WireHandler"}, "LOG_ENABLED": False, "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False, "HTTPERROR_ALLOW_ALL": True, "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    }
    allow = sys.argv[1] == "allow"
    async def start(self):
        for url in sys.argv[2:]:
            recording = Recording("test", allow_private=self.allow)
            yield Request(url, self.parse, errback=self.failed, meta={"recording": recording}, dont_filter=True)
    def tell(self, recording, error):
        print(json.dumps([recording.request.hex(), recording.response.hex(), recording.address, error]))
    def parse(self, response):
        self.tell(response.meta["recording"], None)
    def failed(self, failure):
        self.tell(failure.request.meta["recording"], str(failure.value))

process = CrawlerProcess()
process.crawl(One)
process.start()
"""


def fetch(mode, *urls):
    import json

    command = [sys.executable, "-c", SCRIPT, mode, *urls]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_every_byte_sent_and_received_is_recorded(loopback):
    loopback.routes = dict(ANSWERS)
    rows = fetch("allow", *(loopback.base + path for path in ANSWERS))
    got = {}
    for request, response, address, _ in rows:
        sent = bytes.fromhex(request)
        assert b"Wire" not in sent and sent.endswith(b"\r\n\r\n") and address == "127.0.0.1"
        got[sent.split()[1].decode()] = bytes.fromhex(response)
    assert got == ANSWERS


@pytest.mark.slow
def test_nothing_is_sent_to_a_private_address_that_was_not_permitted(loopback):
    loopback.routes = dict(ANSWERS)
    ((request, response, _, error),) = fetch("refuse", loopback.base + "/plain")
    assert (request, response) == ("", "")
    assert "127.0.0.1" in error and loopback.seen == []
