"""Two databases of one archive held against each other: in which tables and fields they differ, in how many rows, with samples."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEYS = {
    "unit": ("id",),
    "portal": ("name",),
    "section": ("name",),
    "capture": ("record_id",),
    "file": ("url",),
    "article_id": ("url_key",),
    "article": ("id",),
    "body": ("article",),
    "image": ("article", "position"),
    "attachment": ("article", "position"),
    "removed": ("article", "position"),
    "revision": ("article", "number"),
    "portal_month": ("portal", "month", "section"),
    "run": ("id",),
    "portal_link": ("old", "new"),
    "health": ("portal",),
    "observation": ("capture",),
    "file_revision": ("url", "sha256"),
    "mending": ("capture",),
    "theme_check": ("portal",),
    "journal": ("seq",),
    "suspended": ("article",),
    "suspended_address": ("key",),
    "suspended_capture": ("record_id",),
    "redo": ("series",),
    "masking": ("is_on",),
    "import_file": ("file",),
    "article_facet": ("article",),
    "change_seen": ("article", "at", "what", "pair"),
    "change_due": ("article",),
    "citation": ("number", "article"),
    "document": ("number",),
    "portal_year": ("portal", "year"),
    "correction": ("article", "field"),
    "corrected": ("article",),
}
"""Every table of the archive's own with what tells its rows apart. The search index is made of these."""

NUMBERED = {"change_seen": "id"}
"""Columns that only number the rows as they were made; nothing outside refers to them."""

SAMPLES = 3
LONGEST = 100


@dataclass(slots=True)
class Differs:
    """How one table differs: rows only one of the two has, and rows of both that differ in a field."""

    table: str
    only_old: int = 0
    only_new: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    samples: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.only_old or self.only_new or self.fields)

    def lines(self) -> Iterator[str]:
        """What a person is told."""
        told = [
            f"{self.only_old:,} only in the old file" if self.only_old else "",
            f"{self.only_new:,} only in the new one" if self.only_new else "",
            *(f"{name} differs in {count:,}" for name, count in self.fields.items()),
        ]
        yield f"{self.table}: {'; '.join(filter(None, told))}"
        yield from (f"    {sample}" for sample in self.samples)


def compare(old: Path, new: Path) -> list[Differs]:
    """The tables in which two databases differ; none where they are identical."""
    conn = sqlite3.connect(f"{new.resolve().as_uri()}?mode=ro", uri=True)
    try:
        conn.execute("ATTACH ? AS old", (f"{old.resolve().as_uri()}?mode=ro",))
        return [found for table, key in KEYS.items() if (found := _table(conn, table, key))]
    finally:
        conn.close()


def _table(conn: sqlite3.Connection, table: str, key: tuple[str, ...]) -> Differs:
    found = Differs(table)
    for side, other in (("old", "main"), ("main", "old")):
        missing = f"FROM {side}.{table} AS a WHERE NOT EXISTS (SELECT 1 FROM {other}.{table} AS b WHERE {_same(key)})"
        count = conn.execute(f"SELECT count(*) {missing}").fetchone()[0]
        if not count:
            continue
        setattr(found, "only_old" if side == "old" else "only_new", count)
        for row in conn.execute(f"SELECT * {missing} LIMIT {SAMPLES}"):
            found.samples.append(f"only {'old' if side == 'old' else 'new'}  {_shown(row)}")
    left_out = (*key, NUMBERED.get(table))
    info = conn.execute(f"SELECT * FROM pragma_table_info('{table}')")
    columns = [name for _, name, *_ in info if name not in left_out]
    pairs = f"FROM old.{table} AS a JOIN main.{table} AS b ON {_same(key)}"
    if columns:
        sums = conn.execute(
            f"SELECT {', '.join(f'total(a.{_q(one)} IS NOT b.{_q(one)})' for one in columns)} {pairs}"
        ).fetchone()
        found.fields = {name: int(count) for name, count in zip(columns, sums, strict=True) if count}
    names = ", ".join(f"a.{_q(one)}" for one in key)
    for name in found.fields:
        for *keys, before, after in conn.execute(
            f"SELECT {names}, a.{_q(name)}, b.{_q(name)} {pairs} WHERE a.{_q(name)} IS NOT b.{_q(name)} LIMIT {SAMPLES}"
        ):
            found.samples.append(f"{_shown(keys)}  {name}: was {_shown([before])}, is {_shown([after])}")
    return found


def _same(key: tuple[str, ...]) -> str:
    return " AND ".join(f"a.{_q(one)} = b.{_q(one)}" for one in key)


def _q(name: str) -> str:
    return f'"{name}"'


def _shown(values: object) -> str:
    told = " ".join(" ".join(str(value).split()) for value in values)  # type: ignore[attr-defined]
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"
