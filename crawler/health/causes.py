"""Why a page or host failed, as one of a few causes: read from the words the ledger keeps, which are ours.

The words are those of ``crawler.spiders.failures``, ``crawler.spiders.visits`` and ``crawler.fetch``; the tests of the
verdicts crawl a served portal for each cause, so that a changed wording does not go unnoticed.
"""

from __future__ import annotations

import re
from typing import Literal

Cause = Literal[
    "dead name",
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

_CAUSES: tuple[tuple[Cause, str], ...] = (
    ("robots unreachable", r"robots\.txt (?:answers|.*until its robots)|until its robots\.txt answers"),
    ("robots forbids", r"^robots\.txt forbids"),
    ("private address", r"private address|is not public|loopback"),
    ("dead name", r"does not resolve|host name .* resolve"),
    ("proxy", r"the proxy |a proxy wants|opens no way to"),
    ("TLS broken", r"^no TLS connection|; no TLS connection|no TLS connection to"),
    ("dead server", r"refuses the connection|no connection to"),
    ("no answer", r"did not (?:answer|finish its answer) within"),
    ("rate limited", r"answers 429"),
    ("server errors", r"answers (?:5\d\d|408)|database connection|internal server error"),
    ("blocked", r"refuses it \((?:401|403)\)|answers (?:406|451)"),
    ("challenge", r"^blocked: |a challenge asks|sets a cookie and loads the page again"),
    ("login", r"^login page|redirects to \S*/(?:dang-?nhap|log-?in|sign-?in)\b"),
    (
        "moved",
        r"the portal redirects to|nothing but a redirect|redirects out of the portal|redirects in a circle|more than \d+ redirects",
    ),
    ("taken over", r"^spam page"),
    ("switched off", r"^error page"),
    ("needs JavaScript", r"^needs JavaScript"),
    ("not found", r"answers (?:404|410)|dead link|\((?:404|410)\)$"),
    (
        "broken answers",
        r"no proper HTTP|cut off|broke the connection off|broken page|larger than|^empty page|closed the ",
    ),
)
_PATTERNS = [(cause, re.compile(pattern, re.I)) for cause, pattern in _CAUSES]

_NESTED = ("dead name", "TLS broken", "dead server", "no answer", "proxy", "private address")
"""What made robots.txt unreachable tells more than that it was."""


def cause_of(reason: str | None) -> Cause | None:
    """The cause a reason names; ``None`` for no reason, ``other`` for one that names none of them."""
    if not reason:
        return None
    text = reason.removeprefix("the last visit failed: ").removeprefix("waits for a later crawl: ")
    found = [cause for cause, pattern in _PATTERNS if pattern.search(text)]
    if found and found[0] == "robots unreachable":
        nested = [cause for cause in found if cause in _NESTED]
        return nested[0] if nested else found[0]
    return found[0] if found else "other"
