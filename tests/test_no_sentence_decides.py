"""No code compares or matches a sentence of ours: reasons are codes with facts, and their sentences are for people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from archive.model import Found
from crawler.health.verdict import VERDICTS
from crawler.reasons.codes import Code

ROOT = Path(__file__).parent.parent
READ_ONCE = (
    "crawler/ledger/migrations/older_sentences.py",
    "crawler/ledger/migrations/schema.py",
    "archive/database/older_reasons.py",
    "crawler/reasons/reason.py",
)
"""Migrations, in which sentences of versions before get their codes; and what makes sentences of codes."""
OTHERS = {
    ("crawler/watchdog", "reason"): "how a watched process ended, a word of the watchdog's",
    ("crawler/crawl/watched_crawl.py", "reason"): "the same",
    ("crawler/fetch/offline.py", "why"): "one of three codes",
    ("archive/warc/codings.py", "reason"): "what Python's decoder says",
    ("archive/text/decode.py", "reason"): "what Python's decoder says",
    ("crawler/fetch/tls.py", "reason"): "what OpenSSL says",
    ("crawler/probe/asker.py", "reason"): "what OpenSSL says",
}
"""Names that hold words of others, by where."""
MODULES = [
    path
    for package in ("archive", "crawler")
    for path in sorted((ROOT / package).rglob("*.py"))
    if str(path.relative_to(ROOT)) not in READ_ONCE
]

TELLING = re.compile(r"(?:^|_)(?:reason|reasons|why|sentence|advice|skip)$")
"""Names of what is told to people."""
MATCHING = {
    *("startswith", "endswith", "find", "index", "count", "removeprefix", "removesuffix", "partition", "rpartition", "split"),
    *("match", "search", "fullmatch", "findall", "finditer"),
}  # fmt: skip
SQL = re.compile(
    r"\b(?:reason|why|advice)\s+(?:NOT\s+)?(?:LIKE\b|GLOB\b|REGEXP\b|IN\s*\()|\b(?:reason|why|advice)\s*(?:=|!=|<>|==)\s*['|]"
    r"|instr\((?:reason|why|advice)\b",
    re.I,
)
NAMES = {*VERDICTS, *get_args(Found)}
"""Verdicts and what a look found: codes, some of which are worded like a sentence."""
SENTENCES = {
    said for code in Code for said in (code.sentence, code.group) if said and " " in said and said not in NAMES
}


def name_of(node: ast.AST) -> str:
    """The last name of an expression: ``reason`` of ``row["reason"] or ""`` and of ``visit.ack.reason.lower()``."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.BoolOp(values=[first, *_]):
            return name_of(first)
        case ast.Call(func=ast.Attribute(value=value, attr="lower" | "strip" | "casefold")):
            return name_of(value)
        case ast.Call(func=ast.Name(id="str"), args=[value]):
            return name_of(value)
    return ""


def is_text(node: ast.AST) -> bool:
    """Whether an operand is a text, or a collection of texts."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(is_text(one) for one in node.elts)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def decided_by_words(source: str) -> Iterator[tuple[int, str]]:
    """Where a module compares or matches what is told to people: line, and name or sentence."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            told = [name for one in operands if TELLING.search(name := name_of(one))]
            if told and any(is_text(one) and getattr(one, "value", "x") != "" for one in operands):
                yield node.lineno, told[0]
            for one in ast.walk(node):
                if isinstance(one, ast.Constant) and one.value in SENTENCES:
                    yield node.lineno, one.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MATCHING:
            if not node.args:
                continue  # split() at blanks, to have one line
            for one in (node.func.value, *node.args):
                if TELLING.search(name := name_of(one)):
                    yield node.lineno, name
        elif isinstance(node, ast.Dict):
            for key in node.keys:
                if isinstance(key, ast.Constant) and key.value in SENTENCES:
                    yield key.lineno, key.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := SQL.search(node.value)):
            yield node.lineno, found[0]


@pytest.mark.parametrize(
    "source",
    [
        'reason.startswith(("trap", "robots.txt"))',
        'kind.reason in ("tag list", "author list")',
        '(row["reason"] or "").endswith("to be tried again")',
        "_GONE.search(reason)",
        '"xclude" in reason',
        'if facts.home_reason == "x": pass',
        'one["advice"] != "Nothing to do."',
        'conn.execute("SELECT 1 FROM run_due WHERE reason LIKE ?")',
        "conn.execute(\"SELECT 1 FROM page WHERE reason = 'x'\")",
        'if told == "a page of a list": pass',
        'KINDS = {"search page": 1}',
        'str(visit.ack.reason).startswith("x")',
    ],
)
def test_the_rule_sees(source):
    assert list(decided_by_words(source))


@pytest.mark.parametrize(
    "source",
    [
        "reason.code in TRAPS",
        'f"{url}: {reason}"',
        "if reason != other: pass",
        'conn.execute("UPDATE page SET reason = ?, reason_code = ? WHERE reason_code = ?")',
        'reason or ""',
    ],
)
def test_the_rule_leaves_alone(source):
    assert not list(decided_by_words(source))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_decides_by_words(module):
    where = str(module.relative_to(ROOT))
    found = [
        (line, name)
        for line, name in decided_by_words(module.read_text("utf-8"))
        if not any(where.startswith(place) and name == held for place, held in OTHERS)
    ]
    assert not found
