"""The daemon with fifty portals that are due every minute: memory, processes and files over time, and politeness.

    python benchmarks/daemon.py [--minutes 20] [--portals 50] [--json FILE]

A minute stands for six hours of a real schedule. The server's own log tells whether politeness was kept: no two requests
of a host at once, none sooner than the delay.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from children import archive
from portal_site import Spec
from report import Report, arguments
from server import Site, serving

from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.schedule.schedules import set_schedules
from crawler.schedule.when import Rule

DELAY = 0.2  # seconds between two requests of a host
SLACK = 0.02  # seconds by which the server may see them closer together than they were sent


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--portals", type=int, default=50)
    args = parser.parse_args()
    report = Report("daemon")
    spec = Spec("k2", args.portals, 20, size=6_000)
    with serving(spec, latency=0.005, log=True) as site, archive(site.bases) as path:
        folder = ArchiveFolder(path)
        config = folder.config_path
        config.write_text(config.read_text().replace("delay = 1.0", f"delay = {DELAY}"))
        frontier = Ledger(folder.ledger)
        set_schedules(frontier, folder.config().portals, Rule.parse("every 1 minute", shortest=0.0))
        frontier.close()
        samples = watch(path, args.minutes * 60)
        tell(report, folder, samples)
        politeness(report, site)
    return report.end(args.json)


def watch(path: Path, seconds: float) -> list[tuple[int, int, int]]:
    """Run the daemon; memory (kB), open files and children of it, every five seconds."""
    command = [sys.executable, "-m", "crawler", "--archive", str(path), "schedule", "daemon", "--every", "1", "--json"]
    with (path / "daemon.log").open("w") as out:
        daemon = subprocess.Popen(command, stdout=out, stderr=out)
        samples, until = [], time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(5)
            proc = Path(f"/proc/{daemon.pid}")
            memory = next(line for line in (proc / "status").read_text().splitlines() if line.startswith("VmRSS"))
            children = (proc / f"task/{daemon.pid}/children").read_text().split()
            samples.append((int(memory.split()[1]), len(list((proc / "fd").iterdir())), len(children)))
        daemon.terminate()
        daemon.wait(120)
    return samples


def tell(report: Report, folder: ArchiveFolder, samples: list[tuple[int, int, int]]) -> None:
    quarter = max(len(samples) // 4, 1)
    first, last = samples[quarter : 2 * quarter] or samples, samples[-quarter:]
    growth = sum(s[0] for s in last) / len(last) - sum(s[0] for s in first) / len(first)
    with closing(sqlite3.connect(folder.ledger)) as conn:
        states = conn.execute("SELECT state, count(*) FROM run_due GROUP BY state").fetchall()
        runs = conn.execute("SELECT count(*) FROM run").fetchone()[0]
        verdicts = conn.execute("SELECT verdict, count(*) FROM portal_run GROUP BY verdict").fetchall()
        silent = conn.execute("SELECT count(*) FROM run_due WHERE state IN ('skipped', 'lost') AND reason IS NULL")
        report.bar("occurrences left out without a reason", silent.fetchone()[0], 0, at_least=False)
    report.table(("occurrences", "number"), states)
    report.table(("verdict", "number"), verdicts)
    report.note("crawls", runs)
    report.note("memory of the daemon at the end, MB", round(samples[-1][0] / 1000, 1))
    report.bar(
        "memory it grew by from the second to the last quarter, MB", round(growth / 1000, 2), 2.0, at_least=False
    )
    report.bar("most files it had open", max(sample[1] for sample in samples), 20, at_least=False)
    report.bar("most crawls at once", max(sample[2] for sample in samples), 4, at_least=False)
    left = [*folder.tickers.iterdir(), *folder.workers.iterdir()]
    report.bar("marks of processes left behind", len(left), 0, at_least=False)


def politeness(report: Report, site: Site) -> None:
    last: dict[str, float] = {}
    began: dict[str, float] = {}
    overlaps = early = total = 0
    shortest = DELAY
    for request in sorted(site.log(), key=lambda request: request.began):
        total += 1
        overlaps += request.began < last.get(request.host, 0.0)
        gap = request.began - began.get(request.host, -1e9)
        early += gap < DELAY - SLACK
        shortest = min(shortest, gap)
        last[request.host] = max(last.get(request.host, 0.0), request.ended)
        began[request.host] = request.began
    report.note("requests", total)
    report.note("shortest time between two requests of a host, as the server saw them, s", round(shortest, 3))
    report.bar("requests that began before the last of that host was answered", overlaps, 0, at_least=False)
    report.bar("requests sooner than the delay after the last", early, 0, at_least=False)


if __name__ == "__main__":
    sys.exit(main())
