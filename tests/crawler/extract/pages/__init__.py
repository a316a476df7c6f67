"""Pages written for the tests, with their truth: every layout with an article in Vietnamese and one in English."""

from __future__ import annotations

from dataclasses import dataclass

from tests.crawler.extract.pages.articles import ENGLISH, VIETNAMESE, Invented
from tests.crawler.extract.pages.layouts import LAYOUTS, unwanted


@dataclass(frozen=True)
class SavedPage:
    """A page as fetched, and the truth of it in the words of ``benchmarks/measures.py``."""

    url: str
    html: bytes
    article: Invented
    unwanted: tuple[str, ...]


def _pages() -> dict[str, SavedPage]:
    pages: dict[str, SavedPage] = {}
    for number, layout in enumerate(LAYOUTS):
        for articles, host in ((VIETNAMESE, "tin.vanxuan.example"), (ENGLISH, "courier.vale.example")):
            article = articles[number % len(articles)]
            url = f"https://{host}/{article.day.replace('-', '/')}/{article.slug}.html"
            html = layout(article).encode()
            pages[f"{layout.__name__}-{article.language}"] = SavedPage(url, html, article, unwanted(article))
    return pages


PAGES = _pages()
