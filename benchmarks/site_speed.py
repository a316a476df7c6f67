"""CPU of searches over generated articles of 3 KB, beside a bare FTS5 query, and of keeping them with every index.

python benchmarks/site_speed.py [--articles 300000] [--folder DIR]

The articles are of compounds whose frequencies fall as those of words do, so that each syllable stands in most texts and
each pair in few; "thu hồi đất" stands in three of a thousand, its syllables in nearly all. A folder that is there already is used again.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from pathlib import Path

from archive.model import Article, Attachment, Capture, Portal, PrintedDate
from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import search
from archive.store import Store

ONSETS = (
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)
RIMES = ("a", "ác", "ai", "ạn", "anh", "ảo", "ất", "ầy", "e", "én", "ê", "ết", "i", "iên", "ình", "o", "ong", "ô", "ội", "ơn", "u", "ủng", "ư", "ưởng", "uân", "uyện")  # fmt: skip
COMPOUNDS, PORTALS, BATCH = 8_000, 200, 100
PLANTED = {"thu hồi đất": 0.003, "phong trào thi đua": 0.02, "Nguyễn Văn Hưng": 0.0005, "512/QĐ-UBND": 0.0002, "hội nghị tổng kết": 0.2}  # fmt: skip
SINGLE = ("thu", "hồi", "đất", "phong", "trào", "hội", "nghị", "của", "và", "xã", "huyện", "ngày")
QUERIES = (
    "thu hồi đất", "thu hoi dat", "phong trào thi đua", "hội nghị tổng kết", "Nguyễn Văn Hưng", "512/QĐ-UBND", "đất", "huyện",
    "hội nghị huyện xã", "thu hồi đất -phong", "phog trào thi đua", '"thu hồi đất"', "thu hồi đất năm:2019",
    "thu hồi đất từ:3/2018 đến:3/2018", "48,6 tỷ", "12/3/2019", "đất hồi thu ngày", "",
)  # fmt: skip
SEARCH_MS, INGEST = 100, 700


def compounds(choose: random.Random) -> tuple[list[str], list[float]]:
    """Words of one or two syllables and their cumulated weights (Zipf)."""
    syllables = [onset + rime for onset in ONSETS for rime in RIMES]
    words = [*SINGLE, *(" ".join(choose.choices(syllables, k=2)) for _ in range(COMPOUNDS))]
    return words, list(accumulate(1 / (rank + 8) for rank in range(len(words))))


def articles(number: int) -> Iterator[tuple[Article, Capture, str]]:
    """Generated articles with their captures and portals."""
    choose = random.Random(7)
    words, weights = compounds(choose)
    for at in range(number):
        portal = f"p{at % PORTALS}"
        day = f"{choose.randint(2008, 2025)}-{choose.randint(1, 12):02d}-{choose.randint(1, 28):02d}"
        paragraphs = []
        for _ in range(6):
            text = " ".join(choose.choices(words, cum_weights=weights, k=52))
            paragraphs.append(f"{text.capitalize()} {choose.randint(1, 9999)}.")
        for phrase, share in PLANTED.items():
            if choose.random() < share:
                paragraphs[choose.randrange(6)] += f" {phrase} {choose.choice(words)}."
        url = f"https://{portal}.example/tin/{at}"
        article = Article(
            url, url, title=" ".join(choose.choices(words, cum_weights=weights, k=7)).capitalize(),
            text="\n\n".join(paragraphs), section=f"Mục {at % 12}", family="benchmark", extractor="benchmark/1",
            published=PrintedDate(day, "day", "meta", day) if at % 20 else None,
            attachments=[Attachment(f"{url}.pdf")] if at % 5 == 0 else [],
        )  # fmt: skip
        capture = Capture(
            f"urn:uuid:{at:012d}", "benchmark.warc.gz", at * 1000, 900, url, f"2026-01-{1 + at % 28:02d}T00:00:00Z", 200,
            f"sha256:{at:032d}", portal,
        )  # fmt: skip
        yield article, capture, portal


def fill(path: Path, number: int) -> float:
    """Keep the articles; answers how many a CPU second, the making of them not counted."""
    spent = 0.0
    with Store.open(path) as store:
        for at in range(PORTALS):
            store.add_portal(Portal(f"p{at}", f"https://p{at}.example/", f"Cổng {at}", unit="d048"))
        made = articles(number)
        while some := list(islice(made, BATCH)):
            began = time.process_time()
            with store.batch():
                for article, capture, portal in some:
                    store.save_article(article, capture, portal)
            spent += time.process_time() - began
        store.checkpoint()
    return number / spent


def cost(function: Callable[[], object]) -> float:
    """CPU milliseconds, the least of three."""
    least = float("inf")
    for _ in range(3):
        began = time.process_time()
        function()
        least = min(least, 1000 * (time.process_time() - began))
    return least


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=300_000)
    arguments.add_argument("--folder", type=Path)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (asked.folder or Path(temporary)) / "archive.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        rate = None if path.exists() else fill(path, asked.articles)
        return report(path, rate)


def report(path: Path, rate: float | None) -> int:
    """Print a table and a line for each bar; answers 1 where one is missed."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    (number,) = conn.execute("SELECT count(*) FROM article").fetchone()
    print(f"{number:,} articles, {path.stat().st_size / 1e6:,.0f} MB")
    bare = cost(
        lambda: conn.execute("SELECT rowid FROM article_fts WHERE article_fts MATCH '\"thu hoi dat\"'").fetchall()
    )
    print(f"bare FTS5, every article with the phrase thu hoi dat: {bare:.1f} ms")
    spent = []
    for text in QUERIES:
        for order in ("relevance", "newest"):
            query = Query(text, order=order)  # type: ignore[arg-type]
            ms = cost(lambda query=query: search(conn, query))  # type: ignore[misc]
            spent.append(ms)
            found = search(conn, query)
            print(
                f"  {ms:7.1f} ms {ms / bare:6.1f} ×  {found.count.number:6,}{'+' if found.count.capped else ' '} {order:9} {text}"
            )
    spent.sort()
    p95 = spent[min(len(spent) - 1, int(len(spent) * 0.95))]
    print(
        f"search: median {spent[len(spent) // 2]:.0f} ms, 95th percentile {p95:.0f} ms, bar {SEARCH_MS}: {_ok(p95 <= SEARCH_MS)}"
    )
    if rate is not None:
        print(f"kept: {rate:,.0f} articles a CPU second with every index, bar {INGEST}: {_ok(rate >= INGEST)}")
    return int(p95 > SEARCH_MS or (rate is not None and rate < INGEST))


def _ok(met: bool) -> str:
    return "ok" if met else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
