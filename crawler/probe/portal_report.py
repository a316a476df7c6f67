"""A portal that is read wrong as a file: sample pages worst first, each a misreading, with theme, settings and versions.

A zip: ``portal.json``, ``theme.toml`` where the portal has a learnt theme, and a folder ``pages/N/`` for each sample with the
parts that a report of one page has. Of the settings only those are in it that say what is read and how (:data:`TOLD`): no
contact, proxy, alert, hour or folder. Pages whose private numbers the archive masks stay out, as do suspended articles.
"""

from __future__ import annotations

import json
import platform
import sqlite3
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from archive.queries.doubts import doubts
from archive.queries.records import rows
from archive.text.numbers.private_numbers import NOTE
from crawler.errors import UserError
from crawler.probe import misreading
from crawler.probe.misreading import LARGEST, THEME, Misreading
from crawler.probe.redaction import without_secrets

PORTAL = "portal.json"
FORMAT = 1
MOST = 50
"""Sample pages of one report that are written or read."""
TOLD = (
    "url",
    "family",
    "include",
    "lift",
    "exclude",
    "feeds",
    "sitemaps",
    "sections",
    "neighbours",
    "selectors",
    "floors",
)
"""Keys of a portal's table that a report holds."""
COUNTED = ("title", "lead", "section", "byline", "published", "images", "attachments")
USUAL = 0.5
"""The share of a portal's articles from which on a field is missed where it is empty: not every portal prints a byline."""


@dataclass(slots=True)
class Sample:
    """An article for a report, with what makes it one: codes of doubts, and fields empty that others have."""

    article: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class PortalReport:
    """What a report of a portal says; ``fill`` is by field the share of its articles that have it."""

    name: str
    version: str
    articles: int
    fill: dict[str, float]
    doubts: dict[str, int]
    settings: dict[str, Any]
    masked: int = 0
    """Articles that were left out because private numbers are masked in them."""
    python: str = field(default_factory=platform.python_version)
    theme: str = ""
    pages: list[Misreading] = field(default_factory=list)
    faults: list[list[str]] = field(default_factory=list)
    """Of each page what made it a sample; empty for one that was taken beside them for comparison."""


def survey(
    conn: sqlite3.Connection, portal: str, version: str, entry: Mapping[str, Any]
) -> tuple[PortalReport, list[Sample]]:
    """What is to be told of a portal, without pages, and its articles as samples: worst first, of each kind of fault one
    before the second of any. ``entry`` is the portal's table in ``tinhuyen.toml``."""
    found = list(_filled(conn, portal))
    total = len(found)
    fill = {name: sum(bool(row[name]) for row in found) / total if total else 0.0 for name in COUNTED}
    doubted: dict[int, list[str]] = defaultdict(list)
    for one in doubts(conn, portal):
        doubted[one.article] += [f"{one.field}: {code}" for code in one.why]
    missed = [name for name in COUNTED if USUAL <= fill[name] < 1]
    samples, masked = [], 0
    for row in found:
        if NOTE in row["notes"]:
            masked += 1
            continue
        said = {code.partition(":")[0] for code in doubted[row["id"]]}  # that there is no date is said already
        empty = [f"{name}: empty" for name in missed if not row[name] and name not in said]
        samples.append(Sample(row["id"], tuple(sorted({*doubted[row["id"]], *empty}))))
    counts = Counter(code for codes in doubted.values() for code in codes)
    told = PortalReport(
        portal, version, total, {k: round(v, 3) for k, v in fill.items()}, dict(counts), _told(entry), masked
    )
    return told, _worst_first(samples)


def _filled(conn: sqlite3.Connection, portal: str) -> Iterator[dict[str, Any]]:
    return rows(
        conn,
        """SELECT article.id AS id, article.title AS title, lead, section, byline, published, notes,
               EXISTS (SELECT 1 FROM image WHERE image.article = article.id) AS images,
               EXISTS (SELECT 1 FROM attachment WHERE attachment.article = article.id) AS attachments
           FROM article JOIN body ON body.article = article.id JOIN portal ON portal.id = article.portal
           WHERE portal.name = ? ORDER BY article.id DESC""",
        (portal,),
    )


def _worst_first(samples: list[Sample]) -> list[Sample]:
    """By faults, most first; articles with the same faults take turns with the others, so that few pages tell much."""
    kinds: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for one in samples:
        kinds[one.faults].append(one)
    whole = kinds.pop((), [])
    ordered = sorted(kinds.values(), key=lambda same: (-len(same[0].faults), -len(same)))
    turns = [one for turn in zip_longest(*ordered) for one in turn if one is not None]
    return turns + whole


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: without_secrets(entry[name]) for name in TOLD if name in entry}


def gather(told: PortalReport, samples: list[Sample], wanted: int, read: Callable[[int], Misreading]) -> None:
    """Put ``wanted`` sample pages into a report; ``read`` gives that of an article and raises :class:`UserError` for one whose
    capture cannot be read, which is left out."""
    for sample in samples:
        if len(told.pages) == min(wanted, MOST):
            return
        try:
            page = read(sample.article)
        except UserError:
            continue
        told.theme = told.theme or page.theme
        told.pages.append(page)
        told.faults.append(list(sample.faults))


def write(told: PortalReport, path: Path) -> None:
    """Write a report of a portal. Raises :class:`UserError` where it cannot be written."""
    about = {"format": FORMAT, **{name: getattr(told, name) for name in _TOLD_FIELDS}}
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(PORTAL, json.dumps(about, ensure_ascii=False, indent=2, default=str))
            if told.theme:
                out.writestr(THEME, told.theme)
            for number, page in enumerate(told.pages, 1):
                misreading.write_into(out, page, f"pages/{number}/", theme=False)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from error


_TOLD_FIELDS = ("name", "version", "python", "articles", "fill", "doubts", "masked", "settings", "faults")


def is_portal_report(path: Path) -> bool:
    """Whether a file is a report of a portal, and not of one page or something else."""
    try:
        with zipfile.ZipFile(path) as held:
            return PORTAL in held.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def load(path: Path) -> PortalReport:
    """A report of a portal as it was written. Raises :class:`UserError` for what is none."""
    try:
        with zipfile.ZipFile(path) as held:
            about = json.loads(misreading.part_of(held, PORTAL))
            if about.pop("format") != FORMAT:
                raise UserError(f"{path} is a report of a newer version: install that one")
            theme = misreading.part_of(held, THEME).decode()
            found = PortalReport(**about, theme=theme)
            if len(found.faults) > MOST:
                raise ValueError(f"more than {MOST} pages")
            size = 0
            for number in range(1, len(found.faults) + 1):
                page = misreading.read_from(held, path, f"pages/{number}/", theme)
                size += len(page.body) + len(page.record)
                if size > 5 * LARGEST:
                    raise ValueError(f"its pages are larger than {5 * LARGEST:,} bytes")
                found.pages.append(page)
        return found
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"{path} is no report made by  tinhuyen report: {error}") from error
