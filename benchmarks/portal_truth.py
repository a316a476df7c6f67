"""Compare extracted articles with the truth of a saved portal, bar by bar.

    python benchmarks/portal_truth.py FOLDER                  # extract the saved pages offline, then compare
    python benchmarks/portal_truth.py FOLDER --general        # the same with every CMS family switched off
    python benchmarks/portal_truth.py FOLDER --export FILE    # compare an export (`tinhuyen export --format jsonl`)

FOLDER holds ``truth.jsonl`` and, for the offline ways, ``index.jsonl`` (url, file, headers) and the pages. Texts are
compared after NFC and after undoing typographic quotes. Exit code 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Row = dict[str, Any]

BARS = {
    "articles found": (0.99, ">="), "exports that are no article": (0.02, "<="), "title exact": (0.99, ">="), "day right": (0.99, ">="),
    "day wrong": (0.0, "<="), "modified right": (0.95, ">="), "lead": (0.95, ">="), "paragraphs found": (0.99, ">="),
    "exported paragraphs in the truth": (0.98, ">="), "captions": (0.95, ">="), "captions in the text": (0.0, "<="), "sections": (0.95, ">="),
    "bylines": (0.90, ">="), "false bylines": (0.05, "<="), "attachments": (0.98, ">="), "tags": (0.90, ">="), "adverts in a text": (0.0, "<="),
}  # fmt: skip
_TYPOGRAPHIC = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ", "×": "x"}
)
_ADVERT = re.compile(r"khoan c[aắ]t|nhà cái|kubet|\bkèo\b|casino|QUẢNG CÁO")


@dataclass
class Score:
    """Hits and tries per bar, and the first examples of each miss."""

    hits: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    misses: dict[str, list[str]] = field(default_factory=dict)

    def count(self, bar: str, hit: bool, example: str = "") -> None:
        self.tries[bar] += 1
        self.hits[bar] += hit
        bad = not hit if BARS[bar][1] == ">=" else hit
        if bad and example:
            self.misses.setdefault(bar, []).append(example)


def same(text: str | None) -> str:
    """A text as it is compared: NFC, straight quotes, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text or "").translate(_TYPOGRAPHIC).split())


def address(url: str) -> str:
    return unquote(url).rstrip("/")


def compare(truth: Iterable[Row], exported: Iterable[Row]) -> Score:
    """Score exported articles against the truth of their portal."""
    score = Score()
    by_url: dict[str, Row] = {}
    rows = list(exported)
    for row in rows:
        by_url.setdefault(address(row["url"]), row)
    known = {address(row["url"]): row for row in truth}
    for url, row in known.items():
        mine = by_url.get(url)
        score.count("articles found", mine is not None, url)
        if mine is not None:
            compare_one(row, mine, score)
    for row in rows:
        score.count("exports that are no article", address(row["url"]) not in known, row["url"])
    return score


def compare_one(row: Row, mine: Row, score: Score) -> None:
    """Score one article, field by field."""
    url = row["url"]
    score.count(
        "title exact", same(row["title"]) == same(mine["title"]), f"{url}\n      {mine['title']}\n      {row['title']}"
    )
    day, printed = (row["published"] or "")[:10], (mine["published"] or "")[:10]
    score.count("day right", day == printed, f"{url} {printed} for {day}")
    score.count("day wrong", bool(printed) and printed != day, f"{url} {printed} for {day}")
    modified, mine_modified = (row.get("modified") or "")[:10], (mine.get("modified") or "")[:10]
    score.count(
        "modified right",
        modified == mine_modified or (bool(modified) and not mine_modified),
        f"{url} {mine_modified} for {modified}",
    )
    if row.get("section"):
        score.count(
            "sections", same(row["section"]) == same(mine["section"]), f"{url} {mine['section']} for {row['section']}"
        )
    if row["byline"]:
        score.count(
            "bylines", same(row["byline"]) == same(mine["byline"]), f"{url} {mine['byline']} for {row['byline']}"
        )
    else:
        score.count("false bylines", bool(mine["byline"]), f"{url} {mine['byline']}")
    score.count(
        "lead",
        same(row["lead"]) == same(mine["lead"]),
        f"{url}\n      {(mine['lead'] or '')[:150]}\n      {row['lead'][:150]}",
    )
    _compare_text(row, mine, score)
    text = same(mine["text"])
    for caption in row["captions"]:
        wanted = same(caption)
        score.count("captions", any(same(own) == wanted for own in mine["captions"]), f"{url} {caption}")
        score.count("captions in the text", wanted in text, f"{url} {caption}")
    mine_files = {unquote(item["url"]).rsplit("/", 1)[-1] for item in mine["attachments"]} | {
        same(item["name"]) for item in mine["attachments"]
    }
    for wanted_file in row["attachments"]:
        name = wanted_file if isinstance(wanted_file, str) else wanted_file.get("url") or wanted_file.get("name")
        other = "" if isinstance(wanted_file, str) else same(wanted_file.get("name"))
        hit = unquote(name).rsplit("/", 1)[-1] in mine_files or (bool(other) and other in mine_files)
        score.count("attachments", hit, f"{url} {name} not in {sorted(mine_files)}")
    own_tags = {same(tag).lower() for tag in mine["tags"]}
    for tag in row["tags"]:
        score.count("tags", same(tag).lower() in own_tags, f"{url} {tag}")
    whole = f"{mine['lead'] or ''}\n{mine['text']}"
    score.count(
        "adverts in a text",
        _ADVERT.search(whole) is not None and _ADVERT.search(json.dumps(row, ensure_ascii=False)) is None,
        url,
    )


