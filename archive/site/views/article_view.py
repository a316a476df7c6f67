"""One article: what it says, who published it and when, when it was saved, what changed, how to cite it."""

from __future__ import annotations

import json
import sqlite3
from base64 import b32decode
from binascii import Error as NotBase32
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from datasette.utils.asgi import Response
from markupsafe import escape

from archive.export.jsonl import as_dict
from archive.model import Article, Observation
from archive.places.mentions import Mention, mentions
from archive.queries import documents
from archive.queries import records as reading
from archive.queries import summaries as overview
from archive.queries.full_text import search
from archive.queries.full_text.extracts import shorten
from archive.queries.suspensions import suspension
from archive.site.citation import citations
from archive.site.safe_links import file_name, web_address
from archive.site.server.frame import Page, capture_path, record_path
from archive.site.shown import part_of
from archive.site.words.speaker import Speaker
from archive.text.vietnam_time import VIETNAM

SHOWN_IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Types of captured images a page may show; SVG can carry scripts and is only offered for download."""


DESCRIBED = 200
"""Characters of the text that tell other sites what a link leads to."""


async def article(datasette: Any, request: Any) -> Response:
    """The article's page; ``?v=N`` shows that version. One that never was is not found: such links are cited."""
    page = Page(datasette, request)
    identifier, wanted = int(request.url_vars["id"]), _wanted(request)

    def read(conn: sqlite3.Connection) -> tuple[Any, ...] | None:
        record = reading.record(conn, identifier, wanted)
        if record is None:
            return None
        captures = reading.captures_of_version(conn, identifier, record.version, record.versions)
        files = _files(conn, record.article)
        cited = documents.with_pages(conn, record.article.documents)
        return record, captures, files, cited, _places(record), overview.neighbours(conn, identifier)

    gathered = await page.read(read)
    if gathered is None:
        stone = await page.read(lambda conn: suspension(conn, identifier))
        return await (page.suspended(stone) if stone is not None else page.not_found())
    record, captures, files, cited, places, (older, newer) = gathered
    sha256 = hex_digest(record.capture.digest)
    part = part_of(record.article, request.args.get("part"))
    record = replace(record, article=part.article)
    asked = (request.args.get("q") or "").strip()[:500]
    permalink = page.absolute(page.link(f"/bai/{record.id}", "vi", v=record.version))
    return await page.render(
        "article.html",
        record=record,
        article=part.article,
        part=part,
        address=page.absolute(page.link(f"/bai/{record.id}", "vi")),
        is_newest=record.version == len(record.versions),
        looks=looks_told(record, page.speak),
        not_seen=[
            (page.speak.when(look.at), page.speak.look(look), page.link(capture_path(look.capture)))
            for look in record.not_seen
        ],
        captures=[(one, hex_digest(one.digest), _raw(page, one.record_id)) for one in captures],
        figures=_figures(page, record.article, files.images),
        loose_captions=_loose_captions(record.article),
        attachments=_attachments(page, record.article, files),
        cited=cited,
        places=places,
        described=shorten(" ".join((part.article.lead or part.article.text).split()), DESCRIBED),
        seen_page=page.link(capture_path(record.capture.record_id)),
        older=older,
        newer=newer,
        sha256=sha256,
        permalink=permalink,
        raw=_raw(page, record.capture.record_id),
        citations=citations(record, permalink, sha256, datetime.now(VIETNAM), page.speak),
        safe_url=web_address,
        asked=asked,
        mark=search.marker(asked, "\n".join(filter(None, (part.article.title, part.article.lead, part.article.text))))
        or escape,
    )


async def article_json(datasette: Any, request: Any) -> Response:
    """The article, or with ``?v=N`` that version of it, as ``tinhuyen export`` writes it."""
    page = Page(datasette, request)
    identifier, wanted = int(request.url_vars["id"]), _wanted(request)
    record = await page.read(lambda conn: reading.record(conn, identifier, wanted))
    if record is None:
        stone = await page.read(lambda conn: suspension(conn, identifier))
        status, said = (
            (404, {"error": "not found"}) if stone is None else (451, {"error": "suspended", **asdict(stone)})
        )
        said_as = json.dumps(said, ensure_ascii=False)
        return Response(said_as, status=status, content_type="application/json; charset=utf-8")
    body = json.dumps(as_dict(record), ensure_ascii=False, indent=2)
    return Response(body, content_type="application/json; charset=utf-8")


def _wanted(request: Any) -> int | None:
    """The version asked for; None for the newest, and a number nobody has for what is no number."""
    asked = request.args.get("v") or ""
    if not asked:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 and asked[0] != "0" else -1


