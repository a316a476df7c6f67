"""What a crawl of a known family costs beside a links-only Scrapy crawl of the same site, and beside news-please.

    python benchmarks/crawl_cost.py [--news-please PYTHON] [--earlier PYTHON] [--rounds 3] [--articles 200] [--json FILE]

CPU is that of the whole child, its start included; "less start" takes off what a crawl of one article costs. Pages a
second count from the first request to the last answer, pages being answers 200, the same for every crawl of one site.
Crawlers run on the first core, the server on the second. news-please crawls one host of the same site, with its own
pipelines (extraction, the page and a JSON file on disk); both are compared less their starts. With ``--earlier`` the same
site is also crawled by another version, in turns with this one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from children import HERE, Child, Cost, archive, crawl, stored
from portal_site import Spec
from report import Report, arguments, median
from server import PAGES, Site, serving

SAMPLE = 60  # articles news-please crawls: it takes a second for each, most of it waiting


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


def tinhuyen(site: Site, *, learn: bool = True, python: str = sys.executable) -> Cost:
    """Crawl the site into a new archive, and see that all of it is there."""
    with archive(site.bases, learn=learn, python=python) as folder:
        cost = Child(crawl(folder, python=python), {0}).finish()
        if stored(folder) != site.articles:
            raise SystemExit(f"{stored(folder)} of {site.articles} articles were stored:\n{cost.output[-2000:]}")
    return cost


class NewsPlease:
    """A crawl by news-please as its command runs it, under an interpreter that has it.

    Its defaults, but for what a loopback host needs: no filter of offsite addresses (it takes the port for a part of the
    name), no heuristic that asks for an OpenGraph type, and quick failures for the pictures' hosts, which do not exist.
    """

    def __init__(self, python: str) -> None:
        self.python = python
        code = "import newsplease, pathlib; print(pathlib.Path(newsplease.__file__).parent / 'config' / 'config.cfg')"
        self.config = Path(subprocess.check_output([python, "-c", code], text=True).split()[-1]).read_text("utf-8")

    def __call__(self, site: Site) -> Cost:
        (base,) = site.bases
        rules = {
            "is_not_from_subdomain": True,
            "og_type": False,
            "linked_headlines": False,
            "self_linked_headlines": False,
        }
        one = {
            "url": f"{base}/",
            "crawler": "RecursiveCrawler",
            "ignore_regex": ".*[.]invalid.*",
            "overwrite_heuristics": rules,
        }
        one["pass_heuristics_condition"] = "is_not_from_subdomain or not is_not_from_subdomain"
        with tempfile.TemporaryDirectory() as folder:
            config = self.config.replace("~/news-please-repo/", f"{folder}/").replace(
                "LOG_LEVEL = INFO", "LOG_LEVEL = ERROR"
            )
            offsite = "DOWNLOADER_MIDDLEWARES = {'scrapy.downloadermiddlewares.offsite.OffsiteMiddleware': None}"
            config = config.replace("ITEM_CLASS =", f"{offsite}\nITEM_CLASS =")
            (Path(folder) / "config.cfg").write_text(config, "utf-8")
            (Path(folder) / "sitelist.hjson").write_text(json.dumps({"base_urls": [one]}), "utf-8")
            quick = "RES_OPTIONS=timeout:1 attempts:1"
            cost = Child(["env", quick, self.python, "-m", "newsplease", "-c", folder], {0}).finish()
            read = len(list((Path(folder) / "data").rglob("*.json")))
        if read < site.articles:
            raise SystemExit(f"news-please stored {read} of {site.articles} articles:\n{cost.output[-2000:]}")
        return cost


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=200, help="of each of eight hosts")
    parser.add_argument("--news-please", metavar="PYTHON", help="an interpreter that can import newsplease")
    parser.add_argument("--earlier", metavar="PYTHON", help="an interpreter that has an earlier version of tinhuyen")
    args = parser.parse_args()
    report = Report("crawl_cost")
    known = Spec("k2", 8, args.articles)
    links = Measured("links only, Scrapy", known, links_only)
    ours = Measured("tinhuyen, K2", known, tinhuyen)
    single = Measured("tinhuyen, K2, one host", replace(known, hosts=1, articles=args.articles * 2), tinhuyen)
    unknown = Measured("tinhuyen, unknown CMS", Spec("unknown", 8, max(1, args.articles // 4)), tinhuyen)
    without = Measured("tinhuyen, K2, learn = false", known, partial(tinhuyen, learn=False))
    all_of_them = [links, ours, without, single, unknown]
    earlier = Measured("tinhuyen, K2, earlier version", known, partial(tinhuyen, python=args.earlier))
    if args.earlier:
        all_of_them.insert(2, earlier)
    other = Measured("news-please, K2, one host", replace(known, hosts=1, articles=SAMPLE), links_only)
    if args.news_please:
        other.run = NewsPlease(args.news_please)
        all_of_them.append(other)
    for measured in all_of_them:
        measured.start_up()
    for nth in range(args.rounds):
        for measured in all_of_them:
            measured.round()
        print(f"round {nth + 1} of {args.rounds}", file=sys.stderr, flush=True)
    heads = ("", "pages", "CPU ms a page", "less start", "pages a second", "MB")
    report.table(heads, [measured.row() for measured in all_of_them])
    # learning is done once in a portal's life and has a bar of its own (benchmarks/learning.py)
    report.bar("CPU of a K2 page beside links only, no theme learnt", without.cpu / links.cpu, 2.5, at_least=False)
    report.note("the same of a first crawl, which learns its portals", ours.cpu / links.cpu)
    report.note("the same, less the start of the processes", ours.net / links.net)
    if args.earlier:
        for measured in (ours, without):
            report.note(f"CPU beside the earlier version: {measured.name}", measured.cpu / earlier.cpu)
    report.bar("pages a second, one process", ours.rate, 150, at_least=True)
    report.bar("MB", ours.rss, 200, at_least=False)
    if args.news_please:
        report.bar("times the CPU of a K2 page that news-please takes", other.net / ours.net, 15, at_least=True)
    else:
        report.note("news-please", "not measured: name an interpreter that has it with --news-please")
    return report.end(args.json)


if __name__ == "__main__":
    sys.exit(main())
