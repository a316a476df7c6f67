"""Causes are read off our own words alone, never off what a page, a server or an address says."""

from __future__ import annotations

import pytest

from crawler.extract.kinds.judge import _error_page
from crawler.health.causes import cause_of


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("error page: the page says “503 Bảo trì: no connection to the server”", "switched off"),
        ("error page: the page says “the host name x does not resolve”", "switched off"),
        ("error page: a server error, the page says “503: no connection to the server”", "server errors"),
        ("static page: its title is “robots.txt forbids it”", "other"),
        ("spam page: the server answers 503", "taken over"),
        ("blocked: a challenge asks for proof of being human (403)", "challenge"),
        ("the answer is no proper HTTP: it begins with b'x refuses the connection'", "broken answers"),
        ("redirects to http://x.vn/database connection/the server answers 503", "other"),
        ("the portal redirects to http://moi.vn/no connection to: add that address", "moved"),
        ("redirects out of the portal, to http://x.vn/dang-nhap", "login"),
        ("the last visit failed: the host name a.vn does not resolve", "dead name"),
        ("waits for a later crawl: a.vn refuses the connection", "dead server"),
        ("a.vn:8080 did not answer within 60 s; tried 2 times, to be tried again", "no answer"),
        ("robots.txt answers 503; nothing of the host is fetched until its robots.txt answers", "robots unreachable"),
        ("a.vn refuses the connection; nothing of the host is fetched until its robots.txt answers", "dead server"),
        ("no name server answers for a.vn", "DNS failure"),
        ("no network: network is unreachable, asking a.vn", "no answer"),
        ("no network: network is unreachable, asking the proxy 10.0.0.1:3128", "proxy"),
        ("the server answers 429, asking to wait 30 s", "rate limited"),
        ("a page that was read", "other"),
        ("", None),
    ],
)
def test_a_cause_comes_from_the_beginning_of_a_reason(reason, cause):
    assert cause_of(reason) == cause


@pytest.mark.parametrize(
    ("says", "cause"),
    [
        ("503 Dịch vụ tạm dừng: no connection to the server", "server errors"),
        ("Error establishing a database connection", "server errors"),
        ("Website đang bảo trì, the server refuses it (403)", "switched off"),
        ("404 – no TLS connection", "switched off"),
    ],
)
def test_an_error_page_is_told_by_which_error_it_shows(says, cause):
    assert cause_of(f"error page: {_error_page(says).reason}") == cause
