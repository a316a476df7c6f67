"""A small archive: captures that stand in a WARC file and in a database, and the log of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.model import Article, Capture, Portal
from archive.proof.log import Log
from archive.store import Store
from archive.warc.write import Exchange, WarcWriter, warc_date

BEGUN = datetime(2026, 5, 1, 8, tzinfo=UTC)
PORTAL = Portal("dongbac", "http://dongbac.example/", title="Huyện Đông Bắc")


class Small:
    """An archive that is filled by hand, a capture a minute."""

    def __init__(self, path: Path) -> None:
        self.path, self.warc = path, path / "warc"
        self.warc.mkdir(parents=True)
        self.store = Store.open(path / "archive.db")
        self.store.add_portal(PORTAL)
        self.log = Log(path)
        self.now = BEGUN
        self.begin_file()

    def begin_file(self) -> None:
        """The captures from here on stand in a file of their own."""
        self.writer = WarcWriter(self.warc, [("software", "a test")], instance="test", clock=lambda: self.now)

    def capture(self, url: str, body: bytes = b"<html>...</html>", status: int = 200, kind: str = "page") -> Capture:
        """Write an exchange; its capture is still to be saved."""
        self.now += timedelta(minutes=1)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        request = f"GET {url} HTTP/1.1\r\nHost: dongbac.example\r\n\r\n".encode()
        notes = [("portal", PORTAL.name), ("tls", "none")]
        placed = self.writer.write(Exchange(url, warc_date(self.now), request, head.encode(), body, None, notes=notes))
        return Capture(
            placed.record_id, placed.file, placed.offset, placed.length, url, warc_date(self.now), status, placed.digest,
            PORTAL.name, content_type="text/html; charset=utf-8", payload_bytes=len(body), kind=kind, secure="none",
        )  # fmt: skip

    def article(self, number: int, text: str = "Nước đã rút.") -> int:
        """Keep an article as a page showed it just now; the same number again is another look at it."""
        url = f"http://dongbac.example/tin/{number}.html"
        page = f"<html><h1>Tin {number}</h1><p>{text}</p></html>".encode()
        capture = self.capture(url, page)
        article = Article(url, url, title=f"Tin {number}", lead=text, text=text, family="test", extractor="test/1")
        return self.store.save_article(article, capture, PORTAL.name).id

    def look(self, number: int, article: int) -> None:
        """Look for an article that is not there any more."""
        url = f"http://dongbac.example/tin/{number}.html"
        self.store.observe(url, self.capture(url, b"khong co", 404), "missing", article)

    def seal(self):
        """Close the run: its WARC file, and its head."""
        self.writer.close()
        self.begin_file()
        return self.log.append(self.store.conn, "Kho thử", 1, clock=lambda: self.now)

    def filled(self) -> Small:
        """Five articles over two runs, one of them revised, one missing."""
        numbers = {number: self.article(number) for number in range(5)}
        self.seal()
        self.article(2, "Nước đã rút hẳn.")
        self.look(4, numbers[4])
        self.seal()
        return self


@pytest.fixture
def small(tmp_path) -> Iterator[Small]:
    archive = Small(tmp_path / "kho")
    yield archive
    archive.store.close()


@pytest.fixture
def filled(small) -> Small:
    return small.filled()
