"""Why a page or host failed, as one of a few causes.

The ledger keeps reasons as sentences of ours. A cause is read off the *beginning* of such a sentence alone, which is
always ours: what a page, a server or an address says stands behind it, and can say anything ("503: no connection to the
server"). The sentences are those of ``crawler.spiders`` and ``crawler.fetch``; the tests of the verdicts crawl a served
portal for each cause, so that a changed wording does not go unnoticed.
"""

from __future__ import annotations

import re
from typing import Literal

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

_HOST = r"(?:[^\s/]{1,255}|the proxy \S+)"
_TO_LOGIN = r"\S*/(?:dang-?nhap|log-?in|sign-?in)\b"

_CAUSES: tuple[tuple[Cause, str], ...] = (
    # by the kind of the page, which comes first; what the page says comes after the colon
    ("server errors", r"error page: a server error, the page says"),
    ("switched off", r"error page\b"),
    ("taken over", r"spam page\b"),
    ("login", r"login page\b"),
    ("needs JavaScript", r"needs JavaScript\b"),
    ("moved", r"empty page: nothing but a redirect"),
    ("broken answers", r"(?:empty|broken) page\b"),
    ("challenge", r"blocked: "),
    ("other", r"(?:static|search|question and answer|video or photo) page\b|list of legal documents|a list page|page \d+ of"),
    # by what became of the exchange
    ("robots forbids", r"robots\.txt forbids"),
    ("robots unreachable", r"robots\.txt answers"),
    ("proxy", rf"a proxy wants|the proxy |no connection to the proxy |no network: .{{1,80}}, asking the proxy |{_HOST} opens no way to"),
    ("private address", rf"{_HOST} is at \S+, a loopback or private address|{_HOST} is not public"),
    ("dead name", rf"the host name {_HOST} does not resolve"),
    ("DNS failure", r"no name server answers"),
    ("TLS broken", r"no TLS connection"),
    ("dead server", rf"{_HOST} refuses the connection|no connection to|it refuses the connection"),
    ("no answer", rf"{_HOST} did not (?:answer|finish its answer) within|it did not answer in time|no network: "),
    ("rate limited", r"the server answers 429"),
    ("server errors", r"the server answers (?:5\d\d|408)"),
    ("blocked", r"the server refuses it \((?:401|403)\)|the server answers (?:401|403|406|451)"),
    ("not found", r"the (?:home page|article|server) answers (?:404|410)|dead link|no (?:sitemap|feed) there"),
    ("login", rf"(?:the portal )?redirects (?:out of the portal, )?to {_TO_LOGIN}"),
    ("moved", r"the portal redirects to|redirects out of the portal|redirects in a circle|more than \d+ redirects"),
    ("broken answers", rf"the answer is no proper HTTP|cut off|larger than|encoded as|{_HOST} (?:broke the connection off|closed the )|the server closed the "),
)  # fmt: skip
_PATTERNS = [(cause, re.compile(pattern, re.I)) for cause, pattern in _CAUSES]

_BEFORE = re.compile(r"(?:the last visit failed: |waits for a later crawl: )+")
_NO_ROBOTS = "; nothing of the host is fetched until its robots.txt answers"


def cause_of(reason: str | None) -> Cause | None:
    """The cause a reason names; ``None`` for no reason, ``other`` for one that names none of them."""
    if not reason:
        return None
    text = _BEFORE.sub("", reason, count=1) if _BEFORE.match(reason) else reason
    found = next((cause for cause, pattern in _PATTERNS if pattern.match(text)), None)
    if _NO_ROBOTS in text and found not in _TELLING:
        return "robots unreachable"
    return found or "other"


_TELLING = ("dead name", "DNS failure", "TLS broken", "dead server", "no answer", "proxy", "private address")
"""What made robots.txt unreachable tells more than that it was."""
