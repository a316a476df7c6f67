"""Edits and noise of a saved portal: which edits ``tinhuyen changes`` tells, as which kind, and what it tells where nothing changed.

    python benchmarks/edits.py FOLDER [--edits 60] [--recrawls 10]

FOLDER holds ``index.jsonl`` (url, status, headers, file), ``truth.jsonl`` (url, title, body_paragraphs) and the files, as
``benchmarks/learning.py`` takes them; its pages are served where they were saved from (run it where that port is free).
At every crawl all counters, the order of link lists and a clock are others. Crawled once, then again ``--recrawls`` times
without an edit (every change told is false), then once with ``--edits`` articles edited, each in one of seven ways.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from children import archive, crawl, tinhuyen

_COUNTER = re.compile(
    r"((?:lượt|xem|Đọc|đọc|truy cập|[Vv]iews?|[Hh]its)[^<\d]{0,12}(?:<[^>]*>\s*){0,3})(\d[\d.]*)(?![\d/:])|(\d[\d.]*)(\s*(?:lượt))"
)
_LIST = re.compile(
    r"(<ul\b[^>]*>)((?:\s*<li\b[^>]*>(?:(?!<li\b|<ul\b|</ul>).)*?<a\b(?:(?!<li\b|<ul\b|</ul>).)*?</li>){3,}\s*)(</ul>)",
    re.S,
)
_ITEM = re.compile(r"<li\b.*?</li>", re.S)
_NAME = re.compile(r"(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí) ([A-ZĐÂÁẤÔÚ]\w+ (?:[A-ZĐÂÁẤÔÚ]\w+ ?){1,2})(?=[\s,.;:])")
_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_FIGURE = re.compile(
    r"(?<![\d/.,:-])(\d{2,3})(?=(?:,\d+)?%? (?:hộ|ha|người|thành viên|triệu|tỷ|tấn|em|suất|hồ sơ|km|thôn|mô hình|m3|công trình|đại biểu|gia đình|lượt|học sinh|vận động viên))"
)


class Portal:
    """The saved portal, and how it looks at the moment: the number of the visit, and edited pages."""

    def __init__(self, folder: Path) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.folder, self.visit = folder, 0
        self.edited: dict[str, bytes] = {}
        for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
            parts = urlsplit(row["url"])
            self.base = f"{parts.scheme}://{parts.netloc}"
            self.rows[row["url"].removeprefix(self.base) or "/"] = row

    def answer(self, path: str) -> tuple[int, str, bytes, str]:
        row = self.rows.get(path)
        if row is None:
            return 404, "text/plain", b"", ""
        told = {name.lower(): value for name, value in row["headers"]}
        body = self.edited.get(path) or ((self.folder / row["file"]).read_bytes() if row.get("file") else b"")
        kind = told.get("content-type", "application/octet-stream")
        return row["status"], kind, noisy(body, self.visit) if "html" in kind else body, told.get("location", "")


def noisy(body: bytes, visit: int) -> bytes:
    """A page as another visit shows it: counters grown, the items of every list of links turned, another time on its clock."""

    def counted(found: re.Match[str]) -> str:
        if found[2]:
            return f"{found[1]}{int(found[2].replace('.', '') or 0) + 7 * visit}"
        return f"{int(found[3].replace('.', '') or 0) + 7 * visit}{found[4]}"

    def turned(found: re.Match[str]) -> str:
        items = _ITEM.findall(found[2])
        by = visit % len(items)
        return found[1] + "\n".join(items[by:] + items[:by]) + found[3]

    text = body.decode("utf-8")
    text = _COUNTER.sub(lambda found: found[0] if _in_prose(text, found) else counted(found), text)
    text = _LIST.sub(turned, text)
    clock = f"<div>Thứ hai, {10 + visit:02}/11/2026 08:{visit:02}</div>"
    return re.sub(r"(<body\b[^>]*>)", lambda found: found[1] + clock, text, count=1).encode()


def _in_prose(text: str, found: re.Match[str]) -> bool:
    """Whether a number stands in a long piece of text: counters change, a text that speaks of figures does not."""
    begin, end = text.rfind(">", 0, found.start()), text.find("<", found.end())
    return end - begin > 60


def edits_of(paragraph: str, title: str) -> dict[str, tuple[str, str]]:
    """What can be edited in a paragraph, by the kind a reader would call it: words and what takes their place."""
    found: dict[str, tuple[str, str]] = {}
    if (figure := _FIGURE.search(paragraph)) is not None:
        found["figures"] = (figure[1], str(int(figure[1]) + 13))
    if (day := _DAY.search(paragraph)) is not None and int(day[1]) < 20:
        found["dates"] = (day[0], f"{int(day[1]) + 6}/{day[2]}")
    if (name := _NAME.search(paragraph)) is not None:
        found["names"] = (name[1].strip(), "Lê Hùng Quảng")
    found["wording"] = (paragraph, f"{paragraph} Bà con trong thôn rất phấn khởi và mong sớm được hưởng lợi.")
    if ", " in paragraph:
        found["spelling"] = (paragraph, paragraph.replace(", ", "; ", 1))
    found["title"] = (title, f"{title} trong dịp cuối năm")
    found["whole text"] = ("", "")
    return found


def edit(portal: Portal, told: dict[str, Any], kind: str) -> bool:
    """Edit an article's page in one way; whether that could be done."""
    path = told["url"].removeprefix(portal.base)
    if path not in portal.rows:
        return False
    text = (portal.folder / portal.rows[path]["file"]).read_text("utf-8")
    paragraphs = [p for p in told["body_paragraphs"] if text.count(html.escape(p, quote=False)) == 1]
    if kind == "whole text":
        if len(paragraphs) < len(told["body_paragraphs"]) or len(paragraphs) < 2:
            return False
        for nth, paragraph in enumerate(paragraphs):
            other = f"Đoạn {nth + 1} này nay nói về việc khác hẳn, do ban biên tập soạn lại từ đầu theo ý kiến bạn đọc gửi về."
            text = text.replace(html.escape(paragraph, quote=False), other)
    elif kind == "title":
        text = text.replace(told["title"], f"{told['title']} trong dịp cuối năm")
    else:
        for paragraph in paragraphs:
            words = edits_of(paragraph, told["title"]).get(kind)
            if words is not None:
                text = text.replace(
                    html.escape(paragraph, quote=False), html.escape(paragraph.replace(*words, 1), quote=False)
                )
                break
        else:
            return False
    portal.edited[path] = text.encode()
    return True


