"""Read ten thousand broken pages: no exception, none over two seconds, memory bounded.

    python benchmarks/fuzz.py [--inputs N] [--seed N] [FOLDER]

The inputs are mutations of the pages of tests/crawler/extract/pages and of the demo's, and of every .html or .html.gz file
under FOLDER; every fiftieth is noise. What fails is written to the folder of --keep. Exit code 1 if a bar is missed.
"""

from __future__ import annotations

import gzip
import logging
import resource
import sys
import time
import traceback
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from report import Report, arguments

from crawler import demo
from crawler.extract import extract, read
from crawler.page.page import Page
from tests.crawler.extract.mutations import endless
from tests.crawler.extract.pages import PAGES

SECONDS = 2.0
GROWTH_MB = 200.0
"""Memory the whole run may take beyond what the first hundred inputs took."""

URL = "http://donggiang.example.gov.vn/tin/bai-viet-12.html"


def demo_pages() -> list[bytes]:
    """Every page of the demo's portals that is HTML."""
    base = "http://127.0.0.1:8931"
    bodies = []
    for portal in demo.portals():
        site = demo.site(portal.name, base)
        for row in demo.truth(portal.name, base):
            bodies.append(site.reply(row["url"].removeprefix(base)).body)
    return bodies


def saved_pages(folder: Path | None) -> list[bytes]:
    files = sorted(folder.rglob("*.html*")) if folder is not None else []
    return [gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in files]


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print what was read and each bar; 1 if one is missed."""
    parser = arguments(__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="more pages to mutate")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for inputs that failed")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    bodies = [page.html for page in PAGES.values()] + demo_pages() + saved_pages(options.folder)
    report = Report("fuzz")
    failures, slow, slowest, base = 0, 0, 0.0, 0.0
    for number, body in enumerate(islice(endless(bodies, options.seed), options.inputs)):
        started = time.process_time()
        try:
            read(Page.parse(body, URL))
            read(Page.parse(body, "https://courier.vale.example/2020/07/16/story.html"))
            extract(body, URL)
            failed = False
        except Exception:
            traceback.print_exc()
            failed = True
        took = (time.process_time() - started) / 3
        slowest = max(slowest, took)
        failures += failed
        slow += took > SECONDS
        if options.keep is not None and (failed or took > SECONDS):
            (options.keep / f"{options.seed + number}.html").write_bytes(body)
        if number == min(100, options.inputs - 1):
            base = megabytes()
        if number % 1000 == 999:
            print(f"{number + 1} inputs, slowest {slowest:.2f} s, {megabytes():.0f} MB", flush=True)
    report.note("pages mutated", len(bodies))
    report.note("inputs, each read three times", options.inputs)
    report.note("slowest", round(slowest, 2), "s")
    report.bar("exceptions", failures, 0, at_least=False)
    report.bar(f"pages over {SECONDS:g} s", slow, 0, at_least=False)
    report.bar("memory grown, MB", round(megabytes() - base), GROWTH_MB, at_least=False)
    return report.end(options.json)


if __name__ == "__main__":
    sys.exit(main())
