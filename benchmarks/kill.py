"""A crawl of 1,500 articles killed at 20 random moments, each time followed by the same command.

    python benchmarks/kill.py [--processes 2] [--kills 20] [--seed N] [--json FILE]

With ``--processes 2`` two processes share the archive and one of them is killed each time. Refetches are counted by the
server: an article asked for again, set against twice the requests that can be in flight (one a host). Home pages,
feeds, sitemaps and lists are read again by every crawl on purpose; what of theirs was asked again is told apart.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from bisect import bisect
from collections import Counter
from pathlib import Path

from children import Child, archive, crawl, query, tinhuyen
from fastwarc.warc import ArchiveIterator
from portal_site import Spec
from report import Report, arguments
from server import RECEIVED, Request, Site, serving

ENDED = ("stored", "unchanged", "listed", "file", "failed", "skipped", "suspect", "gone")
AT_START = 0.15  # share of the kills that fall where a crawl starts and takes up what the one before had fetched
PATIENCE = 120.0  # seconds a crawl may take to send the requests after which it is killed


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    parser.add_argument("--hosts", type=int, default=5)
    parser.add_argument("--articles", type=int, default=300, help="of each host")
    parser.add_argument("--latency", type=float, default=0.01, help="seconds the server waits before each answer")
    args = parser.parse_args()
    report = Report("kill")
    rand = random.Random(args.seed)
    print(f"seed {args.seed}")
    spec = Spec("k2", args.hosts, args.articles, size=12_000)
    with serving(spec, latency=args.latency, log=True) as site, archive(site.bases) as folder:
        moments = killed_crawls(site, folder, rand, args.kills, args.processes)
        last = Child(crawl(folder)).finish()
        log = site.log()
        compare(report, site, folder)
        refetches(report, log, moments, args.hosts)
        report.bar("kills", len(moments), args.kills, at_least=True)
    overlaps = overlapping(log)
    report.note("requests that began before the one before to that host was answered, kills included", overlaps)
    report.note("the last crawl said", next((line for line in last.output.splitlines() if "recovered" in line), "-"))
    return report.end(args.json)


def killed_crawls(site: Site, folder: Path, rand: random.Random, kills: int, processes: int) -> list[float]:
    """Crawl and kill; the moments of the kills: at random requests of the whole crawl, and some while it starts again."""
    moments, running, received = [], [], 0
    points = sorted(rand.sample(range(2, site.articles), kills))
    for point in points:
        for ended in [child for child in running if not child.running]:  # nothing was left for it to do
            running.remove(ended)
            ended.finish()
        while len(running) < processes:
            running.append(Child(crawl(folder)))
        if received and rand.random() < AT_START:
            time.sleep(rand.uniform(0.3, 1.5))
        else:
            wait_for(site, max(point, received + 1), running)
            time.sleep(rand.uniform(0.0, 0.03))  # not always right after a request
        if not any(child.running for child in running):
            continue
        victim = rand.choice([child for child in running if child.running])
        running.remove(victim)
        victim.send(signal.SIGKILL)
        victim.wait()
        time.sleep(0.2)  # what it had sent arrives, and is of the time before the kill
        moments.append(time.monotonic())
        received = site.count(RECEIVED)
        print(f"killed at request {received}", file=sys.stderr, flush=True)
    for child in running:
        child.finish()
    return moments


def wait_for(site: Site, requests: int, running: list[Child]) -> None:
    """Until the server has had so many requests. A crawl that ends on its own meanwhile leaves the others to it."""
    until = time.monotonic() + PATIENCE
    while site.count(RECEIVED) < requests:
        if not any(child.running for child in running):
            raise SystemExit(f"the crawl ended before request {requests}:\n{running[-1].wait().output[-2000:]}")
        if time.monotonic() > until:
            raise SystemExit(f"{site.count(RECEIVED)} requests, and none for {PATIENCE:g} s")
        time.sleep(0.0005)


def compare(report: Report, site: Site, folder: Path) -> None:
    """What the archive holds in the end beside what the site has."""
    command = tinhuyen(folder, "export", "--format", "jsonl")
    export = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [json.loads(line) for line in export.splitlines()]
    urls, ids = {row["url"] for row in rows}, {row["id"] for row in rows}
    states = dict(query(folder / "crawl.db", "SELECT state, count(*) FROM page GROUP BY state"))
    twice = query(folder / "archive.db", "SELECT count(*) - count(DISTINCT record_id) FROM capture")[0][0]
    report.table(("state", "pages"), sorted(states.items()))
    report.bar("articles stored", len(urls), site.articles, at_least=True)
    report.bar("articles stored twice", len(rows) - min(len(urls), len(ids)), 0, at_least=False)
    report.bar("articles with a second version", sum(row["revisions"] > 0 for row in rows), 0, at_least=False)
    report.bar("captures kept twice", twice, 0, at_least=False)
    balance = sum(states.values()) - sum(states.get(state, 0) for state in ENDED)
    report.bar("pages of the ledger without an end", balance, 0, at_least=False)
    report.bar("failed", states.get("failed", 0), 0, at_least=False)
    report.bar("answers in the WARC files whose digest is wrong", broken(folder), 0, at_least=False)
    report.bar("WARC files left open", len(list(folder.glob("warc/*.open"))), 0, at_least=False)


def broken(folder: Path) -> int:
    """Records of the WARC files whose block is not what their digest says; a file that cannot be read is an error."""
    wrong = 0
    for path in sorted(folder.glob("warc/*.warc.gz")):
        with path.open("rb") as stream:
            wrong += sum(not record.verify_block_digest() for record in ArchiveIterator(stream, parse_http=False))
    return wrong


def refetches(report: Report, log: list[Request], moments: list[float], concurrency: int) -> None:
    """Articles asked for again, by the first kill after they had been asked for before."""
    seen: dict[tuple[str, str], float] = {}
    after: Counter[int] = Counter()
    lists = without = 0
    for request in log:
        key = (request.host, request.path)
        if key in seen and "bai-viet" in request.path:
            kill = bisect(moments, seen[key])
            if kill < bisect(moments, request.began):
                after[kill] += 1
            else:
                without += 1
        elif key in seen:
            lists += 1
        seen[key] = request.began
    report.note("lists, home pages and others asked for again", lists)
    report.note("articles asked for again after each kill", " ".join(str(after[n]) for n in range(len(moments))))
    report.bar(
        "articles asked for again after one kill", max(after.values(), default=0), 2 * concurrency, at_least=False
    )
    report.bar("articles asked for again in all", sum(after.values()), 2 * concurrency * len(moments), at_least=False)
    report.bar("articles asked for again without a kill", without, 0, at_least=False)


def overlapping(log: list[Request]) -> int:
    last: dict[str, float] = {}
    overlaps = 0
    for request in log:
        overlaps += request.began < last.get(request.host, 0.0)
        last[request.host] = max(last.get(request.host, 0.0), request.ended)
    return overlaps


if __name__ == "__main__":
    sys.exit(main())
