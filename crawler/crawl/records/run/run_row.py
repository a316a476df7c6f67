"""One run of the crawler: its row in the ledger, its tally, and how it ends."""

from __future__ import annotations

import json
import time
from typing import Any

from archive.errors import ArchiveLocked
from archive.warc.write import DiskFull
from crawler.crawl.arguments import Arguments
from crawler.crawl.records.run.warcinfo import software
from crawler.crawl.records.visit import Tally
from crawler.folder.limits import Ending
from crawler.health.judge_run import mark_lost
from crawler.health.verdict import Verdict
from crawler.ledger.controls import controls
from crawler.ledger.frontier import Ledger
from crawler.reasons.reason import Reason

PROGRESS_EVERY = 2.0  # seconds


class Run:
    """A run as ``crawl.db`` and its summary know it. ``fatal`` is set when nothing more can be kept."""

    def __init__(self, ledger: Ledger, arguments: Arguments) -> None:
        self.ledger, self.arguments = ledger, arguments
        self.started_at = time.time()
        """Unix seconds."""
        asked = controls(ledger.conn, self.started_at)
        self.paused_before = {name for name, control in asked.items() if control.state == "paused"}
        self.id = 0
        self.tally = Tally()
        self.fatal: Ending | None = None
        self.outcome: str | None = None
        self.verdicts: dict[str, Verdict] = {}
        self.offline: dict[str, Reason | None] = {}
        """Portals that were not reached because this machine had no network, each with what failed."""
        self.waiting: dict[str, str] = {}
        """Why portals are not asked just now."""
        self._progress_at = 0.0

    def begin(self, portals: list[str], worker: str) -> None:
        """Make the run's row."""
        with self.ledger.write() as conn:
            cursor = conn.execute(
                "INSERT INTO run (started_at, portals, settings, software, worker) VALUES (?, ?, ?, ?, ?)",
                (self.started_at, json.dumps(portals), json.dumps(self.arguments.as_record()), software(), worker),
            )
            assert cursor.lastrowid is not None
            self.id = cursor.lastrowid

    def report_progress(self, waiting: dict[str, str], bytes_written: int) -> None:
        """Note in the ledger what the run has done so far, for whoever looks from another terminal."""
        self.waiting = waiting
        now = time.time()
        if now - self._progress_at < PROGRESS_EVERY:
            return
        self._progress_at = now
        counts = {**self._counts(bytes_written), "waiting": waiting}
        with self.ledger.write() as conn:
            conn.execute(
                "UPDATE run SET progress_at = ?, counts = ? WHERE id = ?",
                (now, json.dumps(counts, ensure_ascii=False), self.id),
            )

    def end(self, outcome: str, finished_at: float, bytes_written: int) -> None:
        """Complete the run's row."""
        offline = {"offline": sorted(self.offline)} if self.offline else {}
        counts = json.dumps(self._counts(bytes_written) | offline, ensure_ascii=False)
        with self.ledger.write() as conn:
            conn.execute(
                "UPDATE run SET finished_at = ?, outcome = ?, counts = ? WHERE id = ?",
                (finished_at, outcome, counts, self.id),
            )

    def stop_keeping(self, error: DiskFull | ArchiveLocked) -> None:
        """Nothing more can be kept: the first such error ends the run."""
        self.fatal = self.fatal or Ending.of(error)

    def _counts(self, bytes_written: int) -> dict[str, Any]:
        tally = self.tally
        return {
            "requests": tally.requests,
            "articles": dict(tally.articles),
            "skipped": dict(tally.skipped),
            "kinds": dict(tally.kinds),
            "files": tally.files,
            "replaced": tally.replaced,
            "failed": len(tally.failed),
            "bytes": bytes_written,
        }


def mark_killed(ledger: Ledger, workers: list[str]) -> None:
    """Mark the runs of dead workers as killed, and their portals as lost."""
    with ledger.write() as conn:
        killed = conn.execute(
            "UPDATE run SET outcome = 'killed', finished_at = coalesce(progress_at, started_at)"
            f" WHERE finished_at IS NULL AND worker IN ({', '.join('?' * len(workers))}) RETURNING id",
            workers,
        ).fetchall()
        mark_lost(conn, [row[0] for row in killed])
