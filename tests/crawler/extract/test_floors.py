"""How well pages of unknown make are read: floors that may rise and must never fall.

The pages are those of ``tests/crawler/extract/pages``; the measures those of ``benchmarks/extract_quality.py``, which
scores the public sets. A change that raises a figure raises its floor here.
"""

from __future__ import annotations

import pytest

from benchmarks.measures import mean_f1, pooled_f1, same_authors, same_day, same_title, segment_overlap, text_overlap
from crawler.extract import read
from crawler.page.page import Page
from tests.crawler.extract.pages import PAGES

FLOORS = {
    "vi": {"F1": 0.99, "segments": 0.99, "title": 1.0, "date": 1.0, "author": 1.0},
    "en": {"F1": 0.99, "segments": 0.99, "title": 1.0, "date": 1.0, "author": 0.9},
}


@pytest.fixture(scope="module")
def scores():
    """The measures of every page, by language; each page is read as a crawl reads it."""
    found = {language: {"pages": 0} for language in FLOORS}
    overlaps = {language: ([], []) for language in FLOORS}
    right = {language: {"title": [], "date": [], "author": []} for language in FLOORS}
    for page in PAGES.values():
        truth, language = page.article, page.article.language
        reading = read(Page.parse(page.html, page.url))
        article = reading.article
        text = f"{article.lead or ''}\n\n{article.text}" if article else ""
        segments = [part[:60] for part in (truth.lead, *truth.paragraphs)]
        overlaps[language][0].append(text_overlap(truth.text, text))
        overlaps[language][1].append(segment_overlap(segments, page.unwanted, text))
        right[language]["title"].append(article is not None and same_title(truth.title, article.title))
        day = article.published.value if article and article.published else None
        right[language]["date"].append(same_day(truth.day, day))
        right[language]["author"].append(article is not None and same_authors(truth.author, article.author))
        found[language]["pages"] += 1
    for language, (texts, segments) in overlaps.items():
        found[language] |= {"F1": mean_f1(texts), "segments": pooled_f1(segments)}
        found[language] |= {name: sum(hits) / len(hits) for name, hits in right[language].items()}
    return found


@pytest.mark.parametrize(
    ("language", "measure"), [(language, m) for language, floors in FLOORS.items() for m in floors]
)
def test_the_floor_holds(scores, language, measure):
    assert scores[language][measure] >= FLOORS[language][measure]
