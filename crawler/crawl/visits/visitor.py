"""What becomes of a page that was asked for: its state and reason, what is stored, what was found on it."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass, replace

from scrapy.http.headers import Headers

from archive.model import Article, Capture
from archive.model import Found as Instead
from archive.queries.suspensions import erased_at
from crawler.addresses.roles import Role
from crawler.cms.family import PageKind
from crawler.cms.recognise import recognise
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.kept import attachments, kept, published_at
from crawler.crawl.records.visit import FileSeen, Visit
from crawler.crawl.visits.announced import Announcements
from crawler.crawl.visits.found_links import LinkFinder, key_of
from crawler.crawl.visits.made_up import MadeUp
from crawler.crawl.visits.outcomes import (
    Look,
    article,
    failed,
    file,
    file_not_there,
    listed,
    missing,
    no_answer,
    not_modified,
    refused,
    skipped,
)
from crawler.crawl.visits.posted_lists import PostedPages, fragment_in, is_whole
from crawler.crawl.visits.redirects import REDIRECTS, Redirects
from crawler.crawl.visits.sign_posts import SignPosts
from crawler.discovery.links import FILE_ENDING, css_requisites
from crawler.extract import Reading, read
from crawler.fetch.disposition import file_name
from crawler.fetch.exchange import location_of
from crawler.fetch.failures import FetchFailure
from crawler.fetch.sniff import file_type, has_markup
from crawler.health.fill import Fill, observe
from crawler.ledger.rows import Outcome, Validators
from crawler.ledger.rows import Page as Row
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

logger = logging.getLogger(__name__)

UNREAD = Outcome("failed", Reason(Code.NOT_SAID))
"""Of a visit while its answer is read."""

NO_READING = ("error", "blocked", "javascript", "empty", "broken")


@dataclass(slots=True)
class Answer:
    """What came back: where it is kept, the payload as sent, the body decoded (empty when no whole answer came)."""

    capture: Capture
    payload: bytes
    body: bytes
    headers: Headers


class Visitor:
    """Turns answers into visits for one crawl."""

    def __init__(self, crawl: Crawl, limit: int | None = None) -> None:
        self.crawl = crawl
        self.limit = limit
        self.links = LinkFinder(crawl)
        self.announced = Announcements(self.links)
        self.redirects = Redirects(crawl, self.links)
        self.sign_posts = SignPosts(self.links, self.redirects)
        self.posted = PostedPages(crawl, self.links)
        self.made_up = MadeUp()
        self.articles = 0

    @property
    def limit_reached(self) -> bool:
        return self.limit is not None and self.articles >= self.limit

    def visit(self, row: Row, epoch: int, answer: Answer | None, verdict: FetchFailure | None) -> Visit:
        """The visit for one page: never raises for what a page holds, so that no row stays leased."""
        look = Look(row, time.time(), answer.capture.status if answer else None)
        visit = Visit(row, epoch, UNREAD, answer.capture if answer else None)
        try:
            visit.outcome = self._outcome(visit, look, answer, verdict)
        except Exception as error:
            logger.exception("reading %s failed", row.url)
            visit.outcome = failed(look, Reason(Code.NOT_READ, error=type(error).__name__, said=str(error)))
        self.crawl.run.tally.count(row, visit.outcome)
        if row.form is not None:
            self.posted.ended(visit)
        self._account(visit)
        return visit

    def leave_out(self, row: Row) -> Reason | None:
        """Why a page that waits is not asked for after all; ``None``: it is."""
        if row.form is not None:
            return self.posted.leave_out(row)
        if erased_at(self.crawl.store.conn, row.url):
            return Reason(Code.ERASED)
        made_up = None if self.crawl.config.of(row.portal).asks(row.url) else self.made_up.leave_out(row)
        return made_up or self.links.leave_out(row)

    # by kind of answer

    def _outcome(self, visit: Visit, look: Look, answer: Answer | None, verdict: FetchFailure | None) -> Outcome:
        if verdict is not None or answer is None:
            return no_answer(look, verdict or FetchFailure(Reason(Code.CLOSED_UNANSWERED), True))
        if look.row.key in self.crawl.fatal_pages and look.status == 200:
            visit.how = "unread"
            return failed(look, Reason(Code.FATAL))
        with self.crawl.fatal_pages.reading(look.row.key):
            return self._answered(visit, look, answer)

    def _answered(self, visit: Visit, look: Look, answer: Answer) -> Outcome:
        status = answer.capture.status
        if status == 304:
            return self._not_modified(visit, look)
        if status in REDIRECTS:
            return self.redirects.follow(visit, look, str(status), location_of(answer.headers.get(b"Location")))
        if status in (404, 410):
            return missing(look, status)
        if status != 200:
            return refused(look, status, answer.body)
        if answer.capture.truncated:
            return no_answer(look, FetchFailure(Reason(Code.CUT_OFF, size=len(answer.payload)), True))
        given = Validators(_text(answer.headers.get(b"ETag")), _text(answer.headers.get(b"Last-Modified")))
        return self._whole(visit, replace(look, validators=given), answer)

    def _not_modified(self, visit: Visit, look: Look) -> Outcome:
        """The server says 304: what was kept is seen again, and an article's files are asked for with it."""
        article, archive = look.row.article_id, self.crawl.store.conn
        if article is None:
            return not_modified(look, None)
        known = kept(archive, article)
        visit.seen_again = known.canonical_url if known else None
        visit.files = [key_of(url) for url in attachments(archive, article)]
        return not_modified(look, known)

    def _whole(self, visit: Visit, look: Look, answer: Answer) -> Outcome:
        """A whole answer with status 200: a file, a feed, a sitemap or a page."""
        role, kind, capture = look.row.role, _media_type(answer.capture.content_type), answer.capture
        if look.row.form is not None:
            return self._posted(visit, look, answer)
        if role == "sitemap":
            return self.announced.sitemap(visit, look, answer.body, capture.url, capture.content_type)
        if role == "feed" or kind in ("application/rss+xml", "application/atom+xml", "application/rdf+xml"):
            return self._feed(visit, look, answer)
        if _is_file(kind, answer.body, role) or _is_sent_as_file(answer.headers):
            return self._file(visit, look, answer, kind)
        if look.row.was == "file":
            return file_not_there(look, "other page", Reason(Code.PAGE_FOR_FILE))
        if role == "requisite":
            return skipped(look, Reason(Code.PAGE_FOR_PICTURE))
        return self._page(visit, look, answer)

    def _page(self, visit: Visit, look: Look, answer: Answer) -> Outcome:
        row, capture = look.row, answer.capture
        page = Page.parse(answer.body, capture.url, content_type=capture.content_type, fetched_at=capture.fetched_at)
        page.lifted = self.links.is_lifted(row)
        visit.how = "lifted" if page.lifted else ""
        own = self.crawl.config.of(row.portal).selectors
        reading = read(page, own, self.crawl.batch.learning.themes.of(row.portal))
        look = replace(look, kind=reading.kind)
        if reading.article is None:
            led = self.sign_posts.followed(visit, look, page, reading, answer.headers.get(b"Refresh"))
            if led is not None:
                if row.role == "home" and led.state == "listed":
                    self._remember_family(row, page, reading)
                return led
        self._observe(row, page, reading)
        if reading.kind in NO_READING:
            return unreadable(look, reading)
        self.links.of_page(visit, page, reading)
        if row.role == "home":
            self._remember_family(row, page, reading)
        if reading.article is not None:
            return self._article(visit, look, reading.article)
        if row.article_id is not None and row.role != "home":
            # a list or a feed at an article's address is not the article
            return skipped(look, Reason(KINDS[reading.kind], why=reading.reason))
        if reading.kind == "feed":
            return self._feed(visit, look, answer, page)
        if reading.kind == "listing" or row.role == "home":
            list_ = listed(look, Reason(Code.LIST, why=reading.reason))
            return self.posted.of_list(visit, list_, page, answer.headers.getlist(b"Set-Cookie"))
        return skipped(look, Reason(KINDS[reading.kind], why=reading.reason))

    def _observe(self, row: Row, page: Page, reading: Reading) -> None:
        """Count what was read of the page, and what was not, for the portal's history."""
        fill = self.crawl.run.tally.fills.setdefault(row.portal, Fill())
        expected, known = row.role == "article", row.article_id is not None
        family = self.crawl.portals[row.portal].family or "general"
        observe(fill, page, reading.kind, reading.article, expected=expected, known=known, family=family)

    def _article(self, visit: Visit, look: Look, read: Article) -> Outcome:
        row, visit.article = look.row, read
        since = published_at(read.published)
        if row.article_id is not None:
            visit.files = [key_of(file.url) for file in read.attachments]
            if since is None and (before := kept(self.crawl.store.conn, row.article_id)) is not None:
                since = before.since
        if row.was == "new":
            self.articles += 1
            self.made_up.note(row, read, visit.found)
            self.links.credit(row)
        wanted: list[tuple[str, Role, str]] = [(a.url, "file", "attachment") for a in read.attachments]
        wanted += [(image.url, "requisite", "image") for image in read.images]
        visit.found += self.links.needed(visit, wanted)
        return article(look, since)

    def _remember_family(self, row: Row, page: Page, reading: Reading) -> None:
        """The family of the home page judges the addresses of feeds and sitemaps, which show none themselves."""
        portal = self.crawl.portals[row.portal]
        portal.family = reading.family.name
        title = page.tree.css_first("title")
        if portal.title is None and title is not None:
            portal.title = " ".join(title.text().split()) or None
        self.crawl.store.update_portal(portal)

    def _posted(self, visit: Visit, look: Look, answer: Answer) -> Outcome:
        """The answer to a form: a whole page, or a fragment whose links are relative to the list it belongs to."""
        visit.how = "unread"
        markup = fragment_in(answer.body)
        body, whole = (answer.body, is_whole(answer.body)) if markup is None else (markup, False)
        url = answer.capture.url if whole else look.row.found_on or look.row.url
        page = Page.parse(
            body, url, content_type=answer.capture.content_type if markup is None else "text/html; charset=utf-8"
        )
        family = recognise(page) if whole else self.links.family_of(look.row)
        if whole:
            reading = read(page)
            if reading.kind in NO_READING:
                return unreadable(look, reading)
        return self.posted.of_answer(visit, look, page, family, answer.headers.getlist(b"Set-Cookie"))

    def _feed(self, visit: Visit, look: Look, answer: Answer, read_as: Page | None = None) -> Outcome:
        """A feed; ``read_as``: the page it was taken for at first."""
        told = self.announced.feed(visit, look, answer.body, answer.capture.url, answer.capture.content_type)
        if told is not None:
            return told
        if read_as is None and look.row.article_id is None and look.row.was == "new":
            return self._page(visit, look, answer)  # a page about feeds, or one the server gives for every address
        return skipped(look, Reason(Code.NO_FEED))

    def _file(self, visit: Visit, look: Look, answer: Answer, kind: str) -> Outcome:
        if look.is_of_article:
            return skipped(look, Reason(Code.FILE_FOR_ARTICLE, type=kind or "type not said"))
        name = file_name(answer.headers.get(b"Content-Disposition"))
        visit.file = FileSeen(hashlib.sha256(answer.body).hexdigest(), len(answer.body), name)
        visit.file_aliases += [(url, look.row.url) for url in self.redirects.led_to(look.row.key)]
        if kind == "text/css":
            urls = css_requisites(answer.body, answer.capture.url)
            visit.found += self.links.needed(visit, [(url, "requisite", "style") for url in urls])
        return file(look, kind, len(answer.body))

    def _account(self, visit: Visit) -> None:
        tally, outcome = self.crawl.run.tally, visit.outcome
        if visit.capture is None or outcome.tries:
            return  # no answer that was read: the row keeps its state, and nothing is counted
        if outcome.state == "listed":
            tally.kinds[outcome.kind or "listing"] += 1
        elif outcome.state == "file" and outcome.instead is None:
            tally.files += 1


