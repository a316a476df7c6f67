"""The fields of one article under the names every export uses."""

from __future__ import annotations

from typing import Any

from archive.model import Article, PrintedDate


def article_fields(article: Article) -> dict[str, Any]:
    """What an article itself says, without the archive's own facts (id, portal, capture …). Absent is null or []."""
    published = article.published
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "section": article.section,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "captions": article.captions,
        "byline": article.byline,
        "author": article.author,
        "source": article.source,
        "published": date_value(published),
        "published_precision": published.precision if published else None,
        "published_source": published.source if published else None,
        "published_text": published.text if published else None,
        "modified": date_value(article.modified),
        "event_date": article.event_date,
        "views": article.views,
        "tags": article.tags,
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
        "attachments": [
            {"url": file.url, "name": file.name, "sha256": file.sha256, "bytes": file.bytes}
            for file in article.attachments
        ],
        "removed": [{"kind": piece.kind, "text": piece.text} for piece in article.removed],
        "documents": article.documents,
        "people": [],  # officials are not linked yet
        "extractor": article.extractor,
    }


def date_value(printed: PrintedDate | None) -> str | None:
    return printed.value if printed else None
