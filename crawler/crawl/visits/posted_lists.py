"""Lists that go on by a form: their later pages are posted for, and given up when the form leads nowhere.

The list's first page gives out the pages its pager names; each of these, once read, gives out those behind it. What ends a
list is that its pager names no more; what ends it with a reason: the form brings the same entries again, nothing new for
:data:`~crawler.crawl.visits.found_links.FRUITLESS_PAGES` pages, or a refusal on several pages in a row.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import replace

from crawler.cms.family import Family
from crawler.cms.recognise import recognise
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import FRUITLESS_PAGES, LinkFinder
from crawler.crawl.visits.outcomes import Look, announced, failed
from crawler.discovery.forms.form_body import body_of
from crawler.discovery.forms.fragments import further
from crawler.discovery.forms.pagers import pagers_by_form
from crawler.discovery.forms.postback import FormPager, form_pagers
from crawler.discovery.links import Link, page_links
from crawler.discovery.pager import goes_on_by_form, pager_of
from crawler.ledger import forms
from crawler.ledger.forms import MAX_STATE, ONCE_MORE, Form, Offer, State
from crawler.ledger.rows import NO_VALIDATORS, Outcome
from crawler.ledger.rows import Page as Row
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

SAME_AGAIN = 2
"""Pages in a row that bring entries already read from another page of the list before its form is left."""
REFUSALS = 3
"""Pages in a row that the server refuses, or answers with another page, before the form is left."""
MOST_LISTS = 500
"""Lists whose pages are remembered at a time, by 16 bytes each; one forgotten is still left when nothing of it is new."""

FIRST, BEFORE = 1, 0
"""The number of a list's first page, and in place of one: the page whose form led to this."""

BY_FORM = "listing by form"
"""What the summary counts a posted page under."""

Pager = tuple[str, str, str]
"""Portal, address of the list, pager."""