def _raw(page: Page, record_id: str) -> str:
    return page.tool(record_path(record_id))


def looks_told(record: reading.Record, speak: Speaker) -> list[tuple[str, str]]:
    """What was seen of the article and when, as (kind, line): nothing more is claimed of it than the looks say."""
    told = [("", speak("seen_last", d=speak.day(record.last_seen)))]
    if record.imported:
        told = [("", f"{told[0][1]} ({speak('through', x=record.through[record.capture.record_id])})")]
    if record.gone_at is not None:
        missing = [look for look in record.not_seen if look.found == "missing"]
        if missing:
            days = {"d": speak.day(missing[0].at), "d2": speak.day(record.last_checked)}
            told.append(("gone", speak("missing_since", code=str(missing[-1].status), **days)))
        else:  # an earlier version kept no looks
            told.append(("gone", speak("counted_gone", d=speak.day(record.gone_at))))
    if record.not_seen and (record.gone_at is None or record.not_seen[-1].found != "missing"):
        look = record.not_seen[-1]
        key = "checked_not_seen" if record.gone_at is None else "checked_last"
        told.append(("unsure", speak(key, d=speak.day(look.at), x=speak.look(look))))
    if record.revisions:
        changed = speak.day(record.versions[-1].first_seen)
        key = "changed_one" if record.revisions == 1 else "changed"
        told.append(("changed", speak(key, n=record.revisions, d=changed)))
    return told


@dataclass(slots=True)
class _Files:
    """Our copies of an article's images and attachments, in their order, and the looks that did not find the latter."""

    images: list[overview.KeptFile | None]
    attachments: list[overview.KeptFile | None]
    not_seen: list[list[Observation]]


def _files(conn: sqlite3.Connection, article: Article) -> _Files:
    files = article.attachments
    kept = overview.file_captures(conn, [(file.url, file.sha256) for file in files])
    return _Files(
        overview.file_captures(conn, [(image.url, None) for image in article.images]),
        [copy if file.sha256 else None for file, copy in zip(files, kept, strict=True)],
        [reading.file_observations(conn, file.url, overview.file_last_seen(conn, file.url)) for file in files],
    )


def _places(record: reading.Record) -> list[Mention]:
    """The places the article names, as they were on its day."""
    article = record.article
    day = article.published.value if article.published else record.first_seen
    text = "\n".join(filter(None, (article.title, article.lead, article.text)))
    return mentions(text, f"{day}-01"[:10], record.portal.unit)


def hex_digest(label: str) -> str:
    """The hex form of a payload digest label (``sha256:`` and base32, or hex already); other labels as they are."""
    algorithm, _, value = label.partition(":")
    if algorithm.lower().replace("-", "") != "sha256" or len(value) == 64:
        return value or label
    try:
        return b32decode(value.upper() + "=" * (-len(value) % 8)).hex()
    except NotBase32:
        return label


def _figures(page: Page, article: Article, files: list[overview.KeptFile | None]) -> list[dict[str, Any]]:
    """The article's images: name, caption, and the address of our copy when it may be shown."""
    figures = []
    for image, kept in zip(article.images, files, strict=True):
        href = _raw(page, kept.record_id) if kept else None
        shown = kept is not None and (kept.content_type or "").split(";")[0].strip().lower() in SHOWN_IMAGES
        figures.append(
            {
                "name": file_name(image.url),
                "caption": image.caption,
                "src": f"{href}?view=1" if shown else None,
                "href": href,
            }
        )
    return figures


def _loose_captions(article: Article) -> list[str]:
    """Captions that belong to no image we know of."""
    taken = [image.caption for image in article.images if image.caption]
    return [caption for caption in article.captions if caption not in taken]


def _attachments(page: Page, article: Article, files: _Files) -> list[dict[str, Any]]:
    """The files this version offered: each with its own digest and the capture that brought those bytes."""
    found = []
    for file, kept, looks in zip(article.attachments, files.attachments, files.not_seen, strict=True):
        last = looks[-1] if looks else None
        found.append(
            {
                "name": file.name or file_name(file.url),
                "url": file.url,
                "sha256": file.sha256,
                "size": page.speak.size(file.bytes) if file.bytes is not None else None,
                # the content as a browser would save it: the digest is that of the file
                "href": _raw(page, kept.record_id) + "?content=1" if kept else None,
                "saved_at": kept.saved_at if kept else None,
                "unsteady": kept is not None and kept.unsteady,
                "look": page.speak("file_not_seen", d=page.speak.day(last.at), x=page.speak.look(last))
                if last
                else None,
                "look_href": page.link(capture_path(last.capture)) if last else None,
            }
        )
    return found
