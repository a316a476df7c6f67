"""Learning a portal from saved pages: CPU and memory a page, and how far articles are then read as their truth says.

    python benchmarks/learning.py FOLDER [--articles 60] [--others 120]

FOLDER holds ``index.jsonl`` (url, status, headers, file), ``truth.jsonl`` (url, title, published, lead, section) and the files.
The articles learnt from are the first of the truth, those read the last.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import unicodedata
from pathlib import Path
from typing import Any

from crawler.extract import read
from crawler.learn import HeldPage, learn
from crawler.page.page import Page

FETCHED = "2026-11-28T03:00:00Z"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--others", type=int, default=120)
    asked = parser.parse_args()
    truth = {row["url"]: row for row in _rows(asked.folder / "truth.jsonl")}
    articles, others = _pages(asked.folder, truth)
    taught = articles[: asked.articles] + others[: asked.others]
    began = time.process_time()
    themes = learn(taught)
    learning = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(themes)} themes from {len(taught)} pages: {1000 * learning / len(taught):.1f} ms a page, {memory} MB")
    print(_figures(articles[-asked.articles :], truth, themes))


def _figures(pages: list[HeldPage], truth: dict[str, Any], themes: Any) -> str:
    right = dict.fromkeys(("found", "title", "published", "lead", "section"), 0)
    spent = 0.0
    for held in pages:
        page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
        began = time.process_time()
        article = read(page, None, themes).article
        spent += time.process_time() - began
        if article is None:
            continue
        told = truth[held.url]
        day = article.published.value[:10] if article.published else ""
        right["found"] += 1
        right["published"] += day == (told.get("published") or "")[:10]
        for name in ("title", "lead", "section"):
            right[name] += _tidy(getattr(article, name)) == _tidy(told.get(name))
    shares = " ".join(f"{name} {count / max(1, len(pages)):.3f}" for name, count in right.items())
    return f"read: {shares}; {1000 * spent / max(1, len(pages)):.1f} ms a page"


def _pages(folder: Path, truth: dict[str, Any]) -> tuple[list[HeldPage], list[HeldPage]]:
    articles: dict[str, HeldPage] = {}
    others: dict[str, HeldPage] = {}
    for row in _rows(folder / "index.jsonl"):
        kind = next((value for name, value in row["headers"] if name.lower() == "content-type"), "")
        if row["status"] == 200 and row.get("file") and ("html" in kind or "xml" in kind):
            body = (folder / row["file"]).read_bytes()
            (articles if row["url"] in truth else others)[row["url"]] = HeldPage(row["url"], body, kind, FETCHED)
    return list(articles.values()), list(others.values())


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _tidy(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").replace("“", '"').replace("”", '"').split())


if __name__ == "__main__":
    main()
