"""How much faster two ``tinhuyen crawl`` processes on one archive are than one: 16 portals, a host each.

    python benchmarks/two_processes.py [--rounds 3] [--articles 100] [--json FILE]

Pages a second count from the first request to the last answer. Crawlers run where the system puts them. On a machine of
two cores the server shares one with them: what it takes is told, and pages a CPU second beside pages a second.
No theme is learnt: that is done once in a portal's life and measured apart (``benchmarks/learning.py``).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from children import Child, archive, crawl, stored
from portal_site import Spec
from report import Report, arguments, median
from server import PAGES, serving


@dataclass
class Together:
    """The rounds of so many processes: pages and CPU seconds of all of them, and the server's."""

    processes: int
    rates: list[float] = field(default_factory=list)
    per_cpu: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    rss: list[float] = field(default_factory=list)
    shares: list[str] = field(default_factory=list)

    def round(self, spec: Spec) -> None:
        with serving(spec) as site, archive(site.bases, learn=False) as folder:
            before = site.cpu()
            children = [Child(crawl(folder)) for _ in range(self.processes)]
            costs = [child.finish() for child in children]
            if stored(folder) != site.articles:
                raise SystemExit(
                    f"{stored(folder)} of {site.articles} articles were stored:\n{costs[0].output[-2000:]}"
                )
            pages, cpu = site.count(PAGES), sum(cost.cpu for cost in costs)
            self.rates.append(pages / site.seconds)
            self.per_cpu.append(pages / cpu)
            self.server.append((site.cpu() - before) / site.seconds * 100)
            self.rss.append(max(cost.rss for cost in costs))
            self.shares.append(" + ".join(f"{cost.cpu:.1f}" for cost in costs))

    def row(self) -> tuple:
        name = "one process" if self.processes == 1 else f"{self.processes} processes"
        return (name, median(self.rates), median(self.per_cpu), median(self.server), max(self.rss), self.shares[-1])


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=200, help="of each of sixteen hosts: fewer measure two starts")
    args = parser.parse_args()
    report = Report("two_processes")
    one, two = Together(1), Together(2)
    for nth in range(args.rounds):
        for together in (one, two):
            together.round(Spec("k2", 16, args.articles))
        print(f"round {nth + 1} of {args.rounds}", file=sys.stderr, flush=True)
    heads = ("", "pages a second", "pages a CPU second", "server, % of a core", "MB", "CPU seconds, last round")
    report.table(heads, [one.row(), two.row()])
    if (os.cpu_count() or 1) <= 2:
        report.note("the server shares a core with the crawlers and takes of it", median(two.server), "%")
        report.note("pages a CPU second, two beside one", median(two.per_cpu) / median(one.per_cpu))
    report.bar("pages a second, two processes beside one", median(two.rates) / median(one.rates), 1.8, at_least=True)
    report.bar("pages a second, two processes", median(two.rates), 300, at_least=True)
    report.bar("MB each", max(two.rss), 200, at_least=False)
    return report.end(args.json)


if __name__ == "__main__":
    sys.exit(main())
