"""The browser of the tests: Chromium without a window, driven by Selenium; where there is none its tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

LOAD_SECONDS = 60


@contextmanager
def opened(*arguments: str) -> Iterator[Any]:
    """A browser of one's own, 1280 wide, that keeps what pages write to the console; ``arguments`` are Chromium's."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium and its driver are not installed: the browser test is skipped")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    common = "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"
    for argument in (*common, "--window-size=1280,900", *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    browser.set_page_load_timeout(LOAD_SECONDS)
    browser.set_script_timeout(LOAD_SECONDS)
    try:
        yield browser
    finally:
        browser.quit()
