"""``family new``: a family made from one page is born passing, and what makes no family says why in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.errors import UserError
from crawler.page.page import Page
from crawler.probe import new_family as skeleton
from crawler.probe.new_family import Saved, make
from tests.crawler.cms.saved import PAGES, load

ROOT = Path(__file__).parents[3]


@pytest.fixture
def checkout(tmp_path) -> Path:
    (tmp_path / "tests" / "crawler" / "cms" / "pages").mkdir(parents=True)
    (tmp_path / "crawler" / "cms" / "families").mkdir(parents=True)
    return tmp_path


def saved(name: str, url: str) -> Saved:
    markup = (PAGES / "desktop_module" / f"{name}.html").read_text()
    return Saved(
        markup.replace("UI", "Xy").replace("Article", "BaiViet").replace("/DesktopModule/", "/mo-dun/").encode(), url
    )


def test_a_family_made_from_a_page_reads_that_page(checkout):
    portal, known = load("desktop_module", "portal"), load("desktop_module", "article")
    article, home, listing = (
        saved("article", known["url"]),
        saved("home", portal["home"]),
        saved("list", portal["list"]),
    )
    expected = make("xy_cms", article, home, listing, checkout)
    assert (expected["title"], expected["family"], expected["way"]) == (known["title"], "xy_cms", "selectors")
    assert set(known["paragraphs"]) <= {expected["lead"], *expected["paragraphs"]}
    folder = checkout / "tests" / "crawler" / "cms" / "pages" / "xy_cms"
    assert json.loads((folder / "article.json").read_text()) == expected
    assert json.loads((folder / "portal.json").read_text())["sections"] == portal["sections"]
    family = skeleton._loaded((checkout / "crawler" / "cms" / "families" / "xy_cms.py").read_text(), "xy_cms")
    assert family.recognise(Page.parse(article.body, article.url))


def test_a_page_of_a_known_family_needs_none(checkout):
    known = load("plone", "article")
    page = Saved((PAGES / "plone" / "article.html").read_bytes(), known["url"])
    with pytest.raises(UserError, match="recognised already, as plone"):
        make("xy_cms", page, page, page, checkout)


@pytest.mark.parametrize(
    ("name", "page", "says"),
    [("Bad Name", "article", "no name of a family"), ("xy_cms", "list", "no title was found")],
    ids=["name", "no-article"],
)
def test_what_makes_no_family_is_one_clear_line_and_nothing_is_written(checkout, name, page, says):
    url = load("desktop_module", "portal")["list"] if page == "list" else load("desktop_module", "article")["url"]
    with pytest.raises(UserError, match=says):
        make(name, saved(page, url), saved("home", url), saved("list", url), checkout)
    assert not list((checkout / "crawler" / "cms").glob("*xy*"))
