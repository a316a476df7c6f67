"""No class of a crawl holds more than a dozen things: what belongs together is a value of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MOST = 12
CRAWL = Path(__file__).parents[3] / "crawler" / "crawl"


def attributes(node: ast.ClassDef) -> set[str]:
    """The attributes of a class: its annotated fields, and whatever its methods set on ``self``."""
    fields = {
        item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    return fields | {
        target.attr
        for target in ast.walk(node)
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, ast.Store)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    }


def classes(source: str) -> dict[str, set[str]]:
    return {node.name: attributes(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)}


def test_fields_and_what_is_set_on_self_are_counted_once_each():
    source = """
class Turn:
    lease: int
    ready: float = 0.0

    def ask(self, other):
        self.ready, self.busy = 1.0, True
        self.asked += 1
        other.name = 2
"""
    assert classes(source) == {"Turn": {"lease", "ready", "busy", "asked"}}


@pytest.mark.parametrize("module", sorted(CRAWL.rglob("*.py")), ids=lambda path: path.relative_to(CRAWL).as_posix())
def test_no_class_of_a_crawl_has_more_than_twelve_attributes(module):
    assert {name: len(held) for name, held in classes(module.read_text("utf-8")).items() if len(held) > MOST} == {}
