"""What a crawl of a known family costs beside a links-only Scrapy crawl of the same site, and beside news-please.

    python benchmarks/crawl_cost.py [--news-please PYTHON] [--rounds 3] [--articles 200] [--json FILE]

CPU is that of the whole child, its start included; "less start" takes off what a crawl of one article costs. Pages a
second count from the first request to the last answer, pages being answers 200, the same for every crawl of one site.
Crawlers run on the first core, the server on the second.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from children import HERE, Child, Cost, archive, crawl, stored
from portal_site import Spec, build
from report import Report, arguments, median
from server import PAGES, Site, serving

SAMPLE = 40  # pages news-please reads


@dataclass
class Measured:
    """The rounds of one kind of crawl. ``start`` is the CPU of the child that crawls next to nothing, in seconds."""

    name: str
    spec: Spec
    run: Callable[[Site], Cost]
    start: float = 0.0
    costs: list[Cost] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    pages: int = 0

    def round(self) -> None:
        with serving(self.spec) as site:
            self.costs.append(self.run(site))
            self.pages = site.count(PAGES)
            self.rates.append(self.pages / site.seconds)
            if self.pages < site.pages:
                raise SystemExit(f"{self.name}: {self.pages} of {site.pages} pages were asked for")

    def start_up(self) -> None:
        with serving(replace(self.spec, hosts=1, articles=1)) as site:
            self.start = self.run(site).cpu

    @property
    def cpu(self) -> float:
        """CPU ms a page, the start of the process included."""
        return median(cost.cpu for cost in self.costs) / self.pages * 1000

    @property
    def net(self) -> float:
        return self.cpu - self.start / self.pages * 1000

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def rss(self) -> float:
        return max(cost.rss for cost in self.costs)

    def row(self) -> tuple:
        return (self.name, self.pages, self.cpu, self.net, self.rate, self.rss)


def links_only(site: Site) -> Cost:
    return Child([sys.executable, str(HERE / "links_only.py"), *site.bases], {0}).finish()


def tinhuyen(site: Site) -> Cost:
    """Crawl the site into a new archive, and see that all of it is there."""
    with archive(site.bases) as folder:
        cost = Child(crawl(folder), {0}).finish()
        if stored(folder) != site.articles:
            raise SystemExit(f"{stored(folder)} of {site.articles} articles were stored:\n{cost.output[-2000:]}")
    return cost


def news_please(python: str, spec: Spec) -> float:
    """CPU ms a page of news-please over articles of the site, measured by an interpreter that has it."""
    articles = [body for path, body in build(spec, 0).items() if "bai-viet" in path][:SAMPLE]
    with tempfile.TemporaryDirectory() as folder:
        for nth, body in enumerate(articles):
            (Path(folder) / f"{nth:03d}.html").write_bytes(body)
        told = subprocess.run([python, str(HERE / "news_please_pages.py"), folder], capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(f"news-please failed:\n{told.stderr[-2000:]}")
    return float(told.stdout.split()[-1])


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=200, help="of each of eight hosts")
    parser.add_argument("--news-please", metavar="PYTHON", help="an interpreter that can import newsplease")
    args = parser.parse_args()
    report = Report("crawl_cost")
    known = Spec("k2", 8, args.articles)
    links = Measured("links only, Scrapy", known, links_only)
    ours = Measured("tinhuyen, K2", known, tinhuyen)
    single = Measured("tinhuyen, K2, one host", replace(known, hosts=1, articles=args.articles * 2), tinhuyen)
    unknown = Measured("tinhuyen, unknown CMS", Spec("unknown", 8, max(1, args.articles // 4)), tinhuyen)
    all_of_them = [links, ours, single, unknown]
    other: list[float] = []
    for measured in all_of_them:
        measured.start_up()
    for nth in range(args.rounds):
        for measured in all_of_them:
            measured.round()
        if args.news_please:
            other.append(news_please(args.news_please, known))
        print(f"round {nth + 1} of {args.rounds}", file=sys.stderr, flush=True)
    heads = ("", "pages", "CPU ms a page", "less start", "pages a second", "MB")
    report.table(heads, [measured.row() for measured in all_of_them])
    report.bar("CPU of a K2 page beside links only", ours.cpu / links.cpu, 2.5, at_least=False)
    report.note("the same, less the start of the processes", ours.net / links.net)
    report.bar("pages a second, one process", ours.rate, 150, at_least=True)
    report.bar("MB", ours.rss, 200, at_least=False)
    if other:
        report.note("news-please, extraction alone", median(other), "CPU ms a page")
        report.bar("times the CPU of a K2 page that news-please takes", median(other) / ours.cpu, 15, at_least=True)
    else:
        report.note("news-please", "not measured: name an interpreter that has it with --news-please")
    return report.end(args.json)


if __name__ == "__main__":
    sys.exit(main())
