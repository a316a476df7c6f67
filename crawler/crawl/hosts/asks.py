"""What is asked of a host next: one request as the crawl means it, before Scrapy sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.crawl.hosts.host_turn import Turn
from crawler.crawl.one_crawl import Crawl
from crawler.discovery.forms.form_body import body_of
from crawler.ledger.rows import Page

MEGABYTE = 1_000_000
COOKIE_TEST = "AspxAutoDetectCookieSupport=1"
"""What ASP.NET sets and looks for behind a redirect. Without it every visit gets a token of its own into its addresses."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for ``page``, or for the host's robots.txt where that is ``None``. ``timeout`` is in seconds."""

    turn: Turn
    page: Page | None
    url: str
    max_bytes: int
    timeout: float
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Done:
    """An ask that has ended, well or not. ``sent_at`` (monotonic seconds) is when it went out."""

    ask: Ask
    sent_at: float


def ask_robots(crawl: Crawl, turn: Turn) -> Ask:
    """A host's robots.txt, asked for before anything else of it."""
    url = turn.robots_ask.url or f"{turn.origin}/robots.txt"
    return Ask(turn, None, url, MEGABYTE, crawl.config.politeness.timeout)


def ask_page(crawl: Crawl, turn: Turn, page: Page) -> Ask:
    """A leased page, conditional where the server gave the means and we keep the answer."""
    polite, own = crawl.config.politeness, crawl.config.of(page.portal)
    if page.role in ("file", "requisite"):
        size = polite.max_file_mb if own.max_file_mb is None else own.max_file_mb
    else:
        size = polite.max_page_mb if own.max_page_mb is None else own.max_page_mb
    timeout = polite.timeout if own.timeout is None else own.timeout
    method, headers, body = "GET", _conditions(page), b""
    if page.form is not None:
        method, (headers, body) = "POST", _form(crawl, page)
    if COOKIE_TEST in page.url:
        headers["Cookie"] = COOKIE_TEST
    return Ask(turn, page, page.url, int(size * MEGABYTE), timeout, method, headers, body)


def _conditions(page: Page) -> dict[str, str]:
    headers = {}
    if page.form is None and page.record_id and page.was in ("stored", "unchanged", "listed", "file"):
        if page.etag:
            headers["If-None-Match"] = page.etag
        if page.last_modified:
            headers["If-Modified-Since"] = page.last_modified
    return headers


def _form(crawl: Crawl, page: Page) -> tuple[dict[str, str], bytes]:
    """Headers and body of the form that leads to a page of a list, as a browser would post it from the page before."""
    form = crawl.ledger.forms.of(page.key)
    assert form is not None, "leave_out() looked whether the form is there"
    state = form.state
    headers = {"Content-Type": state.content_type, "Referer": page.found_on or page.url}
    if state.fragment:
        headers["X-Requested-With"] = "XMLHttpRequest"
    if state.cookie:
        headers["Cookie"] = state.cookie
    return headers, body_of(state.fields, form.event, state.content_type, state.charset)
