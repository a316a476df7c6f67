"""What is asked of a host: conditions, sizes, forms and the time an answer may take."""

from __future__ import annotations

import pytest

from crawler.crawl.hosts.asks import COOKIE_TEST, MEGABYTE, ask_page, ask_robots
from crawler.crawl.hosts.host_turn import RobotsAsk
from tests.crawler.crawl.opened import HOME, page_of, turn_of

VALIDATORS = {"etag": '"a1"', "last_modified": "Mon, 04 Mar 2024 01:00:00 GMT"}
KEPT = {"record_id": "urn:uuid:1", **VALIDATORS}


def asked(crawl, url: str = HOME + "1", **known):
    return ask_page(crawl, turn_of(), page_of(url, **known))


@pytest.mark.parametrize(
    ("known", "conditional"),
    [
        ({"was": "stored", **KEPT}, True),
        ({"was": "unchanged", **KEPT}, True),
        ({"was": "listed", **KEPT}, True),
        ({"was": "file", "role": "file", **KEPT}, True),
        ({"was": "new", **VALIDATORS}, False),
        ({"was": "stored", **VALIDATORS}, False),
        ({"was": "failed", **KEPT}, False),
        ({"was": "suspect", **KEPT}, False),
        ({"was": "gone", **KEPT}, False),
    ],
)
def test_a_request_is_conditional_only_where_the_answer_it_may_repeat_is_kept(opened, known, conditional):
    headers = asked(opened(), **known).headers
    assert (headers.get("If-None-Match") == '"a1"') is conditional
    assert (headers.get("If-Modified-Since") is not None) is conditional


def test_a_server_that_gave_one_validator_gets_that_one_alone(opened):
    headers = asked(opened(), was="stored", record_id="urn:uuid:1", etag='"a1"').headers
    assert dict(headers) == {"If-None-Match": '"a1"'}


@pytest.mark.parametrize(("role", "megabytes"), [("page", 16), ("feed", 16), ("file", 64), ("requisite", 64)])
def test_pages_and_files_have_their_own_largest_size(opened, role, megabytes):
    assert asked(opened(), role=role).max_bytes == megabytes * MEGABYTE


def test_a_portals_own_sizes_and_time_stand_before_the_archives(opened):
    crawl = opened(settings="max_page_mb = 2.5\nmax_file_mb = 3\ntimeout = 7\n")
    page, file = asked(crawl), asked(crawl, role="file")
    assert (page.max_bytes, file.max_bytes, page.timeout) == (2_500_000, 3_000_000, 7.0)


@pytest.mark.parametrize(("moved", "url"), [(None, "http://xahoa.gov.vn/robots.txt"), (HOME + "m/robots.txt",) * 2])
def test_robots_txt_is_asked_for_where_it_belongs_or_was_moved_to(opened, moved, url):
    ask = ask_robots(opened(), turn_of(robots_ask=RobotsAsk(url=moved)))
    assert (ask.url, ask.page, ask.max_bytes) == (url, None, MEGABYTE)


def test_what_aspnet_looks_for_behind_its_redirect_is_sent_there_and_nowhere_else(opened):
    crawl = opened()
    assert asked(crawl, f"{HOME}?{COOKIE_TEST}").headers["Cookie"] == COOKIE_TEST
    assert "Cookie" not in asked(crawl).headers
