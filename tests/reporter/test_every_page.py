"""Every kind of page as a browser shows it: nothing sideways at any width, nothing axe-core finds, nothing asked outside, small."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.reporter.pages import Walker, axe_source, kinds

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("reporter")]


@pytest.fixture(scope="module")
def addresses_by_kind(archive_of_two_weeks, addresses_and_site) -> dict[str, str]:
    """An address of each kind of page, of what the archive of two weeks holds."""
    conn = sqlite3.connect(f"{(archive_of_two_weeks / 'archive.db').as_uri()}?mode=ro", uri=True)

    def one(sql: str) -> tuple[str, ...]:
        return tuple(map(str, conn.execute(sql).fetchone()))

    changed, capture = one("SELECT id, capture FROM article WHERE revisions > 0 ORDER BY id")
    (vanished,) = one("SELECT article FROM observation WHERE article IS NOT NULL")
    portal, unit = one("SELECT name, unit FROM portal WHERE name = 'hungha'")
    (number,) = one("SELECT number FROM document ORDER BY articles DESC")
    (month,) = one("SELECT substr(at, 1, 7) FROM change_seen ORDER BY at DESC")
    conn.close()
    record = quote(capture.strip("<>"), safe="")
    return kinds(f"/bai/{changed}", f"/bai/{vanished}", portal, unit, number, f"/ban-chup/{record}", month)


@pytest.fixture
def walker(browser, addresses_and_site) -> Iterator[Walker]:
    made = Walker(browser, addresses_and_site[1], axe_source())
    yield made
    made.leave()


def test_nothing_is_wrong_with_any_page_in_either_language_light_and_dark(walker, addresses_by_kind):
    wrong = {}
    for kind, path in addresses_by_kind.items():
        own = not path.startswith("/archive")
        for address in (path, f"/en{path}".removesuffix("/")) if own else (path,):
            if found := walker.wrong_with(address, own=own):
                wrong[kind, address] = found
    assert not wrong


def test_what_would_be_wrong_with_a_page_is_found(walker):
    walker.wrong_with("/so-tay")
    walker.browser.execute_script(
        """const main = document.querySelector("main"), wide = document.createElement("div");
        wide.style.width = wide.style.height = "2000px";
        main.append(wide, document.createElement("img"));"""
    )
    assert any("image-alt" in one for one in walker.axe_finds("dark", own=True))
    assert any("sideways" in one for one in walker.at_widths())


def test_the_text_of_an_article_begins_within_a_phones_first_screen(walker, addresses_by_kind):
    for kind in ("article, changed", "article, vanished"):
        walker.look_like(390, "light")
        walker.browser.get(walker.address + addresses_by_kind[kind])
        bottom = walker.browser.execute_script("return document.querySelector('#lead').getBoundingClientRect().bottom")
        assert bottom <= 844
