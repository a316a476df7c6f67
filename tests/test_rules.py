"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
from collections import Counter
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


ALL = sorted(path for package in ("archive", "crawler") for path in (ROOT / package).rglob("*.py"))


def lengths() -> list[int]:
    """Lines of every function of the house."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    trees = (ast.parse(path.read_text("utf-8")) for path in ALL)
    return [
        (node.end_lineno or 0) - node.lineno + 1 for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)
    ]


def test_functions_are_short_and_files_can_be_read_at_a_sitting():
    found = sorted(lengths())
    assert found[-1] <= 60
    assert found[len(found) * 99 // 100] <= 40
    assert max(len(path.read_text("utf-8").splitlines()) for path in ALL) <= 400


def test_no_room_holds_more_than_a_dozen_modules():
    modules = Counter(path.parent.relative_to(ROOT).as_posix() for path in ALL if path.name != "__init__.py")
    del modules["crawler/commands"]  # one for each command of the terminal
    assert {room: n for room, n in modules.items() if n > 12} == {}


def test_hardly_two_modules_bear_one_name():
    names = Counter(path.name for path in ALL if path.name not in ("__init__.py", "__main__.py"))
    assert len([name for name, n in names.items() if n > 1]) <= 9