class PostedPages:
    """Finds and judges posted pages during one crawl."""

    def __init__(self, crawl: Crawl, links: LinkFinder) -> None:
        self.crawl, self.links = crawl, links
        self._entries: OrderedDict[tuple[str, str], dict[str, int]] = OrderedDict()
        """For each list the digests of what its pages name, and which page that was."""
        self._same: Counter[Pager] = Counter()
        self._fruitless: Counter[Pager] = Counter()
        self._refused: Counter[Pager] = Counter()
        self._left: dict[Pager, Reason] = {}

    def of_list(self, visit: Visit, outcome: Outcome, page: Page, cookies: Iterable[bytes]) -> Outcome:
        """Give out the pages that forms on the first page of a list lead to; the list's ``outcome``, which says so.
        ``cookies`` came with its answer."""
        inside = self.links.inside[visit.page.portal]
        pagers = pagers_by_form(page, inside)
        if not pagers:
            shown = pager_of(page) if goes_on_by_form(page) else None
            if shown is not None and shown.kind == "postback":
                pages = f"{shown.pages} pages in all" if shown.pages else "later pages"
                return self._not_captured(outcome, f"{pages}, by no form that is understood")
            return outcome
        source = _digest(page_links(page, recognise(page), inside))
        self._pages_of(visit.page.portal, visit.page.url)[source] = FIRST
        outcome = replace(outcome, validators=NO_VALIDATORS)  # asked for in full: its form grows old, and leads on
        for pager in pagers:
            problem = pager.problem or self._too_large(pager) or self._forbidden(visit, pager)
            if problem is not None:
                outcome = self._not_captured(outcome, problem)
                continue
            state = State(
                pager.url,
                list(pager.fields),
                pager.content_type,
                pager.charset,
                pager.fragment,
                pager.template,
                pager.highest,
                _cookie(None, cookies),
                source,
            )
            self._offer(visit, visit.page.key, visit.page.url, pager, state)
            outcome = replace(outcome, reason=outcome.reason.noting(Code.GOES_ON_BY_FORM))
        return outcome

    def of_answer(self, visit: Visit, look: Look, page: Page, family: Family, cookies: Iterable[bytes]) -> Outcome:
        """Read the answer to a posted form: what it names, and the pages behind it."""
        row, form = visit.page, self.crawl.ledger.forms.of(visit.page.key)
        number, name = forms.parts_of(row.form or "")
        inside, home = self.links.inside[row.portal], row.found_on or row.url
        pager = (row.portal, home, name)
        links = page_links(page, family, inside)
        pages = self._pages_of(row.portal, home)
        digest = _digest(links)
        known = pages.get(digest)
        if known is None and form is not None and form.state.source == digest:
            known = BEFORE
        if known is not None and links:
            return self._again(look, pager, known)
        pages[digest] = number
        fresh = self.links.of_posted(visit, page, links)
        self._same[pager] = self._refused[pager] = 0
        self._fruitless[pager] = 0 if fresh else self._fruitless[pager] + 1
        if not links:
            return announced(look, Reason(Code.FORM_PAGE_EMPTY, number=number), BY_FORM)
        outcome = announced(look, Reason(Code.FORM_PAGE, number=number, links=len(links)), BY_FORM)
        if self._fruitless[pager] >= FRUITLESS_PAGES:
            self._leave(pager, Reason(Code.TRAP_FORM_BARREN, pages=FRUITLESS_PAGES))
        elif form is not None:
            return self._lead_on(visit, outcome, page, form, number, digest, cookies)
        return outcome

    def ended(self, visit: Visit) -> None:
        """Count a posted page that was not read as a page of its list. An error of the server counts each time: that is
        what a form gets that is not taken, and the other pages of the list would only meet the same."""
        row, outcome = visit.page, visit.outcome
        status = visit.capture.status if visit.capture is not None else None
        if outcome.state == "listed" or (outcome.due is not None and status != 500):
            return
        pager = (row.portal, row.found_on or row.url, forms.parts_of(row.form or "")[1])
        form = self.crawl.ledger.forms.of(row.key)
        if form is not None and form.made_at < self.crawl.run.started_at:
            self._renew(visit, form)
            return
        self._refused[pager] += 1
        if self._refused[pager] >= REFUSALS:
            why = Reason(Code.FORM_REFUSED, pages=REFUSALS, why=outcome.reason)
            self._leave(pager, why)
            self.crawl.run.tally.failed[pager[1]] = str(why)

    def leave_out(self, row: Row) -> Reason | None:
        """Why a posted page that waits is not asked for after all."""
        left = self._left.get((row.portal, row.found_on or row.url, forms.parts_of(row.form or "")[1]))
        if left is None and not self.crawl.ledger.forms.waits(row.key):
            return Reason(Code.FORM_GONE)
        return left

    def _again(self, look: Look, pager: Pager, known: int) -> Outcome:
        """The answer is another page of the list, or the one the form came from."""
        number = forms.parts_of(look.row.form or "")[0]
        named = f"page {known}" if known != BEFORE else "the page before"
        if known in (FIRST, BEFORE):
            return failed(look, Reason(Code.FORM_NOT_TAKEN, known=named, number=number))
        self._same[pager] += 1
        if self._same[pager] >= SAME_AGAIN:
            self._leave(pager, Reason(Code.TRAP_FORM_AGAIN, known=named))
        return announced(look, Reason(Code.FORM_PAGE_AGAIN, number=number, known=named), BY_FORM)

    def _renew(self, visit: Visit, form: Form) -> None:
        """A form of an earlier crawl that the server does not take any more: the list's first page gives a new one."""
        noted = visit.outcome.reason.noting(Code.FORM_OF_EARLIER_CRAWL)
        visit.outcome, visit.posts.again = replace(visit.outcome, reason=noted, due=None), ONCE_MORE
        self.crawl.ledger.forms.read_list(form.list_key)

    def _lead_on(
        self,
        visit: Visit,
        outcome: Outcome,
        page: Page,
        form: Form,
        number: int,
        source: str,
        cookies: Iterable[bytes],
    ) -> Outcome:
        """Give out the pages behind the one just read, with the form it brought; the ``outcome`` says if that fails."""
        row, state = visit.page, form.state
        cookie = _cookie(state.cookie, cookies)
        if state.fragment:
            pages = further(state.template, number, state.highest)
            pager = FormPager(form.pager, state.url, state.fields, pages, state.charset, state.content_type)
        else:
            inside = self.links.inside[row.portal]
            own = [pager for pager in form_pagers(page, inside, number) if pager.name == form.pager]
            if not own:
                return outcome
            pager = own[0]
            state.fields = list(pager.fields)
        problem = pager.problem or self._too_large(pager) or self._forbidden(visit, pager)
        if problem is not None:
            return self._not_captured(outcome, problem)
        state = State(
            pager.url,
            list(pager.fields),
            state.content_type,
            state.charset,
            state.fragment,
            state.template,
            state.highest,
            cookie,
            source,
        )
        self._offer(visit, form.list_key, row.found_on or row.url, pager, state)
        return outcome

    def _offer(self, visit: Visit, list_key: bytes, list_url: str, pager: FormPager, state: State) -> None:
        row = visit.page
        depth = row.depth if row.form is not None else row.depth + 1
        offer = Offer(row.portal, list_key, list_url, depth, pager.name, state, [(n, list(e)) for n, e in pager.pages])
        visit.posts.offers.append(offer)

    def _not_captured(self, outcome: Outcome, why: str | Reason) -> Outcome:
        self.crawl.run.tally.kinds["list that goes on by a form, not captured"] += 1
        return replace(outcome, reason=outcome.reason.noting(Code.FORM_NOT_CAPTURED, why=why))

    def _forbidden(self, visit: Visit, pager: FormPager) -> Reason | None:
        return self.crawl.config.of(visit.page.portal).leaves_out(pager.url)

    def _too_large(self, pager: FormPager) -> str | None:
        size = len(body_of(pager.fields, pager.pages[0].event, pager.content_type, pager.charset)) if pager.pages else 0
        return f"it has {size / 1e6:.1f} MB, more than {MAX_STATE / 1e6:g}" if size > MAX_STATE else None

    def _leave(self, pager: Pager, why: Reason) -> None:
        self._left.setdefault(pager, why)

    def _pages_of(self, portal: str, url: str) -> dict[str, int]:
        pages = self._entries.setdefault((portal, url), {})
        self._entries.move_to_end((portal, url))
        if len(self._entries) > MOST_LISTS:
            self._entries.popitem(last=False)
        return pages


