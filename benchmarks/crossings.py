"""Module crossings: how often the way of one page goes from one module of the house into another.

    python benchmarks/crossings.py [PAGE.html URL]

Counts calls from one module of ``crawler`` and ``archive`` into another while a request is given out, and while its answer is
recorded, judged, read and written; by default for the saved K2 article of the tests. Prints both and the busiest crossings.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse

from archive.ids import url_key
from archive.model import Portal
from crawler.addresses.urls import canonical, origin
from crawler.crawl.hosts.host_turn import Terms, Turn
from crawler.crawl.hosts.wake_up import Alarm
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.scheduler import Loop
from crawler.fetch.robots import Robots
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.rows import Found
from crawler.settings import ROBOTS_AGENT

PAGE = Path(__file__).parent.parent / "tests" / "crawler" / "cms" / "pages" / "joomla_k2" / "article.html"


def crossings(work: Callable[[], object]) -> Counter[tuple[str, str]]:
    """Calls from one module of the house into another while ``work`` runs, by (caller, called)."""
    found: Counter[tuple[str, str]] = Counter()

    def seen(frame: FrameType, event: str, argument: Any) -> None:
        if event != "call" or frame.f_back is None:
            return
        called, caller = module_of(frame), module_of(frame.f_back)
        if called and caller and called != caller:
            found[caller, called] += 1

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def module_of(frame: FrameType) -> str:
    """The module of a frame, empty for one outside the house."""
    name = frame.f_globals.get("__name__", "")
    return name if name.startswith(("crawler.", "archive.")) else ""


def visited(folder: Path, body: bytes, url: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """The crossings of giving a page out, and of recording, reading and writing its answer, in an archive in ``folder``."""
    archive = ArchiveFolder(folder)
    archive.init(contact="bench@example.org")
    portal = Portal("cong", origin(url) + "/", allow_private=True)
    archive.add_portal(portal)
    crawl = Crawl(archive, [portal], user_agent="bench")
    urls = [url, f"{url}?lan=1", f"{url}?lan=2"]
    crawl.ledger.add(Found(u, url_key(canonical(u)), "cong", "article", "seed") for u in urls)
    loop = Loop(crawl, Silent(), lambda why: None)
    (lease,) = crawl.ledger.claim(crawl.worker.name, 1, 10, 1e6, crawl.names)
    turn = Turn(lease, deque(lease.pages), Terms(0.0), bound=True, robots=Robots("", ROBOTS_AGENT))
    loop.turns.add(turn)

    def ask() -> None:
        turn.ready, turn.busy = 0.0, False
        loop.turns.push(turn)
        asked = loop.next_ask()
        assert asked is not None
        asks.append(loop.exchanges.request(asked))

    def answer() -> None:
        request = asks[-1]
        recording = request.meta["recording"]
        recording.started, recording.address = datetime.now(UTC), "127.0.0.1"
        recording.request += b"GET / HTTP/1.1\r\n\r\n"
        recording.response += (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        recording.response += body
        headers = {"Content-Type": "text/html; charset=utf-8"}
        loop.exchanges.page(HtmlResponse(request.url, 200, headers, body, request=request))
        crawl.batch.flush()

    asks: list[Request] = []
    ask()
    answer()  # what is made once for all pages is made
    given, read = crossings(ask), crossings(answer)
    crawl.close("finished")
    return given, read


class Silent(Alarm):
    """An alarm nobody waits for."""

    def __init__(self) -> None:
        pass

    def ring_in(self, seconds: float) -> None:
        pass


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("page", type=Path, nargs="?", default=PAGE)
    asked.add_argument("url", nargs="?", default="http://127.0.0.9/tin-tuc/item/265-khoi-cong-cau")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as work:
        given, read = visited(Path(work) / "kho", options.page.read_bytes(), options.url)
    for what, found in (("one request given out", given), ("one article, from its answer to the ledger", read)):
        print(f"{what}: {sum(found.values())} crossings between {len({m for pair in found for m in pair})} modules")
        for (caller, called), count in found.most_common(12):
            print(f"{count:6}  {caller} -> {called}")


if __name__ == "__main__":
    main()
