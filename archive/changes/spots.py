"""Spots of an edit: each place that was changed with its kind, so that a reader is told how many there are and which is the largest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.changes.kinds import KINDS, Edit, FieldDiff, Kind, kinds_of_words, replacements
from archive.changes.word_diff import ParagraphDiff, Run

_OF_FIELD: dict[str, Kind] = {"title": "title", "published": "dates", "attachments": "attachment", "byline": "names"}


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that was changed: the gravest of its kinds, the words that were cut, the words that were added."""

    kind: Kind
    before: str
    after: str
    field: str | None = None
    """The field it stands in; ``None`` for the text."""

    @property
    def size(self) -> int:
        """Characters cut and added."""
        return len(self.before) + len(self.after)


def spots_of(edit: Edit) -> list[Spot]:
    """Every spot of an edit, the fields before the text. A paragraph put in, cut or moved is one spot."""
    found = [spot for told in edit.fields for spot in _of_field(told)]
    if "whole text" in edit.kinds:
        runs = [run for one in edit.paragraphs for run in one.runs]
        return [*found, Spot("whole text", _joined(runs, "removed"), _joined(runs, "added"))]
    return found + [spot for one in edit.paragraphs for spot in _of_paragraph(one)]


def counted(spots: Sequence[Spot]) -> list[tuple[Kind, int]]:
    """How many spots there are of each kind, the gravest kind first."""
    numbers = Counter(spot.kind for spot in spots)
    return [(kind, numbers[kind]) for kind in KINDS if numbers[kind]]


def largest(spots: Sequence[Spot]) -> Spot | None:
    """The spot a list shows: of the gravest kind the one with most characters; spelling only where there is nothing else."""
    grave = [spot for spot in spots if spot.kind != "spelling"] or list(spots)
    return max(grave, key=lambda spot: (-KINDS.index(spot.kind), spot.size), default=None)


def is_spelling(spots: Sequence[Spot]) -> bool:
    """Whether accents, marks, spaces and slips are all that was changed."""
    return bool(spots) and all(spot.kind == "spelling" for spot in spots)


def _of_field(told: FieldDiff) -> Iterator[Spot]:
    kind = _OF_FIELD.get(told.field)
    if kind == "attachment":
        yield Spot(kind, _joined(told.runs, "removed"), _joined(told.runs, "added"), told.field)
        return
    for spot in _of_runs(told.runs):
        yield Spot(kind or spot.kind, spot.before, spot.after, told.field)


def _of_paragraph(one: ParagraphDiff) -> Iterator[Spot]:
    if one.fate == "added":
        yield Spot("wording", "", _joined(one.runs, "added"))
    elif one.fate == "removed":
        yield Spot("wording", _joined(one.runs, "removed"), "")
    else:
        if one.fate == "moved":
            yield Spot("wording", "", "")
        yield from _of_runs(one.runs)


def _of_runs(runs: Sequence[Run]) -> Iterator[Spot]:
    for replaced in replacements(runs):
        kinds = set(kinds_of_words(replaced))
        kind = next((kind for kind in KINDS if kind in kinds), None)
        if kind is not None:
            yield Spot(kind, replaced.old.strip(), replaced.new.strip())


def _joined(runs: Sequence[Run], op: str) -> str:
    return " … ".join(text for run in runs if run.op == op and (text := run.text.strip()))
