"""Score the extraction of unknown pages beside trafilatura's, and other peers' saved results, on public sets.

    python benchmarks/extract_quality.py FOLDER                       # ours and trafilatura
    python benchmarks/extract_quality.py FOLDER --results RESULTS     # ... and the peers of RESULTS/*.jsonl
    python benchmarks/extract_quality.py FOLDER --half first          # every other page only: tune on one, confirm on the other

FOLDER holds a folder for each set with ``pages.jsonl`` (id, url, html: a gzip file beside it, and of the truth what is
known: text, with, without, title, date, author). A line of RESULTS has ds (the set), id, text, title, date, author and
cpu_ms. Exit code 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import measures
from report import Report, arguments

from crawler.extract import extract

Row = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """One column: which pages it counts, what it keeps of a page, and how it sums that up."""

    name: str
    applies: Callable[[Row], bool]
    of_page: Callable[[Row, Row], Any]
    of_all: Callable[[Sequence[Any]], float]


MEASURES = (
    Measure(
        "F1",
        lambda truth: bool(truth["text"]),
        lambda truth, said: measures.text_overlap(truth["text"], said["text"]),
        measures.mean_f1,
    ),
    Measure(
        "segments",
        lambda truth: bool(truth["with"] or truth["without"]),
        lambda truth, said: measures.segment_overlap(truth["with"], truth["without"], said["text"]),
        measures.pooled_f1,
    ),
    Measure(
        "title",
        lambda truth: bool(truth["title"]),
        lambda truth, said: measures.same_title(truth["title"], said["title"]),
        fmean,
    ),
    Measure(
        "date",
        lambda truth: bool(truth["date"]),
        lambda truth, said: measures.same_day(truth["date"], said["date"]),
        fmean,
    ),
    Measure(
        "author",
        lambda truth: bool(truth["author"]),
        lambda truth, said: measures.same_authors(truth["author"], said["author"]),
        fmean,
    ),
)
AHEAD = {"scrapinghub": "F1", "fundus": "F1", "wcxb_article": "F1", "trafilatura": "segments"}
"""The measure of each set in which ours must be ahead of every peer."""

FLOORS = {
    ("fundus", "title"): 0.87, ("wcxb_article", "title"): 0.87, ("trafilatura", "title"): 0.88, ("fundus", "date"): 0.98, ("wcxb_article", "date"): 0.90, ("trafilatura", "date"): 0.90,
    ("htmldate", "date"): 0.91, ("fundus", "author"): 0.87, ("wcxb_article", "author"): 0.81, ("trafilatura", "author"): 0.68,
}  # fmt: skip
CPU_MS = 40.0
SETS = ("scrapinghub", "fundus", "wcxb_article", "trafilatura", "htmldate")


def ours(html: bytes, url: str) -> Row:
    """Our article in the sets' words: the text is lead and paragraphs, without title and captions."""
    article = extract(html, url)
    text = "\n\n".join(part for part in (article.lead, article.text) if part)
    published = article.published.value[:10] if article.published else None
    return {"text": text, "title": article.title, "date": published, "author": article.author}


def trafilatura(html: bytes, url: str) -> Row:
    """Trafilatura with metadata and its defaults, comments left out."""
    from trafilatura import bare_extraction
    from trafilatura.utils import decode_file

    found = bare_extraction(decode_file(html), url=url, include_comments=False, with_metadata=True)
    if found is None:
        return dict.fromkeys(("text", "title", "date", "author"))
    return {"text": found.text, "title": found.title, "date": found.date, "author": found.author}


def timed(extractor: Callable[[bytes, str], Row], html: bytes, url: str) -> Row:
    started = time.process_time()
    said = extractor(html, url)
    said["cpu_ms"] = (time.process_time() - started) * 1000
    return said


def pages_of(folder: Path, half: str | None) -> list[Row]:
    """The pages of a set, in an order that says nothing of them; ``half`` keeps the ``first`` or ``second`` of each two."""
    rows = [json.loads(text) for text in (folder / "pages.jsonl").open(encoding="utf-8")]
    rows.sort(key=lambda row: hashlib.sha1(row["id"].encode()).hexdigest())
    return rows if half is None else rows[0 if half == "first" else 1 :: 2]


def peers_of(folder: Path | None) -> dict[str, dict[tuple[str, str], Row]]:
    """Saved results by peer, set and page; what a peer does not say is ``None``."""
    peers: dict[str, dict[tuple[str, str], Row]] = {}
    for file in sorted(folder.glob("*.jsonl")) if folder else []:
        rows = (json.loads(text) for text in file.open(encoding="utf-8"))
        nothing = dict.fromkeys(("text", "title", "date", "author", "cpu_ms"))
        peers[file.stem] = {(row["ds"], row["id"]): {**nothing, **row} for row in rows}
    return peers