def fragment_in(body: bytes) -> bytes | None:
    """The markup of an answer that is JSON, as ASP.NET wraps it (``{"d": "<li>…"}``); ``None`` when it is none."""
    if not body.lstrip().startswith((b"{", b'"')):
        return None
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(told, dict):
        told = max((value for value in told.values() if isinstance(value, str)), key=len, default=None)
    return told.encode("utf-8", "replace") if isinstance(told, str) else None


def is_whole(body: bytes) -> bool:
    """Whether an answer is a page, and no fragment of one."""
    head = body[:4096].lower()
    return b"<html" in head or b"<!doctype" in head or b"<body" in head


def _digest(links: Iterable[Link]) -> str:
    """What a page names, in 16 bytes: the same for two pages that link the same."""
    keys = sorted({link.key for link in links})
    return hashlib.blake2b(b"".join(keys), digest_size=16).hexdigest()


def _cookie(before: str | None, cookies: Iterable[bytes]) -> str | None:
    """The cookies a form is sent with: those that came with the page it stands on, else those it had been sent with.

    They name the visit its state belongs to, which some servers check; no other request carries any.
    """
    pairs = dict(pair.split("=", 1) for pair in (before or "").split("; ") if "=" in pair)
    for cookie in cookies:
        name, equals, value = cookie.decode("latin-1").partition(";")[0].partition("=")
        if equals and name.strip():
            pairs[name.strip()] = value.strip()
    joined = "; ".join(f"{name}={value}" for name, value in pairs.items())
    return joined if joined and len(joined) <= 4000 else None
