"""One article: what it says, who published it and when, when it was saved, what changed, how to cite it."""

from __future__ import annotations

import json
import sqlite3
from base64 import b32decode
from binascii import Error as NotBase32
from dataclasses import replace
from datetime import datetime
from typing import Any

from datasette.utils.asgi import Response

from archive import overview, reading
from archive.export.jsonl import as_dict
from archive.site.addresses import file_name, web_address
from archive.site.citation import citations
from archive.site.frame import Page, record_path
from archive.site.words import VIETNAM

SHOWN_IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Types of captured images a page may show; SVG can carry scripts and is only offered for download."""


async def article(datasette: Any, request: Any) -> Response:
    """The article's page; ``?v=N`` shows an older version. One that never was is not found: such links are cited."""
    page = Page(datasette, request)
    identifier = int(request.url_vars["id"])
    wanted = request.args.get("v") or ""

    def read(conn: sqlite3.Connection) -> tuple[Any, ...] | None:
        record = reading.record(conn, identifier)
        if record is None:
            return None
        versions = reading.versions(conn, identifier) if record.revisions else []
        if wanted and wanted not in ({str(version.number) for version in versions} or {"1"}):
            return None
        shown = next((version for version in versions[:-1] if str(version.number) == wanted), None)
        if shown:
            record = replace(record, article=shown.article)
        urls = [image.url for image in record.article.images] + [file.url for file in record.article.attachments]
        return record, versions, shown, overview.file_captures(conn, urls), overview.neighbours(conn, identifier)

    gathered = await page.read(read)
    if gathered is None:
        return await page.not_found()
    record, versions, shown, files, (older, newer) = gathered
    sha256 = hex_digest(record.capture.digest)
    permalink = page.absolute(page.link(f"/bai/{record.id}", "vi"))
    return await page.render(
        "article.html",
        record=record,
        article=record.article,
        versions=versions,
        shown=shown,
        figures=_figures(page, record.article, files),
        loose_captions=_loose_captions(record.article),
        attachments=_attachments(page, record.article, files),
        older=older,
        newer=newer,
        sha256=sha256,
        permalink=permalink,
        raw=page.tool(record_path(record.capture.record_id)),
        citations=citations(record, permalink, sha256, datetime.now(VIETNAM), page.speak),
        safe_url=web_address,
    )


async def article_json(datasette: Any, request: Any) -> Response:
    """The article as ``tinhuyen export`` writes it."""
    page = Page(datasette, request)
    identifier = int(request.url_vars["id"])
    record = await page.read(lambda conn: reading.record(conn, identifier))
    if record is None:
        return Response('{"error": "not found"}', status=404, content_type="application/json; charset=utf-8")
    body = json.dumps(as_dict(record), ensure_ascii=False, indent=2)
    return Response(body, content_type="application/json; charset=utf-8")


def hex_digest(label: str) -> str:
    """The hex form of a payload digest label (``sha256:`` and base32, or hex already); other labels as they are."""
    algorithm, _, value = label.partition(":")
    if algorithm.lower().replace("-", "") != "sha256" or len(value) == 64:
        return value or label
    try:
        return b32decode(value.upper() + "=" * (-len(value) % 8)).hex()
    except NotBase32:
        return label


def _figures(page: Page, article: Any, files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The article's images: name, caption, and the address of our copy when it may be shown."""
    figures = []
    for image in article.images:
        kept = files.get(image.url)
        shown = kept is not None and (kept["content_type"] or "").split(";")[0].strip().lower() in SHOWN_IMAGES
        figures.append(
            {
                "name": file_name(image.url),
                "caption": image.caption,
                "src": page.tool(record_path(kept["record_id"])) + "?view=1" if kept and shown else None,
                "href": page.tool(record_path(kept["record_id"])) if kept else None,
            }
        )
    return figures


def _loose_captions(article: Any) -> list[str]:
    """Captions that belong to no image we know of."""
    taken = [image.caption for image in article.images if image.caption]
    return [caption for caption in article.captions if caption not in taken]


def _attachments(page: Page, article: Any, files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for file in article.attachments:
        kept = files.get(file.url)
        found.append(
            {
                "name": file.name or file_name(file.url),
                "url": file.url,
                "sha256": file.sha256,
                "size": page.speak.size(file.bytes) if file.bytes is not None else None,
                "href": page.tool(record_path(kept["record_id"])) if kept else None,
            }
        )
    return found