def serve(portal: Portal) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body, location = portal.answer(self.path)
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Location", location)):
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((urlsplit(portal.base).hostname or "", urlsplit(portal.base).port or 80), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def told(folder: Path) -> list[dict[str, Any]]:
    out = subprocess.run(tinhuyen(folder, "changes", "--json"), check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--recrawls", type=int, default=10)
    asked = parser.parse_args()
    portal = Portal(asked.folder)
    serve(portal)
    truth = list(map(json.loads, (asked.folder / "truth.jsonl").read_text("utf-8").splitlines()))
    kinds = ("figures", "dates", "names", "wording", "spelling", "title", "whole text")
    with archive([portal.base]) as folder:
        for portal.visit in range(asked.recrawls + 1):
            subprocess.run(crawl(folder, *(["--full"] if portal.visit else [])), check=True, capture_output=True)
            print(f"crawl {portal.visit + 1}: {len(told(folder))} changes told so far", flush=True)
        false = told(folder)
        for row in false[:10]:
            print("false:", row["kinds"], row["url"], row["fields"], row["paragraphs"][:1])
        made: dict[str, str] = {}
        for nth, article in enumerate(truth):
            for at in range(len(kinds)):
                kind = kinds[(nth + at) % len(kinds)]
                if len(made) < asked.edits and edit(portal, article, kind):
                    made[article["url"]] = kind
                    break
        portal.visit += 1
        subprocess.run(crawl(folder, "--full"), check=True, capture_output=True)
        found = {row["url"]: row for row in told(folder) if row not in false}
    return report(made, found, len(false))


def report(made: dict[str, str], found: dict[str, dict[str, Any]], false: int) -> int:
    seen = {url: found[url] for url in made if url in found}
    right = sum(made[url] in row["kinds"] for url, row in seen.items())
    exactly = sum([made[url]] == row["kinds"] for url, row in seen.items())
    more = len(set(found) - set(made))
    print(f"{len(made)} edits made ({dict(Counter(made.values()))}), {len(seen)} found, {more} told that were not made")
    print(f"kind: {right} right, {exactly} of them as the only kind; false over the crawls before: {false}")
    for url, row in seen.items():
        if row["kinds"] != [made[url]]:
            print("  ", made[url], "told as", row["kinds"], url, row["fields"][:2], row["paragraphs"][:1])
    for url in set(made) - set(found):
        print("   not found:", made[url], url)
    return 0 if len(seen) == len(made) and right >= 0.95 * len(made) and not more and not false else 1


if __name__ == "__main__":
    sys.exit(main())
