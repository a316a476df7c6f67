"""A reporter without a mouse: search, open, compare and cite with the keyboard alone, the focus always to be seen."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("reporter")]

MOST_TABS = 80
FOCUS = """
const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
return {words: (one.getAttribute("aria-label") || one.textContent || one.name || "").trim(), name: one.name || "",
        outline: style.outlineStyle == "none" ? 0 : parseFloat(style.outlineWidth), onPage: one !== document.body,
        inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
"""


class Keyboard:
    """Tab and Enter on the page that is shown; a focus that cannot be seen fails the test."""

    def __init__(self, browser) -> None:
        self.browser = browser

    def press(self, keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.browser).send_keys(keys).perform()

    def go_to(self, wanted: str) -> None:
        """Tab on to what has these words, or this name as a field."""
        from selenium.webdriver.common.keys import Keys

        passed = []
        for _ in range(MOST_TABS):
            self.press(Keys.TAB)
            focus = self.browser.execute_script(FOCUS)
            if focus["onPage"]:
                assert focus["outline"] >= 2 and focus["inView"], f"the focus on “{focus['words']}” cannot be seen"
            if focus["onPage"] and (wanted in focus["words"] or wanted == focus["name"]):
                return
            passed.append(focus["words"])
        raise AssertionError(f"“{wanted}” is not reached by Tab: {passed}")

    def enter(self, leads_to: str) -> None:
        """Press Enter, and wait for the page that it leads to."""
        from selenium.webdriver.common.keys import Keys
        from selenium.webdriver.support.expected_conditions import staleness_of
        from selenium.webdriver.support.ui import WebDriverWait

        page = self.browser.find_element("tag name", "html")
        self.press(Keys.ENTER)
        wait = WebDriverWait(self.browser, 60)
        wait.until(staleness_of(page))
        wait.until(lambda shown: shown.execute_script("return document.readyState") == "complete")
        assert leads_to in self.browser.current_url


def test_search_open_compare_and_cite_with_the_keyboard_alone(reader):
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    keyboard = Keyboard(reader.browser)
    title = "Hưng Hà thu hồi đất mở rộng tuyến đường qua hai xã"
    keyboard.go_to("q")
    keyboard.press("thu hoi dat mo rong")
    keyboard.enter("/tim?q=")
    keyboard.go_to(title)
    keyboard.enter("/bai/")
    keyboard.go_to("So sánh")  # the hit was opened at its passage: Tab goes on from there
    keyboard.enter("/so-sanh")
    assert "18,6" in reader.text(".diff del")
    keyboard.go_to(title)
    keyboard.enter("/bai/")
    keyboard.go_to("Chép: Hồ sơ, tòa án")
    keyboard.press(Keys.ENTER)
    WebDriverWait(reader.browser, 30).until(lambda shown: "Đã chép" in reader.text(".citations .copied"))


def test_the_first_tab_leads_past_the_navigation(reader):
    keyboard = Keyboard(reader.browser)
    keyboard.go_to("Đến nội dung")
    from selenium.webdriver.common.keys import Keys

    keyboard.press(Keys.ENTER)
    keyboard.go_to("q")
    assert reader.browser.execute_script("return document.activeElement.closest('main') !== null")
