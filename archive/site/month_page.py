"""The month of a portal: as one page to print (no script, no address of a style or a picture), and what its page of the site shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.changes.as_rows import words_apart
from archive.changes.portal_month import Month
from archive.site.words.speaker import Language, Speaker

MOST_PUBLISHED, MOST_CHANGES, SHORTER = 200, 60, 150
"""Rows of a page of the site, and characters of either side of an edit: it stays below 150 KB; a report of its own holds all."""


def month_page(month: Month, title: str, language: Language = "vi") -> str:
    """The report as HTML, which leads nowhere and holds all; ``title`` is the portal's own. What portals wrote stands in it as text."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("tinhuyen/month.html")
    return template.render(t=Speaker(language), link=None, **said_of(month, title))


def said_of(
    month: Month, title: str, most_published: int | None = None, most_changes: int | None = None
) -> dict[str, Any]:
    """What the template of a month is given; of long lists the beginning, where ``most`` is given. Dated articles come first."""
    published = sorted(month.published, key=lambda one: not one.dated)
    return {
        "month": month,
        "title": title,
        "words": words_apart if most_changes is None else partial(words_apart, longest=SHORTER),
        "published": published[:most_published],
        "changes": month.changes[:most_changes],
    }
