"""Thirty days of one portal under a moved clock: what plain crawls and one deep look ask for, and what they find.

    python benchmarks/month.py [--articles 3000] [--days 30] [--seed N] [--json FILE]

A portal of three years gets three articles a day; young articles are edited, old ones edited and removed, attachments
replaced at their address. It is crawled every six hours, by the crawler itself (frontier, extraction, store, WARC) with
answers handed in instead of fetched, and looked at deeply at the end. Each request takes a second of the moved clock.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path

from report import Report, arguments
from scrapy.http.headers import Headers

from archive.ids import url_key
from archive.model import Portal
from archive.text.vietnam_time import DAY, VIETNAM
from crawler.addresses.urls import canonical
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.visits.visitor import Answer, Visitor
from crawler.fetch import failures
from crawler.fetch.exchange import read_response
from crawler.fetch.wire import Recording
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.rows import Found, Page

BASE = "http://xa-hoa-an.invalid"
PER_LIST, A_DAY, NEWEST = 10, 3, 10
WITH_FILE = 0.15  # share of articles that offer a file
YOUNG_EDITED, OLD_EDITED, OLD_REMOVED, REPLACED = 0.25, 25, 13, 10
EDIT = "Đính chính: số liệu nêu trong bài đã được cập nhật."


class Clock:
    """Seconds since 1970 that pass when told to."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


class Site:
    """The portal. ``born`` is when each article was published; edits, removals and replaced files are (moment, number)."""

    def __init__(self, articles: int, days: int, clock: Clock, rand: random.Random) -> None:
        self.clock, self.start = clock, clock.now
        old = sorted(self.start - rand.uniform(1, 3 * 365) * DAY for _ in range(articles))
        self.born = old + [self.start + (nth + rand.random()) * DAY / A_DAY for nth in range(days * A_DAY)]
        self.offers = {n for n in range(len(self.born)) if rand.random() < WITH_FILE}
        moments = lambda: self.start + rand.uniform(1, days - 0.5) * DAY  # noqa: E731
        chosen = rand.sample(range(articles), OLD_EDITED + OLD_REMOVED)
        self.edited = {n: moments() for n in chosen[:OLD_EDITED]}
        self.removed = {n: moments() for n in chosen[OLD_EDITED:]}
        self.young = {
            n: self.born[n] + rand.uniform(0.1, 3) * DAY
            for n in range(articles, len(self.born))
            if rand.random() < YOUNG_EDITED
        }
        self.replaced = {
            n: moments() for n in rand.sample(sorted(self.offers & set(range(articles)) - set(self.removed)), REPLACED)
        }
        self.requests = 0

    def known(self) -> list[int]:
        """Articles there now, newest first."""
        now = self.clock.now
        return [
            n for n in reversed(range(len(self.born))) if self.born[n] <= now and self.removed.get(n, now + 1) > now
        ]

    def answer(self, path: str, etag: str | None) -> bytes:
        self.requests += 1
        body, kind = self.body(path)
        if body is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<h1>404</h1>\n\n"
        tag = f'"{md5(body).hexdigest()}"'
        if etag == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nContent-Length: 0\r\n\r\n".encode()
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    def body(self, path: str) -> tuple[bytes | None, str]:
        html = "text/html; charset=utf-8"
        if path == "/":
            return frame(
                "Xã Hòa An", self.entries(self.known()[:NEWEST]) + '<p><a href="/tin-tuc">Tin tức</a></p>'
            ), html
        if path.startswith("/tin-tuc/item/"):
            number = int(path.split("/")[3].split("-")[0]) - 1000
            return (self.article(number) if number in set(self.known()) else None), html
        if path.startswith("/tin-tuc"):
            return self.listing(int(path.partition("start=")[2] or 0)), html
        if path.startswith("/tep/"):
            number = int(path[5:-4])
            version = 2 if self.clock.now > self.replaced.get(number, 1e18) else 1
            return b"%%PDF-1.4\n%d %d\n%%%%EOF" % (number, version), "application/pdf"
        return None, html

    def listing(self, start: int) -> bytes | None:
        known = self.known()
        if start >= len(known):
            return None
        last = (len(known) - 1) // PER_LIST * PER_LIST
        near = [at for at in range(start - 4 * PER_LIST, start + 6 * PER_LIST, PER_LIST) if 0 <= at <= last]
        pager = "".join(f'<a href="/tin-tuc{f"?start={at}" if at else ""}">{at // PER_LIST + 1}</a> ' for at in near)
        main = f'<div id="k2Container" class="itemListView">{self.entries(known[start : start + PER_LIST])}<div class="k2Pagination">{pager}</div></div>'
        return frame(f"Tin tức {start}", main)

    def entries(self, numbers: list[int]) -> str:
        return "".join(
            f'<div class="catItemView"><h3 class="catItemTitle"><a href="{article_path(n)}">{title(n)}</a></h3></div>'
            for n in numbers
        )

    def article(self, number: int) -> bytes:
        when = datetime.fromtimestamp(self.born[number], VIETNAM)
        edited = self.clock.now > min(self.edited.get(number, 1e18), self.young.get(number, 1e18))
        file = f'<a href="/tep/{number}.pdf">Tệp đính kèm</a>' if number in self.offers else ""
        text = f"<p>{EDIT}</p>" if edited else ""
        sentence = (
            f"Ủy ban nhân dân xã họp lần thứ {number}, bàn việc thu chi ngân sách và sửa đường liên thôn trong năm. "
        )
        return frame(
            title(number),
            f'<div id="k2Container" class="itemView"><span class="itemDateCreated">{when:%d/%m/%Y %H:%M}</span>'
            f'<h2 class="itemTitle">{title(number)}</h2><div class="itemBody"><div class="itemFullText">'
            f"{''.join(f'<p>{sentence * 3}</p>' for _ in range(4))}{text}{file}</div></div></div>",
        )


