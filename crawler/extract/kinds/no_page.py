"""Answers of status 200 that are no page: gates for browsers, empty shells, errors."""

from __future__ import annotations

import re

from crawler.cms.family import Verdict
from crawler.extract.kinds.outline import Outline
from crawler.page.metadata import Metadata
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import words

_GATE = re.compile(
    r"document\.cookie\s*=.{0,600}?(?:location\.reload|location\.href|location\s*=|location\.replace)", re.I | re.S
)
_CHALLENGES = words("browser_checks", "text")
_TITLE_PARTS = re.compile(r"(?<!\s)\s++[|–-]\s+")
_SHELL = re.compile(
    r"""<(?:div|app-root|main)[^<>]{0,300}?\bid\s{0,5}=\s{0,5}["']?(?:root|app|__next|__nuxt|q-app|main-app)["']?[^<>]{0,300}>\s{0,500}+"""
    r"""(?:(?><!--.{0,1000}?-->|<noscript>.{0,1000}?</noscript>|<div[^<>]{0,200}class="[^"<>]{0,200}(?:loading|spinner)[^"<>]{0,200}"[^<>]{0,200}>.{0,300}?</div>)\s{0,500}+){0,5}+</"""
    r"""|<app-root""",
    re.I | re.S,
)
_ERROR_TITLES = words("error_titles", "title")
_ERROR_TEXTS = words("error_texts", "text")
_SERVER_ERRORS = words("server_errors", "text")
_REFUSAL = "access denied"
"""What a plain refusal says as well: on a page of status 403 it is no challenge."""
_LONGEST_TITLE = 120


def no_page(page: Page, metadata: Metadata, outline: Outline) -> Verdict | None:
    """A gate, a shell or an error, with the reason; ``None`` for a page that says something of its own."""
    words_shown = outline.words
    if words_shown < 40 and len(page.text) < 30_000:
        if _GATE.search(page.text):
            return Verdict("blocked", Reason(Code.COOKIE_GATE))
        if _CHALLENGES.find(page.text):
            return Verdict("blocked", Reason(Code.HUMAN_CHALLENGE))
    if words_shown < 400 and not outline.is_plainly_article:
        named = metadata.titles.get("title") or ""
        for text in (outline.title or named, named, outline.first_heading or ""):
            if is_error_title(text):
                return _error_page(text)
    if words_shown < 120 or outline.prose < 300:
        found = _ERROR_TEXTS.find(outline.text)
        if found and not (outline.counts.dated and outline.title_matches and outline.prose > 200):
            return _error_page(found)
        if "notactive" in page.url.lower():
            return Verdict("error", Reason(Code.SITE_SWITCHED_OFF))
    if words_shown < 25 and outline.counts.images == 0 and not outline.counts.files:
        return _shell(page, words_shown)
    return None


def is_error_title(text: str) -> bool:
    """Whether a title, without the site's name, is that of an error page."""
    return 0 < len(text) < _LONGEST_TITLE and _ERROR_TITLES.find(_TITLE_PARTS.split(text)[0].strip()) is not None


def _shell(page: Page, words_shown: int) -> Verdict | None:
    """A page that shows next to nothing by itself."""
    if _SHELL.search(page.text) or (words_shown < 12 and len(re.findall(r"<script", page.text, re.I)) >= 2):
        return Verdict("javascript", Reason(Code.EMPTY_SHELL))
    if re.search(r"""http-equiv\s*=\s*["']?refresh""", page.text, re.I):
        return Verdict("empty", Reason(Code.ONLY_A_REDIRECT))
    if re.search(r"<frameset", page.text, re.I):
        return Verdict("empty", Reason(Code.ONLY_FRAMES))
    return Verdict("empty", Reason(Code.NO_WORDS)) if words_shown < 4 else None


def _error_page(says: str) -> Verdict:
    """An error page by what it says. Which error it is, is a code: nothing is read out of the quotation later."""
    code = Code.SAYS_SERVER_ERROR if _SERVER_ERRORS.find(says) else Code.SAYS_ERROR
    return Verdict("error", Reason(code, text=says[:80]))


def challenge_in(body: bytes) -> Reason | None:
    """Which gate for browsers the page of a refusal (403) is; ``None`` for a plain refusal."""
    text = body[:100_000].decode("utf-8", "replace")
    if _GATE.search(text):
        return Reason(Code.COOKIE_GATE)
    if any(found != _REFUSAL for found in _CHALLENGES.found_in(text.lower())):
        return Reason(Code.HUMAN_CHALLENGE)
    return None
