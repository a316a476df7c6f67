"""Why a page or host failed, as one of a few causes: by the code of its reason and by facts of ours, never by its words."""

from __future__ import annotations

import re
from typing import Literal

from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

Cause = Literal[
    "dead name",
    "DNS failure",
    "dead server",
    "no answer",
    "TLS broken",
    "proxy",
    "robots unreachable",
    "robots forbids",
    "moved",
    "challenge",
    "blocked",
    "rate limited",
    "server errors",
    "not found",
    "broken answers",
    "taken over",
    "switched off",
    "login",
    "needs JavaScript",
    "private address",
    "other",
]

_CAUSES: dict[Code, Cause] = {
    # what was read
    Code.ERROR_PAGE: "switched off",
    Code.SPAM_PAGE: "taken over",
    Code.LOGIN_PAGE: "login",
    Code.NEEDS_JAVASCRIPT: "needs JavaScript",
    Code.EMPTY_PAGE: "broken answers",
    Code.BROKEN_PAGE: "broken answers",
    Code.BLOCKED_PAGE: "challenge",
    Code.BLOCKED_BY_STATUS: "challenge",
    # what became of the exchange
    Code.ROBOTS_FORBIDS: "robots forbids",
    Code.ROBOTS_ANSWERS: "robots unreachable",
    Code.PROXY_PASSWORD: "proxy",
    Code.NO_TUNNEL: "proxy",
    Code.PRIVATE_ADDRESS: "private address",
    Code.NAME_UNKNOWN: "dead name",
    Code.NO_NAME_SERVER: "DNS failure",
    Code.NO_TLS: "TLS broken",
    Code.NO_TLS_AT_ALL: "TLS broken",
    Code.CONNECTION_REFUSED: "dead server",
    Code.NO_CONNECTION: "dead server",
    Code.NO_ANSWER_IN_TIME: "no answer",
    Code.NOT_FINISHED_IN_TIME: "no answer",
    Code.NO_NETWORK: "no answer",
    Code.SERVER_REFUSES: "blocked",
    Code.HOME_MISSING: "not found",
    Code.ARTICLE_MISSING: "not found",
    Code.ARTICLE_GONE: "not found",
    Code.DEAD_LINK: "not found",
    Code.NO_SITEMAP_THERE: "not found",
    Code.NO_FEED_THERE: "not found",
    Code.PORTAL_REDIRECTS: "moved",
    Code.REDIRECTS_OUT: "moved",
    Code.REDIRECTS_IN_A_CIRCLE: "moved",
    Code.MANY_REDIRECTS: "moved",
    Code.NOT_HTTP: "broken answers",
    Code.NOT_HTTP_FROM_START: "broken answers",
    Code.CUT_OFF: "broken answers",
    Code.TOO_LARGE: "broken answers",
    Code.TOO_LARGE_INFLATED: "broken answers",
    Code.UNKNOWN_CODING: "broken answers",
    Code.CONNECTION_BROKEN: "broken answers",
    Code.CLOSED_UNANSWERED: "broken answers",
}
"""Codes that name a cause by themselves; all others are ``other``."""

_EVIDENCE: dict[Code, Cause] = {Code.SAYS_SERVER_ERROR: "server errors", Code.ONLY_A_REDIRECT: "moved"}
"""What a page showed, where that is a cause of its own."""

_LEADS = (Code.REDIRECTS, Code.REDIRECTS_OUT, Code.PORTAL_REDIRECTS)
_LOGIN = re.compile(r"\S*/(?:dang-?nhap|log-?in|sign-?in)\b", re.I)
"""The address of a log-in, which a redirect leads to."""

_TELLING = ("dead name", "DNS failure", "TLS broken", "dead server", "no answer", "proxy", "private address")
"""What made robots.txt unreachable tells more than that it was."""


def cause_of(reason: Reason | None) -> Cause | None:
    """The cause a reason names; ``None`` for no reason, ``other`` for one that names none of them."""
    if reason is None or reason.code is Code.NOT_SAID:
        return None
    cause = _of_code(reason)
    if reason.has(Code.UNTIL_ROBOTS) and cause not in _TELLING:
        return "robots unreachable"
    return cause


def _of_code(reason: Reason) -> Cause:
    facts = reason.facts
    if facts.get("proxy"):
        return "proxy"
    if reason.code is Code.SERVER_ANSWERS:
        return _of_status(facts["status"])
    if reason.code in _LEADS and _LOGIN.match(facts["target"]):
        return "login"
    why = facts.get("why")
    if isinstance(why, Reason) and reason.code in (Code.ERROR_PAGE, Code.EMPTY_PAGE) and why.code in _EVIDENCE:
        return _EVIDENCE[why.code]
    return _CAUSES.get(reason.code, "other")


def _of_status(status: int) -> Cause:
    if status == 429:
        return "rate limited"
    if status >= 500 or status == 408:
        return "server errors"
    if status in (401, 403, 406, 451):
        return "blocked"
    return "not found" if status in (404, 410) else "other"
