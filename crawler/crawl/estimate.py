"""What a first crawl of a portal will cost: pages, hours at the polite rate, megabytes, estimated from a small sample.

The sample is a real, polite crawl of a few dozen requests into a folder that is thrown away: home page, robots.txt,
feeds, sitemaps, a few articles and list pages. Where a pager names its last page, that is taken at its word.
"""

from __future__ import annotations

import math
import re
import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.model import Portal
from archive.text.plurals import counted
from crawler.addresses.traps import series
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.nearby import CONFIG_NAME
from crawler.ledger.forms import parts_of

SAMPLE = 40
"""Requests a sample takes: about as many seconds."""

UNCHANGED = 1_600
"""Bytes in the WARC files of an exchange that brought nothing new: request, revisit and metadata records."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a portal is estimated to hold."""

    articles: int
    lists: int
    files: int
    named_by_sitemap: int


@dataclass(frozen=True, slots=True)
class Effort:
    """What a crawl is estimated to take. ``bytes`` are those of the WARC files, compressed."""

    requests: int
    hours: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate for one portal. ``delay`` is in seconds, ``sampled`` in requests."""

    portal: str
    url: str
    holdings: Holdings
    first: Effort
    """Of its first crawl."""
    deep: Effort
    """Of a deep look, by default once a month: every article, list and attachment is asked for again."""
    delay: float
    sampled: int
    reached: bool
    """False when the home page did not answer: there is nothing to estimate from."""
    why: str
    conditional: bool
    """Whether the server gives most articles an ETag or a date, so that it can answer that nothing has changed."""

    def as_dict(self) -> dict[str, Any]:
        """The estimate as JSON has it: names of the deep look begin with ``deep_``."""
        deep = {f"deep_{name}": value for name, value in asdict(self.deep).items()}
        told = {name: getattr(self, name) for name in ("delay", "sampled", "reached", "why", "conditional")}
        return {"portal": self.portal, "url": self.url, **asdict(self.holdings), **asdict(self.first), **told, **deep}

    def lines(self) -> list[str]:
        if not self.reached:
            return [f"{self.portal}: no plan: {self.why}"]
        return [
            f"{self.portal}  {self.url}",
            f"  articles  about {_round(self.holdings.articles):,}  ({self.why})",
            f"  lists     about {_round(self.holdings.lists):,} pages",
            f"  files     about {_round(self.holdings.files):,}, attachments, pictures and styles",
            f"  time      about {_duration(self.first.hours)} at one request every {self.delay:g} s",
            f"  room      about {max(1, round(self.first.bytes / 1e6)):,} MB of WARC files",
            f"  deep look about {_round(self.deep.requests):,} requests, {_duration(self.deep.hours)}, "
            f"{max(1, round(self.deep.bytes / 1e6)):,} MB; by default once a month",
            *(
                []
                if self.conditional
                else ["            (its server does not say what has not changed: pages come whole)"]
            ),
            f"  from a sample of {counted(self.sampled, 'request')}",
        ]


def sample_folder(archive: ArchiveFolder, portal: Portal) -> ArchiveFolder:
    """A folder for the sample, with the archive's settings and this portal alone. Remove it with :func:`forget`."""
    path = Path(tempfile.mkdtemp(prefix="tinhuyen-plan-"))
    shutil.copy(archive.config_path, path / CONFIG_NAME)
    folder = ArchiveFolder(path)
    for name in [name for name in folder.config().portals if name != portal.name]:
        folder.remove_portal(name)
    return folder


def forget(folder: ArchiveFolder) -> None:
    shutil.rmtree(folder.path, ignore_errors=True)


def estimate(folder: ArchiveFolder, portal: Portal, delay: float) -> Plan:
    """Read the estimate off the ledger and captures of a sample. ``delay`` is in seconds; robots.txt may ask for more."""
    ledger = sqlite3.connect(folder.ledger)
    ledger.row_factory = sqlite3.Row
    rows = ledger.execute("SELECT * FROM page").fetchall()
    asked = ledger.execute("SELECT max(crawl_delay) FROM host").fetchone()[0]
    ledger.close()
    sizes = _sizes(folder)
    home = next((row for row in rows if row["role"] == "home"), None)
    reached = home is not None and home["state"] == "listed"
    visited = [row for row in rows if row["visited_at"]]
    lengths = _lists(rows)
    lists = sum(lengths.values())
    articles, why, sitemap = _articles(rows, lengths)
    read = sum(row["state"] in ("stored", "unchanged") for row in visited)
    files = _files(rows, articles, read)
    every = max(delay, asked or 0.0)
    requests = articles + lists + files + 3
    size = articles * sizes["article"] + lists * sizes["list"] + files * sizes["file"]
    attachments = _attachments(rows, articles, read)
    deep = articles + lists + attachments + 3
    validators = [
        bool(row["etag"] or row["last_modified"]) for row in visited if row["state"] in ("stored", "unchanged")
    ]
    conditional = sum(validators) > len(validators) / 2
    again = UNCHANGED if conditional else sizes["article"]
    again_bytes = articles * again + lists * sizes["list"] + attachments * UNCHANGED
    return Plan(
        portal.name,
        portal.url,
        Holdings(articles, lists, files, sitemap),
        Effort(requests, requests * every / 3600, int(size)),
        Effort(deep, deep * every / 3600, int(again_bytes)),
        every,
        len(visited) + 1,
        reached,
        why if reached else (home["reason"] if home and home["reason"] else "the home page was not reached"),
        conditional,
    )


