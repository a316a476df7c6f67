"""An empty archive, and ready-made articles and captures, for the tests of `archive`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.model import Article, Capture, Portal
from archive.store import Store
from archive.warc.record import digest

PORTAL = "hungha.thaibinh"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "warc").mkdir()
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder / "archive.db", clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as opened:
        opened.add_portal(Portal(PORTAL, "https://hungha.thaibinh.gov.vn/", "Cổng huyện Hưng Hà"))
        yield opened


@pytest.fixture
def make_capture() -> Callable[..., Capture]:
    """Captures with a record id each, a day apart unless told."""
    numbers = itertools.count(1)

    def make(**changes: Any) -> Capture:
        number = next(numbers)
        values: dict[str, Any] = {
            "record_id": f"urn:uuid:{number:08d}",
            "file": "tinhuyen-20260101000000-00000-test.warc.gz",
            "offset": number * 1000,
            "length": 900,
            "url": "https://hungha.thaibinh.gov.vn/tin/1",
            "fetched_at": f"2026-01-{number:02d}T00:00:00Z",
            "status": 200,
            "digest": digest(f"page {number}".encode()),
            "portal": PORTAL,
        }
        return Capture(**{**values, **changes})

    return make


@pytest.fixture
def make_article() -> Callable[..., Article]:
    def make(path: str = "1", **changes: Any) -> Article:
        url = f"https://hungha.thaibinh.gov.vn/tin/{path}"
        values: dict[str, Any] = {
            "url": url,
            "canonical_url": url,
            "title": "Hội nghị tổng kết",
            "text": "Đảng bộ huyện họp.\n\nHội nghị kết thúc./.",
            "family": "joomla_k2",
            "extractor": "joomla_k2/selectors/1",
        }
        return Article(**{**values, **changes})

    return make
