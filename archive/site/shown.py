"""What of an article one page shows: long texts in parts, fields cut to a length that a page can bear.

A portal may print a title of a megabyte or an article of 70,000 paragraphs (8 MB of page and 1.6 s of the event loop for
each reader). The archive keeps it whole: the export, the JSON and the capture give all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from archive.model import Article
from archive.queries.full_text.extracts import shorten

PART_CHARS = 60_000
PART_PARAGRAPHS = 500
PARAGRAPH_CHARS = 20_000
FIELD_CHARS = 500
LEAD_CHARS = 5_000
LIST_ITEMS = 300


@dataclass(slots=True)
class Part:
    """One part of an article: the article with its fields as shown, its paragraphs with their numbers in the whole."""

    article: Article
    paragraphs: list[tuple[int, str]]
    number: int
    of: int


def part_of(article: Article, asked: str | None = None) -> Part:
    """The part that was asked for (from 1); the first or the last where there is none of that number."""
    parts = _parts(article.paragraphs)
    number = (
        min(max(int(asked), 1), len(parts)) if asked and asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    )
    return Part(_bounded(article), parts[number - 1], number, len(parts))


def _parts(paragraphs: list[str]) -> list[list[tuple[int, str]]]:
    parts: list[list[tuple[int, str]]] = [[]]
    chars = 0
    for number, paragraph in enumerate(paragraphs, start=1):
        pieces = [paragraph[at : at + PARAGRAPH_CHARS] for at in range(0, len(paragraph), PARAGRAPH_CHARS)] or [""]
        for piece in pieces:
            if parts[-1] and (chars + len(piece) > PART_CHARS or len(parts[-1]) >= PART_PARAGRAPHS):
                parts.append([])
                chars = 0
            parts[-1].append((number, piece))
            chars += len(piece)
    return parts


def _bounded(article: Article) -> Article:
    """The article with every field but its text cut to what a page shows; itself where nothing is long."""
    cut: dict[str, Any] = {
        name: shorten(value, FIELD_CHARS)
        for name in ("title", "section", "byline", "author", "source", "url", "extractor")
        if (value := getattr(article, name)) is not None and len(value) > FIELD_CHARS
    }
    if article.lead is not None and len(article.lead) > LEAD_CHARS:
        cut["lead"] = shorten(article.lead, LEAD_CHARS)
    for name in ("captions", "tags", "documents", "notes"):
        values = getattr(article, name)
        if len(values) > LIST_ITEMS or any(len(value) > LEAD_CHARS for value in values):
            cut[name] = [shorten(value, LEAD_CHARS) for value in values[:LIST_ITEMS]]
    for name in ("images", "attachments"):
        if len(getattr(article, name)) > LIST_ITEMS:
            cut[name] = getattr(article, name)[:LIST_ITEMS]
    if len(article.removed) > LIST_ITEMS or any(len(piece.text) > LEAD_CHARS for piece in article.removed):
        cut["removed"] = [
            replace(piece, text=shorten(piece.text, LEAD_CHARS)) for piece in article.removed[:LIST_ITEMS]
        ]
    return replace(article, **cut) if cut else article
