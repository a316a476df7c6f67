"""Endless series of addresses, each served for ever: the crawl leaves each within 50 wasted requests, with a reason."""

from __future__ import annotations

import sqlite3
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import answer
from tests.crawler.crawl.farm import farm
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

GOOD = [f"/tin/bai-viet-that-{n}.html" for n in range(5)]


def page(*hrefs: str) -> bytes:
    items = "".join(f'<p><a href="{href}">Xem tiếp {n}</a></p>' for n, href in enumerate(hrefs))
    return answer(
        f"<!doctype html><html><head><title>Danh sách</title></head><body><h1>Danh sách các trang của cổng thông tin xã Hòa An</h1>{items}</body></html>"
    )


def calendar(path, query):
    month = int(query.get("thang", ["1"])[0])
    return page(f"/lich-cong-tac?thang={month % 12 + 1}&nam={2025 + month // 12}", f"/lich/ngay-{month}-1-2025.html")


def growing_path(path, query):
    return page(f"{path.rstrip('/')}/vi/tin", f"{path.rstrip('/')}/en/tin")


def growing_query(path, query):
    raw = "&".join(f"start={12}" for _ in range(len(query.get("start", [])) + 1))
    return page(f"{path}?{raw}")


def sessions(path, query):
    number = int(query.get("n", ["0"])[0])
    return page(*(f"{path}?PHPSESSID={number * 7 + k:032x}&n=0" for k in range(3)))


def unknown_sessions(path, query):
    number = len(path) * 7919 + int(query.get("tok", ["0"])[0], 16)
    return page(*(f"{path}?tok={(number * 31 + k) % (1 << 60):x}" for k in range(3)))


def pager(path, query):
    number = int(query.get("PageIndex", ["1"])[0])
    return page(*(f"{path}?PageIndex={number + k}" for k in range(1, 4)))


def views(path, query):
    number = int(path.rpartition("-")[2] or 0) if path.rpartition("-")[2].isdigit() else 0
    return page(
        *(f"/xem/bai-{number}?{view}" for view in ("tmpl=component&print=1", "print=1", "format=pdf", "share=mail"))
    )


def tags(path, query):
    number = sum(map(ord, path))
    return page(
        *(f"/{menu}/tag/tu-khoa-{number + k}" for menu in ("gioi-thieu", "tin-tuc", "van-ban") for k in range(4))
    )


def deep_paths(path, query):
    return page(f"{path.rstrip('/')}/a{len(path)}", f"{path.rstrip('/')}/b{len(path)}")


TRAPS = {
    "/lich-cong-tac": calendar,
    "/en": growing_path,
    "/danh-sach": growing_query,
    "/phien": sessions,
    "/ve": unknown_sessions,
    "/van-ban": pager,
    "/xem": views,
    "/nhan/tag/bat-dau": tags,
    "/sau": deep_paths,
}


def trapped(seen):
    parts = urlsplit(seen.path)
    for start, serve in TRAPS.items():
        if parts.path == start or parts.path.startswith(start.split("/tag")[0] + "/"):
            return serve(parts.path, parse_qs(parts.query))
    if "/tag/" in parts.path:
        return tags(parts.path, {})
    return answer("không có", "404 Not Found")


def of_trap(start, path):
    head = start.split("/tag")[0]
    bare = urlsplit(path).path
    return bare == head or bare.startswith(head + "/") or ("/tag/" in bare and "/tag/" in start)


def test_every_trap_is_left_within_fifty_requests_and_the_news_is_kept(tinhuyen, tmp_path):
    with farm(1) as (host,):
        host.routes = {"/": answer(links(*GOOD, *TRAPS))} | {path: answer(article(f"Bài thật {path}")) for path in GOOD}
        host.fallback = trapped
        tinhuyen("init")
        tinhuyen("add", host.base, "--allow-private")
        done = tinhuyen("crawl", "--delay", "0", timeout=90)
        assert done.returncode == 0, done.stdout + done.stderr
        wasted = {start: sum(of_trap(start, path) for path, _, _ in host.log) for start in TRAPS}
        assert max(wasted.values()) <= 50, wasted
        assert len(tinhuyen("export").stdout.splitlines()) == len(GOOD)
        ledger = sqlite3.connect(tmp_path / "kho" / "crawl.db")
        reasons = {row[0] for row in ledger.execute("SELECT reason FROM page WHERE state = 'skipped'")}
        assert any("trap" in reason for reason in reasons)
        assert not ledger.execute("SELECT count(*) FROM page WHERE state IN ('new', 'leased')").fetchone()[0]
