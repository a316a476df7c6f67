"""Causes are read off codes and facts of ours alone, never off what a page, a server or an address says."""

from __future__ import annotations

import pytest

from crawler.crawl.visits.visitor import KINDS
from crawler.extract.kinds.no_page import _error_page
from crawler.health.causes import cause_of
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

QUOTED = "503: no connection to the server; robots.txt forbids it; the host name x.vn does not resolve"
"""What a page may say."""


def reason(code: Code, **facts) -> Reason:
    return Reason(code, **facts)


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        (reason(Code.ERROR_PAGE, why=Reason(Code.SAYS_ERROR, text=QUOTED)), "switched off"),
        (reason(Code.ERROR_PAGE, why=Reason(Code.SAYS_SERVER_ERROR, text=QUOTED)), "server errors"),
        (reason(Code.STATIC_PAGE, why=Reason(Code.STATIC_TITLE, text=QUOTED)), "other"),
        (reason(Code.SPAM_PAGE, why=QUOTED), "taken over"),
        (reason(Code.BLOCKED_BY_STATUS, why=Reason(Code.HUMAN_CHALLENGE), status=403), "challenge"),
        (reason(Code.EMPTY_PAGE, why=Reason(Code.ONLY_A_REDIRECT)), "moved"),
        (reason(Code.EMPTY_PAGE, why=Reason(Code.NO_WORDS)), "broken answers"),
        (reason(Code.NOT_HTTP_FROM_START, bytes=QUOTED), "broken answers"),
        (reason(Code.REDIRECTS, target="http://x.vn/database%20connection/the-server-answers-503"), "other"),
        (reason(Code.PORTAL_REDIRECTS, target="http://moi.vn/no-connection-to"), "moved"),
        (reason(Code.REDIRECTS_OUT, target="http://x.vn/dang-nhap"), "login"),
        (reason(Code.REDIRECTS, target="http://x.vn/tin/login?next=/"), "login"),
        (reason(Code.NAME_UNKNOWN, asked="a.vn").noting(Code.LAST_VISIT_FAILED), "dead name"),
        (reason(Code.NAME_UNKNOWN, asked="the proxy p.vn:3128", proxy=True), "proxy"),
        (reason(Code.CONNECTION_REFUSED, asked="a.vn").noting(Code.WAITS_FOR_LATER), "dead server"),
        (reason(Code.NO_ANSWER_IN_TIME, asked="a.vn:8080", seconds=60).noting(Code.TRIED, tries=2), "no answer"),
        (reason(Code.ROBOTS_ANSWERS, status=503).noting(Code.UNTIL_ROBOTS), "robots unreachable"),
        (reason(Code.SERVER_ANSWERS, status=503).noting(Code.UNTIL_ROBOTS), "robots unreachable"),
        (reason(Code.CONNECTION_REFUSED, asked="a.vn").noting(Code.UNTIL_ROBOTS), "dead server"),
        (reason(Code.NO_NAME_SERVER, host="a.vn"), "DNS failure"),
        (reason(Code.NO_NETWORK, said="network is unreachable", asked="a.vn"), "no answer"),
        (reason(Code.NO_NETWORK, said="no route", asked="the proxy 10.0.0.1:3128", proxy=True), "proxy"),
        (reason(Code.SERVER_ANSWERS, status=429).noting(Code.ASKS_TO_WAIT, seconds=30.0), "rate limited"),
        (reason(Code.SERVER_ANSWERS, status=415), "other"),
        (reason(Code.SERVER_ANSWERS, status=451), "blocked"),
        (reason(Code.ARTICLE), "other"),
        (reason(Code.OTHER, said=QUOTED), "other"),
        (reason(Code.NOT_SAID), None),
        (None, None),
    ],
    ids=str,
)
def test_a_cause_comes_from_the_code(told, cause):
    assert cause_of(told) == cause


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_quotation_changes_the_cause_of_a_page(kind):
    causes = {cause_of(Reason(KINDS[kind], why=why)) for why in ("", QUOTED, Reason(Code.STATIC_TITLE, text=QUOTED))}
    assert len(causes) == 1


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
    assert cause_of(Reason(Code.ERROR_PAGE, why=_error_page(says).reason)) == cause
