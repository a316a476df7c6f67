"""docs/design.md draws the house as it is, and every file that the pages for developers name is there.

python -m tests.test_design    # draws the tree anew
"""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DESIGN = ROOT / "docs" / "design.md"
BEGIN, END = "<!-- tree -->\n", "<!-- end of tree -->\n"
WIDTH, COLUMN = 120, 26
PAGES = [DESIGN, ROOT / "CONTRIBUTING.md", ROOT / "docs" / "families.md", ROOT / "docs" / "security.md"]


def first_sentence(module: Path) -> str:
    """The first sentence of a module's docstring."""
    told = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return re.split(r"(?<=[.!?])\s", " ".join(told.split("\n\n")[0].split()), maxsplit=1)[0]


def rooms_of(package: str) -> list[Path]:
    """A package and the rooms in it, from the highest down: in the order of its import contract, then by name."""
    layers = [
        re.split(r"\s*\|\s*", layer)
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
        for layer in contract.get("layers", [])
    ]
    height = {name: number for number, names in enumerate(layers) for name in names}

    def place(room: Path) -> tuple[int, Path]:
        return height.get(".".join(room.relative_to(ROOT).parts[:2]), -1), room

    return sorted((init.parent for init in (ROOT / package).rglob("__init__.py")), key=place)


def drawn(room: Path) -> list[str]:
    """A room as the tree shows it: its name with its first sentence, and the names of its modules below."""
    parts = room.relative_to(ROOT).parts
    name = "  " * (len(parts) - 1) + parts[-1] + "/"
    modules = sorted(module.stem for module in room.glob("*.py") if not module.stem.startswith("__"))
    said = textwrap.wrap(first_sentence(room / "__init__.py"), WIDTH - COLUMN - 4, break_on_hyphens=False)
    said += textwrap.wrap(f"[{', '.join(modules)}]", WIDTH - COLUMN - 4, break_on_hyphens=False) if modules else []
    return [f"    {name if n == 0 else '':{COLUMN}}{text}".rstrip() for n, text in enumerate(said)]


def tree() -> str:
    """The tree of rooms, each with its modules in brackets."""
    lines = [line for package in ("crawler", "archive") for room in rooms_of(package) for line in drawn(room)]
    return "\n".join(lines) + "\n"


def shown() -> str:
    """The tree as docs/design.md has it."""
    return DESIGN.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip("\n") + "\n"


def test_the_tree_is_that_of_the_modules():
    assert shown() == tree(), "draw it anew with  python -m tests.test_design"


@pytest.mark.parametrize("package", ["crawler", "archive"])
def test_every_module_says_in_its_first_sentence_what_it_is(package):
    modules = [module for module in (ROOT / package).rglob("*.py") if "templates" not in module.parts]
    silent = [str(module.relative_to(ROOT)) for module in modules if len(first_sentence(module).split()) < 3]
    assert modules and silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_is_there(page):
    named = re.findall(r"`((?:crawler|archive|tests|docs|benchmarks|\.ci)/[\w./-]*)`", page.read_text("utf-8"))
    missing = [path for path in named if "mycms" not in path and not (ROOT / path).exists()]
    assert named and missing == []


def test_every_room_of_the_contract_is_drawn():
    drawn_rooms = set(re.findall(r"^\s+(\w+)/ ", tree(), re.M))
    rooms = {init.parent.name for package in ("crawler", "archive") for init in (ROOT / package).rglob("__init__.py")}
    assert drawn_rooms == rooms


if __name__ == "__main__":
    before, _, rest = DESIGN.read_text("utf-8").partition(BEGIN)
    DESIGN.write_text(before + BEGIN + "\n" + tree() + "\n" + END + rest.partition(END)[2], "utf-8")
