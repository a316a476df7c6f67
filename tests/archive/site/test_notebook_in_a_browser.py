"""The notebook in a real browser: clipped, annotated, kept over pages, removed; nothing of a portal's becomes markup."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from archive.model import Portal
from archive.store import Store
from tests.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def served(folder, make_article, make_capture):
    """A site with one article, whose title is markup: its address, and the article's id."""
    with Store.open(folder / "archive.db") as store:
        store.add_portal(Portal("hungha.thaibinh", "https://hungha.thaibinh.gov.vn/", "Cổng Hưng Hà"))
        article = make_article(title="<img src=x onerror=alert(1)>'\" Hội xuân", text="Đảng bộ họp.\n\nHội xuân mở.")
        number = store.save_article(article, make_capture(), "hungha.thaibinh").id
    code = "import sys; from pathlib import Path; from archive.site.server.serving import serve; serve(Path(sys.argv[1]), port=0)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        said = re.search(r"http://\S+", server.stdout.readline())
        assert said is not None
        yield said[0].rstrip("/"), number
        server.send_signal(signal.SIGINT)
        server.wait(20)


@pytest.fixture
def browser():
    with opened() as one:
        yield one


def test_a_clip_is_kept_with_its_note_over_pages_and_removed(served, browser):
    from selenium.webdriver.common.by import By

    address, number = served
    browser.get(f"{address}/bai/{number}")
    button = browser.find_element(By.CSS_SELECTOR, "button.clip")
    assert button.text == "Ghi vào sổ tay"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    browser.get(f"{address}/en/so-tay")
    (heading,) = browser.find_elements(By.CSS_SELECTOR, "#notebook h2")
    assert heading.text.startswith("<img src=x") and not browser.find_elements(By.TAG_NAME, "img")
    browser.find_element(By.TAG_NAME, "textarea").send_keys("gọi lại")
    browser.get(f"{address}/so-tay")
    assert browser.find_element(By.TAG_NAME, "textarea").get_attribute("value") == "gọi lại"
    browser.find_element(By.CSS_SELECTOR, "#notebook button").click()
    assert browser.find_element(By.ID, "notebook-empty").is_displayed()
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_search_fits_its_window_and_asks_nothing_of_another_origin(width, served, browser):
    address, _ = served
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700})  # fmt: skip
    for path in (
        "/tim?q=hoi+xuan",
        "/en/tim?q=xuna+hoi",
        "/tim?q=hungha.thaibinh.gov.vn/none",
        "/cong/hungha.thaibinh",
    ):
        browser.get(address + path)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, path
        asked = browser.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
        assert asked and all(one.startswith(address) for one in asked)
        assert (
            browser.execute_script(
                "return [document.documentElement.lang, document.querySelectorAll('main h1').length]"
            )[1]
            == 1
        )
