"""What becomes of a page that was asked for: its state, its reason in words, what is stored, what was found on it."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.model import Article, Capture
from crawler.discovery.feed import parse_feed
from crawler.discovery.listing import (
    css_requisites,
    judge,
)
from crawler.discovery.pager import goes_on_by_form, pager_of
from crawler.discovery.sitemap import parse_sitemap
from crawler.extract import Reading, read
from crawler.extract.kinds import challenge_in
from crawler.fetch.content import ContentTooLarge, unzipped
from crawler.fetch.exchange import location_of
from crawler.frontier import revisits
from crawler.frontier.base import Ack, Role
from crawler.frontier.base import Page as Row
from crawler.frontier.urls import absolute, canonical
from crawler.health.fill import Fill, observe
from crawler.page import Page
from crawler.session import Session
from crawler.spiders.failures import Verdict
from crawler.spiders.links import LinkFinder
from crawler.visit import Visit

logger = logging.getLogger(__name__)

REDIRECTS = (301, 302, 303, 307, 308)
MAX_SAME_PAGE_REDIRECTS = 5
MAX_REDIRECTS = 20  # one leading to the next; browsers give up there too
MAX_PAGE_TAGS, MAX_LIST_TAGS = 150_000, 600_000
"""Tags beyond which markup is not parsed: 5 MB of nothing but tags take 670 MB. A full sitemap has 500,000, the densest
real page seen under 20,000."""

MAX_SITEMAP_BYTES = 32_000_000  # decompressed; 50,000 addresses take about 10 MB
NO_READING = ("error", "blocked", "javascript", "empty", "broken")


@dataclass(slots=True)
class Answer:
    """What came back: where it is kept, the payload as sent, the body decoded (empty when no whole answer came)."""

    capture: Capture
    payload: bytes
    body: bytes
    headers: Any


class Visitor:
    """Turns answers into visits for one crawl."""

    def __init__(self, session: Session, limit: int | None = None) -> None:
        self.session = session
        self.limit = limit
        self.links = LinkFinder(session)
        self.articles = 0
        self._hops: dict[bytes, int] = {}
        """How many redirects in a row led to a page, while it waits."""

    @property
    def limit_reached(self) -> bool:
        return self.limit is not None and self.articles >= self.limit

    def visit(self, row: Row, epoch: int, answer: Answer | None, verdict: Verdict | None) -> Visit:
        """The visit for one page: never raises for what a page holds, so that no row stays leased."""
        ack = Ack(row.key, epoch, row.was, "", suspect_since=row.suspect_since)
        visit = Visit(row, ack, answer.capture if answer else None)
        if answer is not None:
            visit.ack.status, visit.ack.warc = answer.capture.status, answer.capture.file
            if answer.capture.record_type == "response":
                visit.ack.record_id = answer.capture.record_id
        try:
            if verdict is not None or answer is None:
                self._failed(visit, verdict or Verdict("the server closed the connection without an answer", True))
            else:
                self._answered(visit, answer)
        except Exception as error:
            logger.exception("reading %s failed", row.url)
            self._fail(visit, f"the page could not be read: {type(error).__name__}: {error}")
        self._account(visit)
        return visit

    # by kind of answer

    def _failed(self, visit: Visit, verdict: Verdict) -> None:
        tries = visit.page.tries + 1
        due = revisits.retry_due(tries, time.time()) if verdict.retry else None
        if due is None:
            self._fail(visit, verdict.reason)
            return
        visit.ack.tries, visit.ack.due = tries, max(due, time.time() + verdict.wait)
        visit.ack.reason = f"{verdict.reason}; tried {tries} time{'s' if tries > 1 else ''}, to be tried again"
        visit.ack.etag, visit.ack.last_modified = visit.page.etag, visit.page.last_modified

    def _answered(self, visit: Visit, answer: Answer) -> None:
        status = answer.capture.status
        if status == 304:
            self._not_modified(visit)
        elif status in REDIRECTS:
            self._redirected(visit, answer)
        elif status in (404, 410):
            self._missing(visit, status)
        elif status != 200:
            self._refused(visit, status, answer)
        elif answer.capture.truncated:
            kept = len(answer.payload)
            self._failed(visit, Verdict(f"cut off: the connection ended after {kept:,} bytes", True))
        else:
            visit.ack.etag = _text(answer.headers.get(b"ETag"))
            visit.ack.last_modified = _text(answer.headers.get(b"Last-Modified"))
            self._whole(visit, answer)

    def _whole(self, visit: Visit, answer: Answer) -> None:
        """A whole answer with status 200: a file, a feed, a sitemap or a page."""
        role, kind = visit.page.role, _media_type(answer.capture.content_type)
        if role == "sitemap":
            self._sitemap(visit, answer)
        elif role == "feed" or kind in ("application/rss+xml", "application/atom+xml", "application/rdf+xml"):
            self._feed(visit, answer)
        elif (role in ("file", "requisite") and not kind.endswith("html")) or _is_file(kind, answer.body):
            self._file(visit, answer, kind)
        elif role == "requisite":
            self._skip(visit, "a page came where a picture or style was expected")
        else:
            self._page(visit, answer)

    def _too_dense(self, visit: Visit, body: bytes, limit: int) -> bool:
        if body.count(b"<") <= limit:
            return False
        self._fail(visit, f"more than {limit:,} tags: not read")
        return True

    def _page(self, visit: Visit, answer: Answer) -> None:
        if self._too_dense(visit, answer.body, MAX_PAGE_TAGS):
            return
        page = Page.parse(
            answer.body,
            answer.capture.url,
            content_type=answer.capture.content_type,
            fetched_at=answer.capture.fetched_at,
            selectors=self.session.config.of(visit.page.portal).selectors,
        )
        reading = read(page)
        visit.ack.kind = reading.kind
        if reading.kind in NO_READING:
            self._observe(visit.page, page, reading)
            self._unreadable(visit, reading)
            return
        self._observe(visit.page, page, reading)
        self.links.of_page(visit, page, reading)
        if visit.page.role == "home":
            self._remember_family(visit, page, reading)
        if reading.article is not None:
            self._article(visit, reading.article, page)
        elif reading.kind == "feed":
            self._feed(visit, answer)
        elif reading.kind == "listing" or visit.page.role == "home":
            visit.ack.state, visit.ack.reason = "listed", f"a list page: {reading.reason}"
            self._later_pages(visit, page)
            visit.ack.due = revisits.listing_due(visit.page.depth, visit.page.key, time.time())
        else:
            self._skip(visit, f"{KINDS.get(reading.kind, reading.kind)}: {reading.reason}", KINDS.get(reading.kind))

    def _later_pages(self, visit: Visit, page: Page) -> None:
        """Say so where a list goes on by a form that only scripts send: what lies there is not captured."""
        if not goes_on_by_form(page):
            return
        pager = pager_of(page)
        if pager.kind == "postback":
            pages = f"{pager.pages} pages in all" if pager.pages else "later pages"
            visit.ack.reason += f"; it goes on by a form that scripts send ({pages}): only this one is captured"
            self.session.tally.kinds["list that goes on by a form, not captured"] += 1

    def _observe(self, row: Row, page: Page, reading: Reading) -> None:
        """Count what was read of the page, and what was not, for the portal's history."""
        fill = self.session.tally.fills.setdefault(row.portal, Fill())
        expected, known = row.role == "article", row.article_id is not None
        family = self.session.portals[row.portal].family or "general"
        observe(fill, page, reading.kind, reading.article, expected=expected, known=known, family=family)

    def _article(self, visit: Visit, article: Article, page: Page) -> None:
        visit.article = article
        visit.ack.state, visit.ack.reason = "stored", "read as an article"
        visit.ack.suspect_since = None
        now = time.time()
        visit.ack.due = revisits.article_due(_moment(article, now), now)
        if visit.page.was == "new":
            self.articles += 1
            self.links.credit(visit.page)
        wanted: list[tuple[str, Role, str]] = [(a.url, "file", "attachment") for a in article.attachments]
        wanted += [(image.url, "requisite", "image") for image in article.images]
        visit.found += self.links.needed(visit, wanted)

    def _remember_family(self, visit: Visit, page: Page, reading: Reading) -> None:
        """The family of the home page judges the addresses of feeds and sitemaps, which show none themselves."""
        portal = self.session.portals[visit.page.portal]
        portal.family = reading.family.name
        title = page.tree.css_first("title")
        if portal.title is None and title is not None:
            portal.title = " ".join(title.text().split()) or None
        self.session.store.update_portal(portal)

    def _unreadable(self, visit: Visit, reading: Reading) -> None:
        reason = f"{KINDS.get(reading.kind, reading.kind)}: {reading.reason}"
        if reading.kind == "error" or visit.page.article_id is not None:
            self._skip(visit, reason, "error page")
        else:
            self._fail(visit, reason)

    def _feed(self, visit: Visit, answer: Answer) -> None:
        if self._too_dense(visit, answer.body, MAX_LIST_TAGS):
            return
        entries = parse_feed(answer.body)
        if not entries and _media_type(answer.capture.content_type).endswith("html"):
            self._skip(visit, "no feed: a page came instead", "no feed there")
            return
        urls = [url for url in (absolute(answer.capture.url, entry.url) for entry in entries) if url]
        visit.found += self.links.named(visit, urls, "feed", "article")
        visit.ack.state, visit.ack.reason, visit.ack.kind = "listed", f"a feed of {len(entries)} entries", "feed"

    def _sitemap(self, visit: Visit, answer: Answer) -> None:
        try:
            body = unzipped(answer.body, MAX_SITEMAP_BYTES)
        except ContentTooLarge:
            self._fail(visit, f"larger than the limit of {MAX_SITEMAP_BYTES / 1e6:g} MB once it is decompressed")
            return
        if self._too_dense(visit, body, MAX_LIST_TAGS):
            return
        sitemap = parse_sitemap(body)
        if not sitemap.pages and not sitemap.sitemaps:
            self._skip(visit, "no sitemap: nothing in it names a page", "no sitemap there")
            return
        maps = [u for u in (absolute(answer.capture.url, e.url) for e in sitemap.sitemaps) if u]
        pages = [u for u in (absolute(answer.capture.url, e.url) for e in sitemap.pages) if u]
        visit.found += self.links.named(visit, maps, "sitemap", "sitemap")
        visit.found += self.links.named(visit, pages, "sitemap", "page")
        visit.ack.state, visit.ack.kind = "listed", "sitemap"
        visit.ack.reason = f"a sitemap of {len(pages)} pages and {len(maps)} further sitemaps"

    def _file(self, visit: Visit, answer: Answer, kind: str) -> None:
        visit.ack.state, visit.ack.kind = "file", "file"
        visit.ack.reason = f"kept as a file ({kind or 'type not said'}, {len(answer.body):,} bytes)"
        visit.file_sha256 = hashlib.sha256(answer.body).hexdigest()
        visit.file_bytes = len(answer.body)
        if kind == "text/css":
            urls = css_requisites(answer.body, answer.capture.url)
            visit.found += self.links.needed(visit, [(url, "requisite", "style") for url in urls])

    def _not_modified(self, visit: Visit) -> None:
        row, now = visit.page, time.time()
        if row.article_id is None and row.was not in ("listed", "file"):
            self._failed(visit, Verdict("the server says it has not changed (304), but it was never kept", True))
            return
        visit.ack.etag, visit.ack.last_modified = row.etag, row.last_modified
        visit.ack.reason = "the server says it has not changed (304)"
        if row.article_id is None:
            visit.ack.due = revisits.listing_due(row.depth, row.key, now) if row.was == "listed" else None
            return
        visit.ack.state, visit.ack.due = "unchanged", now + revisits.LADDER[-3]
        visit.ack.suspect_since = None
        visit.seen_again = self.session.canonical_of(row.article_id)

    def _redirected(self, visit: Visit, answer: Answer) -> None:
        row = visit.page
        target = absolute(row.url, location_of(answer.headers.get(b"Location")) or "")
        if target is None:
            self._skip(visit, f"redirects ({answer.capture.status}) to no address")
        elif not self.links.inside[row.portal](target):
            self._leads_out(visit, target)
        elif judge(target, self.links.family_of(row), "redirect").key == row.key:
            self._same_page_elsewhere(visit, target)
        elif row.article_id is not None and canonical(target) == canonical(self.session.portals[row.portal].url):
            visit.ack.reason = "redirects to the home page: no article, and no proof that it was removed"
            self._not_gone(visit)
        else:
            self._redirected_on(visit, target)

    def _redirected_on(self, visit: Visit, target: str) -> None:
        """Follow a redirect as a page of its own, unless it is one of a chain that has no end."""
        row = visit.page
        found = self.links.named(visit, [target], "redirect", row.role)
        hops = self._hops.pop(row.key, 0) + 1
        if hops > MAX_REDIRECTS:
            self._fail(visit, f"more than {MAX_REDIRECTS} redirects, one leading to the next: the last to {target}")
            return
        self._hops.update((entry.key, hops) for entry in found)
        visit.found += found
        self._skip(visit, f"redirects to {target}", "redirects")

    def _leads_out(self, visit: Visit, target: str) -> None:
        if visit.page.role == "home":
            self._fail(visit, f"the portal redirects to {target}: add that address if it is the portal's new one")
        else:
            self._skip(visit, f"redirects out of the portal, to {target}", "redirects out of the portal")

    def _same_page_elsewhere(self, visit: Visit, target: str) -> None:
        tries = visit.page.tries + 1
        if tries > MAX_SAME_PAGE_REDIRECTS or target == visit.page.url:
            self._fail(visit, f"redirects in a circle, to {target}")
            return
        visit.ack.reason, visit.ack.url = f"redirects to {target}", target
        visit.ack.tries, visit.ack.due = tries, time.time()

    def _missing(self, visit: Visit, status: int) -> None:
        row, now = visit.page, time.time()
        if row.role == "home":
            self._fail(visit, f"the home page answers {status}: is the address right?")
        elif row.article_id is None:
            what = {"sitemap": "no sitemap there", "feed": "no feed there"}.get(row.role, "dead link")
            self._skip(visit, f"{what} ({status})", what)
        else:
            since = row.suspect_since or now
            due = revisits.suspect_due(since, now)
            visit.ack.suspect_since, visit.ack.due = since, due
            visit.ack.state = "suspect" if due is not None else "gone"
            visit.ack.reason = f"the article answers {status}" + ("" if due else " on every check over 14 days")
            visit.gone = due is None
            if not visit.gone:
                self.session.tally.articles["suspect"] += 1

    def _refused(self, visit: Visit, status: int, answer: Answer) -> None:
        if status not in (401, 403):
            self._skip(visit, f"the server answers {status}", f"the server answers {status}")
            return
        gate = challenge_in(answer.body)
        self._fail(visit, f"blocked: {gate} ({status})" if gate else f"the server refuses it ({status})")

    # what every kind ends in

    def _fail(self, visit: Visit, reason: str) -> None:
        visit.ack.tries = visit.page.tries + 1
        visit.ack.reason = reason
        if visit.page.article_id is None:
            visit.ack.state = "failed"
        else:  # the article is kept; only this visit failed
            visit.ack.state, visit.ack.due = visit.page.was, time.time() + revisits.DAY
            visit.ack.reason = f"the last visit failed: {reason}"
        self.session.tally.failed[visit.page.url] = reason

    def _skip(self, visit: Visit, reason: str, group: str | None = None) -> None:
        visit.ack.state, visit.ack.reason = "skipped", reason
        if visit.page.article_id is not None:
            visit.ack.reason = f"{reason}: no article, and no proof that it was removed"
            self._not_gone(visit)
        self.session.tally.skipped[group or reason] += 1

    def _not_gone(self, visit: Visit) -> None:
        """An article's page that brought something else: it stays kept, is asked for tomorrow, and a count of 404s that
        had begun is over, since not every check gave one."""
        visit.ack.state = "stored" if visit.page.was == "suspect" else visit.page.was
        visit.ack.due, visit.ack.suspect_since = time.time() + revisits.DAY, None

    def _account(self, visit: Visit) -> None:
        tally = self.session.tally
        if visit.ack.status is None or visit.ack.tries:
            return  # no answer that was read: the row keeps its state, and nothing is counted
        if visit.ack.state == "listed":
            tally.kinds[visit.ack.kind or "listing"] += 1
        elif visit.ack.state == "file":
            tally.files += 1


KINDS = {
    "static": "static page",
    "qa": "question and answer page",
    "law_list": "list of legal documents",
    "media": "video or photo page",
    "search": "search page",
    "login": "login page",
    "error": "error page",
    "blocked": "blocked",
    "javascript": "needs JavaScript",
    "empty": "empty page",
    "broken": "broken page",
    "spam": "spam page",
}
"""Kinds of pages that are no articles, as they are told to people."""


def _moment(article: Article, now: float) -> float:
    """When an article was published (Unix seconds), as far as known; else ``now``."""
    if article.published is None or article.published.precision == "month":
        return now
    try:
        value = article.published.value
        return min(datetime.fromisoformat(value if "T" in value else f"{value}T00:00:00+07:00").timestamp(), now)
    except ValueError:
        return now


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _is_file(kind: str, body: bytes) -> bool:
    """Whether an answer is a file by its declared type, unless its first bytes show a page."""
    unsaid = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "unknown/unknown")
    if kind in unsaid or "/" not in kind:
        return body[:5] == b"%PDF-" and kind != "text/html"
    return not kind.startswith(("text/html", "application/xml", "text/xml"))


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1").strip() or None if value else None