def score_set(
    report: Report, name: str, truths: list[Row], said: dict[str, list[Row]], *, misses: int, keep: Path | None
) -> list[float]:
    """Print a set's table and bars; our CPU milliseconds for each of its pages."""
    print(f"{name}, {len(truths)} pages")
    used = [measure for measure in MEASURES if any(map(measure.applies, truths))]
    kept: dict[str, dict[str, list[Any]]] = {}
    for extractor, rows in said.items():
        kept[extractor] = {
            measure.name: [
                measure.of_page(truth, row) for truth, row in zip(truths, rows, strict=True) if measure.applies(truth)
            ]
            for measure in used
        }
    report.table(
        ["extractor", *(measure.name for measure in used), "CPU ms"],
        [
            [
                extractor,
                *(f"{measure.of_all(kept[extractor][measure.name]):.3f}" for measure in used),
                _median([row["cpu_ms"] for row in said[extractor]]),
            ]
            for extractor in said
        ],
    )
    for measure in used:
        own = kept["ours"][measure.name]
        value = measure.of_all(own)
        if (floor := FLOORS.get((name, measure.name))) is not None:
            report.bar(f"{name}, {measure.name}", round(value, 4), floor, at_least=True)
        others = {other: measure.of_all(columns[measure.name]) for other, columns in kept.items() if other != "ours"}
        best = max(others, key=lambda other: others[other], default=None)
        if best is not None and AHEAD.get(name) == measure.name:
            ahead, error = measures.difference_with_error(measure.of_all, own, kept[best][measure.name])
            report.bar(f"{name}, {measure.name} ahead of {best}", round(ahead, 4), 0.0, at_least=True)
            report.note(f"{name}, paired standard errors ahead", round(ahead / error, 2) if error else 0.0)
        if misses:
            _show_misses(measure, truths, said["ours"], misses)
    if keep is not None:
        lines = (
            json.dumps({"ds": name, "id": truth["id"], **row}, ensure_ascii=False)
            for truth, row in zip(truths, said["ours"], strict=True)
        )
        (keep / f"ours-{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print()
    return [row["cpu_ms"] for row in said["ours"]]


def _median(values: list[float | None]) -> float | str:
    known = [value for value in values if value is not None]
    return round(median(known), 1) if known else ""


def _show_misses(measure: Measure, truths: list[Row], rows: list[Row], most: int) -> None:
    judged = [(measure.of_page(t, r), t, r) for t, r in zip(truths, rows, strict=True) if measure.applies(t)]
    if measure.name in ("F1", "segments"):
        judged.sort(key=lambda item: item[0].f1)
        for overlap, truth, _ in judged[:most]:
            print(f"    {overlap.f1:.2f} {tuple(overlap)} {truth['id']} {truth['html']}")
        return
    for right, truth, row in judged:
        if not right and most:
            most -= 1
            print(f"    {truth['html']} {row[measure.name]!r} for {truth[measure.name]!r}")


def main() -> int:
    """Print a table for each set and a line for each bar; 1 if one is missed."""
    parser = arguments(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path, help="folder of peers' results, a .jsonl for each peer")
    parser.add_argument("--sets", default=",".join(SETS), help="which sets, by commas")
    parser.add_argument("--half", choices=("first", "second"), help="every other page only")
    parser.add_argument("--no-trafilatura", action="store_true", help="do not run trafilatura: its results are saved")
    parser.add_argument("--misses", type=int, default=0, help="show that many of our misses for each measure")
    parser.add_argument("--keep", type=Path, help="folder to write our own results to")
    options: argparse.Namespace = parser.parse_args()
    logging.disable(logging.CRITICAL)
    report = Report("extract_quality")
    peers = peers_of(options.results)
    costs: list[float] = []
    for name in options.sets.split(","):
        truths = pages_of(options.folder / name, options.half)
        running = {"ours": ours} | ({} if options.no_trafilatura else {"trafilatura": trafilatura})
        said: dict[str, list[Row]] = {extractor: [] for extractor in running}
        for truth in truths:
            html = gzip.decompress((options.folder / name / truth["html"]).read_bytes())
            for extractor, function in running.items():
                said[extractor].append(timed(function, html, truth["url"] or "http://example.com/"))
        for peer, rows in peers.items():
            if peer not in said and all((name, truth["id"]) in rows for truth in truths):
                said[peer] = [rows[name, truth["id"]] for truth in truths]
        costs += score_set(report, name, truths, said, misses=options.misses, keep=options.keep)
    report.bar("CPU ms a page with metadata, median", round(median(costs), 1), CPU_MS, at_least=False)
    return report.end(options.json)


if __name__ == "__main__":
    sys.exit(main())
