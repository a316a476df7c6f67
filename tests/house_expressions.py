"""The regular expressions of the house: those its modules keep, and those written where they are used."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import archive
import crawler
from crawler.words.tables import WithWords, address_words, concepts, entries_of, words

OUR_OWN = ("crawler.ledger.migrations.older_sentences",)
"""Modules whose expressions meet our own words alone: sentences of older ledgers, read once by a migration."""
FROM_THE_START = {"match", "fullmatch"}
_CALLS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
_FLAGS = ("flags",)


@dataclass(frozen=True, slots=True)
class Expression:
    """``name`` is the module and the constant, or the module and the function it is written in, with a number."""

    name: str
    pattern: re.Pattern[Any]
    searched: bool


def modules() -> list[ModuleType]:
    return [
        import_module(found.name)
        for package in (archive, crawler)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.name.endswith("__main__") and found.name not in OUR_OWN
    ]


def expressions() -> list[Expression]:
    """Every expression once, under the name of the module that made it."""
    loaded = modules()
    trees = {module.__name__: ast.parse(Path(str(module.__file__)).read_text("utf-8")) for module in loaded}
    uses = _uses(trees)
    found: dict[tuple[Any, int], Expression] = {}
    for module in sorted(loaded, key=lambda module: module.__name__):
        source = trees[module.__name__]
        assigned = {
            name.id for name in ast.walk(source) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        for name, value in list(vars(module).items()):
            if name in assigned or (inspect.isclass(value) and value.__module__ == module.__name__):
                for path, pattern in _patterns(value, name, 0):
                    used = uses.get((module.__name__, name), {"search"})
                    _add(found, Expression(f"{module.__name__}.{path}", pattern, not used <= FROM_THE_START))
        for inline in _inline(source, module):
            _add(found, inline)
    for made in _of_tables():
        _add(found, made)
    return list(found.values())


def _of_tables() -> Iterator[Expression]:
    """The expressions made of the tables of words, as each place demands."""
    for concept in concepts():
        for place in {place for entry in entries_of(concept) for place in entry.where}:
            name = f"crawler.words.{concept}.{place}"
            if place in ("folder", "slug", "page", "segment", "host"):
                yield Expression(name, address_words(concept, place).any_of, True)
            elif place == "opening":
                yield Expression(name, words(concept, place).beginning, False)
            else:
                table = words(concept, place)
                yield Expression(f"{name}.all_of", table.all_of, False)
                yield Expression(f"{name}.every", table.every, False)
                yield Expression(f"{name}.any_of", table.any_of, True)


def _add(found: dict[tuple[Any, int], Expression], one: Expression) -> None:
    key = (one.pattern.pattern, one.pattern.flags)
    if key not in found or (one.searched and not found[key].searched):
        found[key] = one


def _patterns(value: Any, path: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The expressions in a value, however deep in its tuples, mappings, classes and objects."""
    if isinstance(value, re.Pattern):
        yield path, value
    elif isinstance(value, WithWords):
        yield path, value.made
    elif depth > 5 or isinstance(value, (str, bytes, int, float)):
        return
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _patterns(key, f"{path}[key]", depth + 1)
            yield from _patterns(inner, f"{path}[{key!r}]", depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for number, inner in enumerate(value):
            yield from _patterns(inner, f"{path}[{number}]", depth + 1)
    elif inspect.isclass(value) or str(type(value).__module__).startswith(("crawler", "archive")):
        names = list(getattr(value, "__dict__", {})) + list(getattr(value, "__slots__", ()))
        for name in names:
            inner = inspect.getattr_static(value, name, None) if inspect.isclass(value) else getattr(value, name, None)
            if not callable(inner):
                yield from _patterns(inner, f"{path}.{name}", depth + 1)


def _uses(trees: dict[str, ast.Module]) -> dict[tuple[str, str], set[str]]:
    """By module and constant: the methods called on it anywhere; "search" where it is handed on.

    ``match`` with a place to begin at counts as from the start: that is a reader of tokens, which goes on where it ended.
    """
    uses: dict[tuple[str, str], set[str]] = {}
    in_tables: list[tuple[tuple[str, str], tuple[str, str]]] = []
    for module, tree in trees.items():
        origins = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        methods = {
            id(node.func.value): node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        walked, tables = _walked(tree, methods), _tables(tree)
        for node in ast.walk(tree):
            called = walked.get(id(node), {methods.get(id(node), "search")})
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                constant = origins.get(node.id, (module, node.id))
                if id(node) in tables:
                    in_tables.append((constant, (module, tables[id(node)])))
                else:
                    uses.setdefault(constant, set()).update(called)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in origins:
                uses.setdefault((".".join(origins[node.value.id]), node.attr), set()).update(called)
    for constant, table in in_tables:
        uses.setdefault(constant, set()).update(uses.get(table, {"search"}))
    return uses


def _walked(tree: ast.Module, methods: dict[int, str]) -> dict[int, set[str]]:
    """What is called on the members of a table where a loop walks it, by the name it is walked by."""
    found: dict[int, set[str]] = {}
    for loop in ast.walk(tree):
        generators = [loop] if isinstance(loop, ast.For) else getattr(loop, "generators", [])
        for generator in generators:
            members = {name.id for name in ast.walk(generator.target) if isinstance(name, ast.Name)}
            called = {
                methods[id(node)]
                for node in ast.walk(loop)
                if isinstance(node, ast.Name) and node.id in members and methods.get(id(node)) in _CALLS
            }
            for node in ast.walk(generator.iter):
                if isinstance(node, ast.Name) and called:
                    found[id(node)] = called
    return found


def _tables(tree: ast.Module) -> dict[int, str]:
    """By each name that stands in a table of a module: the table's name."""
    found: dict[int, str] = {}
    for assigned in tree.body:
        if isinstance(assigned, (ast.Assign, ast.AnnAssign)) and isinstance(
            assigned.value, (ast.Tuple, ast.List, ast.Dict)
        ):
            target = assigned.targets[0] if isinstance(assigned, ast.Assign) else assigned.target
            if isinstance(target, ast.Name):
                found |= {id(node): target.id for node in ast.walk(assigned.value) if isinstance(node, ast.Name)}
    return found


def _inline(tree: ast.Module, module: ModuleType) -> Iterator[Expression]:
    """Expressions in functions; what an f-string puts in that only the function knows is taken as a word."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        number = 0
        for node in ast.walk(function):
            if not _is_call_of_re(node):
                continue
            text = _text(node.args[0], module)
            if text is None:
                continue
            number += 1
            name = node.func.attr
            flags = _flags(node, module, name)
            searched = name not in FROM_THE_START
            yield Expression(f"{module.__name__}.{function.name}:{number}", re.compile(text, flags), searched)


def _is_call_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and bool(node.args)
    )


def _flags(node: ast.Call, module: ModuleType, name: str) -> int:
    given = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
    given += node.args[{"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(name, 2) :]
    try:
        return int(_evaluated(given[0], module)) if given else 0
    except (NameError, TypeError, ValueError):
        return 0


def _text(node: ast.expr, module: ModuleType) -> str | bytes | None:
    if isinstance(node, ast.JoinedStr):
        parts = [_text(part, module) for part in node.values]
        return "".join(part if isinstance(part, str) else "word" for part in parts)
    if isinstance(node, ast.FormattedValue):
        node = node.value
    try:
        value = _evaluated(node, module)
    except Exception:  # whatever a function's own names raise
        return None
    return value if isinstance(value, (str, bytes)) else None


def _evaluated(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), str(module.__file__), "eval"), dict(vars(module)))
