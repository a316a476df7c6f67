"""A daemon whose databases another program keeps locked for over a minute: while it idles, while a crawl begins and runs.

    python benchmarks/locked.py [--seconds 65] [--json FILE]

Each of ``archive.db`` and ``crawl.db`` is locked for writing at each of the three moments, by a real transaction. The
server's log and the ledger tell what was lost, asked for twice or told as a failure.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from children import archive, query, stored, tinhuyen
from portal_site import Spec
from report import Report, arguments
from server import Site, serving

from crawler.ledger.frontier import Ledger
from crawler.schedule.schedules import save, schedules, set_schedules
from crawler.schedule.when import Rule

PATIENCE = 300.0  # seconds a crawl may take after its lock has ended


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=65.0)
    args = parser.parse_args()
    report = Report("locked")
    for name in ("archive.db", "crawl.db"):
        measure(report, name, args.seconds)
    return report.end(args.json)


def measure(report: Report, name: str, seconds: float) -> None:
    spec = Spec("k2", 5, 60, size=6_000)
    with serving(spec, latency=0.02, log=True) as site, archive(site.bases) as folder:
        config = folder / "tinhuyen.toml"
        config.write_text(config.read_text().replace("delay = 1.0", "delay = 0.1"))
        make_due(folder)
        with (folder / "daemon.log").open("w") as out:
            command = tinhuyen(folder, "schedule", "daemon", "--every", "1")
            with locked(folder / name, seconds):
                daemon = subprocess.Popen(command, stdout=out, stderr=out)
            until(lambda: len(site.log()) > 0.3 * site.articles)
            with locked(folder / name, seconds):
                pass
            until(lambda: done(folder) == len(site.bases))
            with locked(folder / name, seconds):
                pass
            alive = daemon.poll() is None
            daemon.terminate()
            daemon.wait(60)
        tell(report, name, folder, site, alive)


@contextmanager
def locked(database: Path, seconds: float) -> Iterator[None]:
    """A write lock on a database for so long, as another program's long transaction holds it; what is within runs first."""
    with closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        yield
        time.sleep(seconds)
        conn.execute("ROLLBACK")


def make_due(folder: Path) -> None:
    frontier = Ledger(folder / "crawl.db")
    names = [f"p{nth:03d}" for nth in range(5)]
    set_schedules(frontier, names, Rule.parse("every 6 hours"))
    with frontier.write() as conn:
        for one in schedules(conn):
            now = time.time()
            one.wait_for(one.occurrence - 6 * 3600, now - 1, until=now - 1)
            save(conn, one)
    frontier.close()


def done(folder: Path) -> int:
    return query(folder / "crawl.db", "SELECT count(*) FROM run_due WHERE state = 'done'")[0][0]


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            raise SystemExit(f"nothing came of it within {PATIENCE:g} s after the lock")
        time.sleep(0.2)


def tell(report: Report, name: str, folder: Path, site: Site, alive: bool) -> None:
    log = (folder / "daemon.log").read_text()
    articles = [(one.host, one.path) for one in site.log() if "/item/" in one.path]
    with closing(sqlite3.connect(folder / "crawl.db")) as conn:
        runs = conn.execute("SELECT count(*) FROM run").fetchone()[0]
        unwell = conn.execute("SELECT count(*) FROM portal_run WHERE verdict != 'complete'").fetchone()[0]
        lost = conn.execute("SELECT count(*) FROM run_due WHERE state IN ('lost', 'interrupted')").fetchone()[0]
    report.note(f"{name}: crawls", runs)
    report.bar(f"{name}: articles missing", site.articles - stored(folder), 0, at_least=False)
    report.bar(f"{name}: articles asked for twice", len(articles) - len(set(articles)), 0, at_least=False)
    report.bar(f"{name}: runs lost, portals not complete", lost + unwell, 0, at_least=False)
    report.bar(f"{name}: tracebacks in the log", log.count("Traceback"), 0, at_least=False)
    report.bar(f"{name}: daemon still there", int(alive), 1, at_least=True)


if __name__ == "__main__":
    sys.exit(main())
