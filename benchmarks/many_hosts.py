"""Frontier and downloader alone: 400 hosts at one request a second each, 60 ms latency, in one process.

    python benchmarks/many_hosts.py [--hosts 400] [--seconds 30]

Bar: >= 95 % of the target, counted over the seconds after every host has begun; <= 200 MB. Pages are leased, fetched, recorded
and acknowledged as any, but only home pages are read.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from portal_site import addresses
from running import PORT, archive, pin, site, verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=400)
    parser.add_argument("--seconds", type=int, default=30)
    args = parser.parse_args()
    bases = [f"http://{address}:{PORT}" for address in addresses(args.hosts)]
    options = ("--tiny", "--articles", str(args.seconds + 60), "--hosts", str(args.hosts), "--latency", "0.06")
    with site(*options), archive(bases) as folder:
        command = [sys.executable, __file__, "--child", str(folder)]
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: pin(0)
        )
        time.sleep(15)  # every host has its robots.txt and home page behind it
        before, at = _fetched(folder), time.monotonic()
        time.sleep(args.seconds)
        rate = (_fetched(folder) - before) / (time.monotonic() - at)
        child.send_signal(signal.SIGINT)
        _, _, used = os.wait4(child.pid, 0)
    print(f"{rate:.1f} requests a second of {args.hosts}; {used.ru_utime + used.ru_stime:.1f} CPU seconds")
    held = [
        verdict("share of the target", rate / args.hosts, 0.95, at_least=True),
        verdict("megabytes", used.ru_maxrss / 1024, 200, at_least=False),
    ]
    return 0 if all(held) else 1


def child(folder: str) -> None:
    """The crawl whose pages are not read."""
    from crawler.config import ArchiveFolder
    from crawler.run import crawl
    from crawler.session import Visit
    from crawler.spiders.visits import Answer, Visitor

    read = Visitor._page

    def home_only(self: Visitor, visit: Visit, answer: Answer) -> None:
        if visit.page.role == "home":
            read(self, visit, answer)
        else:
            self._skip(visit, "not read in this measurement")

    Visitor._page = home_only  # type: ignore[method-assign]
    crawl(ArchiveFolder(folder), [], progress=False)


def _fetched(folder: Path) -> int:
    ledger = sqlite3.connect(f"file:{folder}/crawl.db?mode=ro", uri=True, timeout=30)
    try:
        return ledger.execute("SELECT count(*) FROM page WHERE visited_at IS NOT NULL").fetchone()[0]
    finally:
        ledger.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2])
    else:
        sys.exit(main())
