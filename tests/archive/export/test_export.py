"""JSON lines: the keys others rely on, in their order."""

from __future__ import annotations

import io
import json

import pytest

from archive.errors import UnknownPortal
from archive.export import export_jsonl
from archive.model import Attachment, Image, Portal, PrintedDate, Removed

PORTAL = "hungha.thaibinh"

KEYS = [
    "id", "url", "canonical_url", "portal", "unit", "section", "title", "lead",
    "text", "captions", "byline", "author", "source", "published", "published_precision", "published_source",
    "published_text", "modified", "event_date", "views", "tags", "images", "attachments", "removed",
    "documents", "people", "first_seen", "last_seen", "last_checked", "not_seen", "missing_since", "gone_at",
    "revisions", "version", "versions", "capture", "extractor", "corrections",
]  # fmt: skip


def exported(store, portals=None):
    out = io.StringIO()
    number = export_jsonl(store, out, portals)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert number == len(lines)
    return lines


def test_the_smallest_article_has_every_key_and_null_or_empty_for_what_is_absent(store, make_article, make_capture):
    store.save_article(make_article(title=None, text="", extractor=""), make_capture(), PORTAL)
    (line,) = exported(store)
    assert list(line) == KEYS
    empty = {key for key, value in line.items() if value is None or value == []}
    assert {"title", "lead", "published", "modified", "captions", "images", "removed", "people", "gone_at"} <= empty


def test_a_full_article(store, make_article, make_capture):
    article = make_article(
        section="Tin tức",
        published=PrintedDate("2020-01-11", "day", "visible", "Ngày 11/01/2020"),
        images=[Image("https://x/a.jpg", "Toàn cảnh")],
        attachments=[Attachment("https://x/a.pdf", "QĐ")],
        removed=[Removed("spam", "khoan", "https://spam.example/")],
    )
    capture = make_capture()
    saved = store.save_article(article, capture, PORTAL)
    store.mark_gone(article.canonical_url, "2026-03-01T00:00:00Z")
    (line,) = exported(store, [PORTAL])
    assert line["id"] == saved.id
    assert (line["published"], line["published_precision"]) == ("2020-01-11", "day")
    assert line["published_text"] == "Ngày 11/01/2020"
    assert line["images"] == [{"url": "https://x/a.jpg", "caption": "Toàn cảnh"}]
    assert line["attachments"] == [{"url": "https://x/a.pdf", "name": "QĐ", "sha256": None, "bytes": None}]
    assert line["removed"] == [{"kind": "spam", "text": "khoan"}]
    assert line["gone_at"] == "2026-03-01T00:00:00Z"
    assert line["capture"] == {
        "warc": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": capture.record_id,
        "payload_digest": capture.digest,
        "fetched_at": capture.fetched_at,
    }


def test_articles_come_in_order_of_id_and_by_portal(store, make_article, make_capture):
    store.add_portal(Portal("other", "https://other/"))
    for number in range(7):
        published = PrintedDate(f"20{20 - number}-01-01", "day", "meta", "")
        portal = "other" if number % 2 else PORTAL
        store.save_article(make_article(str(number), published=published), make_capture(), portal)
    ids = [line["id"] for line in exported(store)]
    assert ids == sorted(ids)
    assert {line["portal"] for line in exported(store, ["other"])} == {"other"}
    assert len(exported(store, ["other"])) == 3
    with pytest.raises(UnknownPortal):
        exported(store, ["nowhere"])
