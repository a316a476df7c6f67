"""Frontier and downloader alone: 400 hosts at one request a second each, 60 ms latency, in one process.

    python benchmarks/many_hosts.py [--hosts 400] [--seconds 30] [--latency 0.06] [--json FILE]

Counted by the server, over the seconds after every host was asked for its first page. The crawler has the first core,
the server the second.
"""

from __future__ import annotations

import itertools
import signal
import sys
import time
from collections import defaultdict

from children import HERE, Child, archive
from portal_site import Spec
from report import Report, arguments, median
from server import HOSTS, Request, serving

BEGIN_WITHIN = 90.0  # seconds


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--hosts", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--latency", type=float, default=0.06, help="seconds the server waits before each answer")
    args = parser.parse_args()
    report = Report("many_hosts")
    pages = int(args.seconds + BEGIN_WITHIN)
    with (
        serving(Spec("tiny", args.hosts, pages), latency=args.latency, log=True) as site,
        archive(site.bases) as folder,
    ):
        child = Child([sys.executable, str(HERE / "frontier_only.py"), str(folder), str(pages)], {0})
        began = time.monotonic()
        while site.count(HOSTS) < args.hosts and child.running and time.monotonic() - began < BEGIN_WITHIN:
            time.sleep(0.05)
        since, used = time.monotonic(), child.cpu()
        while child.running and time.monotonic() - since < args.seconds:
            time.sleep(0.05)
        until, used = time.monotonic(), child.cpu() - used
        child.send(signal.SIGINT)
        cost, log = child.finish(), site.log()
    asked = [request for request in log if request.path != "/robots.txt"]
    hosts = len({request.host for request in asked})
    inside = [request for request in asked if since <= request.began < until]
    gaps = gaps_of(asked, since)
    report.note("hosts asked within", since - began, "seconds of the start")
    report.note("requests a second", len(inside) / (until - since))
    report.note("gap between two requests to a host, seconds: shortest, median, longest", told(gaps))
    report.note("CPU ms a request", used / max(1, len(inside)) * 1000)
    report.note("share of its core the crawler used", used / (until - since))
    report.bar("hosts asked", hosts, args.hosts, at_least=True)
    report.bar("share of the target", len(inside) / (until - since) / args.hosts, 0.95, at_least=True)
    report.bar("MB", cost.rss, 200, at_least=False)
    return report.end(args.json)


def gaps_of(asked: list[Request], since: float) -> list[float]:
    """Seconds between the requests that follow each other at one host, of those after ``since``."""
    starts = defaultdict(list)
    for request in asked:
        if request.began >= since:
            starts[request.host].append(request.began)
    return [later - earlier for times in starts.values() for earlier, later in itertools.pairwise(times)]


def told(gaps: list[float]) -> str:
    return f"{min(gaps):.3f}, {median(gaps):.3f}, {max(gaps):.3f}" if gaps else "none"


if __name__ == "__main__":
    sys.exit(main())
