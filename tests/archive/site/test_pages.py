"""The readers' pages through Datasette's own client: what a reader looks for is there, what a portal printed is inert."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import pytest_asyncio

from archive.errors import ArchiveDamaged, PortBusy
from archive.model import Attachment, Image, Portal, PortalLink, PrintedDate, Removed
from archive.rows import portal_health as health
from archive.site import datasette_for
from archive.site.safe_links import file_name, web_address
from archive.site.server.serving import serve
from archive.site.views.article_view import hex_digest

PORTAL = "hungha.thaibinh"
OWN_SCRIPT = re.compile(r'<script src="/-/tinhuyen/[a-z]+\.js"[^>]*></script>')
EVIL = '<script>alert("x")</script>'


@pytest.fixture
def seed(store, make_article, make_capture):
    """The id of one article with everything, revised once."""
    article = make_article(
        title="Đảng bộ huyện họp",
        lead="Chiều 11/01/2020, Đảng bộ họp.",
        section="Tin tổng hợp",
        byline="Thu Uyên (Đài TT-TH Hưng Hà)",
        event_date="2020-01-11",
        views=265,
        captions=["Toàn cảnh Hội nghị"],
        images=[Image("https://hungha.thaibinh.gov.vn/images/hoinghi.jpg", "Toàn cảnh Hội nghị")],
        attachments=[Attachment("https://hungha.thaibinh.gov.vn/qd.pdf", "Quyết định")],
        removed=[Removed("counter", "Đọc 265 lượt"), Removed("spam", "khoan cat be tong", "https://spam.example/")],
    )
    store.save_article(article, make_capture(), PORTAL)
    article.text += "\n\nThêm một đoạn."
    return store.save_article(article, make_capture(status=200), PORTAL).id


@pytest_asyncio.fixture
async def client(store, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


@pytest.mark.parametrize(
    ("path", "fragments"),
    [
        pytest.param("/", ['<html lang="vi">', "<main", "Bài mới nhất", "1 bài từ 1 cổng"], id="home"),
        pytest.param("/en", ['<html lang="en">', "Newest articles"], id="home in English"),
        pytest.param("/tim?q=dang+bo", ["<mark>Đảng bộ</mark>", "1 bài", "Tin tổng hợp"], id="search"),
        pytest.param("/en/tim?q=dang+bo", ["<mark>Đảng bộ</mark>", "1 article ", "Accents optional"], id="in English"),
        pytest.param("/tim?q=zzz&portal=hungha.thaibinh", ["Không có bài nào khớp", "Bỏ bộ lọc"], id="nothing found"),
        pytest.param("/tim?q=ho%CC%A3p", ["<mark>họp</mark>"], id="decomposed"),
        pytest.param("/tim?since=31/12/2020", ["Ngày phải có dạng", "1 bài"], id="bad date"),
        pytest.param("/tim?page=0", ["1 bài"], id="page zero"),
        pytest.param("/cong", ["Cổng huyện Hưng Hà", "Đã lưu 1 bài"], id="portals"),
        pytest.param("/cong/hungha.thaibinh", ["1 bài không in ngày đăng", "Tin tổng hợp"], id="portal"),
        pytest.param("/en/cong/hungha.thaibinh", ["1 article prints no publication date"], id="portal in English"),
    ],
)
async def test_pages_hold_what_a_reader_looks_for(path, fragments, seed, client):
    response = await client.get(path)
    assert response.status_code == 200
    assert [fragment for fragment in fragments if fragment not in response.text] == []


async def test_the_article_page_answers_what_who_when_saved_changed_and_how_to_cite(seed, client, store):
    html = (await client.get(f"/bai/{seed}")).text
    capture = store.record(seed).capture
    for fragment in (
        '<h1 lang="vi">Đảng bộ huyện họp</h1>',
        "trang không in ngày đăng",
        'id="p3"',
        "Thu Uyên (Đài TT-TH Hưng Hà)",
        "265 (cổng tự đếm)",
        "hoinghi.jpg",
        "Chưa lưu được phần này",
        "Đã sửa 1 lần từ khi chúng tôi lưu, 02/01/2026",
        "Thấy trên cổng lần cuối: 02/01/2026",
        "khoan cat be tong",
        capture.file,
        capture.record_id,
        hex_digest(capture.digest),
        "@misc{tinhuyen",
        "url-status=live",
    ):
        assert fragment in html
    assert 'href="https://spam.example/' not in html


async def test_an_older_version_is_shown_as_such(seed, client):
    older = (await client.get(f"/bai/{seed}?v=1")).text
    assert "Đây là bản 1 trên 2" in older
    assert "Thêm một đoạn" not in older
    assert "Đây là bản 2" not in (await client.get(f"/bai/{seed}?v=2")).text
    assert [(await client.get(f"/bai/{seed}?v={v}")).status_code for v in ("9", "x")] == [404, 404]


async def test_the_article_as_json_is_the_export(seed, client):
    answer = (await client.get(f"/bai/{seed}.json")).json()
    assert (answer["id"], answer["event_date"]) == (seed, "2020-01-11")
    assert (await client.get("/bai/1.json")).status_code == 404


async def test_a_gone_article_says_so_in_words(seed, store, client, make_article):
    store.mark_gone(make_article().canonical_url, "2026-04-02T00:00:00Z")
    assert "Kho coi là không còn trên cổng từ ngày 02/04/2026" in (await client.get(f"/bai/{seed}")).text
    assert "không thấy trên cổng (404)" in (await client.get("/tim")).text


async def test_a_portal_names_its_authority_and_where_its_news_goes_on(store, client):
    link = PortalLink("thaibinh", "hungyen", "2025-07-01", "202/2025/QH15")
    store.add_portal(Portal("thaibinh", "http://thaibinh.gov.vn/", unit="p34@2025-06"), [link])
    html = (await client.get("/cong/thaibinh")).text
    assert "Tỉnh Thái Bình" in html and "p34@2025-06" in html
    assert "Cổng kế tiếp" in html and "hungyen" in html and "202/2025/QH15" in html


async def test_what_a_portal_printed_is_never_markup(store, client, make_article, make_capture):
    store.update_portal(Portal(PORTAL, "javascript:alert(1)", EVIL))
    evil = make_article(
        url="javascript:alert(1)", title=EVIL, lead=EVIL, text=EVIL, section=EVIL, byline=EVIL, author=EVIL,
        source=EVIL, captions=[EVIL], tags=[EVIL], documents=[EVIL], notes=[EVIL], extractor=EVIL,
        published=PrintedDate("2020-01-01", "day", EVIL, EVIL),
        images=[Image('https://x/"><script>.jpg', EVIL)],
        attachments=[Attachment("javascript:alert(1)", EVIL)],
        removed=[Removed("spam", EVIL, EVIL)],
    )  # fmt: skip
    identifier = store.save_article(evil, make_capture(), PORTAL).id
    changed = replace(evil, title=f"{EVIL} {EVIL}", text=f"{EVIL}\n\n{EVIL} 12/QĐ-UBND", documents=["12/QĐ-UBND", EVIL])
    store.save_article(changed, make_capture(), PORTAL)
    pages = [
        "/",
        "/tim?q=alert",
        f"/tim?section={EVIL}&q={EVIL}",
        f"/bai/{identifier}",
        f"/bai/{identifier}/so-sanh",
        "/cong",
        f"/cong/{PORTAL}",
        f"/cong/{PORTAL}/thang/2026-01",
        "/thay-doi",
        "/van-ban",
        "/van-ban/12/QĐ-UBND",
        "/suc-khoe",
        "/noi",
        "/ban-chup/urn%3Auuid%3A00000001",
    ]
    for page in pages:
        answer = await client.get(page)
        html = answer.text
        assert answer.status_code == 200, page
        assert "<script" not in OWN_SCRIPT.sub("", html).lower(), page
        assert 'href="javascript:' not in html, page
    tools = [
        "",
        "/article",
        "/articles",
        f"/article/{identifier}",
        "/body",
        "/change_seen",
        "/document",
        "/latest_changes",
        "/portal",
    ]
    for page in tools:
        html = (await client.get(f"/archive{page}")).text
        assert "alert" in html or page == "", page
        assert EVIL not in html and 'href="javascript:' not in html, page


@pytest.mark.parametrize("path", ["/", "/tim", "/cong", "/none", "/archive", "/archive.json", "/-/tinhuyen/site.css"])
async def test_every_answer_carries_the_security_headers(path, client):
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    if path in ("/", "/tim", "/cong", "/none"):
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("path", "words"),
    [("/none", "Không có trang này"), ("/en/none", "No such page"), ("/bai/1", "Không có trang này"),
     ("/cong/none", "Không có trang này"), ("/en/bai/999", "No such page"), ("/-/capture/none", "Không có trang này"),
     ("/a/b/c/d", "Không có trang này"), ("/%F0%9F", "Không có trang này")],
)  # fmt: skip
async def test_an_address_that_is_none_gets_our_page_and_no_traceback(path, words, client, capsys):
    response = await client.get(path)
    assert response.status_code == 404
    assert words in response.text
    assert "Traceback" not in capsys.readouterr().out


async def test_each_page_links_to_itself_in_the_other_language(seed, client):
    assert f'href="/en/bai/{seed}?v=1"' in (await client.get(f"/bai/{seed}?v=1")).text
    assert 'href="/tim?q=x"' in (await client.get("/en/tim?q=x")).text
    assert 'hreflang="vi" href="/"' in (await client.get("/en")).text


async def test_filters_are_chips_that_can_be_removed(seed, client):
    html = (await client.get("/tim?q=bo&portal=hungha.thaibinh&year=0")).text
    assert 'href="/tim?q=bo&amp;year=0"' in html
    assert 'href="/tim?q=bo&amp;portal=hungha.thaibinh"' in html


async def test_datasettes_own_pages_stay(seed, client):
    tables = (await client.get("/archive.json")).json()["tables"]
    assert "article" in [table["name"] for table in tables]
    row = (await client.get("/archive/portal/1.json")).json()["rows"][0]
    assert row["name"] == PORTAL


def warc_record(folder, http: bytes, kind: str = "text/html") -> tuple[str, int, int]:
    """Write one response record by hand; answers file, offset and length."""
    record = (
        (
            b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
            b"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: https://hungha.thaibinh.gov.vn/tin/1\r\n"
            b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http)
        )
        + http
        + b"\r\n\r\n"
    )
    data = gzip.compress(record)
    (folder / "warc" / "t.warc.gz").write_bytes(data)
    return "t.warc.gz", 0, len(data)


@pytest.mark.parametrize(
    ("kind", "query", "shown"),
    [
        pytest.param("text/html; charset=utf-8", "", False, id="page as download"),
        pytest.param("text/html; charset=utf-8", "?view=1", True, id="page in a sandbox"),
        pytest.param("image/svg+xml", "?view=1", False, id="SVG is never shown"),
        pytest.param("image/png", "?view=1", True, id="image"),
        pytest.param("application/pdf", "?view=1", False, id="file as download"),
    ],
)
async def test_a_raw_capture_is_a_download_or_sandboxed(kind, query, shown, store, folder, client, make_capture):
    body = b"<script>alert(1)</script>"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind.encode(), len(body)) + body
    file, offset, length = warc_record(folder, http)
    store.save_capture(make_capture(record_id="urn:uuid:1", file=file, offset=offset, length=length))
    response = await client.get(f"/-/capture/urn:uuid:1{query}")
    assert response.content == body
    policy = response.headers["content-security-policy"]
    assert policy.startswith("sandbox") and "default-src 'none'" in policy and "script" not in policy
    if shown:
        assert response.headers["content-type"] == kind
    else:
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["content-disposition"].startswith('attachment; filename="20260101000000-1')


async def test_a_capture_whose_file_is_missing_says_so(seed, client):
    response = await client.get("/-/capture/urn:uuid:00000001")
    assert response.status_code == 404
    assert "Không đọc được bản chụp này" in response.text


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        pytest.param("sha256:" + b32encode(sha256(b"a").digest()).decode(), sha256(b"a").hexdigest(), id="base32"),
        pytest.param(
            "sha256:" + b32encode(sha256(b"a").digest()).decode().rstrip("="), sha256(b"a").hexdigest(), id="no padding"
        ),
        pytest.param("sha256:" + "ab" * 32, "ab" * 32, id="hex"),
        pytest.param("sha256:!!", "sha256:!!", id="unreadable"),
    ],
)
def test_digests_are_shown_in_hex(label, expected):
    assert hex_digest(label) == expected


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " javascript:x", "", "http://["])
def test_only_web_addresses_are_linked(url):
    assert web_address(url) is None
    assert file_name(url) or not url


def test_a_busy_port_is_told_in_one_line(store, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortBusy, match=f"port {taken.getsockname()[1]}"):
            serve(folder, "127.0.0.1", taken.getsockname()[1])


def test_a_folder_without_an_archive_is_told_in_one_line(tmp_path):
    with pytest.raises(ArchiveDamaged, match="holds no archive"):
        serve(tmp_path)


async def test_a_datasette_without_an_archive_keeps_its_own_front_page(tmp_path):
    from datasette.app import Datasette

    datasette = Datasette([], memory=True)
    await datasette.invoke_startup()
    assert "Tin Huyện" not in (await datasette.client.get("/")).text


async def test_pages_are_read_while_a_crawl_writes(seed, store, client, make_article, make_capture):
    with store.batch():
        store.save_article(make_article("2", title="Bài trong lô"), make_capture(), PORTAL)
        responses = await asyncio.gather(*(client.get("/tim?q=dang") for _ in range(5)))
        assert {response.status_code for response in responses} == {200}
        assert "Bài trong lô" not in (await client.get("/tim")).text
    assert "Bài trong lô" in (await client.get("/tim")).text


async def test_the_health_page_and_the_metrics_tell_how_each_portal_was_found(seed, client, store):
    with store.batch():
        health.save(store.conn, PORTAL, "complete", at="2026-11-20T00:00:00Z", well=True)
        health.save(store.conn, PORTAL, "dead name", at="2026-11-24T00:00:00Z", well=False, failed=3)
        health.save(store.conn, PORTAL, "dead name", at="2026-11-25T00:00:00Z", well=False, failed=4)
    vietnamese, english = (await client.get("/suc-khoe")).text, (await client.get("/en/suc-khoe")).text
    for fragment in (
        "0 trên 1 cổng hoạt động bình thường",
        "Không tìm thấy tên miền (DNS)",
        "(từ 24/11/2026)",
        "Cổng huyện Hưng Hà",
    ):
        assert fragment in vietnamese
    assert "0 of 1 portals worked" in english and "Host name not found (DNS)" in english
    metrics = (await client.get("/-/tinhuyen/metrics")).text
    assert f'tinhuyen_portal_well{{portal="{PORTAL}"}} 0' in metrics
    assert f'tinhuyen_portal_failed_pages{{portal="{PORTAL}"}} 4' in metrics
    assert f'tinhuyen_portal_verdict{{portal="{PORTAL}",verdict="dead name"}} 1' in metrics


async def test_the_health_page_names_a_certificate_near_its_end_and_labels_what_stacks_on_a_phone(seed, client, store):
    soon = (datetime.now(UTC) + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.batch():
        health.save(store.conn, PORTAL, "complete", at="2026-11-25T00:00:00Z", well=True, certificate_ends=soon)
    page = (await client.get("/en/suc-khoe")).text
    assert "Its TLS certificate ends on" in page and 'data-label="Last checked"' in page
    assert "tinhuyen_portal_certificate_ends_timestamp_seconds" in (await client.get("/-/tinhuyen/metrics")).text
    assert 'href="/en/suc-khoe">Health of the portals' in (await client.get("/en")).text


async def test_portals_an_earlier_version_crawled_are_not_called_never_crawled(seed, client):
    page = (await client.get("/suc-khoe")).text
    assert "1 cổng đã được phiên bản trước thu thập" in page and "Chưa có lần thu thập nào" not in page


async def test_a_portal_that_no_crawl_reached_is_named_beside_the_others(store, client):
    store.add_portal(Portal("xahoa", "http://xahoa.gov.vn/", title="Xã Hòa"))
    page = (await client.get("/en/suc-khoe")).text
    assert (
        "portals of the archive have no crawl yet that reached them" in page and '/cong/xahoa" lang="vi">Xã Hòa' in page
    )


async def test_the_health_page_of_an_archive_never_crawled_says_so(client):
    assert "Chưa có lần thu thập nào" in (await client.get("/suc-khoe")).text