def _compare_text(row: Row, mine: Row, score: Score) -> None:
    table = [" | ".join(map(str, cells)) if isinstance(cells, list) else str(cells) for cells in row["table"] or []]
    wanted = [same(text) for text in [*row["body_paragraphs"], *row["bullets"], *table] if same(text)]
    own = [
        same(text)
        for text in ([mine["lead"]] if mine["lead"] else []) + (mine["text"].split("\n\n") if mine["text"] else [])
    ]
    for text in wanted:
        score.count("paragraphs found", text in own, f"{row['url']} [{row.get('editor_style')}] {text[:140]}")
    allowed = {*wanted, same(row["lead"])}
    for text in own:
        score.count(
            "exported paragraphs in the truth",
            text in allowed,
            f"{row['url']} [{row.get('editor_style')}] {text[:140]}",
        )


def extract_offline(folder: Path, *, general: bool) -> tuple[list[Row], Counter[str], float]:
    """Articles of every saved page, the first of each canonical address; the kinds of all pages; CPU ms a page."""
    from archive.export.article import article_fields
    from crawler.cms.recognise import FAMILIES, recognise, recognise_as
    from crawler.extract import read
    from crawler.page.page import Page

    found: dict[str, Row] = {}
    kinds: Counter[str] = Counter()
    wanted = {address(json.loads(text)["url"]) for text in (folder / "truth.jsonl").open(encoding="utf-8")}
    index = [json.loads(text) for text in (folder / "index.jsonl").open(encoding="utf-8")]
    index.sort(key=lambda row: address(row["url"]) not in wanted)  # of duplicates the truth's own address is kept
    started = time.process_time()
    for row in index:
        headers = {name.lower(): value for name, value in row["headers"]}
        if not row.get("file"):
            continue
        page = Page.parse((folder / row["file"]).read_bytes(), row["url"], content_type=headers.get("content-type"))
        if general:
            recognise_as(page, FAMILIES[-1], "asked for")
        elif (recognise(page).link_kind(page.url) or ("", ""))[0] == "skip":
            kinds["skip by address"] += 1
            continue
        reading = read(page)
        kinds[reading.kind] += 1
        if reading.article is not None:
            found.setdefault(reading.article.canonical_url, article_fields(reading.article))
    return list(found.values()), kinds, (time.process_time() - started) * 1000 / max(1, len(index))


def main() -> int:
    """Print every bar with its figure; 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--export", type=Path, help="JSON lines to compare instead of extracting")
    parser.add_argument("--general", action="store_true", help="switch the CMS families off")
    parser.add_argument("--misses", type=int, default=3, help="examples shown for each missed bar")
    options = parser.parse_args()
    truth = [json.loads(text) for text in (options.folder / "truth.jsonl").open(encoding="utf-8")]
    if options.export:
        exported = [json.loads(text) for text in options.export.open(encoding="utf-8")]
    else:
        exported, kinds, milliseconds = extract_offline(options.folder, general=options.general)
        print(
            f"{sum(kinds.values())} pages, {milliseconds:.2f} CPU ms each: "
            + ", ".join(f"{name} {count}" for name, count in kinds.most_common())
        )
    score = compare(truth, exported)
    missed = 0
    for bar, (limit, sense) in BARS.items():
        if not score.tries[bar]:
            print(f"     -       {bar}: nothing to compare")
            continue
        share = score.hits[bar] / score.tries[bar]
        good = share >= limit if sense == ">=" else share <= limit
        missed += not good
        print(
            f"{'ok  ' if good else 'MISS'} {share:8.2%} {bar} ({sense} {limit:.0%}; {score.hits[bar]} of {score.tries[bar]})"
        )
        for example in score.misses.get(bar, [])[: 0 if good and options.misses < 4 else options.misses]:
            print(f"    {example}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
