"""The saved pages of the families, found by walking the registry of families, and how a reading of one is compared.

``pages/<family>/`` holds ``home.html``, ``list.html``, ``portal.json`` (what is to be seen on both), and for every article
``<name>.html`` with ``<name>.json`` beside it. All content but the seed article is invented; the markup follows what is
publicly known of the software. ``seed.html`` is one and the same article in every family's markup.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.cms.recognise import FAMILIES
from crawler.page.page import Page
from crawler.probe.new_family import compared

PAGES = Path(__file__).parent / "pages"
facts = compared

FAMILY_NAMES = [family.name for family in FAMILIES if family.name != "general"]


def articles() -> list[tuple[str, str]]:
    """``(family, name)`` of every saved article but the seed."""
    return [
        (folder.name, path.stem)
        for folder in sorted(PAGES.iterdir())
        if folder.is_dir()
        for path in sorted(folder.glob("*.json"))
        if path.stem not in ("portal", "seed")
    ]


def load(family: str, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAGES / family / f"{name}.json").read_text())
    return loaded


def page(family: str, name: str, url: str, fetched_at: str | None = None) -> Page:
    return Page.parse((PAGES / family / f"{name}.html").read_bytes(), url, fetched_at=fetched_at)


def with_seed() -> list[str]:
    """The families whose markup the seed article is set in."""
    return [name for name in FAMILY_NAMES if (PAGES / name / "seed.html").is_file()]
