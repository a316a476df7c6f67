"""Citations of one version: the hash is that of the bytes the capture gives, and no title breaks out of its style."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Article, Capture, Portal, PrintedDate
from archive.queries.records import Record
from archive.site.citation import Citation, citations
from archive.site.views.article_view import hex_digest
from archive.site.words.speaker import Speaker
from archive.store import Store
from archive.warc.read import stream_payload
from archive.warc.write import Exchange, WarcWriter

PORTAL = Portal("xahoa", "http://xahoa.gov.vn/", "Cổng xã Hòa An")
URL = "http://xahoa.gov.vn/tin/1"
TODAY = datetime(2026, 3, 2, tzinfo=UTC)


def cited(record: Record, digest: str = "0" * 64) -> dict[str, str]:
    made: list[Citation] = citations(
        record, f"https://kho/bai/{record.id}?v={record.version}", digest, TODAY, Speaker("en")
    )
    return {one.style: one.text for one in made}


def kept(store: Store, article: Article, **capture) -> Record:
    values = {"record_id": "r1", "file": "f", "offset": 0, "length": 1, "digest": "sha256:x", **capture}
    one = Capture(url=URL, fetched_at="2026-03-01T20:00:00Z", status=200, portal=PORTAL.name, **values)
    return store.record(store.save_article(article, one, PORTAL.name).id)


@pytest.fixture
def record(tmp_path):
    with Store.open(tmp_path / "archive.db") as store:
        store.add_portal(PORTAL)
        yield lambda **named: kept(store, Article(URL, URL, text="Xã họp.", **{"title": "Tin", **named}))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4, unique=True))
def test_the_hash_that_is_cited_is_that_of_the_payload_the_capture_gives(payloads):
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.db") as store:
        store.add_portal(PORTAL)
        writer = WarcWriter(Path(folder), [("software", "thử")])
        for n, payload in enumerate(payloads):
            head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"  # as sent, whatever its label
            at = f"2026-03-{n + 1:02d}T00:00:00.000000Z"
            placed = writer.write(Exchange(URL, at, b"GET / HTTP/1.1\r\n\r\n", head, payload, None))
            one = Capture(
                placed.record_id, placed.file, placed.offset, placed.length, URL, at, 200, placed.digest, PORTAL.name
            )
            identifier = store.save_article(Article(URL, URL, title="Tin", text=f"bản {n}"), one, PORTAL.name).id
        writer.close()
        for n, payload in enumerate(payloads):
            version = store.record(identifier, n + 1)
            place = version.capture
            bibtex = cited(version, hex_digest(place.digest))["BibTeX"]
            served = b"".join(stream_payload(Path(folder), place.file, place.offset, place.length).pieces)
            assert re.search(r"sha256:(\w+)", bibtex)[1] == sha256(served).hexdigest() == sha256(payload).hexdigest()


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_title_breaks_out_of_its_field(title):
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.db") as store:
        store.add_portal(PORTAL)
        made = cited(kept(store, Article(URL, URL, title=title, text="x")))
    field = next(line for line in made["BibTeX"].split("\n") if line.startswith("  title = {"))
    bare = re.sub(r"\\(?:textbackslash\{\}|textasciitilde\{\}|\^\{\}|.)", "", field)
    assert bare.count("{") == bare.count("}") == 1 and bare.endswith("},")
    assert made["Wikipedia"].count("|title=") == 1
    assert len(made["BibTeX"].split("\n")) == 6


@pytest.mark.parametrize(
    ("published", "year", "vietnamese"), [(None, None, "không rõ năm"), ("2024-03-05", "2024", "(2024)")]
)
def test_a_year_is_told_only_where_the_page_prints_a_date(record, published, year, vietnamese):
    made = cited(record(published=PrintedDate(published, "day", "visible", "x") if published else None))
    assert ("year = " in made["BibTeX"]) is (year is not None)
    assert vietnamese in next(text for text in made.values() if "truy cập ngày" in text)


def test_the_day_of_saving_is_vietnams(record):
    made = cited(record())
    assert "Archived 2026-03-02" in made["BibTeX"] and "archive-date=2026-03-02" in made["Wikipedia"]


def test_every_style_names_the_version(record):
    one = record()
    assert all(f"/bai/{one.id}?v=1" in text for text in cited(one).values())
