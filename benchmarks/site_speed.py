"""The readers' site over generated articles of 3 KB: CPU of searches, of every kind of page, and of keeping them with every index.

python benchmarks/site_speed.py [--articles 300000] [--folder DIR] [--no-writer] [--worst-texts]

Texts repeat their own words as people's do; with --worst-texts they do not (`generated_articles.py` says how both compare). Searches are held beside a bare FTS5 query. A folder that is there already is used again; after pages were measured beside
a writer it holds more articles than before. Run it for a tenth of the articles, too, to see how each figure grows.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generated_articles import REPEATED, Made
from report import Report, arguments, median
from site_pages import made_once, p95, report_pages

from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import search

QUERIES = (
    "thu hồi đất", "thu hoi dat", "phong trào thi đua", "hội nghị tổng kết", "Nguyễn Văn Hưng", "512/QĐ-UBND", "đất", "huyện",
    "hội nghị huyện xã", "thu hồi đất -phong", "phog trào thi đua", '"thu hồi đất"', "thu hồi đất năm:2019",
    "thu hồi đất từ:3/2018 đến:3/2018", "48,6 tỷ", "12/3/2019", "đất hồi thu ngày", "",
)  # fmt: skip
SEARCH_MS, INGEST = 100, 700


def cost(function: Callable[[], object]) -> float:
    """CPU milliseconds, the least of three."""
    least = float("inf")
    for _ in range(3):
        began = time.process_time()
        function()
        least = min(least, 1000 * (time.process_time() - began))
    return least


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--no-writer", action="store_true", help="do not measure pages beside a writer")
    parser.add_argument("--worst-texts", action="store_true", help="articles that repeat no words of their own")
    asked = parser.parse_args()
    report = Report("site_speed")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        made = made_once(folder, asked.articles, 0.0 if asked.worst_texts else REPEATED)
        report_searches(report, folder / "archive.db", made)
        report_pages(report, folder, made, beside_writer=not asked.no_writer)
    return report.end(asked.json)


def report_searches(report: Report, path: Path, made: Made) -> None:
    """A table of searches, and a bar for them and for the keeping."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    (number,) = conn.execute("SELECT count(*) FROM article").fetchone()
    report.note("articles", number)
    report.note("size", path.stat().st_size / 1e6, "MB")
    phrase = "SELECT rowid FROM article_fts WHERE article_fts MATCH '\"thu hoi dat\"'"
    bare = cost(lambda: conn.execute(phrase).fetchall())
    report.note("bare FTS5, every article with the phrase thu hoi dat", bare, "ms")
    rows = []
    for text in QUERIES:
        for order in ("relevance", "newest"):
            query = Query(text, order=order)  # type: ignore[arg-type]
            ms = cost(lambda query=query: search(conn, query))  # type: ignore[misc]
            found = search(conn, query).count
            rows.append(
                (f"{text or '(no words)'}, {order}", ms, ms / bare, f"{found.number:,}{'+' if found.capped else ''}")
            )
    report.table(["search", "ms", "x bare", "articles"], rows)
    report.note("median search", median(row[1] for row in rows), "ms")
    report.bar("CPU ms of a search, 95th percentile", p95(row[1] for row in rows), SEARCH_MS, at_least=False)
    report.bar("articles kept a CPU second with every index", made.rate, INGEST, at_least=True)
    conn.close()


if __name__ == "__main__":
    sys.exit(main())
