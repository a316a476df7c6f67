"""The Scrapy extension that opens an archive for a crawl and closes it after: what ties it to a Scrapy crawler."""

from __future__ import annotations

import os
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawl.one_crawl import Crawl
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.folder.limits import Ending
from crawler.settings import user_agent
from crawler.watchdog import watchdog

TICK_SECONDS = 0.5

FOLDER_SETTING = "TINHUYEN_ARCHIVE"


class ArchiveExtension:
    """Opens the crawl of a Scrapy process: in the archive of ``TINHUYEN_ARCHIVE``, for the portals named.

    Without an archive (``scrapy shell`` somewhere) there is none, and requests pass through memory as in any project.
    """

    def __init__(self, crawler: Crawler, crawl: Crawl) -> None:
        self.crawl = crawl
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        self._loop = create_looping_call(self._tick)

    def _opened(self) -> None:
        self._loop.start(TICK_SECONDS, now=False)

    def _tick(self) -> None:
        """Tell the watchdog that the reactor turns, and write what has waited long enough, whoever else is slow."""
        if watchdog.current is not None:
            watchdog.current.beat()
        self.crawl.guarded(self.crawl.batch.flush_when_old)

    def _closed(self, reason: str) -> None:
        if self._loop.running:
            self._loop.stop()
        outcome = outcome_of(reason, self.crawl.run.fatal)
        self.crawl.close("surveyed" if outcome == "finished" and self.crawl.run.arguments.survey else outcome)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveExtension:
        names = getattr(crawler.spider, "portal_names", None)
        folder = archive_folder(crawler.settings)
        if names is None or not folder.exists():
            raise NotConfigured("no portal spider, or no archive here")
        config = folder.config()
        agent = user_agent(crawler.settings["USER_AGENT"], config.contact)
        crawler.settings.set("USER_AGENT", agent, priority="spider")
        arguments = getattr(crawler.spider, "arguments", None)
        crawl = Crawl(folder, choose(config, names), user_agent=agent, arguments=arguments)
        return cls(crawler, crawl)


def outcome_of(reason: str, fatal: Ending | None) -> str:
    """How a run ended, from the reason Scrapy closed the spider for."""
    if fatal:
        return fatal.outcome
    return {"finished": "finished", "limit": "limited", "shutdown": "interrupted", "stopped": "stopped"}.get(
        reason, reason
    )


def crawl_of(crawler: Crawler) -> Crawl | None:
    """The open crawl of a Scrapy crawler, if it has one."""
    extension = crawler.get_extension(ArchiveExtension)
    return extension.crawl if extension is not None else None


def archive_folder(settings: Any) -> ArchiveFolder:
    """The archive a Scrapy process works on: its setting, else the environment, else ``./tinhuyen-data``."""
    return ArchiveFolder(settings.get(FOLDER_SETTING) or os.environ.get(FOLDER_SETTING) or "tinhuyen-data")
