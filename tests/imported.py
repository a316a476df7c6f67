"""What the process that commands are forked from imports: both packages, and what Scrapy imports when a crawl starts."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

SCRAPY = (
    "scrapy.core.downloader.handlers.datauri",
    "scrapy.core.downloader.handlers.file",
    "scrapy.core.downloader.handlers.ftp",
    "scrapy.core.downloader.handlers.s3",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.extensions.closespider",
    "scrapy.extensions.corestats",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.logcount",
    "scrapy.extensions.logstats",
    "scrapy.logformatter",
    "scrapy.spidermiddlewares.start",
    "scrapy.statscollectors",
)


def import_everything() -> None:
    """Import what a command may need. A reactor is none of it: a process that was forked could not choose its own."""
    for package in ("archive", "crawler"):
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                import_module(found.name)
    for name in SCRAPY:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules


import_everything()
