"""What the site claims of a version is so: its hash is that of the bytes its capture gives, and what was seen is told as seen."""

from __future__ import annotations

import csv
import gzip
import io
import re
from hashlib import sha256

import pytest
import pytest_asyncio

from archive.model import Attachment, Capture
from archive.rows import portal_health as health
from archive.site import datasette_for
from archive.site.views.article_view import hex_digest
from archive.warc.write import Exchange, Original, WarcWriter

PORTAL = "hungha.thaibinh"
URL, PDF = "https://hungha.thaibinh.gov.vn/tin/1", "https://hungha.thaibinh.gov.vn/qd.pdf"
NOTHING = sha256(b"").hexdigest()


@pytest.fixture
def captured(store, folder):
    """Write an exchange into a WARC file and answer its capture."""
    writer = WarcWriter(folder / "warc", [("software", "test")], instance="t")

    def capture(day, body, status=200, url=URL, kind="page", original=None, coding=None):
        coding_line = f"Content-Encoding: {coding}\r\n" if coding else ""
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n{coding_line}Content-Length: {len(body)}\r\n\r\n"
        at = f"2026-{day}T02:00:00Z"
        placed = writer.write(Exchange(url, at, b"GET / HTTP/1.1\r\n\r\n", head.encode(), body, None, None), original)
        writer.sync()
        not_modified = original is not None and original.not_modified
        return Capture(
            placed.record_id, placed.file, placed.offset, placed.length, url, at, status,
            "" if not_modified else placed.digest, PORTAL, "text/html", len(body), kind, placed.record_type,
        )  # fmt: skip

    yield capture
    writer.close()


@pytest.fixture
def article(store, make_article, captured):
    """The id of an article of four captures: read, edited, edited back (a revisit), confirmed by a 304; its file replaced."""
    offering = {"attachments": [Attachment(PDF, "QĐ")]}
    first = captured("01-01", gzip.compress(b"<p>mot</p>" * 20, mtime=0), coding="gzip")
    saved = store.save_article(make_article(**offering), first, PORTAL)
    store.save_file(PDF, PORTAL, captured("01-01", b"tep mot", url=PDF, kind="file"), sha256(b"tep mot").hexdigest(), 7)
    store.save_article(make_article(text="Hai.", **offering), captured("01-02", b"<p>hai</p>" * 20), PORTAL)
    same = Original(first.record_id, URL, first.fetched_at, not_modified=False)
    again = captured("01-03", gzip.compress(b"<p>mot</p>" * 20, mtime=0), coding="gzip", original=same)
    store.save_article(make_article(**offering), again, PORTAL)
    store.save_file(PDF, PORTAL, captured("01-03", b"tep hai", url=PDF, kind="file"), sha256(b"tep hai").hexdigest(), 7)
    not_modified = Original(first.record_id, URL, first.fetched_at, not_modified=True)
    store.touch(URL, captured("01-04", b"", 304, original=not_modified))
    return saved.id


