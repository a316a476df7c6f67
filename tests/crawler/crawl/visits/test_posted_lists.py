"""Answers to a list's forms: fragments unwrapped, cookies of a visit, and what a pager's pages lead to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl.records.visit import Visit
from crawler.crawl.visits import outcomes
from crawler.crawl.visits.found_links import FRUITLESS_PAGES, LinkFinder
from crawler.crawl.visits.outcomes import Look
from crawler.crawl.visits.posted_lists import REFUSALS, SAME_AGAIN, PostedPages, _cookie, fragment_in, is_whole
from crawler.crawl.visits.visitor import UNREAD
from crawler.ledger.rows import Outcome
from crawler.page.page import Page
from crawler.reasons.codes import Code
from tests.crawler.crawl.opened import HOME, page_of, why

LIST = HOME + "tin-tuc"
NOW = 1_770_000_000.0


@pytest.mark.parametrize(
    ("body", "markup"),
    [
        ('{"d": "<li>Tin</li>"}', "<li>Tin</li>"),
        ('  "<li>Tin</li>"', "<li>Tin</li>"),
        ('{"total": 5, "next": "2", "html": "<li>Tin một</li>"}', "<li>Tin một</li>"),
        ('{"d": "\\ud800<li>"}', "?<li>"),
        ('{"d": 5}', None),
        ('{"d": ', None),
        ("[1, 2]", None),
        ("<li>{}</li>", None),
        ("", None),
        ('{"d":' * 3000, None),
    ],
    ids=["asp-net", "text", "longest", "half-a-letter", "number", "torn", "array", "markup", "empty", "deep"],
)
def test_the_markup_in_an_answer_of_json_is_its_longest_text(body, markup):
    assert fragment_in(body.encode()) == (None if markup is None else markup.encode())


@given(
    st.binary(max_size=80)
    | st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner)).map(
        lambda told: json.dumps(told).encode()
    )
)
def test_any_answer_is_a_fragment_or_none(body):
    markup = fragment_in(body)
    assert markup is None or isinstance(markup.decode("utf-8"), str)


@pytest.mark.parametrize(
    ("body", "whole"), [(b"<!DOCTYPE html>", True), (b"\n<BODY class=x>", True), (b"<li>x</li>", False), (b"", False)]
)
def test_a_page_is_told_from_a_fragment(body, whole):
    assert is_whole(body) is whole


@pytest.mark.parametrize(
    ("before", "given_", "cookie"),
    [
        (None, [b"ASP.NET_SessionId=abc; path=/; HttpOnly"], "ASP.NET_SessionId=abc"),
        ("a=1; b=2", [b"b=3; path=/", b"c=4"], "a=1; b=3; c=4"),
        ("a=1=1", [], "a=1=1"),
        (None, [b"no-value", b"=x"], None),
        (None, [], None),
        ("a=1", [b"b=" + b"x" * 5000], None),
    ],
    ids=["first", "renewed", "equals-signs", "none", "nothing", "too-long"],
)
def test_a_form_is_sent_with_the_cookies_of_its_visit(before, given_, cookie):
    assert _cookie(before, given_) == cookie


@pytest.fixture
def posted(opened):
    crawl = opened()
    return PostedPages(crawl, LinkFinder(crawl))


def row(number: int):
    return page_of(LIST, role="listing", found_on=LIST, form=f"page {number} by Grid")


def answered(posted, number: int, *entries: int) -> Outcome:
    """Page ``number`` of the list, which names these entries."""
    links = "".join(f'<p><a href="/tin/bai-so-{n}-cua-xa.html">Xã Hòa An họp bàn việc thứ {n}</a></p>' for n in entries)
    page = Page.parse(f"<html><body>{links}</body></html>".encode(), LIST, content_type="text/html; charset=utf-8")
    look = Look(row(number), NOW, 200)
    visit = Visit(look.row, 3, UNREAD)
    return posted.of_answer(visit, look, page, posted.links.family_of(look.row), [])


def test_a_page_of_the_list_is_read_for_its_links(posted):
    outcome = answered(posted, 2, 1, 2, 3)
    assert (outcome.state, outcome.kind, outcome.due) == ("listed", "listing by form", None)
    assert outcome.reason.code is Code.FORM_PAGE and outcome.reason.facts["links"] == 3


def test_a_page_that_names_nothing_is_the_end_and_no_failure(posted):
    assert answered(posted, 9).reason.code is Code.FORM_PAGE_EMPTY


def test_the_same_entries_twice_in_a_row_end_the_list(posted):
    answered(posted, 2, 1, 2)
    for n in range(SAME_AGAIN):
        assert posted.leave_out(row(9)).code is Code.FORM_GONE
        assert answered(posted, 3 + n, 1, 2).reason.code is Code.FORM_PAGE_AGAIN
    assert posted.leave_out(row(9)).code is Code.TRAP_FORM_AGAIN


def test_another_page_in_between_starts_the_count_anew(posted):
    answered(posted, 2, 1, 2)
    for n in range(3 * SAME_AGAIN):
        answered(posted, 10 + 2 * n, 1, 2)
        answered(posted, 11 + 2 * n, 100 + n)
    assert posted.leave_out(row(99)).code is Code.FORM_GONE


def test_pages_that_bring_nothing_new_end_the_list(posted):
    known = list(range(FRUITLESS_PAGES + 1))
    answered(posted, 2, *known)
    for n in range(FRUITLESS_PAGES):
        answered(posted, 3 + n, *known[: n + 1])  # other entries than any page before, all of them known
    assert posted.leave_out(row(99)).code is Code.TRAP_FORM_BARREN


@pytest.mark.parametrize(("refused", "left"), [(REFUSALS - 1, Code.FORM_GONE), (REFUSALS, Code.FORM_REFUSED)])
def test_refusals_in_a_row_end_the_list(posted, refused, left):
    for n in range(refused):
        look = Look(row(2 + n), NOW, 403)
        posted.ended(Visit(look.row, 3, outcomes.failed(look, why("refused"))))
    assert posted.leave_out(row(99)).code is left
    assert (LIST in posted.crawl.run.tally.failed) is (refused == REFUSALS)


def test_a_page_that_will_be_tried_again_is_no_refusal(posted):
    for n in range(REFUSALS):
        look = Look(row(2 + n), NOW)
        posted.ended(Visit(look.row, 3, outcomes.ended(look, "new", why("torn"), due=NOW + 5)))
    assert posted.leave_out(row(99)).code is Code.FORM_GONE


def test_lists_of_different_pagers_are_ended_apart(posted):
    answered(posted, 2, 1, 2)
    for n in range(SAME_AGAIN):
        answered(posted, 3 + n, 1, 2)
    other = page_of(LIST, role="listing", found_on=LIST, form="page 9 by Other")
    assert posted.leave_out(other).code is Code.FORM_GONE
