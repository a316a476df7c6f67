"""Every reason the code gives for skipping a page has words for the readers' site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import crawler
from archive.site.words.crawl_words import group_of
from crawler.addresses import shapes as addresses

SOURCES = Path(crawler.__file__).parent
WRITTEN = re.compile(r"""(?:LinkKind\("skip", |endings\.skip\(visit, |\bskip = "|return f?"trap: )f?"([^"{]+)""")


def reasons() -> set[str]:
    written = {match for path in SOURCES.rglob("*.py") for match in WRITTEN.findall(path.read_text("utf-8"))}
    tables = {reason for table in (addresses._SKIP_PATHS, addresses._SKIP_QUERY) for _, reason in table}
    return {reason.strip() for reason in written | tables if reason.strip()}


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_it_is_in_a_group(reason):
    assert group_of(reason) is not None
