"""Each regular expression of the house is linear in the length of its worst input, or its text is bounded before it.

Nothing is timed by the clock on the wall: the CPU time for each character is compared with that of a plain expression
measured in the same run, and with that of the same input at a quarter of its length.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from crawler.extract.assemble import DATE_LINE
from crawler.page.comments import without_open_comments
from crawler.page.metadata import LONGEST_NAMES
from crawler.page.page import MARKUP_LIMIT
from tests.house_expressions import Expression, expressions
from tests.worst_inputs import Worst, worst_inputs

BOUNDED: dict[str, int | Callable[[str], str]] = {
    "crawler.discovery.forward._COMMENT": without_open_comments,
    "crawler.discovery.forms.fragments._COMMENT": without_open_comments,
    "crawler.page.jsonld._COMMENTS": without_open_comments,
    "crawler.extract.assemble._is_only_date:1": DATE_LINE,
    "crawler.page.metadata.is_name:1": LONGEST_NAMES,
}
"""What stands before an expression that is more than linear: the characters its text has at most, or what tidies it."""

OURS = ("crawler.demo.",)
"""Their texts are our own."""

LENGTHS = (8, 16, 24, 36, 50, 100, 200, 400, 800, 1600, 3200, 6400)
ENDS = ("", "\x00", "\n\x00")
DEAR = 30
"""Times the plain expression's cost of a character, below which growth is no matter."""
STEEP = 2
"""Growth of a character's cost as the length grows fourfold: 1 is linear, 4 the square, 16 the cube."""
HOPELESS = 1_000
"""The same, from which on nothing longer is tried."""
ENOUGH = 1_000_000
"""Characters the plain expression passes over in the time a measurement takes at most, or not much more."""
PLAIN = re.compile(r"[a-z]\d")
BOUNDED_COST = MARKUP_LIMIT // 50
"""Characters the plain expression passes over in the time the worst bounded input may take: a fiftieth of a page."""


@dataclass(frozen=True)
class Found:
    worst: Worst
    end: str
    dear: float
    steep: float

    @property
    def more_than_linear(self) -> bool:
        return self.dear > DEAR and self.steep > STEEP


def spent(pattern: re.Pattern, text: str | bytes, searched: bool) -> int:
    """CPU nanoseconds of the expression on a text, the least of two."""
    least = None
    for _ in range(2):
        began = time.process_time_ns()
        if searched:
            for _found in pattern.finditer(text):
                pass
        else:
            pattern.match(text)
            pattern.fullmatch(text)
        took = time.process_time_ns() - began
        least = took if least is None else min(least, took)
        if took > 2_000_000:
            break
    return least or 1


@pytest.fixture(scope="module")
def plain() -> float:
    """The cost of one character of a plain expression."""
    return min(spent(PLAIN, "a" * 10_000, True) for _ in range(20)) / 10_000


def growth(one: Expression, worst: Worst, end: str, plain: float, before: Callable[[str], str] = str) -> Found:
    """How dear a character of the input is at the greatest length tried, and how much dearer than at a quarter of it."""
    costs: list[tuple[int, float]] = []
    for length in LENGTHS:
        text: str | bytes = before(worst.text(length, end))
        if isinstance(one.pattern.pattern, bytes):
            text = text.encode("latin-1", "replace")
        cost = spent(one.pattern, text, one.searched) / plain
        costs.append((length, cost / max(len(text), 1)))
        if len(costs) > 1 and (costs[-1][1] > HOPELESS or cost > ENOUGH):
            break
    longest, dear = costs[-1]
    shorter = [cost for length, cost in costs if length <= longest / 3.5] or [costs[0][1]]
    return Found(worst, end, dear, dear / shorter[-1])


def steepest(one: Expression, plain: float, before: Callable[[str], str] = str) -> Found | None:
    """The first of the worst inputs that costs more than its length; ``None`` where none does."""
    for worst in worst_inputs(one.pattern, searched=one.searched):
        for end in ENDS:
            found = growth(one, worst, end, plain, before)
            if found.more_than_linear and growth(one, worst, end, plain, before).more_than_linear:
                return found
    return None


HOUSE = {one.name: one for one in expressions() if not one.name.startswith(OURS)}


def test_the_house_has_expressions():
    assert len(HOUSE) > 500
    assert {one.searched for one in HOUSE.values()} == {True, False}


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"\s+$", True),
        (r"<[^>]*>", True),
        (r"\s*,?\s*x", False),
        (r"(a+)+b", False),
        (r"(?:a|b|ab)*c", False),
        (r"(?:\w+ ?)+!", False),
        (r"/\*.*?\*/", True),
        (r"(?=.*=\d)x", True),
        (r"get\w*page\w*\(", True),
        (r"(?m)^\s*x", True),
        (rb"a.*b.*c", False),
    ],
)
def test_what_is_more_than_linear_is_seen(pattern, searched, plain):
    assert steepest(Expression("it", re.compile(pattern), searched), plain) is not None


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"(?<!\s)\s++$", True),
        (r"<[^<>]*>", True),
        (r"\s*+,?\s*+x", False),
        (r"\s+$", False),
        (r"<[^>]{0,100}>", True),
        (r"foo\s+bar", True),
        (r"(?:a|b)*c", False),
    ],
)
def test_what_is_linear_is_let_be(pattern, searched, plain):
    assert steepest(Expression("it", re.compile(pattern), searched), plain) is None


@pytest.mark.slow
def test_every_expression_is_linear_or_bounded(plain):
    found = {name: steepest(one, plain) for name, one in HOUSE.items() if name not in BOUNDED}
    assert {name: worst for name, worst in found.items() if worst is not None} == {}


@pytest.mark.parametrize("name", BOUNDED)
def test_a_bounded_text_costs_little(name, plain):
    one, bound = HOUSE[name], BOUNDED[name]
    # measured: on a busy machine one look may miss it
    assert any(steepest(one, plain) is not None for _ in range(5)), "linear: it needs no bound any more"
    if callable(bound):
        assert steepest(one, plain, bound) is None
        return
    for worst in worst_inputs(one.pattern, searched=one.searched):
        for end in ENDS:
            text = worst.text(bound, "")[: bound - len(end)] + end
            assert spent(one.pattern, text, one.searched) < plain * BOUNDED_COST
