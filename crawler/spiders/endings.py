"""What a visit ends in: a page that failed, was skipped, is missing or has not changed; the reason goes into its row."""

from __future__ import annotations

import time

from crawler.extract.kinds import challenge_in
from crawler.frontier import revisits
from crawler.session import Session
from crawler.spiders.failures import Verdict
from crawler.visit import Visit


class Endings:
    """Fills in the acknowledgements of one crawl's visits, and counts them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def failed(self, visit: Visit, verdict: Verdict) -> None:
        tries = visit.page.tries + 1
        due = revisits.retry_due(tries, time.time()) if verdict.retry else None
        if due is None:
            self.fail(visit, verdict.reason)
            return
        visit.ack.tries, visit.ack.due = tries, max(due, time.time() + verdict.wait)
        visit.ack.reason = f"{verdict.reason}; tried {tries} time{'s' if tries > 1 else ''}, to be tried again"
        visit.ack.etag, visit.ack.last_modified = visit.page.etag, visit.page.last_modified

    def not_modified(self, visit: Visit) -> None:
        row, now = visit.page, time.time()
        if row.article_id is None and row.was not in ("listed", "file"):
            self.failed(visit, Verdict("the server says it has not changed (304), but it was never kept", True))
            return
        visit.ack.etag, visit.ack.last_modified = row.etag, row.last_modified
        visit.ack.reason = "the server says it has not changed (304)"
        if row.article_id is None:
            visit.ack.due = revisits.listing_due(row.depth, row.key, now) if row.was == "listed" else None
            return
        visit.ack.state, visit.ack.due = "unchanged", now + revisits.LADDER[-3]
        visit.ack.suspect_since = None
        visit.seen_again = self.session.canonical_of(row.article_id)

    def missing(self, visit: Visit, status: int) -> None:
        row, now = visit.page, time.time()
        if row.role == "home":
            self.fail(visit, f"the home page answers {status}: is the address right?")
        elif row.article_id is None:
            what = {"sitemap": "no sitemap there", "feed": "no feed there"}.get(row.role, "dead link")
            self.skip(visit, f"{what} ({status})", what)
        else:
            since = row.suspect_since or now
            due = revisits.suspect_due(since, now)
            visit.ack.suspect_since, visit.ack.due = since, due
            visit.ack.state = "suspect" if due is not None else "gone"
            visit.ack.reason = f"the article answers {status}" + ("" if due else " on every check over 14 days")
            visit.gone = due is None
            if not visit.gone:
                self.session.tally.articles["suspect"] += 1

    def refused(self, visit: Visit, status: int, body: bytes) -> None:
        if status not in (401, 403):
            self.skip(visit, f"the server answers {status}", f"the server answers {status}")
            return
        gate = challenge_in(body)
        self.fail(visit, f"blocked: {gate} ({status})" if gate else f"the server refuses it ({status})")

    def fail(self, visit: Visit, reason: str) -> None:
        visit.ack.tries = visit.page.tries + 1
        visit.ack.reason = reason
        if visit.page.article_id is None:
            visit.ack.state = "failed"
        else:  # the article is kept; only this visit failed
            visit.ack.state, visit.ack.due = visit.page.was, time.time() + revisits.DAY
            visit.ack.reason = f"the last visit failed: {reason}"
        self.session.tally.failed[visit.page.url] = reason

    def skip(self, visit: Visit, reason: str, group: str | None = None) -> None:
        visit.ack.state, visit.ack.reason = "skipped", reason
        if visit.page.article_id is not None:
            visit.ack.reason = f"{reason}: no article, and no proof that it was removed"
            self.not_gone(visit)
        self.session.tally.skipped[group or reason] += 1

    def not_gone(self, visit: Visit) -> None:
        """An article's page that brought something else: it stays kept, is asked for tomorrow, and a count of 404s that
        had begun is over, since not every check gave one."""
        visit.ack.state = "stored" if visit.page.was == "suspect" else visit.page.was
        visit.ack.due, visit.ack.suspect_since = time.time() + revisits.DAY, None

    def too_dense(self, visit: Visit, body: bytes, limit: int) -> bool:
        """Whether markup has more tags than are parsed; the visit then says so."""
        if body.count(b"<") <= limit:
            return False
        self.fail(visit, f"more than {limit:,} tags: not read")
        return True
