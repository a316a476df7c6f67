"""`docs/reporter.md` tells the eight tasks with the words that stand on the pages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reporter.md").read_text("utf-8")
OF_PLACES = {"Tỉnh Thái Bình (cũ)", "2024"}
"""What is chosen on the pages and is none of the site's words."""


def said_by_the_site() -> str:
    table = tomllib.loads((ROOT / "archive" / "site" / "words" / "vi.toml").read_text("utf-8"))
    return "\n".join(re.sub(r"\{\w+\}", "", words) for words in table["page"].values())


def test_eight_tasks_are_told_each_with_its_steps_in_vietnamese_and_in_english():
    tasks = re.split(r"^## \d\. ", PAGE, flags=re.MULTILINE)[1:]
    assert len(tasks) == 8
    steps = [re.findall(r"(?<!\S)(\d)\. ", task) for task in tasks]
    assert all(numbers in (["1"], ["1", "2"], ["1", "2", "3"]) for numbers in steps), steps
    assert all(task.count("\n\n") >= 2 for task in tasks)


def test_what_is_to_be_clicked_is_called_as_on_the_pages():
    labels = {" ".join(label.split()) for label in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", PAGE)} - OF_PLACES
    bare = {label.removesuffix("512/QĐ-UBND").strip() for label in labels}
    said = said_by_the_site()
    assert len(bare) >= 10 and [label for label in sorted(bare) if label not in said] == []
