"""Per-host back-off: how long a host that failed or sent Retry-After is left alone, noted where every process sees it."""

from __future__ import annotations

import time

from crawler.crawl.hosts.host_turn import Turn
from crawler.crawl.one_crawl import Crawl
from crawler.ledger.rows import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

PATIENCE = 150.0  # seconds a crawl waits for a page that is due later; longer waits are for a later crawl
MAX_HOST_FAILURES = 6
FIRST_QUIET, LONGEST_QUIET = 600.0, 86400.0
"""Seconds a host that failed :data:`MAX_HOST_FAILURES` times in a row is left alone; doubled with each failure more."""


class Trouble:
    """What goes wrong with the hosts of one crawl. What cannot be written down is raised
    (:data:`crawler.folder.limits.CANNOT_KEEP`)."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl

    def back_off(self, turn: Turn, seconds: float, why: Reason) -> None:
        """The host asked for quiet, or failed: nothing is sent to it for ``seconds``, by this process or another."""
        turn.ready = max(turn.ready, time.monotonic() + seconds)
        self.hold(turn, turn.moment(), why, firm=True)
        if seconds > PATIENCE:
            self.give_up(turn, why.noting(Code.LEFT_ALONE, seconds=seconds), seconds)

    def failed(self, turn: Turn, why: Reason) -> None:
        """The host itself failed once more; after several times in a row it is left alone, longer each time."""
        host = turn.lease.host
        host.failures += 1
        self.crawl.ledger.save_host(host)
        if host.failures >= MAX_HOST_FAILURES:
            quiet = min(FIRST_QUIET * 2 ** min(host.failures - MAX_HOST_FAILURES, 20), LONGEST_QUIET)
            self.give_up(turn, why, quiet)

    def succeeded(self, turn: Turn) -> None:
        if turn.lease.host.failures or turn.lease.host.why:
            turn.lease.host.failures, turn.lease.host.why = 0, None
            self.crawl.ledger.save_host(turn.lease.host)

    def not_reached(self, turn: Turn, why: Reason, pages: list[Page]) -> None:
        """This machine has no way to the host (no route, no name server): its pages, and ``pages``, stay as they were."""
        self.crawl.ledger.put_back(turn.lease, [*turn.pages, *pages])
        turn.bound = True
        self.crawl.run.tally.hosts.reach.not_reached(turn.origin, "network")
        self.give_up(turn, why, FIRST_QUIET)

    def give_up(self, turn: Turn, why: Reason, seconds: float) -> None:
        """Leave a host alone for ``seconds``: its pages keep waiting, and say why."""
        turn.stopped = turn.lease.host.why = why
        turn.quiet_until = time.time() + seconds
        turn.pages.clear()  # the ledger has them back with the lease
        self.hold(turn, turn.quiet_until, why)
        self.crawl.run.tally.hosts.failed[turn.origin] = why

    def hold(self, turn: Turn, until: float, why: Reason | None, *, firm: bool = False) -> None:
        """Note in the ledger that nothing is sent to the host before ``until`` (Unix seconds), whoever asks; a ``firm``
        wait is kept even when a person has the host asked at once."""
        self.crawl.ledger.hold(turn.lease, until, why, firm=firm)
