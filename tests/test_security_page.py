"""The bounds docs/security.md promises are those of the code."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "security.md").read_text()
ROWS = [
    (name, value)
    for names, value in re.findall(r"^\| [^|]+ \| (`[^|]+`) \|([^|]*)\|$", PAGE, re.M)
    for name in re.findall(r"`([\w.]+)`", names)
]


@pytest.mark.parametrize(("name", "value"), ROWS, ids=[name for name, _ in ROWS])
def test_a_bound_is_what_the_page_says(name, value):
    module, constant = name.rsplit(".", 1)
    bound = getattr(import_module(module), constant)
    assert bound > 0 and (not value.strip() or float(value) == bound)


def test_the_page_names_bounds():
    assert len(ROWS) > 20
