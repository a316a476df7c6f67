"""Scrapy's components that the settings name, beside Scrapy's own lists of them."""

from __future__ import annotations

import pytest
from scrapy.settings import default_settings

from crawler import settings


@pytest.mark.parametrize("name", ["SPIDER_MIDDLEWARES_BASE", "DOWNLOADER_MIDDLEWARES_BASE", "EXTENSIONS_BASE"])
def test_what_is_kept_of_scrapys_components_stands_where_scrapy_puts_it(name):
    assert getattr(settings, name).items() <= getattr(default_settings, name).items()
