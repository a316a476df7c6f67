"""Pages of the documentation that lie outside docs/, as a hook of mkdocs; links between them and docs/ lead on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
PAGES = {
    "README.md": "index.md",
    "archive/places/README.md": "places.md",
    "benchmarks/README.md": "benchmarks.md",
    **{name: name for name in ("README.vi.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")},
}
"""By path in the repository, the page of the site."""
_LINK = re.compile(r"\]\(([^()\s]+)\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages to those of docs/."""
    for path, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links of the repository to pages of the site."""
    source = next((path for path, name in PAGES.items() if name == page.file.src_uri), f"docs/{page.file.src_uri}")
    return _LINK.sub(lambda found: f"]({led(found[1], source)})", markdown)


def led(link: str, source: str) -> str:
    """A link of the file ``source`` as it is on the site; one to elsewhere stays."""
    path, mark, part = link.partition("#")
    if not path or "://" in path or path.startswith("mailto:"):
        return link
    at = (ROOT / source).parent.joinpath(path).resolve()
    if not at.is_relative_to(ROOT):
        return link
    found = at.relative_to(ROOT).as_posix()
    return PAGES.get(found, found.removeprefix("docs/")) + mark + part
