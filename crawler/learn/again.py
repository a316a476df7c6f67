"""Reading a portal's pages again from WARC by its themes: no request, no revision, ids and addresses stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from archive.model import Article, Capture
from archive.store import Store
from crawler.cms.family import Selectors
from crawler.cms.learnt import LearntTheme
from crawler.extract import Reading, read
from crawler.learn.archived import held_page, read_from, without_article
from crawler.page.page import Page

FIELDS = ("title", "published", "lead", "text", "section", "byline", "tags", "captions", "attachments", "views")
SAMPLES = 3
BATCH = 50
T = TypeVar("T")


Around = Callable[[str], AbstractContextManager[bool]]
"""Entered around the reading of a page with its address; gives whether it is read."""


def _nothing_around(url: str) -> AbstractContextManager[bool]:
    return nullcontext(True)


@dataclass(slots=True)
class Changes:
    """What reading again changes: how many articles by field, with samples; what is an article now and was none before."""

    read: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    """By field: address, what stood, what is read now."""
    found: list[tuple[str, str, int | None]] = field(default_factory=list)
    """Articles that were taken for something else: record id, address, and the id given."""
    left: int = 0
    """Articles that were not read again, for there are more than were asked for."""
    no_longer: list[tuple[str, str]] = field(default_factory=list)
    """Addresses kept as articles that are read as something else now, and as what. They stay as they are."""
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    """Lists, of documents too, that had been taken for articles, and are none any more: record id, address."""


def read_again(
    store: Store,
    warc: Path,
    portal: str,
    themes: Sequence[LearntTheme],
    own: Selectors | None = None,
    *,
    dry: bool = False,
    most: int | None = None,
    around: Around = _nothing_around,
) -> Changes:
    """Read the pages of a portal again that its archive holds; with ``dry`` nothing is written.

    ``most`` articles and as many other pages are read at most, all when it is ``None``; ``changes.left`` says how many
    were not. ``around`` is entered around the reading of each page, with its address, and says whether to read it.
    """
    changes = Changes()
    held = read_from(store.conn, portal)
    readings = _readings(store, warc, islice(held, most), themes, own, around)
    for some in _batches(readings):
        with nullcontext() if dry else store.batch():
            for identifier, capture, reading in some:
                _keep(changes, store, identifier, capture, reading, withdraws=bool(themes), dry=dry)
    changes.left = sum(1 for _ in held)
    for found in _batches(_newly(store, warc, portal, themes, own, most, around)):
        with nullcontext() if dry else store.batch():
            for capture, article in found:
                saved = None if dry else store.save_article(article, capture, portal)
                changes.found.append((capture.record_id, capture.url, saved.id if saved is not None else None))
    return changes


def _readings(
    store: Store,
    warc: Path,
    held: Iterable[tuple[int, Capture]],
    themes: Sequence[LearntTheme],
    own: Selectors | None,
    around: Around,
) -> Iterator[tuple[int, Capture, Reading]]:
    for identifier, capture in held:
        with around(capture.url) as wanted:
            reading = _read(store, warc, capture, themes, own) if wanted else None
        if reading is not None:
            yield identifier, capture, reading


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    """What was read, so much at a time as is written at once: nothing is read while the database is locked."""
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some


def _keep(
    changes: Changes, store: Store, identifier: int, capture: Capture, reading: Reading, *, withdraws: bool, dry: bool
) -> None:
    changes.read += 1
    if withdraws and reading.kind in ("listing", "law_list") and (dry or store.withdraw(identifier)):
        changes.withdrawn.append((capture.record_id, capture.url))
    elif reading.article is None:
        changes.no_longer.append((capture.url, f"{reading.kind}: {reading.reason}"))
    elif _compare(changes, store.load(identifier), store.as_kept(reading.article)) and not dry:
        store.read_again(identifier, reading.article)


def _newly(
    store: Store,
    warc: Path,
    portal: str,
    themes: Sequence[LearntTheme],
    own: Selectors | None,
    most: int | None,
    around: Around,
) -> Iterator[tuple[Capture, Article]]:
    """Pages taken for something else that bear a theme of the portal's articles, by which they are articles."""
    for capture in without_article(store.conn, portal)[:most]:
        with around(capture.url) as wanted:
            reading = _read(store, warc, capture, themes, own) if wanted else None
        if reading is not None and reading.article is not None and reading.by_theme:
            yield capture, reading.article


def _read(
    store: Store, warc: Path, capture: Capture, themes: Sequence[LearntTheme], own: Selectors | None
) -> Reading | None:
    held = held_page(store.conn, warc, capture)
    if held is None:
        return None
    page = Page.parse(held.body, held.url, content_type=held.content_type, fetched_at=held.fetched_at)
    return read(page, own, themes)


def _compare(changes: Changes, before: Article | None, now: Article) -> bool:
    """Count what differs; whether anything does, if only the way it was read."""
    if before is None:
        return False
    differs = [name for name in FIELDS if _told(getattr(before, name)) != _told(getattr(now, name))]
    changes.changed += bool(differs)
    for name in differs:
        changes.fields[name] += 1
        samples = changes.samples.setdefault(name, [])
        if len(samples) < SAMPLES:
            samples.append((now.url, _told(getattr(before, name)), _told(getattr(now, name))))
    return bool(differs) or before.extractor != now.extractor


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " · ".join(item if isinstance(item, str) else item.name or item.url for item in value)
    return str(getattr(value, "value", value))
