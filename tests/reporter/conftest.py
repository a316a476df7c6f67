"""The archive of two weeks on a site of its own, and a reader whose steps are counted."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.browser import opened
from tests.reporter.crawled_twice import make_archive

MOST_STEPS = 3


class Reader:
    """A reader in a browser, who starts at home. A step is a form sent or a link clicked; a fourth one fails the test."""

    def __init__(self, browser, address: str) -> None:
        self.browser, self.address, self.steps = browser, address, 0
        browser.get(address)

    def search(self, typed: str) -> None:
        """Send the search form of the page."""
        field = self.browser.find_element("css selector", "main form[role=search] input[type=search]")
        field.clear()
        field.send_keys(typed)
        self.send("main form[role=search] button")

    def choose(self, name: str, label: str) -> None:
        """Choose of a list; no step as long as nothing is sent."""
        from selenium.webdriver.support.ui import Select

        Select(self.browser.find_element("css selector", f"main select[name={name}]")).select_by_visible_text(label)

    def send(self, button: str) -> None:
        self._step(self.browser.find_element("css selector", button))

    def click(self, words: str, within: str = "body") -> None:
        """Click the first link of these words."""
        self._step(self.link(words, within))

    def link(self, words: str, within: str = "body"):
        links = self.browser.find_elements("css selector", f"{within} a")
        found = [link for link in links if words in " ".join(link.text.split())]
        assert found, f"no link “{words}” among {[link.text for link in links]}"
        return found[0]

    def feed(self, words: str) -> bytes:
        """What a feed reader gets of a link."""
        self._count()
        return fetched(self.link(words).get_attribute("href"))

    def text(self, selector: str = "main") -> str:
        return "\n".join(one.text for one in self.browser.find_elements("css selector", selector))

    def texts(self, selector: str) -> list[str]:
        return [" ".join(one.text.split()) for one in self.browser.find_elements("css selector", selector)]

    def hidden(self, selector: str) -> list[str]:
        """What a screen reader says of elements, too."""
        found = self.browser.find_elements("css selector", selector)
        return [" ".join(one.get_attribute("textContent").split()) for one in found]

    def _count(self) -> None:
        self.steps += 1
        assert self.steps <= MOST_STEPS, "more steps than a reporter has"

    def _step(self, element) -> None:
        from selenium.webdriver.support.expected_conditions import staleness_of
        from selenium.webdriver.support.ui import WebDriverWait

        self._count()
        page = self.browser.find_element("tag name", "html")
        element.click()
        wait = WebDriverWait(self.browser, 60)  # a click does not wait for the page it leads to
        wait.until(staleness_of(page))
        wait.until(lambda shown: shown.execute_script("return document.readyState") == "complete")
        path = self.browser.current_url.removeprefix(self.address)
        assert not re.match(r"/(?:archive|-)(?:/|$|\?)", path), "the reporter is led to SQL"


def fetched(address: str) -> bytes:
    with urlopen(address, timeout=60) as answer:
        data: bytes = answer.read()
    return data


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="session")
def archive_of_two_weeks(tmp_path_factory) -> Path:
    """Where the archive lies, which `addresses_and_site` makes."""
    folder: Path = tmp_path_factory.mktemp("reporter") / "kho"
    return folder


@pytest.fixture(scope="session")
def addresses_and_site(archive_of_two_weeks) -> Iterator[tuple[dict[str, str], str]]:
    """The addresses of the articles by title, and that of the site."""
    folder = archive_of_two_weeks
    addresses = make_archive(folder)
    command = [sys.executable, "-m", "crawler", "serve", "--archive", str(folder), "--port", "0"]
    unbuffered = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=unbuffered) as server:
        assert server.stdout is not None
        said = re.search(r"http://\S+", server.stdout.readline())
        assert said is not None
        try:
            yield addresses, said[0].rstrip("/")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


@pytest.fixture(scope="session")
def browser():
    with opened() as one:
        yield one


@pytest.fixture
def addresses(addresses_and_site) -> dict[str, str]:
    return addresses_and_site[0]


@pytest.fixture
def reader(browser, addresses_and_site) -> Reader:
    return Reader(browser, addresses_and_site[1])
