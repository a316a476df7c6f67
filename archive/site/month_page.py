"""The month of a portal as one page to print: no script, no address of a style or a picture, both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.changes.as_rows import words_apart
from archive.changes.portal_month import Month
from archive.site.words.speaker import Language, Speaker

MOST_PUBLISHED, MOST_CHANGES = 200, 60
"""Rows of a page of the site: it stays below 150 KB; a report of its own holds all."""

T = TypeVar("T")


def month_page(month: Month, title: str, language: Language = "vi", link: Callable[..., str] | None = None) -> str:
    """The page as HTML; ``title`` is the portal's own. What portals wrote stands in it as text.

    On the site ``link`` makes the address of a path, and of long lists the beginning is shown with a link to the rest; a page of its own
    leads nowhere and holds all. Dated articles come before those without a day.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "tinhuyen"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("month.html")
    published = sorted(month.published, key=lambda one: not one.dated)
    return template.render(
        month=month,
        title=title,
        t=Speaker(language),
        words=words_apart,
        link=link,
        published=_beginning(published, MOST_PUBLISHED if link else None),
        changes=_beginning(month.changes, MOST_CHANGES if link else None),
    )


def _beginning(found: Sequence[T], most: int | None) -> Sequence[T]:
    return found if most is None else found[:most]
