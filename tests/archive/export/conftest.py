"""An archive whose captures stand in WARC files, as for the tests of proofs."""

from __future__ import annotations

import pytest

from tests.archive.proof.conftest import Small


@pytest.fixture
def small(tmp_path):
    archive = Small(tmp_path / "kho")
    yield archive
    archive.store.close()


@pytest.fixture
def sealed(small) -> Small:
    """Five articles, one revised, one missing; WARC files are closed."""
    return small.filled()
