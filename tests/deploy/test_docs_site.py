"""The documentation as a site: every page stands in its nav, its pictures are small, and it builds without a warning."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SETTINGS = yaml.safe_load((ROOT / "deploy" / "mkdocs.yml").read_text("utf-8"))
LARGEST = 120_000
"""Bytes of a picture: they lie in the history of the repository for good."""


def named(entries: list) -> list[str]:
    """The pages of a nav."""
    found: list[str] = []
    for entry in entries:
        found += [entry] if isinstance(entry, str) else named(next(iter(entry.values())))
    return found


def test_the_nav_names_every_page_once():
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    nav = named(SETTINGS["nav"])
    assert sorted(set(pages) - set(nav)) == [], "name it in deploy/mkdocs.yml"
    assert len(nav) == len(set(nav))


def test_pictures_are_small_and_shown():
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    text = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert [path.name for path in pictures if path.stat().st_size > LARGEST] == []
    assert [path.name for path in pictures if f"images/{path.name}" not in text] == []


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="the extra docs is not installed")
def test_the_site_builds_without_a_warning(tmp_path):
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "-f",
        str(ROOT / "deploy" / "mkdocs.yml"),
        "-d",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    html = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.html"))
    assert 'src="../images/home.png"' in html
    assert not [address for address in ("fonts.googleapis", "cdn.jsdelivr", "unpkg.com") if address in html]
