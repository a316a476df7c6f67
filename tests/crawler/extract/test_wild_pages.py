"""Whatever a page is, reading it ends well and soon. ``benchmarks/fuzz.py`` does the same ten thousand times."""

from __future__ import annotations

import time
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import extract, read
from crawler.page.page import Page
from tests.crawler.extract.mutations import endless
from tests.crawler.extract.pages import PAGES

URL = "https://tin.vanxuan.example/2021/03/18/cau-treo.html"
MOST_OF_MEDIAN = 60
"""How much dearer than the median page the dearest may be: some 25 times on an idle machine; a rule that is quadratic in a
page's size is far above."""
BODIES = [page.html for page in PAGES.values()]

markup = st.recursive(
    st.text(max_size=60) | st.sampled_from(["13/01/2020 08:30", "Tác giả: Lê Hoài Thu", "QUẢNG CÁO", "By Ann Lee", "&nbsp;", "<br>"]),
    lambda inner: st.tuples(
        st.sampled_from(["div", "p", "span", "table", "tr", "td", "ul", "li", "article", "h1", "h2", "a href='/x'", "figure", "time", "nav", "section"]),
        st.sampled_from(["", " class='content'", " class='sidebar'", " style='display:none'", " itemprop='articleBody'", " id='title'", " datetime='2020-01-13'"]),
        st.lists(inner, max_size=5),
    ).map(lambda part: f"<{part[0]}{part[1]}>{''.join(part[2])}</{part[0].split()[0]}>"),
    max_leaves=40,
)  # fmt: skip


@given(markup)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_markup_is_judged_and_read(body):
    page = f"<html><head><title>Tin</title></head><body>{body}</body></html>".encode("utf-8", "surrogatepass")
    reading = read(Page.parse(page, URL))
    assert reading.kind
    assert extract(page, URL).url == URL


@given(st.binary(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_judged_and_read(body):
    assert read(Page.parse(body, URL)).kind
    assert extract(body, URL).url == URL


@pytest.mark.slow
def test_no_broken_page_costs_many_times_what_pages_cost():
    costs = sorted(cost(body) for body in islice(endless(BODIES), 250))
    assert costs[-1] < MOST_OF_MEDIAN * costs[len(costs) // 2]


def cost(body: bytes) -> float:
    """CPU seconds of judging and reading a page."""
    started = time.process_time()
    read(Page.parse(body, URL))
    extract(body, URL)
    return time.process_time() - started