@pytest_asyncio.fixture
async def client(store, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


def raw_link(html):
    return re.search(r'href="(/-/capture/[^"?]+)"', html)[1]


@pytest.mark.parametrize("lang", ["", "/en"])
async def test_the_hash_of_every_version_is_that_of_the_bytes_its_capture_gives(lang, article, store, client):
    versions = store.versions(article)
    assert len(versions) == 3
    for version in versions:
        html = (await client.get(f"{lang}/bai/{article}?v={version.number}")).text
        json = (await client.get(f"/bai/{article}.json?v={version.number}")).json()
        given = sha256((await client.get(raw_link(html))).content).hexdigest()
        shown = re.search(r'SHA-256[^<]*</dt><dd class="mono"><span[^>]*>(\w+)<', html)[1]
        cited = re.search(r"sha256:(\w+)", html)[1]
        assert {given, shown, cited, hex_digest(json["capture"]["payload_digest"])} == {given}
        assert (json["version"], json["text"]) == (version.number, version.article.text)
        assert NOTHING not in html
        place = html[html.index("@misc") - 3000 :]
        assert place.count(f"/bai/{article}?v={version.number}") >= 4  # permalink and every style


async def test_the_newest_version_is_cited_by_its_number_too(article, client):
    html = (await client.get(f"/bai/{article}")).text
    assert f"@misc{{tinhuyen{article}v3," in html and f"/bai/{article}?v=3" in html


async def test_each_version_shows_its_own_file(article, client):
    for number, content in ((1, b"tep mot"), (2, b"tep mot"), (3, b"tep hai")):
        html = (await client.get(f"/bai/{article}?v={number}")).text
        href, shown = re.search(
            r'href="(/-/capture/[^"]+)"[^>]*>QĐ</a>.*?SHA-256 <span class="mono">(\w+)', html, re.S
        ).groups()
        answer = (await client.get(href)).content
        assert (answer, shown) == (content, sha256(content).hexdigest())
        json = (await client.get(f"/bai/{article}.json?v={number}")).json()
        assert json["attachments"][0]["sha256"] == shown
    assert "tệp đính kèm được thay" in html


async def test_the_raw_capture_is_what_was_sent_and_its_content_is_had_by_asking(article, store, client):
    capture = store.record(article, 1).capture
    sent = await client.get(f"/-/capture/{capture.record_id}")
    assert sent.headers["content-disposition"].endswith('.gz"')
    assert gzip.decompress(sent.content) == (await client.get(f"/-/capture/{capture.record_id}?content=1")).content


@pytest.mark.parametrize(
    ("found", "status", "vietnamese", "english", "url_status"),
    [
        ("missing", 404, "mã 404; chưa kết luận là đã gỡ", "404; not yet counted as removed", "dead"),
        ("missing", 410, "mã 410; chưa kết luận là đã gỡ", "410; not yet counted as removed", "dead"),
        ("home page", 302, "chuyển về trang chủ (mã 302)", "a redirect to the home page (302)", "deviated"),
        ("error page", 200, "một trang báo lỗi (mã 200)", "an error page (status 200)", "deviated"),
        ("server error", 503, "máy chủ báo lỗi (mã 503)", "a server error (503)", "live"),
    ],
)
async def test_a_look_that_found_nothing_is_told_as_it_was(
    found, status, vietnamese, english, url_status, article, store, client, captured
):
    look = captured("02-10", b"khong co", status)
    store.observe(URL, look, found, article)
    for lang, words in (("", vietnamese), ("/en", english)):
        html = (await client.get(f"{lang}/bai/{article}")).text
        assert words in html and look.record_id.removeprefix("urn:uuid:") in html
    assert "Last check (10 Feb 2026)" in html and "Last seen on the portal: 4 Jan 2026" in html
    assert f"url-status={url_status}" in html


async def test_the_health_page_counts_what_was_not_found(article, store, client, captured):
    with store.batch():
        health.save(store.conn, PORTAL, "complete", at="2026-02-10T03:00:00Z", well=True)
    store.observe(URL, captured("02-10", b"", 404), "missing", article)
    assert "1 bài không thấy ở lần kiểm tra gần nhất, chưa kết luận là đã gỡ" in (await client.get("/suc-khoe")).text
    metrics = (await client.get("/-/tinhuyen/metrics")).text
    assert f'tinhuyen_portal_articles_not_seen{{portal="{PORTAL}"}} 1' in metrics
    store.mark_gone(URL, "2026-02-24T00:00:00Z")
    assert "1 article answered 404 on every check over two weeks" in (await client.get("/en/suc-khoe")).text


async def test_what_counts_as_gone_is_told_by_its_first_404_and_never_as_deleted(article, store, client, captured):
    for day in ("02-10", "02-24"):
        store.observe(URL, captured(day, b"khong co", 404), "missing", article)
    store.mark_gone(URL, "2026-02-24T02:00:00Z")
    assert "Mã 404 từ 10/02/2026; kiểm tra gần nhất 24/02/2026" in (await client.get(f"/bai/{article}")).text
    english = (await client.get(f"/en/bai/{article}")).text
    assert "404 since 10 Feb 2026; last checked 24 Feb 2026" in english
    assert "deleted" not in english and "removed on" not in english


async def test_a_file_that_is_not_found_keeps_its_copy(article, store, client, captured):
    store.observe(PDF, captured("02-10", b"", 404, url=PDF, kind="file"), "missing")
    html = (await client.get(f"/bai/{article}")).text
    assert "Lần kiểm tra gần nhất (10/02/2026): mã 404; bản lưu vẫn còn" in html
    assert sha256(b"tep hai").hexdigest() in html


async def test_every_public_table_is_had_as_csv_with_all_its_rows(article, store, client, captured):
    store.observe(URL, captured("02-10", b"", 404), "missing", article)
    tables = [table for table in (await client.get("/archive.json")).json()["tables"] if not table["hidden"]]
    assert {"article", "revision", "article_id", "observation", "file_revision"} <= {table["name"] for table in tables}
    for table in tables:
        answer = await client.get(f"/archive/{table['name']}.csv?_stream=1")
        (count,) = store.conn.execute(f"SELECT count(*) FROM [{table['name']}]").fetchone()
        assert len(list(csv.reader(io.StringIO(answer.text)))) == count + 1, table["name"]
