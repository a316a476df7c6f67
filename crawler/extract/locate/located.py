"""What was located on a page: the parts of an article as nodes and texts, before they are cleaned."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from archive.model import Attachment, Image, Removed


@dataclass(slots=True)
class Located:
    """An article found on a page. ``way`` says how: ``selectors``, ``structure`` (a known family's odd theme), ``density``.

    ``markup`` and ``lead`` are HTML fragments still to be cleaned; ``published`` and ``modified`` hold printed dates by
    the name of their source; everything else is tidy.
    """

    way: str
    markup: str = ""
    lead: str = ""
    title: str | None = None
    title_node: LexborNode | None = None
    body_node: LexborNode | None = None
    places: dict[str, str] = field(default_factory=dict)
    """Of foreign pages: the kind of place of each paragraph (:mod:`crawler.extract.locate.paragraph_places`)."""
    captions: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    published: dict[str, str] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)
    section: str | None = None
    account: str | None = None
    signatures: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    views: int | None = None
    removed: list[Removed] = field(default_factory=list)
    dated_by_theme: bool = False
    """Whether a learnt theme says which source of its day to believe, or that there is none: then no other is asked."""
