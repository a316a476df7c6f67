"""Judged queries against the search of an archive: is a right article first, is one in the first ten?

python benchmarks/search_quality.py QUERIES.tsv ARCHIVE

A line of QUERIES holds a kind, the query as typed, and the addresses of every right article, between tabs and blanks. Kinds
that begin with ``typo`` hold slips and have a bar of their own; lines that begin with ``#`` are remarks; a pasted address is right where it leads to its article.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections import Counter
from pathlib import Path

from archive.queries.full_text.known_address import is_address, known
from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import search

FIRST, IN_TEN, TYPOS = 0.90, 0.98, 0.85
"""Shares that must be right: first, among ten, and among ten for a query with a slip."""


def place_of(conn: sqlite3.Connection, asked: str, right: set[str]) -> int | None:
    """The place (from 1) of the first right article, None where it is not among ten."""
    if is_address(asked):
        found = [row["id"] for row in known(conn, asked).articles]
    else:
        found = [hit.id for hit in search(conn, Query(asked)).hits[:10]]
    for place, identifier in enumerate(found, start=1):
        if conn.execute("SELECT url FROM article WHERE id = ?", (identifier,)).fetchone()[0] in right:
            return place
    return None


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("queries", type=Path)
    arguments.add_argument("archive", type=Path)
    asked = arguments.parse_args()
    conn = sqlite3.connect(f"{(asked.archive / 'archive.db').resolve().as_uri()}?mode=ro", uri=True)
    first, ten, every, spent = Counter[str](), Counter[str](), Counter[str](), []
    lines = [line for line in asked.queries.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines:
        kind, query, right = line.split("\t")
        began = time.process_time()
        place = place_of(conn, query, set(right.split()))
        spent.append(1000 * (time.process_time() - began))
        every[kind] += 1
        first[kind] += place == 1
        ten[kind] += place is not None
        if place != 1:
            print(f"  {kind:12} {'not in ten' if place is None else f'place {place}'}: {query}")
    slips = [kind for kind in every if kind.startswith("typo")]
    others = [kind for kind in every if kind not in slips]
    for kind in every:
        print(f"{kind:12} {first[kind]:3} first, {ten[kind]:3} in ten of {every[kind]}")
    spent.sort()
    print(
        f"CPU a query: median {spent[len(spent) // 2]:.0f} ms, 95th percentile {spent[int(len(spent) * 0.95)]:.0f} ms"
    )
    bars = [
        ("first", _share(first, others, every), FIRST),
        ("in ten", _share(ten, others, every), IN_TEN),
        ("slips", _share(ten, slips, every), TYPOS),
    ]
    for name, share, bar in bars:
        print(f"{name:8} {share:.3f}, bar {bar:.2f}: {'ok' if share >= bar else 'MISSED'}")
    return int(any(share < bar for _, share, bar in bars))


def _share(right: Counter[str], kinds: list[str], every: Counter[str]) -> float:
    asked = sum(every[kind] for kind in kinds)
    return sum(right[kind] for kind in kinds) / asked if asked else 1.0


if __name__ == "__main__":
    sys.exit(main())
