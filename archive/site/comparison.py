"""Two versions of an article side by side or inline: what a reader is shown of their differences, ready for a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.changes.kinds import Edit, Kind, edit_between
from archive.changes.spots import Spot, counted, spots_of
from archive.changes.word_diff import Run
from archive.model import Article
from archive.site.shown import LIST_ITEMS

MOST_PARAGRAPHS = 1_000
MOST_CHARS = 120_000
"""What of a text is compared: comparing takes more than its length, and a portal may print megabytes."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or field as shown. ``spot`` is its number among the changed ones, ``None`` for what stayed."""

    name: str | None
    """The field; ``None`` for a paragraph of the text."""
    fate: str
    runs: tuple[Run, ...]
    before: int | None
    after: int | None
    """The paragraph's numbers in both versions, from 1; ``None`` where it is not in that one."""
    spot: int | None

    @property
    def older(self) -> tuple[Run, ...]:
        """What stood in the older version."""
        return tuple(run for run in self.runs if run.op != "added")

    @property
    def newer(self) -> tuple[Run, ...]:
        """What stands in the newer one."""
        return tuple(run for run in self.runs if run.op != "removed")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions: the blocks in reading order, those that stayed in a row as one list."""

    groups: tuple[tuple[Block, ...], ...]
    spots: tuple[Spot, ...]
    kinds: tuple[tuple[Kind, int], ...]
    changed: int
    """How many blocks were changed."""
    is_cut: bool
    """Whether more was there than is compared."""
    same_rules: bool


def compare(before: Article, after: Article) -> Comparison:
    """The differences of two versions, the older one first."""
    (older, cut), (newer, also) = _bounded(before), _bounded(after)
    edit = edit_between(older, newer)
    spots = spots_of(edit)
    blocks = list(_numbered(_blocks(edit, older, newer)))
    return Comparison(
        tuple(_grouped(blocks)), tuple(spots), tuple(counted(spots)),
        sum(block.spot is not None for block in blocks), cut or also, before.extractor == after.extractor,
    )  # fmt: skip


def _bounded(article: Article) -> tuple[Article, bool]:
    text = "\n\n".join(article.paragraphs[:MOST_PARAGRAPHS])[:MOST_CHARS]
    lead, title = (article.lead or "")[:MOST_CHARS] or None, (article.title or "")[:5_000] or None
    lists = {name: getattr(article, name)[:LIST_ITEMS] for name in ("captions", "tags", "attachments")}
    bounded = replace(article, text=text, lead=lead, title=title, **lists)
    return bounded, bounded != article


def _blocks(edit: Edit, older: Article, newer: Article) -> Iterator[Block]:
    for told in edit.fields:
        yield Block(told.field, "changed", told.runs, None, None, None)
    if not edit.paragraphs:
        for at, text in enumerate(newer.paragraphs):
            yield Block(None, "kept", (Run("kept", text),), at + 1, at + 1, None)
        return
    led = (bool(older.lead), bool(newer.lead))  # the lead is compared as a paragraph, and bears no number
    for one in edit.paragraphs:
        yield Block(None, one.fate, one.runs, _place(one.before, led[0]), _place(one.after, led[1]), None)


def _place(at: int | None, has_lead: bool) -> int | None:
    return None if at is None else at + (0 if has_lead else 1)


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    spot = 0
    for block in blocks:
        if block.fate == "kept":
            yield block
            continue
        spot += 1
        yield replace(block, spot=spot)


def _grouped(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Each changed block alone, those between them together."""
    kept: list[Block] = []
    for block in blocks:
        if block.spot is None:
            kept.append(block)
            continue
        if kept:
            yield tuple(kept)
            kept = []
        yield (block,)
    if kept:
        yield tuple(kept)
