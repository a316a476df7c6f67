"""Home pages of every family, old and new themes: what a glance tells of them is counted, and the count may only rise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.probe.asker import Answer, Asker
from crawler.probe.prober import Probe, Prober
from tests.crawler.cms.saved import PAGES, load, with_seed

HOMES = Path(__file__).parent / "homes"

FLOOR = 38
"""Of 38. The 27 pages in ``homes/`` were written after the rules, and 26 of them were right before any rule was mended;
what was wrong were a Liferay pager, whose addresses carry the size of a page as well as its number."""


def cases() -> dict[str, tuple[dict[str, Any], bytes]]:
    expected = json.loads((HOMES / "expected.json").read_text())
    found = {name: (entry, (HOMES / f"{name}.html").read_bytes()) for name, entry in expected.items()}
    for family in with_seed():
        portal = load(family, "portal")
        entry = {**portal, "url": portal["home"], "family": family}
        found[family] = (entry, (PAGES / family / "home.html").read_bytes())
    return found


class Saved(Asker):
    """A portal of one saved page."""

    def __init__(self, url: str, body: bytes) -> None:
        super().__init__(delay=0)
        self.answer = Answer(url, 200, body, "text/html; charset=utf-8")

    def get(self, url: str) -> Answer:
        return self.answer if url == self.answer.url else Answer(url, 404)


def glance(name: str) -> tuple[Probe, dict[str, Any]]:
    entry, body = cases()[name]
    return Prober(entry["url"], Saved(entry["url"], body)).glance(), entry


def told(probe: Probe) -> dict[str, Any]:
    return {
        "family": probe.family,
        "pagination": probe.pager.kind,
        "feeds": [feed.url for feed in probe.feeds],
        "sections": {place.section.name: place.section.url.rstrip("/") for place in probe.sections},
    }


def is_right(name: str) -> bool:
    probe, entry = glance(name)
    sections = {section: url.rstrip("/") for section, url in entry["sections"].items()}
    return told(probe) == {**{key: entry[key] for key in ("family", "pagination", "feeds")}, "sections": sections}


def test_there_are_thirty_homes_and_every_family_is_among_them():
    assert len(cases()) >= 30
    assert {entry["family"] for entry, _ in cases().values()} == {*with_seed(), "general"}


def test_family_feeds_pagination_and_sections_are_right_on_as_many_homes_as_before():
    wrong = [name for name in cases() if not is_right(name)]
    assert len(cases()) - len(wrong) >= FLOOR, f"wrong: {wrong}"


@pytest.mark.parametrize("name", cases())
def test_every_family_is_named_with_its_reason(name):
    probe, entry = glance(name)
    assert probe.family == entry["family"]
    assert probe.reached and probe.why and not probe.notes


def test_what_is_no_news_is_told_apart_and_not_lost():
    probe, _ = glance("nukeviet_egov")
    kinds = {place.section.name: place.section.kind for place in probe.places if place.section.kind != "news"}
    assert kinds["Hệ thống văn bản"] == "law_list"
    assert kinds["Hỏi đáp"] == "qa"
    assert kinds["Video"] == "media"
    assert kinds["Tiềm năng, thế mạnh"] == "static"  # it stands under "Giới thiệu"
    assert kinds["Dịch vụ công trực tuyến"] == "service"
    assert {row["kind"] for row in probe.as_dict()["not_captured"]} == {"law_list", "qa", "media"}
