"""What is true about the demo's pages: the articles as a perfect extraction gives them, and what each other page is."""

from __future__ import annotations

from typing import Any

from crawler.demo.body import mended
from crawler.demo.content import Article
from crawler.demo.printed_dates import iso
from crawler.demo.software.site import NOT_ARTICLES, Site

PROSE = ("paragraph", "heading", "file")


def article_truth(site: Site, article: Article) -> dict[str, Any]:
    """One article. Texts are composed (NFC) with single spaces; times are ISO 8601 with +07:00; absent is None."""
    pictures = range(1, len(article.of_kind("image")) + 1)
    return {
        "url": site.absolute(site.article_key(article)),
        "id": article.id,
        "title": mended(article.title),
        "section": article.section.title,
        "published": iso(article.when) if article.published else None,
        "modified": f"{article.modified}+07:00" if article.modified else None,
        "author_account": article.account or None,
        "byline": site.signature(article),
        "source_line": article.source or None,
        "lead": mended(article.lead),
        "body_paragraphs": [mended(block.text) for block in article.body if block.kind in PROSE],
        "bullets": [mended(row[0]) for block in article.of_kind("bullets") for row in block.rows],
        "table": [[mended(cell) for cell in row] for block in article.of_kind("table") for row in block.rows],
        "captions": [mended(block.text) for block in article.of_kind("image") if block.text],
        "images": [site.absolute(site.image_key(article, number)) for number in pictures],
        "tags": list(article.tags),
        "attachments": [
            {"url": site.absolute(site.file_key(article, number)), "name": site.attachment_name(article, number)}
            for number in range(1, len(article.attachments) + 1)
        ],
        "views": article.views,
        "editor_style": article.style,
        "encoding": article.encoding,
        "cms": site.portal.cms,
        "lead_is_marked": article.intro,
        "adverts": [{"text": block.text, "href": block.target} for block in article.of_kind("advert")],
    }


def other_pages(site: Site) -> dict[str, str]:
    """Address and kind of every listed page that is no article."""
    return {site.absolute(key): route.kind for key, route in site.routes.items() if route.kind in NOT_ARTICLES}


def duplicate_pages(site: Site) -> dict[str, str]:
    """Further addresses of articles, each with the article's own."""
    return {
        site.absolute(key): site.absolute(site.article_key(route.article))
        for key, route in site.routes.items()
        if route.kind == "duplicate" and route.article
    }
