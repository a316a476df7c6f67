"""The item pipeline: a visit goes into the session's batch. Anything else a spider yields passes through."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler

from archive.warc.write import DiskFull
from crawler.extension import session_of
from crawler.session import Session, Visit


class KeepPipeline:
    """Hands visits to the open session; a full disk closes the spider cleanly."""

    def __init__(self, crawler: Crawler, session: Session | None) -> None:
        self.crawler = crawler
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, session_of(crawler))

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Visit) and self.session is not None:
            try:
                self.session.keep(item)
            except DiskFull as error:
                self.session.fatal = error.strerror
        return item
