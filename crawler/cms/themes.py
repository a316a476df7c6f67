"""Which selectors read a page: those a portal sets for its own theme, the family's newest, its older ones in their time."""

from __future__ import annotations

from dataclasses import fields, replace

from crawler.cms.family import Family, Selectors

OVERRIDABLE = {
    "title": "title", "content": "body", "date": "published", "modified": "modified", "byline": "signature", "lead": "lead",
    "section": "section", "tags": "tags", "caption": "caption", "attachments": "attachments", "views": "views", "account": "account",
}  # fmt: skip
"""The names of ``[portals.x.selectors]`` in ``tinhuyen.toml`` and the fields they stand for."""


def merged(own: Selectors | None, family: Selectors) -> Selectors:
    """The family's selectors with a portal's own before them, field by field."""
    if own is None:
        return family
    set_ = {field.name: getattr(own, field.name) for field in fields(own) if getattr(own, field.name)}
    return replace(family, **{name: (*choice, *getattr(family, name)) for name, choice in set_.items()})


def themes_of(own: Selectors | None, family: Family, fetched_at: str | None) -> list[tuple[str, Selectors]]:
    """The ways to read a page by selectors, in order, each with the name a reading gives it.

    The current theme comes first; a dated one is left out for captures of another time. A portal's own selectors stand
    before those of every theme.
    """
    name = "selectors:own" if own is not None else "selectors"
    ways = [(name, merged(own, family.selectors))]
    dated = [theme for theme in family.themes if theme.holds_at(fetched_at)]
    return ways + [(f"selectors:{theme.name}", merged(own, theme.selectors)) for theme in dated]


def has_selectors(own: Selectors | None, family: Family) -> bool:
    """Whether there are selectors for the text of a page at all."""
    return bool(family.selectors.body or (own and own.body))
