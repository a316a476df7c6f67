"""What one look at the schedules costs when nothing is due, at 800 schedules and a year of history.

python benchmarks/schedule_tick.py [--json FILE]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from report import Report, arguments

from crawler.ledger.frontier import Ledger
from crawler.ledger.processes import Worker, alive_workers
from crawler.schedule.due import Standing, claim, is_anything_due
from crawler.schedule.schedules import set_schedules
from crawler.schedule.when import Rule

PORTALS = 800
LOOKS = 2000
HISTORY = PORTALS * 4 * 365


def main() -> int:
    args = arguments(__doc__).parse_args()
    report = Report("schedule_tick")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frontier = Ledger(folder / "crawl.db")
        portals = [f"xa-{n}.hungyen" for n in range(PORTALS)]
        set_schedules(frontier, portals, Rule.parse("every 6 hours"))
        with frontier.write() as conn:
            conn.executemany(
                "INSERT INTO run_due (portal, occurrence, at, state) VALUES (?, ?, ?, 'done')",
                ((portals[n % PORTALS], n, n) for n in range(HISTORY)),
            )
        report.note("schedules and rows of history", f"{PORTALS}, {HISTORY:,}")
        tickers = folder / "tickers"
        report.bar("an idle look, ms", look(frontier, tickers), 5.0, at_least=False)
        with Worker(tickers) as mark:
            frontier.clock = lambda: time.time() + 86400
            began = time.perf_counter()
            claimed = claim(frontier, mark.name, lambda: Standing(portals, [mark.name]))
            report.note(f"claiming {len(claimed)} portals at once, ms", round((time.perf_counter() - began) * 1e3, 1))
            frontier.clock = time.time
            report.bar("a look while a crawl holds 800 claims, ms", look(frontier, tickers), 5.0, at_least=False)
        frontier.close()
    return report.end(args.json)


def look(frontier: Ledger, tickers: Path) -> float:
    """Milliseconds a look takes on average."""
    began = time.perf_counter()
    for _ in range(LOOKS):
        is_anything_due(frontier.conn, time.time(), lambda: set(alive_workers(tickers)))
    return round((time.perf_counter() - began) / LOOKS * 1e3, 3)


if __name__ == "__main__":
    sys.exit(main())
