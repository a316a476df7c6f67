"""The trial as one HTML file: no script, nothing asked from anywhere, both languages in its heads."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.text.plain_output import printable
from crawler.trial.likely_faults import FAULTS
from crawler.trial.one_portal import Tried


def trial_page(tried: list[Tried], at: str, version: str, kept: str | None) -> str:
    """The page of a trial; ``kept`` names the archive's folder where it stays."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = lambda text: printable(str(text)) if text else "–"
    environment.filters["linked"] = lambda url: url if urlsplit(url).scheme in ("http", "https") else None
    ordered = sorted(tried, key=_trouble, reverse=True)
    return environment.get_template("trial.html").render(
        tried=ordered, at=at, version=version, kept=kept, faults=FAULTS
    )


def _trouble(one: Tried) -> tuple[bool, bool, float]:
    """Portals that need a look first: not reached, nothing read, many articles with faults."""
    faulty = sum(bool(article.faults) for article in one.articles)
    return one.why_not is not None, not one.articles, faulty / max(1, len(one.articles))
