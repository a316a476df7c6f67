"""What a crawl of a known family costs beside a links-only Scrapy crawl of the same site, in one run, by rounds.

    python benchmarks/crawl_cost.py [--rounds 3] [--articles 1000]

Bars: <= 2.5 times the CPU a page, >= 150 pages a second, <= 200 MB; two processes >= 1.8 times the pages a second.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from portal_site import PER_LIST, addresses
from running import HERE, PORT, Cost, archive, pin, site, timed, tinhuyen, verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=150, help="of each of eight hosts")
    args = parser.parse_args()
    bases = [f"http://{address}:{PORT}" for address in addresses(8)]
    pages = 8 * (args.articles + -(-args.articles // PER_LIST) + 1)
    baseline: list[Cost] = []
    ours: list[Cost] = []
    double: list[float] = []
    with site("--articles", str(args.articles), "--hosts", "8"):
        for _ in range(args.rounds):
            baseline.append(timed([sys.executable, str(HERE / "links_only.py"), *bases]))
            with archive(bases) as folder:
                ours.append(timed(tinhuyen(folder, "crawl", "--delay", "0")))
            with archive(bases) as folder:
                double.append(_two(folder))
    links, full = (statistics.median(cost.cpu for cost in costs) / pages * 1000 for costs in (baseline, ours))
    speed = pages / statistics.median(cost.wall for cost in ours)
    print(f"links only {links:.2f} CPU ms a page, crawl {full:.2f}; {pages} pages, {speed:.0f} a second")
    held = [
        verdict("CPU beside links only", full / links, 2.5, at_least=False),
        verdict("pages a second, one process", speed, 150, at_least=True),
        verdict("megabytes", max(cost.rss for cost in ours), 200, at_least=False),
        verdict("two processes", pages / statistics.median(double) / speed, 1.8, at_least=True),
    ]
    return 0 if all(held) else 1


def _two(folder: object) -> float:
    """Wall seconds of two processes on one archive, one a core. The server shares the second core."""
    began = time.monotonic()
    children = [
        subprocess.Popen(
            tinhuyen(str(folder), "crawl", "--delay", "0"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda core=core: pin(core),
        )
        for core in (0, 1)
    ]
    for child in children:
        child.wait()
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
