"""Sentences by which versions before reason codes told what became of a page, a host or an occurrence.

Read once, by the migration that gives their rows codes. They stay as they were, whatever is said today: never change them.
What a page or a server says is quoted within them; a sentence is told by the words of ours around it, from its beginning to
its end.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

PAGES: tuple[tuple[str, str], ...] = (
    ("blocked-by-status", "blocked: {why} ({status})"),
    ("no-tls-at-all", "no TLS connection to {host} at any setting, old protocols and ciphers included: {said}"),
    ("not-http-from-start", "the answer is no proper HTTP: it begins with {bytes}"),
    ("malformed", "the address is malformed"),
    ("print-view", "print view"),
    ("print-save-or-send", "print, save or send view"),
    ("send-form", "form to send the page"),
    ("saved-copy", "saved copy of a page"),
    ("tag-list", "tag list"),
    ("author-list", "author list"),
    ("tag-or-author-list", "tag or author list"),
    ("author-or-account", "author or account page"),
    ("log-in", "log-in or registration"),
    ("log-in-or-editing", "log-in or editing"),
    ("search", "search page"),
    ("feed-view", "feed"),
    ("other-format", "feed or other format"),
    ("calendar", "calendar"),
    ("not-for-readers", "no page for readers"),
    ("a-view", "a view of a page, not a page"),
    ("the-picture-page", "the page of a picture"),
    ("picture-page", "page of a picture"),
    ("answer-form", "form to answer or share"),
    ("another-order", "the same list in another order"),
    ("another-language", "another language"),
    ("site-language", "another language of the site"),
    ("another-look", "another look of the same page"),
    ("another-state", "another state of the same page"),
    ("service-form", "form or service of the site"),
    ("service", "service of the site"),
    ("machinery", "machinery of the site"),
    ("portlet", "a form or a file of a portlet"),
    ("trap-long-address", "trap: an address of {characters:,} characters"),
    ("trap-deep-path", "trap: a path of {segments} segments"),
    ("trap-languages", "trap: language segments pile up in the path"),
    ("trap-path-repeats", "trap: the path repeats /{segment}/"),
    ("trap-query-repeats", "trap: the query repeats {key}"),
    ("trap-many-keys", "trap: a query of {keys} keys"),
    ("trap-calendar", "trap: a calendar"),
    ("trap-series", "trap: the numbered pages of this series bring nothing new"),
    ("trap-branch", "trap: {pages} pages under {branch} led only deeper and to no article"),
    ("trap-made-up", "trap: pages made up: found on one of {pages} or more that are the same but for their numbers"),
    ("trap-form-barren", "trap: {pages} pages of the form in a row bring nothing new"),
    ("trap-form-again", "trap: the form brings the same entries again, those of {known}"),
    ("robots-forbids", "robots.txt forbids it"),
    ("not-included", "not among what the portal's settings include"),
    ("excluded", "excluded by the portal's settings: {pattern}"),
    ("outside-host", "lies on a host outside the portal"),
    ("form-gone", "its form is gone: the list's first page gives it out anew"),
    ("form-refused", "{pages} pages of the form in a row gave none: {why}"),
    ("robots-answers", "robots.txt answers {status}"),
    ("private-address", "{host} is at {address}, a loopback or private address: add the portal with --allow-private to permit it"),
    ("name-unknown", "the host name {asked} does not resolve"),
    ("no-name-server", "no name server answers for {host}"),
    ("no-network", "no network: {said}, asking {asked}"),
    ("connection-refused", "{asked} refuses the connection"),
    ("no-answer-in-time", "{asked} did not answer within {seconds:g} s"),
    ("not-finished-in-time", "{asked} did not finish its answer within {seconds:g} s"),
    ("no-tunnel", "{asked} opens no way to {host}: {said}"),
    ("no-connection", "no connection to {asked}: {said}"),
    ("no-tls", "no TLS connection to {host}: {said}"),
    ("not-http", "the answer is no proper HTTP: {said}"),
    ("connection-broken", "{host} broke the connection off"),
    ("exchange-failed", "the exchange failed: {error}: {said}"),
    ("closed-unanswered", "the server closed the connection without an answer"),
    ("head-too-large", "the head of the answer is larger than {kilobytes:g} kB"),
    ("too-large", "larger than the limit of {megabytes:g} MB: cut off there"),
    ("too-large-inflated", "larger than the limit of {megabytes:g} MB once it is decompressed"),
    ("unknown-coding", "encoded as {coding}, which was not asked for and is not read"),
    ("cut-off", "cut off: the connection ended after {size:,} bytes"),
    ("server-answers", "the server answers {status}"),
    ("proxy-password", "a proxy wants a password (407)"),
    ("server-refuses", "the server refuses it ({status})"),
    ("home-missing", "the home page answers {status}: is the address right?"),
    ("dead-link", "dead link ({status})"),
    ("no-sitemap-there", "no sitemap there ({status})"),
    ("no-feed-there", "no feed there ({status})"),
    ("article-missing", "the article answers {status}"),
    ("article-gone", "the article answers {status} on every check over 14 days"),
    ("file-missing", "its address answers {status}"),
    ("not-modified", "the server says it has not changed (304)"),
    ("not-modified-never-kept", "the server says it has not changed (304), but it was never kept"),
    ("redirects", "redirects to {target}"),
    ("redirects-nowhere", "redirects ({how}) to no address"),
    ("redirects-out", "redirects out of the portal, to {target}"),
    ("redirects-home", "redirects to the home page"),
    ("redirects-in-a-circle", "redirects in a circle, to {target}"),
    ("many-redirects", "more than {most} redirects, one leading to the next: the last to {target}"),
    ("portal-redirects", "the portal redirects to {target}: add that address if it is the portal's new one"),
    ("article", "read as an article"),
    ("article-unchanged", "the article is kept already and has not changed"),
    ("file", "kept as a file ({type}, {size:,} bytes)"),
    ("list", "a list page: {why}"),
    ("feed", "a feed of {entries} entries"),
    ("sitemap", "a sitemap of {pages} pages and {sitemaps} further sitemaps"),
    ("frame-set", "a frame set: its pages are {pages}"),
    ("links-alone", "a page of links alone"),
    ("form-page", "page {number} of a list, by its form ({links} links)"),
    ("form-page-empty", "page {number} of a list, by its form: nothing on it, the list ends before"),
    ("form-page-again", "page {number} of a list, by its form: the same entries as {known}"),
    ("form-not-taken", "{known} came instead of page {number}: the server did not take the form"),
    ("no-sitemap", "no sitemap: nothing in it names a page"),
    ("no-feed", "no feed: a page came instead"),
    ("no-feed-empty", "no feed: an empty page came instead"),
    ("page-for-file", "a page came where the file was"),
    ("page-for-picture", "a page came where a picture or style was expected"),
    ("file-for-article", "a file came where the article was ({type})"),
    ("listing-page", "listing: {why}"),
    ("feed-page", "feed: {why}"),
    ("static-page", "static page: {why}"),
    ("questions-page", "question and answer page: {why}"),
    ("law-list", "list of legal documents: {why}"),
    ("media-page", "video or photo page: {why}"),
    ("search-page", "search page: {why}"),
    ("login-page", "login page: {why}"),
    ("error-page", "error page: {why}"),
    ("blocked-page", "blocked: {why}"),
    ("needs-javascript", "needs JavaScript: {why}"),
    ("empty-page", "empty page: {why}"),
    ("broken-page", "broken page: {why}"),
    ("spam-page", "spam page: {why}"),
    ("too-dense", "more than {tags:,} tags: not read"),
    ("not-read", "the page could not be read: {error}: {said}"),
    ("fatal", "reading it ended a crawl or took too long: left out for a day"),
)  # fmt: skip
"""What became of pages and hosts; the first that fits counts, so that the more particular come first."""


OCCURRENCES: tuple[tuple[str, str], ...] = (
    ("process-died", "the process that crawled it died"),
    ("died-in-a-row", "the process that crawled it died {times} times in a row: its next occurrence is waited for"),
    ("clock-went-back", "the clock went back by {span}"),
    ("missed", "{occurrences:# occurrence was/occurrences were} missed: nothing looked at the schedules from then on; one run catches up"),
    ("many-missed", "more than {occurrences:# occurrence was/occurrences were} missed: nothing looked at the schedules from then on; one run catches up"),
    ("outside-hours", "outside its hours ({hours}): waits until they open"),
    ("run-still-crawls", "overlapping: the run of {since} still crawls it"),
    ("crawl-still-works", "overlapping: a crawl begun {since} works on it"),
    ("not-in-archive", "it is not in this archive any more: remove its schedule with  tinhuyen schedule remove {portal}"),
    ("paused", "paused: tinhuyen resume {portal}"),
)  # fmt: skip
"""Why occurrences of schedules did not come about."""


NOTES: tuple[tuple[str, str], ...] = (
    ("asks-to-wait", "{reason}, asking to wait {seconds:.0f} s"),
    ("tried", "{reason}; tried {tries:# time}, to be tried again"),
    ("last-visit-failed", "the last visit failed: {reason}"),
    ("waits-for-later", "waits for a later crawl: {reason}"),
    ("left-alone", "{reason}: it is left alone for {seconds:g} s"),
    ("until-robots", "{reason}; nothing of the host is fetched until its robots.txt answers"),
    ("no-proof", "{reason}: no article, and no proof that it was removed"),
    ("copy-stays", "{reason}; the kept copy stays"),
    ("goes-on-by-form", "{reason}; it goes on by a form, posted for each page"),
    ("form-not-captured", "{reason}; it goes on by a form that scripts send, which is not captured: {why}"),
    ("form-of-earlier-crawl", "{reason}; its form was of an earlier crawl, and is read anew from the list's first page"),
    ("by-older-rule", "{reason} (by an older rule)"),
    ("until-that-ended", "{reason}: waits until that has ended"),
)  # fmt: skip
"""What was added to either, before or behind."""


_PLACE = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_HOST = r"[^\s/]{1,255}"
_TEXTS = {
    "host": _HOST,
    "asked": rf"{_HOST}|the proxy \S+",
    "status": r"\d{3}",
    "target": r"\S+",
    "known": r"page \d+|the page before",
    "how": r"\d{3}|in its markup",
}
"""What may stand in a place that could else take in words of ours."""


def _expression(template: str) -> re.Pattern[str]:
    pieces, at = [], 0
    for place in _PLACE.finditer(template):
        pieces.append(re.escape(template[at : place.start()]))
        name, form = place[1], place[2] or ""
        if form.startswith("# "):
            one, _, more = form[2:].partition("/")
            pieces.append(rf"(?P<{name}>[\d,]+) (?:{more or one + 's'}|{one})")
        elif form:
            pieces.append(rf"(?P<{name}>[\d.,e+]+)")
        else:
            pieces.append(rf"(?P<{name}>{_TEXTS.get(name, '.*?')})")
        at = place.end()
    return re.compile("".join(pieces) + re.escape(template[at:]), re.S)


def _numbers(template: str) -> dict[str, type]:
    """The places of numbers in a template, and of which kind."""
    found: dict[str, type] = {"status": int}
    for place in _PLACE.finditer(template):
        if place[2]:
            found[place[1]] = int if place[2] == "," or place[2].startswith("# ") else float
    return found


class _Sentence(NamedTuple):
    """A template made ready: the words it begins and ends with, its expression, the places of numbers."""

    code: str
    head: str
    tail: str
    expression: re.Pattern[str]
    numbers: dict[str, type]

    def match(self, text: str) -> dict[str, Any] | None:
        """The facts of a sentence of this kind; ``None`` for any other."""
        if not (text.startswith(self.head) and text.endswith(self.tail)):
            return None  # most: a ledger has a million
        found = self.expression.fullmatch(text)
        return _facts(found, self.numbers) if found is not None else None


def _compiled(table: tuple[tuple[str, str], ...]) -> list[_Sentence]:
    made = []
    for code, template in table:
        words = _PLACE.sub("\0", template).split("\0")
        made.append(_Sentence(code, words[0], words[-1], _expression(template), _numbers(template)))
    return made


LONGEST = 4_000
"""Characters of the longest sentence that is read: twice an address with all that is said around one."""

_PAGES, _OCCURRENCES, _NOTES = _compiled(PAGES), _compiled(OCCURRENCES), _compiled(NOTES)
_WITHIN = {
    "error-page": ("says-server-error", re.compile(r"a server error, the page says “(?P<text>.*)”", re.S)),
    "empty-page": ("only-a-redirect", re.compile("nothing but a redirect in the markup")),
}
"""Evidence that was a cause of its own."""


@lru_cache(maxsize=65_536)  # a ledger of a million rows has a few hundred sentences, but for redirects
def coded(sentence: str | None, of_schedule: bool = False) -> tuple[str, str | None] | None:
    """Code and facts (JSON) of an older sentence; ``None`` for none. One that nothing fits is ``other``."""
    if not sentence:
        return None
    if len(sentence) > LONGEST:
        return "other", json.dumps({"said": sentence}, ensure_ascii=False)
    core, notes = _without_notes(sentence)
    for one in _OCCURRENCES if of_schedule else _PAGES:
        if (facts := one.match(core)) is not None:
            code = one.code
            if (within := _WITHIN.get(code)) is not None and (why := within[1].fullmatch(facts["why"])) is not None:
                facts["why"] = [within[0], why.groupdict()]
            if facts.get("asked", "").startswith("the proxy "):
                facts["proxy"] = True
            break
    else:
        code, facts = "other", {"said": core}
    facts |= {"notes": notes} if notes else {}
    return code, json.dumps(facts, ensure_ascii=False) if facts else None


def _without_notes(sentence: str) -> tuple[str, list[list[Any]]]:
    """A sentence without what was added to it, and that, the innermost first."""
    notes: list[list[Any]] = []
    while True:
        for note in _NOTES:
            if (facts := note.match(sentence)) is not None and facts["reason"]:
                sentence = facts.pop("reason")
                notes.insert(0, [note.code, facts])
                break
        else:
            return sentence, notes


def _facts(found: re.Match[str], numbers: dict[str, type]) -> dict[str, Any]:
    facts: dict[str, Any] = found.groupdict()
    for name, kind in numbers.items():
        if facts.get(name) is not None:
            facts[name] = kind(facts[name].replace(",", ""))
    return facts