def _lists(rows: list[sqlite3.Row]) -> dict[str, int]:
    """The lists with their pages: one that is no numbered page has one, a numbered series as many as its pager names."""
    numbers: dict[str, set[int]] = defaultdict(set)
    single = []
    for row in rows:
        if row["role"] not in ("listing", "home") and row["kind"] != "listing":
            continue
        if row["state"] == "skipped":
            continue
        if row["form"] is not None:
            numbers[series(row["found_on"]) or row["found_on"]].update((1, parts_of(row["form"])[0]))
            continue
        run = series(row["url"])
        if run is None:
            single.append(row["url"])
        else:
            numbers[run].update(_varying(row["url"], run))
    return dict.fromkeys(single, 1) | {run: _length(found) for run, found in numbers.items()}


def _varying(url: str, run: str) -> list[int]:
    """The numbers of ``url`` that stand where its series has a gap."""
    pattern = re.escape(run).replace(re.escape("#"), r"(\d+)")
    match = re.fullmatch(pattern, url)
    return [int(group) for group in match.groups()] if match else [int(n) for n in _NUMBER.findall(url)[-1:]]


def _length(numbers: set[int]) -> int:
    """How many pages a series has by the numbers seen: they count pages, or entries by a constant step."""
    above = sorted(number for number in numbers if number > 0)
    if not above:
        return 1
    step = math.gcd(*above)
    return above[-1] // step + (1 if step > 1 else 0)


def _articles(rows: list[sqlite3.Row], lengths: dict[str, int]) -> tuple[int, str, int]:
    """(articles, by what they were counted, addresses the sitemaps name).

    Each list is drawn out to its own length by what its pages read had that no list before them had: sections that
    list the same articles are counted once.
    """
    expected = sum(row["role"] == "article" and row["state"] != "skipped" for row in rows)
    sitemap = sum(row["method"] == "sitemap" and row["role"] not in ("sitemap", "listing") for row in rows)
    read_lists = {
        row["url"] for row in rows if row["state"] == "listed" and row["kind"] == "listing" and row["role"] != "home"
    }
    pages_read = Counter(series(url) or url for url in read_lists)
    pages_read.update(
        series(row["found_on"]) or row["found_on"] for row in rows if row["form"] and row["state"] == "listed"
    )
    had = Counter(
        series(row["found_on"]) or row["found_on"]
        for row in rows
        if row["found_on"] in read_lists and row["role"] == "article" and row["state"] != "skipped"
    )
    usual = sum(had.values()) / len(read_lists) if read_lists else 0.0
    drawn_out = (
        (had[name] / pages_read[name] if pages_read[name] else usual) * length for name, length in lengths.items()
    )
    by_lists = round(sum(drawn_out))
    if sitemap >= max(by_lists, expected):
        return sitemap, "the sitemap names them", sitemap
    if by_lists > expected:
        return by_lists, f"{len(read_lists)} list pages read, {sum(lengths.values())} in all", sitemap
    return expected, "links seen so far", sitemap


def _files(rows: list[sqlite3.Row], articles: int, read: int) -> int:
    """Files in all: those of every page once, and those of the articles read, for as many articles as there are."""
    of_articles = sum(row["method"] in ("attachment", "image") and row["state"] != "skipped" for row in rows)
    shared = sum(
        row["role"] == "requisite" and row["method"] not in ("image",) and row["state"] != "skipped" for row in rows
    )
    return int(shared + (round(of_articles / read * articles) if read else of_articles))


def _attachments(rows: list[sqlite3.Row], articles: int, read: int) -> int:
    """Attachments in all, by those of the articles read: what a deep look asks for again."""
    seen = sum(row["method"] == "attachment" and row["state"] != "skipped" for row in rows)
    return round(seen / read * articles) if read else int(seen)


def _sizes(folder: ArchiveFolder) -> dict[str, float]:
    """Mean bytes of a capture in the WARC files, by kind; typical ones where the sample has none."""
    database = sqlite3.connect(folder.database)
    found = dict(database.execute("SELECT kind, avg(length) FROM capture WHERE status = 200 GROUP BY kind").fetchall())
    database.close()
    page = found.get("page") or found.get("article") or 12_000
    file = found.get("file") or found.get("requisite") or 60_000
    overhead = 1_200  # request and metadata records
    return {
        "article": (found.get("article") or page) + overhead,
        "list": (found.get("listing") or page) + overhead,
        "file": file + overhead,
    }


def _round(number: int) -> int:
    """Two digits that mean something: an estimate is no count."""
    if number < 100:
        return number
    scale = 10 ** (len(str(number)) - 2)
    return int(round(number / scale) * scale)


def _duration(hours: float) -> str:
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
