"""The month of a portal as one page to print: no script, no address of a style or a picture, both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.changes.as_rows import words_apart
from archive.changes.portal_month import Month
from archive.site.words.speaker import Language, Speaker


def month_page(month: Month, title: str, language: Language = "vi", link: Callable[[str], str] | None = None) -> str:
    """The page as HTML; ``title`` is the portal's own. What portals wrote stands in it as text.

    On the site ``link`` makes the address of a path; a page of its own leads nowhere.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "tinhuyen"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("month.html")
    return template.render(month=month, title=title, t=Speaker(language), words=words_apart, link=link)
