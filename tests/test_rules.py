"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "archive").rglob("*.py"))


def imported(source: str) -> set[str]:
    """The top packages a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_rule_sees_imports_inside_functions():
    assert imported("def f():\n    from scrapy.http import Request\n    import crawler.cli") == {"scrapy", "crawler"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_archive_imports_neither_the_crawler_nor_scrapy(module):
    assert not imported(module.read_text("utf-8")) & {"crawler", "scrapy", "twisted"}
