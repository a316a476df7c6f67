"""A crawl without a reactor, opened on a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crawler.crawl.one_crawl import Crawl
from tests.crawler.crawl.opened import open_crawl


@pytest.fixture
def opened(tmp_path) -> Iterator[Callable[..., Crawl]]:
    """Opens the archive ``tmp_path / "kho"`` to crawl it; closes it afterwards."""
    crawls: list[Crawl] = []

    def opening(**named) -> Crawl:
        crawls.append(open_crawl(tmp_path / "kho", **named))
        return crawls[-1]

    yield opening
    for crawl in crawls:
        crawl.close("finished")
