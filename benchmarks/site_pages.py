"""CPU of every kind of page of the readers' site, one by one and while another process writes articles into the archive.

Pages are asked of the whole application, its gate and headers included, with the memory of rendered pages kept empty.
A kind is asked for with several addresses, each some times, of which the least counts (a machine that others use, too, counts their
disturbance as CPU); the kind's figure is the 95th percentile over its addresses.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from generated_articles import REPEATED, Made, articles, fill
from report import Report

from archive.site import datasette_for
from archive.site.server.page_cache import cache_of
from archive.store import Store

TIMES = 4
"""Each address is asked for so often."""
PAGE_MS, WRITING_MS = 100, 250
QUERIES = (
    "thu hồi đất", "thu hoi dat", "phong trào thi đua", "Nguyễn Văn Hưng", "512/QĐ-UBND", "đất", "hội nghị huyện xã",
    "thu hồi đất -phong", '"thu hồi đất"', "48,6 tỷ", "12/3/2019", "xã OR phường", "số:512/QĐ-UBND", "nơi:Lâm Đồng thu hồi đất",
)  # fmt: skip


def made_once(folder: Path, number: int, repeated: float = REPEATED) -> Made:
    """The archive in a folder: the one that is there, or made now; what was made is kept beside it."""
    notes = folder / "made.json"
    if notes.exists():
        return Made(**json.loads(notes.read_text("utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    made = fill(folder / "archive.db", number, repeated)
    notes.write_text(json.dumps({name: getattr(made, name) for name in Made.__slots__}), "utf-8")  # type: ignore[attr-defined]
    return made


def kinds(made: Made) -> dict[str, list[str]]:
    """Addresses by kind of page."""
    plain, changed, removed = (
        [ids[at * len(ids) // 6] for at in range(6)] for ids in (made.plain, made.changed, made.removed)
    )

    def find(**asked: Any) -> str:
        return f"/tim?{urlencode(asked)}"

    some = QUERIES[:3]
    portals = [f"p{at}" for at in (0, 57, 199)]
    table = "/archive"
    found = {
        "home": ["/", "/en", "/?map=63"],
        "search by relevance": [find(q=text) for text in QUERIES],
        "search, newest first": [find(q=text, order="newest") for text in QUERIES],
        "search without words": ["/tim", "/en/tim?page=50", "/tim?after=20240101-2024010100001"],
        "search with a slip": [find(q="phog trào thi đua"), find(q="thu hoi dta"), find(q="hooij nghij huyện")],
        "search, filtered": [
            find(q=text, **narrowed)
            for text in some
            for narrowed in (
                {"portal": "p7"}, {"place": "p68"}, {"year": 2019}, {"section": "Mục 3"}, {"state": "changed"}, {"files": 1},
                {"since": "2018-03-01", "until": "2018-03-31"}, {"exact": 1}, {"page": 5},
            )
        ],
        "filters without words": [f"/tim?{narrowed}" for narrowed in ("state=removed", "state=changed", "files=1", "year=2019", "portal=p7", "place=p68", "year=0", "since=2018-03-01&until=2018-03-31")],
        "a pasted address": [find(q="https://p7.example/tin/7"), find(q="p7.example/khong-co")],
        "feed of a search": [f"/tim.{ending}?{urlencode({'q': text})}" for text in some for ending in ("atom", "feed.json")],
        "article": [f"/bai/{one}" for one in plain],
        "article with marks": [f"/bai/{one}?{urlencode({'q': 'hội nghị'})}" for one in plain],
        "article, changed": [f"/bai/{one}" for one in changed],
        "article, vanished": [f"/bai/{one}" for one in removed],
        "comparison": [f"/bai/{one}/so-sanh" for one in changed],
        "capture": [f"/ban-chup/urn%3Auuid%3A{at:010d}00" for at in (100, 333, 2000)],
        "timemap": ["/timemap/link/https://p0.example/tin/0", "/timemap/link/https://p99.example/tin/999"],
        "changes": ["/thay-doi", "/en/thay-doi", "/thay-doi?state=removed", "/thay-doi?kind=figures", "/thay-doi?portal=p0", "/thay-doi?state=portals", "/thay-doi?since=2026-01-05&until=2026-01-06"],
        "feed of changes": ["/thay-doi.atom", "/thay-doi.feed.json"],
        "month of a portal": [f"/cong/{name}/thang/2026-01" for name in portals],
        "portals": ["/cong", "/en/cong"],
        "portal": [f"/cong/{name}" for name in portals],
        "feed of a portal": [f"/cong/{name}/bai.atom" for name in portals],
        "places": ["/noi", "/noi?q=tan+lap"],
        "place": ["/noi/p68", "/noi/p01", "/noi/w00004", "/noi/d001"],
        "documents": ["/van-ban", "/en/van-ban"],
        "document": [f"/van-ban/{quote(number)}" for number in ("512/QĐ-UBND", "1/QĐ-UBND", "2/NĐ-HĐND", "3999/KH-CP", "77777/QĐ-UBND")],
        "health": ["/suc-khoe"],
        "notebook": ["/so-tay"],
        "tables": [table],
        "table": [f"{table}/{name}" for name in ("article", "articles", "capture", "body", "change_seen", "journal", "document", "portal", "portal_month", "run", "health")],
        "view": [f"{table}/{name}" for name in ("articles", "changes", "citations", "articles_by_month")],
        "table, filtered": [f"{table}/article?portal=7", f"{table}/articles?portal=p7", f"{table}/citations?number=512/QĐ-UBND", f"{table}/capture?portal=p7"],
        "table, ?_search=": [f"{table}/articles?{urlencode({'_search': text})}" for text in ("thu hồi đất", "512/QĐ-UBND", "phong trào")],
        "table, ?_facet=": [f"{table}/article?_facet=section", f"{table}/articles?_facet=portal", f"{table}/run?_facet=verdict"],
        "row": [f"{table}/article/{one}" for one in plain],
        "canned query": [
            f"{table}/{name}"
            for name in (
                "articles_of_portal_in_year?portal=p7&year=2019", "months_of_portal?portal=p7", "sections_of_portal?portal=p7", "portals_and_years?year=2019",
                "latest_changes", "removed_articles_of_portal?portal=p7", f"looks_at_article?article={plain[0]}",
                "articles_citing_document?number=512/QĐ-UBND", "documents_cited_most", "crawls_without_answer?portal=p7",
            )
        ],
        "table as JSON or CSV": [f"{table}/articles.json?_size=100", f"{table}/articles.csv?_size=100"],
    }  # fmt: skip
    return found


@dataclass(slots=True)
class Answer:
    """One answer: CPU milliseconds, status, bytes."""

    ms: float
    status: int = 0
    size: int = 0
    address: str = ""


class Asked:
    """A site whose application is made once, as a server makes it, and asked without a connection."""

    def __init__(self, folder: Path) -> None:
        self._site = datasette_for(folder)
        self._pages = cache_of(self._site, folder / "archive.db")
        self._app: Any = None

    async def ask(self, address: str) -> Answer:
        """One answer that no memory of pages helps."""
        if self._app is None:
            await self._site.invoke_startup()
            self._app = self._site.app()
        self._pages._pages.clear()
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": unquote(path),
            "raw_path": path.encode(), "query_string": query.encode(), "headers": [(b"host", b"127.0.0.1")], "server": ("127.0.0.1", 80),
        }  # fmt: skip
        answer = Answer(0.0, address=address)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            answer.status = message.get("status", answer.status)
            answer.size += len(message.get("body", b""))

        began = time.process_time()
        await self._app(scope, receive, send)
        answer.ms = 1000 * (time.process_time() - began)
        return answer


async def measured(folder: Path, addresses: dict[str, list[str]], times: int = TIMES) -> dict[str, list[Answer]]:
    """All answers by kind."""
    site = Asked(folder)
    for some in addresses.values():  # so that templates and modules are there
        await site.ask(some[0])
    return {
        kind: [await site.ask(address) for address in some for _ in range(times)] for kind, some in addresses.items()
    }


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Another process that keeps articles in batches of fifty, as a crawl does, until the end of the block."""
    child = subprocess.Popen([sys.executable, str(Path(__file__)), str(folder)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    try:
        yield
        if child.poll() is not None:
            raise RuntimeError("the writer ended by itself")
    finally:
        child.kill()
        child.wait()


def write_on(folder: Path) -> None:
    """Keep new articles until killed, a batch a quarter of a second at most."""
    with Store.open(folder / "archive.db") as store:
        waiting = articles(10_000_000, int(time.time()) % 1_000_000_000)
        print("writing", flush=True)
        while True:
            began = time.monotonic()
            with store.batch():
                for _ in range(50):
                    article, capture, portal = next(waiting)
                    store.save_article(article, capture, portal)
            time.sleep(max(0.0, 0.25 - (time.monotonic() - began)))


def report_pages(report: Report, folder: Path, made: Made, *, beside_writer: bool) -> None:
    """A table of all kinds, and a bar for the slowest."""
    addresses = kinds(made)
    quiet = asyncio.run(measured(folder, addresses))
    busy = {}
    if beside_writer:
        with writing(folder):
            busy = asyncio.run(measured(folder, addresses, 2))
    rows = []
    for kind, every in quiet.items():
        answers = least(every)
        slowest = max(answers, key=lambda one: one.ms)
        statuses = "/".join(map(str, sorted({one.status for one in answers})))
        beside = p95(one.ms for one in least(busy.get(kind, [])))
        size = max(one.size for one in answers)
        rows.append((kind, p95(one.ms for one in answers), beside, slowest.ms, size, statuses, slowest.address))
    report.table(["kind of page", "p95 ms", "p95 beside a writer", "most", "bytes", "status", "slowest"], rows)
    report.bar("CPU ms of the slowest kind of page", max(row[1] for row in rows), PAGE_MS, at_least=False)
    if beside_writer:
        report.bar("the same while articles are written", max(row[2] for row in rows), WRITING_MS, at_least=False)


def least(answers: list[Answer]) -> list[Answer]:
    """Of each address the answer that cost least."""
    found: dict[str, Answer] = {}
    for one in answers:
        if one.address not in found or one.ms < found[one.address].ms:
            found[one.address] = one
    return list(found.values())


def p95(values: Any) -> float:
    """The 95th percentile: of few values the one below the highest twentieth."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0


if __name__ == "__main__":
    write_on(Path(sys.argv[1]))