def unreadable(look: Look, reading: Reading) -> Outcome:
    """A page of which nothing can be read: an error's, a gate's, an empty one."""
    reason = Reason(KINDS[reading.kind], why=reading.reason)
    if reading.kind == "empty" and look.row.role == "feed":
        return skipped(look, Reason(Code.NO_FEED_EMPTY))
    if reading.kind == "error" or look.is_of_article:
        return skipped(look, reason, INSTEAD.get(reading.kind, "other page"))
    return failed(look, reason)


INSTEAD: dict[str, Instead] = {"error": "error page", "blocked": "refused"}
"""What the kinds of pages are that come in the place of an article, where they are not just another page."""

KINDS: dict[PageKind, Code] = {
    "listing": Code.LISTING_PAGE,
    "feed": Code.FEED_PAGE,
    "static": Code.STATIC_PAGE,
    "qa": Code.QUESTIONS_PAGE,
    "law_list": Code.LAW_LIST,
    "media": Code.MEDIA_PAGE,
    "search": Code.SEARCH_PAGE,
    "login": Code.LOGIN_PAGE,
    "error": Code.ERROR_PAGE,
    "blocked": Code.BLOCKED_PAGE,
    "javascript": Code.NEEDS_JAVASCRIPT,
    "empty": Code.EMPTY_PAGE,
    "broken": Code.BROKEN_PAGE,
    "spam": Code.SPAM_PAGE,
}
"""Kinds of pages that are no articles, each with its reason code."""


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _is_file(kind: str, body: bytes, role: Role) -> bool:
    """Whether an answer is a file: by its first bytes, else by its declared type. A script that sends a file often leaves
    the type at the server's ``text/html``."""
    if file_type(body) is not None:
        return True
    if role in ("file", "requisite"):
        return not kind.endswith("html") or (role == "file" and bool(body.strip()) and not has_markup(body))
    unsaid = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "unknown/unknown")
    if kind in unsaid or "/" not in kind:
        return False
    return not kind.startswith(("text/html", "application/xml", "text/xml"))


def _is_sent_as_file(headers: Headers) -> bool:
    """Whether the server wants the answer saved under the name of a document, though it be HTML (as Word saves it)."""
    said = headers.get(b"Content-Disposition") or b""
    return said.strip().lower().startswith(b"attachment") and FILE_ENDING.search(file_name(said) or "") is not None


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1").strip() or None if value else None
