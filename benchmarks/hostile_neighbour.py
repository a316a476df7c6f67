"""A healthy portal beside one whose every page is made to stop a crawl: all of the healthy one is kept, without a gap.

    python benchmarks/hostile_neighbour.py [--pages 400] [--kill]

Prints how many of the healthy pages were kept, the longest time between two requests to it, the crawl's peak memory, and
which hostile pages broke a reading off. With ``--kill`` the crawl is killed with SIGKILL half-way, and the same command
goes on. Exits 1 when a bar is missed: all kept, no gap over 20 s, at most 300 MB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

PROSE = (
    "Sáng nay, Ủy ban nhân dân xã họp bàn việc sửa trạm bơm và nạo vét kênh dẫn trước mùa mưa. Dự họp có trưởng các thôn và "
    "đại diện hợp tác xã. Kinh phí lấy từ nguồn thu tại chỗ và đóng góp của bà con, mỗi thôn cử hai người cùng giám sát."
)
MOST_GAP, MOST_MB = 20.0, 300


def page(title: str, body: str = "", head: str = "") -> str:
    text = "".join(f"<p>{PROSE} {title}, đoạn {n}.</p>" for n in range(4))
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><div class="bai">'
        f'<h1>{title}</h1><div class="ngay">Ngày đăng: 12/03/2024 08:30</div>{text}{body}</div></body></html>'
    )


def links(paths: list[str]) -> str:
    items = "".join(f'<li><a href="{path}">Tin của xã trong tuần, số {n}</a></li>' for n, path in enumerate(paths))
    return f'<!doctype html><meta charset="utf-8"><title>Cổng xã</title><h1>Cổng xã</h1><ul>{items}</ul>'


def answer(body: str | bytes, kind: str = "text/html; charset=utf-8", *more: str) -> bytes:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", f"Content-Length: {len(data)}", "Connection: close", *more]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def hostile() -> dict[str, bytes]:
    """Pages by name, each made to be slow or large for who reads it."""
    deep = '{"a":' * 50_000
    repeats = {
        "views": "lượt xem " * 200_000, "dates": "12/3/2024 08:30 " * 60_000, "labels": "Tác giả: Nguồn: Ngày đăng: " * 40_000,
        "digits": "1" * 1_000_000, "blanks": " " * 2_000_000, "brackets": "(" * 400_000, "quotes": "“" * 400_000,
        "breaks": "<br>" * 140_000, "links": '<a href="/x">x</a>' * 60_000, "commas": "a, " * 500_000, "dots": "." * 800_000,
        "cells": "<table><tr>" + "<td>x</td>" * 60_000 + "</table>", "nested": "<div>" * 1_900, "bold": "<b><i>" * 900,
        "entities": "a" + "&#x315;" * 60_000 + "&#x300;" * 60_000, "spans": "<span>x</span>" * 60_000,
        "headings": "<h2>Tin</h2>" * 40_000, "names": f'<p class="{"a-" * 200_000}">x</p>', "roles": "Ban biên tập " * 80_000,
        "numbers": "Số 12/QĐ-UBND " * 60_000, "adverts": "nhà cái uy tín đổi thưởng " * 40_000, "forms": "<form method=post></form>" * 4_000,
        "inputs": "<input type=hidden name=a value=b>" * 40_000, "options": "<select>" + "<option>Xã" * 60_000 + "</select>",
        "attributes": "<div " + " ".join(f"a{n:x}" for n in range(100_000)) + ">x</div>", "pictures": '<img src="/i.jpg">' * 40_000,
    }  # fmt: skip
    made = {name: answer(page(f"Bài {name}", f"<p>{text}</p>")) for name, text in repeats.items()}
    made |= {
        "marks": answer(page("Tin a" + "\u0315" * 60_000 + "\u0300" * 60_000)),
        "style": answer(page("Bài style", head='<link rel="stylesheet" href="/xau.css">')),
        "metas": answer(page("Bài metas", head="enerator" + "<meta<" * 60_000)),
        "jsonld": answer(page("Bài jsonld", head=f'<script type="application/ld+json">{deep}</script>')),
        "title": answer(page("T" * 900_000)),
        "codings": answer(page("Bài codings"), "text/html", "Content-Encoding: " + ", ".join(["gzip"] * 1_500)),
        "charset": answer(page("Bài charset"), "text/html; charset=idna"),
        "chunks": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nX\r\n" * 1_000_000,
        "length": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n<p>x",
        "broken": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n<p>x",
    }  # fmt: skip
    return {f"/tin/{name}.html": data for name, data in made.items()}


class Site(socketserver.ThreadingTCPServer):
    """Answers by path, and keeps the time of each request."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: str, routes: dict[str, bytes]) -> None:
        self.routes, self.asked = routes, []
        super().__init__((host, 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://{self.server_address[0]}:{self.server_address[1]}/"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            line = self.rfile.readline().decode("latin-1").split()
            while self.rfile.readline().strip():
                pass
            site: Site = self.server  # type: ignore[assignment]
            path = line[1] if len(line) > 1 else "/"
            site.asked.append((path, time.monotonic()))
            missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            self.wfile.write(site.routes.get(path, missing))


def family_memory(process: int) -> float:
    """Resident megabytes of a process and its children, what they share counted once (Pss)."""
    total = 0.0
    found = [process]
    with contextlib.suppress(OSError):
        found += [int(name) for name in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    for one in found:
        with contextlib.suppress(OSError):
            pss = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.M)
            total += int(pss[1]) / 1024 if pss else 0.0
    return total


def crawl(folder: Path, kill_when: object) -> tuple[int | None, float, str]:
    """One crawl to its end: exit code (None when it was killed), peak memory in MB, what it said."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "--archive", str(folder), "crawl"], stdout=said, stderr=said
        )
        peak, killed = 0.0, False
        while process.poll() is None:
            peak = max(peak, family_memory(process.pid))
            if callable(kill_when) and kill_when():
                os.kill(process.pid, signal.SIGKILL)
                killed = True
                break
            time.sleep(0.3)
        process.wait()
        said.seek(0)
        return None if killed else process.returncode, peak, said.read()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--pages", type=int, default=400)
    asked.add_argument("--kill", action="store_true")
    options = asked.parse_args()
    good_paths = [f"/tin/bai-{n}.html" for n in range(options.pages)]
    good = Site(
        "127.0.0.3", {"/": answer(links(good_paths))} | {p: answer(page(f"Tin {p[5:-5]} của xã")) for p in good_paths}
    )
    bad_pages = hostile()
    bad = Site(
        "127.0.0.2",
        {
            "/": answer(links(list(bad_pages))),
            "/xau.css": answer(b"a{background:url(" + b" " * 8_000, "text/css"),
            **bad_pages,
        },
    )
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "kho"
        tool = [sys.executable, "-m", "crawler", "--archive", str(folder)]
        subprocess.run([*tool, "init", "--contact", "bench@example.org"], check=True, stdout=subprocess.DEVNULL)
        settings = (folder / "tinhuyen.toml").read_text().replace("delay = 1.0", "delay = 0.1")
        settings += "".join(
            f'\n[portals.{n}]\nurl = "{s.base}"\nallow_private = true\n' for n, s in (("xau", bad), ("tot", good))
        )
        (folder / "tinhuyen.toml").write_text(settings)
        half = (lambda: len(good.asked) > options.pages // 2) if options.kill else None
        code, peak, said = crawl(folder, half)
        if code is None:
            code, again, said = crawl(folder, None)
            peak = max(peak, again)
        export = subprocess.run([*tool, "export", "tot"], capture_output=True, text=True, check=True).stdout
        kept = len({json.loads(line)["url"] for line in export.splitlines()})
    times = [at for path, at in good.asked if path.startswith("/tin/")]
    gap = max((b - a for a, b in pairwise(times)), default=0.0)
    print("\n".join(line for line in said.splitlines() if "reading it" in line) or "no reading was broken off")
    print(
        f"healthy pages kept {kept} of {options.pages}; longest gap {gap:.1f} s; peak memory {peak:.0f} MB; exit code {code}"
    )
    print(f"hostile pages asked for: {len({path for path, _ in bad.asked} & set(bad_pages))} of {len(bad_pages)}")
    return int(kept < options.pages or gap > MOST_GAP or peak > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
