"""A made-up K2 portal of articles of about 40 KB, and a fast server for it: what the benchmarks crawl.

    python benchmarks/portal_site.py --articles 1000 --hosts 8 --latency 0    # serves until it is killed; prints its addresses

Everything is kept in memory; the same seed gives the same bytes. The server answers with one write a request, keeps
connections alive and may wait ``--latency`` seconds before each answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time

WORDS = [
    "ủy",
    "ban",
    "nhân",
    "dân",
    "xã",
    "họp",
    "bàn",
    "thu",
    "chi",
    "ngân",
    "sách",
    "quý",
    "một",
    "sửa",
    "đường",
    "liên",
    "thôn",
    "phòng",
    "chống",
    "lụt",
    "bão",
    "chuẩn",
    "bị",
    "vụ",
    "mùa",
    "hội",
    "đồng",
    "thông",
    "qua",
    "nghị",
    "quyết",
    "đầu",
    "tư",
    "công",
    "trình",
    "thủy",
    "lợi",
    "trường",
    "học",
    "trạm",
    "y",
    "tế",
    "cán",
    "bộ",
    "khen",
    "thưởng",
    "hộ",
    "nghèo",
    "vay",
    "vốn",
]
PER_LIST = 25


def words(rand: random.Random, count: int) -> str:
    return " ".join(rand.choice(WORDS) for _ in range(count))


def sentence(rand: random.Random) -> str:
    return words(rand, rand.randint(14, 30)).capitalize() + "."


def frame(title: str, main: str, rand: random.Random) -> bytes:
    menu = "".join(f'<li><a href="/muc-{n}?start={n * PER_LIST}">{words(rand, 3)}</a></li>' for n in range(8))
    styles = "".join(f".c{n}{{color:#{n:06x};margin:{n}px}}\n" for n in range(120))
    banners = "".join(
        f'<div class="banner"><img src="/quang-cao-{n}.jpg" alt="{words(rand, 3)}"></div>' for n in range(6)
    )
    return (
        f'<!DOCTYPE html><html lang="vi-vn"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="generator" content="Joomla! - Open Source Content Management"><style>{styles}</style></head><body>'
        f'<div id="header"><ul class="menu">{menu}</ul></div><div id="main">{main}</div><div id="right">{banners}</div>'
        f'<div id="footer">Cơ quan chủ quản: {words(rand, 20)}</div></body></html>'
    ).encode()


def article(number: int, rand: random.Random, size: int = 40_000) -> bytes:
    title = words(rand, 12).capitalize()
    body = []
    while sum(map(len, body)) < size * 0.62:  # letters with marks take two or three bytes
        body.append(f'<p style="text-align: justify;">{" ".join(sentence(rand) for _ in range(4))}</p>\n')
    related = "".join(
        f'<li><a href="/tin-tuc/item/{max(0, number - n)}-bai-viet-ve-xa.html">{words(rand, 9)}</a></li>'
        for n in range(1, 8)
    )
    main = (
        f'<div id="k2Container" class="itemView"><div class="itemHeader"><span class="itemDateCreated">Thứ ba, '
        f'{number % 28 + 1:02d} Tháng {number % 12 + 1} 2024 08:{number % 60:02d}</span><h2 class="itemTitle">{title}</h2></div>'
        f'<div class="itemBody"><div class="itemIntroText"><p>{sentence(rand)}</p></div>'
        f'<div class="itemFullText">{"".join(body)}</div></div><div class="itemLinks"><div class="itemCategory">'
        f'<span>Xuất bản trong</span> <a href="/tin-tuc">Tin tức</a></div></div><ul class="itemRelated">{related}</ul></div>'
    )
    return frame(title, main, rand)


def build(count: int, seed: int = 7) -> dict[bytes, bytes]:
    """Path to page: a home page, lists of 25 with a pager, ``count`` articles, robots.txt."""
    rand = random.Random(seed)
    pages = {f"/tin-tuc/item/{n}-bai-viet-ve-xa.html".encode(): article(n, rand) for n in range(count)}
    lists = -(-count // PER_LIST)
    for at in range(lists):
        entries = "".join(
            f'<div class="catItemView"><h3><a href="/tin-tuc/item/{n}-bai-viet-ve-xa.html">{words(rand, 10)}</a></h3></div>'
            for n in range(at * PER_LIST, min(count, (at + 1) * PER_LIST))
        )
        after = f'<a href="/tin-tuc?start={(at + 1) * PER_LIST}">Sau</a>' if at + 1 < lists else ""
        main = f'<div id="k2Container" class="itemListView">{entries}<div class="k2Pagination">{after}</div></div>'
        pages[f"/tin-tuc?start={at * PER_LIST}".encode() if at else b"/tin-tuc"] = frame("Tin tức", main, rand)
    pages[b"/"] = frame("Xã Hòa An", '<div class="moduletable"><a href="/tin-tuc">Tin tức của xã</a></div>', rand)
    return pages


class Server(asyncio.Protocol):
    """One connection. Requests without bodies, one at a time, as a crawler sends them."""

    answers: dict[bytes, bytes]
    latency = 0.0
    log: list[tuple[str, str, float]] | None = None
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.address = transport.get_extra_info("sockname")[0]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            path = self.buffer[: self.buffer.find(b"\r\n")].split()[1]
            self.buffer = self.buffer[end + 4 :]
            if Server.log is not None:
                Server.log.append((self.address, path.decode(), time.monotonic()))
            data = self.answers.get(path, self.missing)
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self._send, data)
            else:
                self._send(data)

    def _send(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)


def whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def addresses(hosts: int) -> list[str]:
    """Loopback addresses, one a host (Linux answers on all of 127.0.0.0/8)."""
    return [f"127.1.{n // 200 + 1}.{n % 200 + 1}" for n in range(hosts)]


async def serve(pages: dict[bytes, bytes], hosts: int, port: int, latency: float, log: str | None) -> None:
    Server.answers = {path: whole(body) for path, body in pages.items()}
    Server.latency, Server.log = latency, [] if log else None
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(Server, address, port, backlog=512) for address in addresses(hosts)]
    print("ready", flush=True)
    try:
        await asyncio.gather(*(server.serve_forever() for server in servers))
    finally:
        if log and Server.log is not None:
            with open(log, "w") as out:  # noqa: PTH123
                out.writelines(json.dumps(line) + "\n" for line in Server.log)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=8)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--tiny", action="store_true", help="pages of 200 bytes, for the frontier alone")
    args = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    pages = tiny(args.articles) if args.tiny else build(args.articles)
    asyncio.run(serve(pages, args.hosts, args.port, args.latency, None))


def tiny(count: int) -> dict[bytes, bytes]:
    """A home page that links ``count`` pages of a few words."""
    links = "".join(f'<p><a href="/trang/{n}.html">trang số {n}</a></p>' for n in range(count))
    pages = {
        f"/trang/{n}.html".encode(): f"<html><body><p>Trang số {n} của xã.</p></body></html>".encode()
        for n in range(count)
    }
    return {**pages, b"/": f"<html><head><title>Xã</title></head><body>{links}</body></html>".encode()}


if __name__ == "__main__":
    main()
