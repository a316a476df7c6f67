"""What is found on a page: each address once, traps told by what they bring, files of the state alone."""

from __future__ import annotations

import pytest

from crawler.crawl.records.visit import Visit
from crawler.crawl.visits import found_links
from crawler.crawl.visits.found_links import BARREN_PAGES, FRUITLESS_PAGES, LinkFinder
from crawler.crawl.visits.visitor import UNREAD
from crawler.extract import read
from crawler.page.page import Page
from crawler.reasons.codes import Code
from tests.crawler.crawl.opened import HOME, page_of

ENTRY = '<p><a href="{}">Xã Hòa An họp bàn việc sửa trạm bơm số {}</a></p>'


@pytest.fixture
def finder(opened):
    return lambda **settings: LinkFinder(opened(**settings))


def found(finder: LinkFinder, url: str, *links: str, **row) -> Visit:
    """The visit to a page that links these addresses."""
    entries = "".join(ENTRY.format(link, n) for n, link in enumerate(links))
    page = Page.parse(f"<html><body>{entries}</body></html>".encode(), url, content_type="text/html; charset=utf-8")
    visit = Visit(page_of(url, **row), 3, UNREAD)
    finder.of_page(visit, page, read(page))
    return visit


def asked(visit: Visit) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in visit.found if entry.skip is None]


def test_an_address_is_found_once_in_a_crawl(finder):
    links = finder()
    assert asked(found(links, HOME + "muc/1", "/tin/1.html", "/tin/2.html")) == ["tin/1.html", "tin/2.html"]
    assert asked(found(links, HOME + "muc/2", "/tin/2.html#phan", "/tin/3.html")) == ["tin/3.html"]


def test_of_more_addresses_than_are_remembered_some_are_found_again(finder, monkeypatch):
    monkeypatch.setattr(found_links, "MAX_KNOWN", 3)
    links = finder()
    found(links, HOME + "muc/1", *(f"/tin/{n}.html" for n in range(4)))
    assert "tin/0.html" in asked(found(links, HOME + "muc/2", "/tin/0.html"))


def test_what_lies_outside_is_no_row_of_the_portal(finder):
    visit = found(finder(), HOME, "http://noi-khac.vn/tin/1.html", "mailto:xa@hoa.vn", "/tin/1.html")
    assert [entry.url for entry in visit.found] == [HOME + "tin/1.html"]


@pytest.mark.parametrize(("pages", "left"), [(FRUITLESS_PAGES - 1, False), (FRUITLESS_PAGES, True)])
def test_a_series_is_left_after_so_many_pages_with_nothing_new(finder, pages, left):
    links = finder()
    for n in range(1, pages + 1):
        found(links, f"{HOME}muc?page={n}", f"/muc?page={n + 1}")
    (last,) = found(links, HOME + "khac", f"/muc?page={pages + 5}").found
    assert (last.skip is not None and last.skip.code is Code.TRAP_SERIES) is left


def test_something_new_in_a_series_starts_its_count_anew(finder):
    links = finder()
    for n in range(1, 3 * FRUITLESS_PAGES):
        new = [f"/tin/{n}.html"] if n % (FRUITLESS_PAGES - 1) == 0 else []
        found(links, f"{HOME}muc?page={n}", f"/muc?page={n + 1}", *new)
    (last,) = found(links, HOME + "khac", "/muc?page=999").found
    assert last.skip is None


def test_a_series_that_the_settings_lift_is_never_left(finder):
    links = finder(settings='lift = ["page="]\n')
    for n in range(1, 2 * FRUITLESS_PAGES):
        found(links, f"{HOME}muc?page={n}", f"/muc?page={n + 1}")
    (last,) = found(links, HOME + "khac", "/muc?page=999").found
    assert last.skip is None


@pytest.mark.parametrize(
    ("pages", "row", "left"),
    [
        (BARREN_PAGES - 1, {}, False),
        (BARREN_PAGES, {}, True),
        (BARREN_PAGES, {"role": "article"}, False),
        (BARREN_PAGES, {"was": "listed"}, False),
    ],
    ids=["not-yet", "left", "articles-always", "read-before"],
)
def test_a_branch_that_leads_only_deeper_is_left(finder, pages, row, left):
    links = finder()
    for n in range(pages):
        found(links, f"{HOME}cay/{n}", f"/cay/{n + 1000}")
    reason = links.leave_out(page_of(HOME + "cay/5000", **row))
    assert (reason is not None and reason.code is Code.TRAP_BRANCH) is left


def test_an_article_found_by_way_of_a_branch_makes_it_worth_following(finder):
    links = finder()
    for n in range(BARREN_PAGES):
        found(links, f"{HOME}cay/{n}", f"/cay/{n + 1000}")
    links.credit(page_of(HOME + "tin/1.html", found_on=HOME + "cay/7"))
    assert links.leave_out(page_of(HOME + "cay/5000")) is None


@pytest.mark.parametrize(
    ("method", "role", "url", "kept_role"),
    [
        ("feed", "article", "tin/1.html", "article"),
        ("sitemap", "sitemap", "map-2.xml", "sitemap"),
        ("page head", "feed", "rss", "feed"),
        ("redirect", "home", "trang-chu", "home"),
    ],
)
def test_what_is_named_has_the_role_it_is_named_as(finder, method, role, url, kept_role):
    visit = Visit(page_of(HOME), 3, UNREAD)
    (entry,) = finder().named(visit, [HOME + url, "http://noi-khac.vn/"], method, role)
    assert (entry.role, entry.method, entry.found_on, entry.depth) == (kept_role, method, HOME, 2)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (HOME + "a.pdf", None),
        ("http://tinh.gov.vn/a.pdf", None),
        ("http://noi-khac.com/a.pdf", Code.OUTSIDE_HOST),
        (HOME + "phim.mp4", Code.EXCLUDED),
    ],
)
def test_files_are_asked_for_within_the_state_unless_excluded(finder, url, code):
    visit = Visit(page_of(HOME), 3, UNREAD)
    (entry,) = finder(settings='exclude = ["mp4$"]\n').needed(visit, [(url, "file", "attachment")])
    assert (entry.skip.code if entry.skip else None) is code


def test_a_page_asked_for_by_a_lifted_rule_alone_is_known_as_such(finder):
    links = finder(settings='lift = ["/in-bai/", "/tin/"]\n')
    assert not links.is_lifted(page_of(HOME + "tin/1.html"))
    assert links.is_lifted(page_of(HOME + "tin/1.html?print=1"))
    assert not links.is_lifted(page_of(HOME + "muc?print=1"))
