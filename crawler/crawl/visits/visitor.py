"""What becomes of a page that was asked for: its state and reason, what is stored, what was found on it."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass

from scrapy.http.headers import Headers

from archive.model import Article, Capture
from archive.model import Found as Instead
from crawler.addresses.roles import Role
from crawler.cms.family import PageKind
from crawler.cms.recognise import recognise
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.kept import kept, published_at
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.announced import Announcements
from crawler.crawl.visits.found_links import LinkFinder, key_of
from crawler.crawl.visits.made_up import MadeUp
from crawler.crawl.visits.outcomes import Endings
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
from crawler.ledger import revisits
from crawler.ledger.rows import Ack
from crawler.ledger.rows import Page as Row
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

logger = logging.getLogger(__name__)

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
        self.endings = Endings(crawl)
        self.announced = Announcements(self.links, self.endings)
        self.redirects = Redirects(crawl, self.links, self.endings)
        self.sign_posts = SignPosts(self.links, self.redirects)
        self.posted = PostedPages(crawl, self.links, self.endings)
        self.made_up = MadeUp()
        self.articles = 0

    @property
    def limit_reached(self) -> bool:
        return self.limit is not None and self.articles >= self.limit

    def visit(self, row: Row, epoch: int, answer: Answer | None, verdict: FetchFailure | None) -> Visit:
        """The visit for one page: never raises for what a page holds, so that no row stays leased."""
        ack = Ack(row.key, epoch, row.was, Reason(Code.NOT_SAID))
        ack.suspect_since, ack.unseen_since = row.suspect_since, row.unseen_since
        visit = Visit(row, ack, answer.capture if answer else None)
        if answer is not None:
            visit.ack.status, visit.ack.warc = answer.capture.status, answer.capture.file
            visit.ack.record_id = self.crawl.evidence.holder_of(answer.capture)
        try:
            if verdict is not None or answer is None:
                self.endings.failed(visit, verdict or FetchFailure(Reason(Code.CLOSED_UNANSWERED), True))
            elif row.key in self.crawl.fatal_pages and answer.capture.status == 200:
                self.endings.fail(visit, Reason(Code.FATAL))
            else:
                with self.crawl.fatal_pages.reading(row.key):
                    self._answered(visit, answer)
        except Exception as error:
            logger.exception("reading %s failed", row.url)
            self.endings.fail(visit, Reason(Code.NOT_READ, error=type(error).__name__, said=str(error)))
        if row.form is not None:
            self.posted.ended(visit)
        self._account(visit)
        return visit

    def leave_out(self, row: Row) -> Reason | None:
        """Why a page that waits is not asked for after all; ``None``: it is."""
        if row.form is not None:
            return self.posted.leave_out(row)
        made_up = None if self.crawl.config.of(row.portal).asks(row.url) else self.made_up.leave_out(row)
        return made_up or self.links.leave_out(row)

    # by kind of answer

    def _answered(self, visit: Visit, answer: Answer) -> None:
        status = answer.capture.status
        if status == 304:
            self.endings.not_modified(visit)
        elif status in REDIRECTS:
            self.redirects.follow(visit, str(status), location_of(answer.headers.get(b"Location")))
        elif status in (404, 410):
            self.endings.missing(visit, status)
        elif status != 200:
            self.endings.refused(visit, status, answer.body)
        elif answer.capture.truncated:
            self.endings.failed(visit, FetchFailure(Reason(Code.CUT_OFF, size=len(answer.payload)), True))
        else:
            visit.ack.etag = _text(answer.headers.get(b"ETag"))
            visit.ack.last_modified = _text(answer.headers.get(b"Last-Modified"))
            self._whole(visit, answer)

    def _whole(self, visit: Visit, answer: Answer) -> None:
        """A whole answer with status 200: a file, a feed, a sitemap or a page."""
        role, kind = visit.page.role, _media_type(answer.capture.content_type)
        if visit.page.form is not None:
            self._posted(visit, answer)
        elif role == "sitemap":
            self.announced.sitemap(visit, answer.body, answer.capture.url, answer.capture.content_type)
        elif role == "feed" or kind in ("application/rss+xml", "application/atom+xml", "application/rdf+xml"):
            self._feed(visit, answer)
        elif _is_file(kind, answer.body, role) or _is_sent_as_file(answer.headers):
            self._file(visit, answer, kind)
        elif visit.page.was == "file":
            self.endings.file_not_there(visit, "other page", Reason(Code.PAGE_FOR_FILE))
        elif role == "requisite":
            self.endings.skip(visit, Reason(Code.PAGE_FOR_PICTURE))
        else:
            self._page(visit, answer)

    def _page(self, visit: Visit, answer: Answer) -> None:
        page = Page.parse(
            answer.body,
            answer.capture.url,
            content_type=answer.capture.content_type,
            fetched_at=answer.capture.fetched_at,
        )
        page.lifted = self.links.is_lifted(visit.page)
        own, learnt = (
            self.crawl.config.of(visit.page.portal).selectors,
            self.crawl.batch.learning.themes.of(visit.page.portal),
        )
        reading = read(page, own, learnt)
        visit.ack.kind = reading.kind
        if reading.article is None and self.sign_posts.followed(visit, page, reading, answer.headers.get(b"Refresh")):
            if visit.page.role == "home" and visit.ack.state == "listed":
                self._remember_family(visit, page, reading)
            return
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
        elif visit.page.article_id is not None and visit.page.role != "home":
            # a list or a feed at an article's address is not the article
            self.endings.skip(visit, Reason(KINDS[reading.kind], why=reading.reason))
        elif reading.kind == "feed":
            self._feed(visit, answer, page)
        elif reading.kind == "listing" or visit.page.role == "home":
            visit.ack.state, visit.ack.reason = "listed", Reason(Code.LIST, why=reading.reason)
            self.posted.of_list(visit, page, answer.headers.getlist(b"Set-Cookie"))
            visit.ack.due = revisits.listing_due(visit.page.depth, visit.page.key, time.time())
        else:
            self.endings.skip(visit, Reason(KINDS[reading.kind], why=reading.reason))

    def _observe(self, row: Row, page: Page, reading: Reading) -> None:
        """Count what was read of the page, and what was not, for the portal's history."""
        fill = self.crawl.run.tally.fills.setdefault(row.portal, Fill())
        expected, known = row.role == "article", row.article_id is not None
        family = self.crawl.portals[row.portal].family or "general"
        observe(fill, page, reading.kind, reading.article, expected=expected, known=known, family=family)

    def _article(self, visit: Visit, article: Article, page: Page) -> None:
        visit.article = article
        visit.ack.state, visit.ack.reason = "stored", Reason(Code.ARTICLE)
        visit.ack.suspect_since = visit.ack.unseen_since = None
        now, known = time.time(), visit.page.article_id
        since = published_at(article.published)
        if known is not None:
            visit.files = [key_of(file.url) for file in article.attachments]
            if since is None and (before := kept(self.crawl.store.conn, known)) is not None:
                since = before.since
        visit.ack.due = revisits.article_due(now if since is None else min(since, now), now)
        if visit.page.was == "new":
            self.articles += 1
            self.made_up.note(visit.page, article, visit.found)
            self.links.credit(visit.page)
        wanted: list[tuple[str, Role, str]] = [(a.url, "file", "attachment") for a in article.attachments]
        wanted += [(image.url, "requisite", "image") for image in article.images]
        visit.found += self.links.needed(visit, wanted)

    def _remember_family(self, visit: Visit, page: Page, reading: Reading) -> None:
        """The family of the home page judges the addresses of feeds and sitemaps, which show none themselves."""
        portal = self.crawl.portals[visit.page.portal]
        portal.family = reading.family.name
        title = page.tree.css_first("title")
        if portal.title is None and title is not None:
            portal.title = " ".join(title.text().split()) or None
        self.crawl.store.update_portal(portal)

    def _unreadable(self, visit: Visit, reading: Reading) -> None:
        reason = Reason(KINDS[reading.kind], why=reading.reason)
        if reading.kind == "empty" and visit.page.role == "feed":
            self.endings.skip(visit, Reason(Code.NO_FEED_EMPTY))
        elif reading.kind == "error" or visit.page.article_id is not None:
            self.endings.skip(visit, reason, INSTEAD.get(reading.kind, "other page"))
        else:
            self.endings.fail(visit, reason)

    def _posted(self, visit: Visit, answer: Answer) -> None:
        """The answer to a form: a whole page, or a fragment whose links are relative to the list it belongs to."""
        markup = fragment_in(answer.body)
        body, whole = (answer.body, is_whole(answer.body)) if markup is None else (markup, False)
        url = answer.capture.url if whole else visit.page.found_on or visit.page.url
        page = Page.parse(
            body, url, content_type=answer.capture.content_type if markup is None else "text/html; charset=utf-8"
        )
        family = recognise(page) if whole else self.links.family_of(visit.page)
        if whole:
            reading = read(page)
            if reading.kind in NO_READING:
                self._unreadable(visit, reading)
                return
        self.posted.of_answer(visit, page, family, answer.headers.getlist(b"Set-Cookie"))

    def _feed(self, visit: Visit, answer: Answer, read_as: Page | None = None) -> None:
        """A feed; ``read_as``: the page it was taken for at first."""
        if self.announced.feed(visit, answer.body, answer.capture.url, answer.capture.content_type):
            return
        if read_as is None and visit.page.article_id is None and visit.page.was == "new":
            self._page(visit, answer)  # a page about feeds, or one the server gives for every address
        else:
            self.endings.skip(visit, Reason(Code.NO_FEED))

    def _file(self, visit: Visit, answer: Answer, kind: str) -> None:
        if visit.page.article_id is not None:
            self.endings.skip(visit, Reason(Code.FILE_FOR_ARTICLE, type=kind or "type not said"))
            return
        visit.ack.state, visit.ack.kind, visit.ack.unseen_since = "file", "file", None
        visit.ack.reason = Reason(Code.FILE, type=kind or "type not said", size=len(answer.body))
        visit.file_sha256 = hashlib.sha256(answer.body).hexdigest()
        visit.file_bytes = len(answer.body)
        visit.file_aliases += [(url, visit.page.url) for url in self.redirects.led_to(visit.page.key)]
        visit.file_name = file_name(answer.headers.get(b"Content-Disposition"))
        if kind == "text/css":
            urls = css_requisites(answer.body, answer.capture.url)
            visit.found += self.links.needed(visit, [(url, "requisite", "style") for url in urls])

    def _account(self, visit: Visit) -> None:
        tally = self.crawl.run.tally
        if visit.ack.status is None or visit.ack.tries:
            return  # no answer that was read: the row keeps its state, and nothing is counted
        if visit.ack.state == "listed":
            tally.kinds[visit.ack.kind or "listing"] += 1
        elif visit.ack.state == "file" and visit.instead is None:
            tally.files += 1


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