def article_path(number: int) -> str:
    return f"/tin-tuc/item/{1000 + number}-ban-tin-so-{number}"


def title(number: int) -> str:
    return f"Bản tin số {number} của xã Hòa An về việc sửa đường"


def frame(head: str, main: str) -> bytes:
    generator = '<meta name="generator" content="Joomla! - Open Source Content Management">'
    return f'<!DOCTYPE html><html lang="vi-vn"><head><meta charset="utf-8"><title>{head}</title>{generator}</head><body>{main}</body></html>'.encode()


def crawl(folder: ArchiveFolder, portal: Portal, site: Site, *, full: bool = False) -> int:
    """One crawl with answers handed in; the requests it made."""
    before, clock = site.requests, site.clock
    crawl = Crawl(folder, [portal], user_agent="bench")
    crawl.ledger.clock = clock
    visitor = Visitor(crawl)
    crawl.ledger.add([Found(portal.url, url_key(canonical(portal.url)), portal.name, "home", "seed")])
    crawl.ledger.begin(crawl.names, full=full)
    while leases := crawl.ledger.claim(crawl.worker.name, 1, 100, 1e6, crawl.names):
        (lease,) = leases
        while lease.pages:
            for page in lease.pages:
                look(crawl, visitor, site, page, lease.epoch)
            crawl.batch.flush()
            lease.pages = crawl.ledger.more(lease, 100, crawl.names)
        crawl.ledger.release(lease, 0.0)
    crawl.close("finished")
    return site.requests - before


def look(crawl: Crawl, visitor: Visitor, site: Site, page: Page, epoch: int) -> None:
    site.clock.now += 1.0
    recording = Recording("xa-hoa-an.invalid")
    recording.started, recording.address = datetime.fromtimestamp(site.clock.now, UTC), "127.0.0.1"
    recording.request += f"GET {page.url.removeprefix(BASE)} HTTP/1.1\r\n\r\n".encode()
    known = page.was in ("stored", "unchanged", "listed", "file")
    recording.response += site.answer(page.url.removeprefix(BASE), page.etag if known else None)
    kind = "file" if page.role == "file" else "page"
    recorded = crawl.evidence.record(recording, page.url, page.portal, kind, earlier=page.record_id)
    response = read_response(bytes(recording.response))
    assert recorded is not None and response is not None
    headers = Headers([tuple(line.split(b": ", 1)) for line in response.head.split(b"\r\n")[1:] if b": " in line])
    answer = Answer(recorded[0], recorded[1], recorded[1], headers)
    crawl.batch.add(visitor.visit(page, epoch, answer, failures.of_status(response.status, headers)))


def found(folder: ArchiveFolder, site: Site) -> dict[str, tuple[int, int]]:
    """(found, there were) of young and old edits, removals and replaced files so far."""
    from archive.store import Store

    with Store.open(folder.database) as store:
        ids = {
            int(url.split("/")[-1].split("-")[0]) - 1000: i
            for i, url in store.conn.execute("SELECT id, url FROM article")
        }
        edits = {n for n, i in ids.items() if EDIT in store.load(i).text}
        gone = {n for n, i in ids.items() if store.record(i).not_seen}
        files = {n for n, i in ids.items() if any("attachment" in (v.change or "") for v in store.versions(i))}
    now = site.clock.now
    past = lambda moments: {n for n, at in moments.items() if at <= now}  # noqa: E731
    wanted = {
        "edits of the month": past(site.young),
        "edits of old articles": past(site.edited),
        "removals": past(site.removed),
        "files replaced": past(site.replaced),
    }
    brought = {"edits of the month": edits, "edits of old articles": edits, "removals": gone, "files replaced": files}
    return {name: (len(all_ & brought[name]), len(all_)) for name, all_ in wanted.items()}


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    report, clock = Report("month"), Clock()
    time.time = clock  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as name:
        folder = ArchiveFolder(Path(name) / "kho")
        folder.init(name="kho", contact="")
        portal = Portal("xa-hoa-an", f"{BASE}/", allow_private=True)
        site = Site(args.articles, args.days, clock, random.Random(args.seed))
        report.note("requests of the first crawl", crawl(folder, portal, site))
        asked, until = 0, site.start + args.days * DAY
        while clock.now < until:
            clock.now += DAY / 4 - clock.now % (DAY / 4)
            asked += crawl(folder, portal, site)
        before, size = found(folder, site), sum(path.stat().st_size for path in folder.warc.iterdir())
        deep = crawl(folder, portal, site, full=True)
        after = found(folder, site)
        size = sum(path.stat().st_size for path in folder.warc.iterdir()) - size
    report.table(
        ("found, of all there were", "plain crawls", "with the deep look"),
        [(name, f"{a} of {n}", f"{after[name][0]} of {n}") for name, (a, n) in before.items()],
    )
    report.bar("requests a day of the plain crawls", round(asked / args.days, 1), 150.0, at_least=False)
    report.note(
        "requests of the deep look",
        deep,
        f"({deep / args.days:.0f} a day of the month, {deep / 3600:.1f} h at one a second, {size / 1e6:.1f} MB of WARC)",
    )
    total = sum(n for _, n in after.values())
    report.bar(
        "edits, removals and replaced files found within one deep look",
        round(sum(a for a, _ in after.values()) / total, 3),
        0.95,
        at_least=True,
    )
    return report.end(args.json)


if __name__ == "__main__":
    sys.exit(main())
