"""Faults of served portals, each with the verdict it must get. A portal is crawled whole while it is sound, then its fault
is set and it is crawled again in full; a fault ``from_start`` is there at the first crawl."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.conftest import answer
from tests.crawler.health.village import Village, sentence, yesterday

Break = Callable[[Village], object]


@dataclass(frozen=True)
class Fault:
    """``also``: further verdicts that say the same. ``says``: words of the reason."""

    name: str
    verdict: str
    breaks: Break = lambda village: None
    says: str = ""
    from_start: bool = False
    months: int = 0
    """How many months lie between the two crawls, as far as the ledger knows."""
    robots: bool = False
    """Whether what is known of robots.txt is made old before the second crawl, so that it is asked for again."""


def page(body: str, title_: str = "Xã Hòa An") -> bytes:
    return answer(f"<!doctype html><html><head><title>{title_}</title></head><body>{body}</body></html>")


def routes(village: Village, changed: dict[str, bytes]) -> None:
    village.host.routes = {**village.host.routes, **changed}


def new_articles(village: Village) -> None:
    village.articles += 3
    village.newest += timedelta(days=1)
    village.serve()


def dead_links(village: Village) -> None:
    for n in (2, 9):
        del village.host.routes[village.path(n)]


def some_fail(village: Village, act: bytes, share: int) -> None:
    routes(village, {village.path(n): act for n in range(0, village.articles, share)})


def empty(village: Village) -> None:
    links = "".join(f'<li><a href="/gioi-thieu/{name}">{name}</a></li>' for name in ("lien-he", "so-do-trang"))
    village.host.routes = {
        "/": page(f"<h1>Xã Hòa An</h1><p>{sentence(1, 1)}</p><ul>{links}</ul>"),
        **{
            f"/gioi-thieu/{name}": page("<h1>Liên hệ</h1><p>Điện thoại 0227</p>", "Liên hệ")
            for name in ("lien-he", "so-do-trang")
        },
    }


def old(village: Village) -> None:
    village.newest -= timedelta(days=150)
    village.serve()


def quiet_months(village: Village) -> None:
    """Everything as it was, nothing new for four months."""
    old(village)


def drifted(**change: object) -> Break:
    return lambda village: village.serve(lambda n: village.markup(n, **change))  # type: ignore[arg-type]


def teaser_only(village: Village) -> None:
    def short(n: int) -> str:
        return village.markup(n, paragraphs=1)

    village.serve(short)


def one_list_page(n: int, act: bytes) -> Break:
    return lambda village: routes(village, {village.list_path(n): act})


def same_list(village: Village) -> None:
    first = village.list_page(1)
    routes(village, {village.list_path(n): first for n in range(1, village.pages + 1)})


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


CUT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\nConnection: close\r\n\r\n<html><body><h1>"
    + b"x" * 300
)
GATE = page("<script>document.cookie='D1N=abc';window.location.reload(true);</script>")
CLOUDFLARE = answer(
    "<html><head><title>Just a moment...</title></head><body><div class='cf-browser-verification'></div></body></html>",
    "403 Forbidden",
)
LOGIN = answer("", "302 Found", Location="/dang-nhap?returnUrl=%2F")
SHELL = page("<div id=\"root\"></div><script src='/a.js'></script><script src='/b.js'></script>")
REPAIR = page("<h1>Website đang bảo trì</h1><p>Vui lòng quay lại sau.</p>", "Website đang bảo trì")
REFRESH = answer(
    '<html><head><meta http-equiv="refresh" content="0;url=https://xahoaan.hungyen.gov.vn/"></head><body></body></html>'
)
GAMBLING = page(
    "<nav><a href='/nha-cai/'>Nhà cái</a> <a href='/no-hu/'>Nổ hũ</a></nav><article><h1>Top 10 nhà cái uy tín: cá cược bóng "
    "đá, casino trực tuyến</h1>"
    + "".join(
        f"<p>Nhà cái số {n} tặng khuyến mãi 100% khi nạp rút lần đầu: cá cược bóng đá, casino, nổ hũ, tài xỉu, bắn cá đổi "
        f"thưởng; <a href='https://nhacai{n}.vip/dang-ky'>đăng ký nhận 199k</a>.</p>"
        for n in range(10)
    )
    + "</article>",
    "Nhà cái uy tín 2026: cá cược bóng đá, casino, nổ hũ",
)
PARKED = page(
    "<h1>xahoaan.gov.example</h1><p>This domain is for sale. Buy this domain now!</p><ul><li><a href='https://ads.example/1'>"
    "Sponsored listings</a></li><li><a href='https://ads.example/2'>Related searches</a></li></ul>",
    "xahoaan.gov.example is for sale",
)
DISALLOW = answer("User-agent: *\nDisallow: /\n", kind="text/plain")
ERROR = answer("lỗi", "500 Internal Server Error")
BUSY = answer("bận", "503 Service Unavailable", Retry_After="1")
MANY = answer("chậm lại", "429 Too Many Requests", Retry_After="1")
FORBIDDEN = answer("<h1>Forbidden</h1>", "403 Forbidden")
DATABASE = page("<h1>Error establishing a database connection</h1>", "Database Error")

FAULTS = [
    Fault("sound", "complete"),
    Fault("sound, new articles", "complete", new_articles, says="3 new"),
    Fault("sound, two dead links", "complete", dead_links),
    Fault("sound, one article fails", "complete", lambda v: routes(v, {v.path(4): ERROR})),
    Fault("sound, last list page 404", "complete", one_list_page(4, answer("hết", "404 Not Found"))),
    Fault("robots forbid all", "robots forbids", lambda v: routes(v, {"/robots.txt": DISALLOW}), robots=True),
    Fault("robots forbid all from the start", "robots forbids", lambda v: routes(v, {"/robots.txt": DISALLOW}), from_start=True),
    Fault("robots answer 503", "robots unreachable", lambda v: routes(v, {"/robots.txt": BUSY}), robots=True),
    Fault("500 everywhere", "server errors", lambda v: v.everything(ERROR)),
    Fault("503 everywhere", "server errors", lambda v: v.everything(BUSY)),
    Fault("502 after five pages", "server errors", lambda v: v.after(5, answer("", "502 Bad Gateway"))),
    Fault("database gone, said with 500", "server errors", lambda v: v.everything(answer("<h1>Error establishing a database connection</h1>", "500 Internal Server Error"))),
    Fault("429 everywhere", "rate limited", lambda v: v.everything(MANY)),
    Fault("403 everywhere", "blocked", lambda v: v.everything(FORBIDDEN)),
    Fault("403 after five pages", "blocked", lambda v: v.after(5, FORBIDDEN)),
    Fault("401 everywhere", "blocked", lambda v: v.everything(answer("", "401 Unauthorized"))),
    Fault("a cookie gate", "challenge", lambda v: v.everything(GATE)),
    Fault("a challenge with 403", "challenge", lambda v: v.everything(CLOUDFLARE)),
    Fault("redirect to another host", "moved", lambda v: v.everything(answer("", "301 Moved Permanently", Location="https://xahoaan.hungyen.gov.vn/")), says="xahoaan.hungyen.gov.vn"),
    Fault("redirect in the markup", "moved", lambda v: v.everything(REFRESH)),
    Fault("home page 404", "not found", lambda v: v.everything(answer("không có", "404 Not Found"))),
    Fault("home page 410", "not found", lambda v: v.everything(answer("", "410 Gone"))),
    Fault("under repair", "switched off", lambda v: v.everything(REPAIR)),
    Fault("database gone, said with 200", "server errors", lambda v: v.everything(DATABASE)),
    Fault("a log-in before all", "login", lambda v: v.everything(LOGIN)),
    Fault("pages made by script", "needs JavaScript", lambda v: v.everything(SHELL)),
    Fault("no article at all", "empty", empty, from_start=True),
    Fault("nothing new for months", "idle", quiet_months, from_start=True, months=4, says="nothing new for"),
    Fault("nothing new for years before we came", "complete", quiet_months, from_start=True),
    Fault("bought by a gambling site", "taken over", lambda v: v.everything(GAMBLING)),
    Fault("bought by a dealer in names", "taken over", lambda v: v.everything(PARKED)),
    Fault("list page 3 answers 500", "incomplete: lists", one_list_page(3, ERROR), says="page/3/"),
    Fault("list page 2 answers 404", "incomplete: lists", one_list_page(2, answer("", "404 Not Found")), says="page/2/"),
    Fault("list page 3 is empty", "incomplete: lists", one_list_page(3, page("")), says="page/3/"),
    Fault("list page 3 breaks off", "incomplete: lists", one_list_page(3, CUT), says="page/3/"),
    Fault("every list page the same", "incomplete: lists", same_list, says="the very same list"),
    Fault("a third of the articles answer 500", "incomplete: pages", lambda v: some_fail(v, ERROR, 3)),
    Fault("half of the articles break off", "incomplete: pages", lambda v: some_fail(v, CUT, 2)),
    Fault("dates gone", "layout drift", drifted(time=False), says="published"),
    Fault("title in another element", "layout drift", drifted(heading='div class="tieu-de"'), says="entry-title"),
    Fault("body in another element", "layout drift", drifted(body='div class="noi-dung"'), says="entry-content"),
    Fault("text cut to its first paragraph", "layout drift", teaser_only, says="text"),
    Fault("articles without text", "layout drift", drifted(paragraphs=0, byline=False, time=False)),
    Fault("not HTTP", "broken answers", lambda v: v.everything(b"xin chao, day khong phai la may chu web\r\n\r\n")),
    Fault("empty pages", "broken answers", lambda v: v.everything(page(""))),
]  # fmt: skip


def village_of(host, fault: Fault) -> Village:
    return Village(host, yesterday())
