"""What a visit ends in: a page that failed, was skipped, is missing or has not changed; the reason goes into its row."""

from __future__ import annotations

import time

from archive.model import Found as Instead
from archive.text.vietnam_time import DAY
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.kept import attachments, kept
from crawler.crawl.records.visit import Visit
from crawler.crawl.visits.found_links import key_of
from crawler.extract.kinds.judge import challenge_in
from crawler.fetch.failures import FetchFailure
from crawler.ledger import revisits
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_MISSING = {"sitemap": Code.NO_SITEMAP_THERE, "feed": Code.NO_FEED_THERE}


class Endings:
    """Fills in the acknowledgements of one crawl's visits, and counts them."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl

    def failed(self, visit: Visit, verdict: FetchFailure) -> None:
        tries = visit.page.tries + 1
        due = revisits.retry_due(tries, time.time()) if verdict.retry else None
        if due is None:
            self.fail(visit, verdict.reason)
            return
        visit.ack.tries, visit.ack.due = tries, max(due, time.time() + verdict.wait)
        visit.ack.reason = verdict.reason.noting(Code.TRIED, tries=tries)
        visit.ack.etag, visit.ack.last_modified = visit.page.etag, visit.page.last_modified

    def not_modified(self, visit: Visit) -> None:
        """The server says 304: the article, list or file is as it was."""
        row, now = visit.page, time.time()
        if row.article_id is None and row.was not in ("listed", "file"):
            self.failed(visit, FetchFailure(Reason(Code.NOT_MODIFIED_NEVER_KEPT), True))
            return
        visit.ack.etag, visit.ack.last_modified = row.etag, row.last_modified
        visit.ack.reason = Reason(Code.NOT_MODIFIED)
        visit.ack.suspect_since = visit.ack.unseen_since = None
        if row.article_id is None:
            visit.file_again = row.was == "file"
            visit.ack.due = revisits.listing_due(row.depth, row.key, now) if row.was == "listed" else None
            return
        archive = self.crawl.store.conn
        known = kept(archive, row.article_id)
        visit.ack.state, visit.ack.due = "unchanged", revisits.article_due(known.since if known else now, now)
        visit.seen_again = known.canonical_url if known else None
        visit.files = [key_of(url) for url in attachments(archive, row.article_id)]

    def missing(self, visit: Visit, status: int) -> None:
        row, now = visit.page, time.time()
        if row.was == "file":
            self.file_not_there(visit, "missing", Reason(Code.FILE_MISSING, status=status))
        elif row.role == "home":
            self.fail(visit, Reason(Code.HOME_MISSING, status=status))
        elif row.article_id is None:
            self.skip(visit, Reason(_MISSING.get(row.role, Code.DEAD_LINK), status=status))
        else:
            since = row.suspect_since or now
            due = None if row.was == "gone" else revisits.suspect_due(since, now)
            visit.ack.suspect_since, visit.ack.due = since, due
            visit.ack.unseen_since, visit.instead = row.unseen_since or now, "missing"
            visit.ack.state = "suspect" if due is not None else "gone"
            visit.ack.reason = Reason(Code.ARTICLE_MISSING if due else Code.ARTICLE_GONE, status=status)
            visit.gone = due is None and row.was != "gone"
            if due is not None:
                self.crawl.run.tally.articles["suspect"] += 1

    def refused(self, visit: Visit, status: int, body: bytes) -> None:
        if status not in (401, 403):
            self.skip(visit, Reason(Code.SERVER_ANSWERS, status=status), "refused")
            return
        gate = challenge_in(body)
        blocked = Reason(Code.BLOCKED_BY_STATUS, why=gate, status=status) if gate is not None else None
        self.fail(visit, blocked or Reason(Code.SERVER_REFUSES, status=status))

    def fail(self, visit: Visit, reason: Reason) -> None:
        """A visit that failed for good, for this crawl; what is kept stays, and is asked for again."""
        row = visit.page
        visit.ack.tries = row.tries + 1
        visit.ack.reason = reason
        if row.article_id is None and row.was != "file":
            visit.ack.state = "failed"
        else:
            visit.ack.state, visit.ack.due = row.was, time.time() + DAY
            visit.ack.reason = reason.noting(Code.LAST_VISIT_FAILED)
            if (status := visit.capture.status if visit.capture else 0) >= 400 and status != 429:
                visit.instead = "server error" if status >= 500 else "refused"
                self._not_found(visit)
        self.crawl.run.tally.failed[row.url] = str(reason)

    def skip(self, visit: Visit, reason: Reason, instead: Instead = "other page") -> None:
        """A page that is no article. Where one is kept, ``instead`` says what came in its place."""
        visit.ack.state, visit.ack.reason = "skipped", reason
        if visit.page.article_id is not None:
            visit.ack.reason = reason.noting(Code.NO_PROOF)
            self.not_gone(visit, instead)
        elif visit.page.was == "file":
            self.file_not_there(visit, instead, reason)
        self.crawl.run.tally.skipped[reason.group] += 1

    def not_gone(self, visit: Visit, instead: Instead) -> None:
        """An article's page that brought something else: it stays kept and is asked for again, and a count of 404s that
        had begun is over, since not every check gave one."""
        visit.ack.state = "stored" if visit.page.was in ("suspect", "listed") else visit.page.was
        if visit.page.was != "gone":
            visit.ack.suspect_since = None
        visit.instead = instead
        self._not_found(visit)

    def file_not_there(self, visit: Visit, instead: Instead, reason: Reason) -> None:
        """A kept file whose address brought something else: the copy stays, and is asked for again with its article."""
        visit.ack.state, visit.ack.due, visit.instead = "file", None, instead
        visit.ack.reason = reason.noting(Code.COPY_STAYS)
        self._not_found(visit)

    def _not_found(self, visit: Visit) -> None:
        now, row = time.time(), visit.page
        visit.ack.unseen_since = row.unseen_since or now
        if row.was not in ("gone", "file"):
            visit.ack.due = revisits.unseen_due(visit.ack.unseen_since, now)

    def too_dense(self, visit: Visit, body: bytes, limit: int) -> bool:
        """Whether markup has more tags than are parsed; the visit then says so."""
        if body.count(b"<") <= limit:
            return False
        self.fail(visit, Reason(Code.TOO_DENSE, tags=limit))
        return True
