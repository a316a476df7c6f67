"""The batch of visits: what was fetched and read, written in the order that a kill cannot break.

WARC records, fdatasync; commit in ``archive.db``; ack in ``crawl.db``. Each step may be done twice.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from archive.model import Capture
from archive.store import Store
from crawler.crawl.records.crawl_evidence import Evidence
from crawler.crawl.records.learning import Learning
from crawler.crawl.records.run.run_row import Run
from crawler.crawl.records.storing import Stored, store_visit
from crawler.crawl.records.visit import Visit
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import CANNOT_KEEP, cannot_keep_told
from crawler.ledger import suspended
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Ack
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

BATCH_PAGES, BATCH_SECONDS = 50, 1.0


class Batch:
    """Visits and captures that wait to be written. ``after_flush`` is told which visits were."""

    def __init__(
        self, folder: ArchiveFolder, store: Store, ledger: Ledger, evidence: Evidence, run: Run, learning: Learning
    ) -> None:
        self.folder, self.store, self.ledger, self.evidence, self.run = folder, store, ledger, evidence, run
        self.learning = learning
        self.after_flush: Callable[[list[Visit]], None] = lambda visits: None
        self._visits: list[Visit] = []
        self._captures: list[Capture] = []
        self._since = time.monotonic()

    def add(self, visit: Visit) -> None:
        """Take a visit into the batch; the batch is written when it is large or old enough."""
        counts = self.run.tally.by_portal.setdefault(visit.page.portal, Counter())
        counts["visits"] += 1
        counts["bytes"] += visit.capture.length if visit.capture else 0
        outcome, status = visit.outcome, visit.capture.status if visit.capture else None
        if outcome.state in ("file", "skipped", "failed"):
            counts[outcome.state] += 1
        self.evidence.log.visit(visit.page.url, status, outcome.state, outcome.reason)
        if visit.capture is not None:
            self.evidence.positions.kept(visit.capture.record_id)
        self._visits.append(visit)
        if len(self._visits) >= BATCH_PAGES or time.monotonic() - self._since > BATCH_SECONDS:
            self.flush()

    def add_capture(self, capture: Capture) -> None:
        """Take a capture that belongs to no page (robots.txt) into the batch."""
        self.evidence.positions.kept(capture.record_id)
        self._captures.append(capture)

    @property
    def unwritten(self) -> int:
        """Visits that wait."""
        return len(self._visits)

    def flush_when_old(self) -> None:
        """Write the batch when it has waited long enough, whether or not another page comes."""
        if self._visits and time.monotonic() - self._since > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the batch. What cannot be written stays for another try."""
        visits, self._visits = self._visits, []
        captures, self._captures = self._captures, []
        self._since = time.monotonic()
        if not visits and not captures:
            return
        try:
            self.evidence.writer.sync()
            with cannot_keep_told(self.folder), self.store.batch():
                for capture in captures:
                    self.store.save_capture(capture)
                stored = [(visit, store_visit(self.store, self.run.tally, visit)) for visit in visits]
            self._acknowledge(stored)
        except CANNOT_KEEP:
            self._visits, self._captures = visits + self._visits, captures + self._captures
            raise
        self.evidence.stored()
        outcomes = [(visit.page.portal, outcome) for visit, kept in stored for outcome in kept.outcomes]
        self._count(outcomes)
        self.after_flush(visits)
        self.learning.after_batch(visits, outcomes)
        if self.evidence.log.is_long:
            self.evidence.write_log()

    def _acknowledge(self, stored: list[tuple[Visit, Stored]]) -> None:
        since = self.run.started_at
        with self.ledger.write():
            acks = []
            for visit, kept in stored:
                ack = self._ack(visit, kept)
                acks.append(ack)
                if kept.withheld is not None and visit.capture is not None:
                    suspended.hold(self.ledger, kept.withheld, visit.capture)
                if visit.found:
                    self._add_found(visit)
                if visit.files:
                    self.ledger.ask_files(visit.files, since)
                if visit.page.form is not None and visit.outcome.due is None:
                    self.ledger.forms.settle(visit.page, ack, visit.posts.again)
            self.ledger.ack(acks)
            for visit, _ in stored:
                for offer in visit.posts.offers:  # what the batch itself has just ended may be given out by it
                    self.ledger.forms.offer(offer, since)
            self.evidence.positions.save()

    def _ack(self, visit: Visit, stored: Stored) -> Ack:
        """The acknowledgement of a visit whose article, if it brought one, is stored."""
        outcome, article, capture = visit.outcome, stored.article, visit.capture
        if article is not None and article.outcome == "unchanged":
            outcome = replace(outcome, state="unchanged", reason=Reason(Code.ARTICLE_UNCHANGED))
        kept = article.id if article is not None else None
        if capture is None:
            return Ack(visit.page.key, visit.epoch, outcome, article_id=kept)
        holder = self.evidence.holder_of(capture)
        return Ack(visit.page.key, visit.epoch, outcome, capture.status, holder, capture.file, kept)

    def _add_found(self, visit: Visit) -> None:
        """Rows for what a page named. Something new on a home page, feed or sitemap read before has the lists read."""
        pages = [found for found in visit.found if not found.skip and found.role in ("article", "page")]
        new = self.ledger.add(pages)
        self.ledger.add(found for found in visit.found if found.skip or found.role not in ("article", "page"))
        if new and visit.page.was == "listed" and visit.page.role in ("home", "feed", "sitemap"):
            self.ledger.read_lists(visit.page.portal)

    def _count(self, outcomes: list[tuple[str, str]]) -> None:
        for portal, outcome in outcomes:
            self.run.tally.articles[outcome] += 1
            self.run.tally.by_portal[portal][outcome] += 1
