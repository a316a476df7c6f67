"""Where a redirect leads: within the portal, out of it, to the same page, home, nowhere, or round and round."""

from __future__ import annotations

import pytest

from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import LinkFinder
from crawler.crawl.visits.outcomes import Look
from crawler.crawl.visits.redirects import (
    MAX_REDIRECTS,
    MAX_SAME_PAGE_REDIRECTS,
    Redirects,
    leads_out,
    same_page_elsewhere,
)
from crawler.crawl.visits.visitor import UNREAD
from crawler.reasons.codes import Code
from tests.crawler.crawl.opened import HOME, key_of, page_of

NOW = 1_770_000_000.0
ARTICLE = {"was": "stored", "role": "article", "article_id": 7}


@pytest.fixture
def redirects(opened):
    crawl = opened()
    return Redirects(crawl, LinkFinder(crawl))


def followed(redirects, location, url=HOME + "1", **row):
    look = Look(page_of(url, **row), NOW, 302)
    visit = Visit(look.row, 3, UNREAD)
    return redirects.follow(visit, look, "302", location), visit


@pytest.mark.parametrize(
    ("row", "location", "state", "code", "instead"),
    [
        ({}, "/tin/2.html", "skipped", Code.REDIRECTS, None),
        ({}, None, "skipped", Code.REDIRECTS_NOWHERE, None),
        ({}, "javascript:void(0)", "skipped", Code.REDIRECTS_NOWHERE, None),
        ({}, "http://noi-khac.vn/", "skipped", Code.REDIRECTS_OUT, None),
        ({"role": "home"}, "http://xamoi.gov.vn/", "failed", Code.PORTAL_REDIRECTS, None),
        ({}, "/1", "failed", Code.REDIRECTS_IN_A_CIRCLE, None),
        (ARTICLE, "/", "stored", Code.REDIRECTS_HOME, "home page"),
        (ARTICLE, "/tin/khac.html", "stored", Code.REDIRECTS, "moved"),
        ({"was": "file", "role": "file"}, "/tin/khac.pdf", "file", Code.REDIRECTS, "moved"),
    ],
    ids=[
        "within",
        "no-address",
        "a-script",
        "out",
        "portal-moved",
        "circle",
        "article-home",
        "article-moved",
        "file-moved",
    ],
)
def test_a_redirect_leaves_its_page_in_this_state(redirects, row, location, state, code, instead):
    outcome, _ = followed(redirects, location, **row)
    assert (outcome.state, outcome.reason.code, outcome.instead) == (state, code, instead)


def test_where_it_leads_is_a_page_of_its_own_with_the_role_of_the_one_that_led_there(redirects):
    _, visit = followed(redirects, "/tin/2.html", role="home")
    (found,) = visit.found
    assert (found.url, found.role, found.method, found.found_on) == (
        HOME + "tin/2.html",
        "home",
        "redirect",
        HOME + "1",
    )


def test_another_address_of_the_same_page_is_asked_from_now_on(redirects):
    outcome, visit = followed(redirects, "/1?utm_source=x", tries=1)
    assert (outcome.state, outcome.url, outcome.due, outcome.tries) == ("new", HOME + "1?utm_source=x", NOW, 2)
    assert visit.found == []


def test_a_page_that_changes_its_address_too_often_goes_in_a_circle():
    look = Look(page_of(HOME + "1", tries=MAX_SAME_PAGE_REDIRECTS), NOW, 302)
    assert same_page_elsewhere(look, "https://xahoa.gov.vn/1").reason.code is Code.REDIRECTS_IN_A_CIRCLE


def test_a_chain_is_followed_as_far_as_browsers_do(redirects):
    states = []
    for n in range(MAX_REDIRECTS + 1):
        outcome, _ = followed(redirects, f"/chuoi/{n + 1}.html", url=f"{HOME}chuoi/{n}.html")
        states.append(outcome.reason.code)
    assert set(states[:-1]) == {Code.REDIRECTS} and states[-1] is Code.MANY_REDIRECTS


def test_a_file_knows_every_address_that_led_to_it_once(redirects):
    followed(redirects, "/b.pdf", url=HOME + "a.pdf")
    _, visit = followed(redirects, "/c.pdf", url=HOME + "b.pdf")
    assert visit.file_aliases == [(HOME + "b.pdf", HOME + "c.pdf"), (HOME + "a.pdf", HOME + "c.pdf")]
    assert redirects.led_to(key_of(HOME + "c.pdf")) == [HOME + "b.pdf", HOME + "a.pdf"]
    assert redirects.led_to(key_of(HOME + "c.pdf")) == []


def test_only_a_home_page_that_leads_out_is_a_failure():
    codes = [leads_out(Look(page_of(HOME, role=role), NOW), "http://x.vn/").state for role in ("home", "page", "feed")]
    assert codes == ["failed", "skipped", "skipped"]
