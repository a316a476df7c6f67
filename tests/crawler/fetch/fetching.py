"""Fetch addresses through the wire handler alone, in a process of its own (a reactor starts only once)."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

SCRIPT = """
import json, sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from crawler.fetch.wire import Recording

class One(Spider):
    name = "one"
    custom_settings = {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "crawler.fetch.wire.WireHandler"), "LOG_ENABLED": False,
        "RETRY_ENABLED": False, "REDIRECT_ENABLED": False, "HTTPERROR_ALLOW_ALL": True,
        "DOWNLOAD_FAIL_ON_DATALOSS": False, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
        "CONCURRENT_REQUESTS": 1,
    }
    told = json.loads(sys.argv[1])
    async def start(self):
        for url in self.told["urls"]:
            recording = Recording("test", allow_private=self.told["allow_private"], max_bytes=self.told["max_bytes"])
            meta = {"recording": recording, **self.told["meta"]}
            yield Request(url, self.parse, errback=self.failed, meta=meta, dont_filter=True)
    def tell(self, request, body, error):
        r = request.meta["recording"]
        print(json.dumps([request.url, r.request.hex(), r.response.hex(), body.hex(), r.address, r.overflow, error]))
    def parse(self, response):
        self.tell(response.request, response.body, None)
    def failed(self, failure):
        self.tell(failure.request, b"", f"{type(failure.value).__name__}: {failure.value} {[r.value for r in getattr(failure.value.__cause__, 'reasons', [])]}")

process = CrawlerProcess()
process.crawl(One)
process.start()
"""


@dataclass
class Fetched:
    """What came of one address: the bytes on the wire, the body as Scrapy reads it, and what went wrong."""

    url: str
    request: bytes
    response: bytes
    body: bytes
    address: str | None
    overflow: bool
    error: str | None


def fetch(*urls: str, allow_private: bool = True, max_bytes: int = 0, **meta: Any) -> list[Fetched]:
    """Fetch ``urls`` one after the other, each with ``meta``."""
    told = {"urls": urls, "allow_private": allow_private, "max_bytes": max_bytes, "meta": meta}
    command = [sys.executable, "-c", SCRIPT, json.dumps(told)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        Fetched(url, bytes.fromhex(sent), bytes.fromhex(came), bytes.fromhex(body), *rest)
        for url, sent, came, body, *rest in rows
    ]
