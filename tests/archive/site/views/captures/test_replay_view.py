"""Capture pages: the page in a frame that runs nothing, its parts from our captures, its address in time (RFC 7089)."""

from __future__ import annotations

import gzip

import pytest_asyncio

from archive.site import datasette_for
from archive.suspension import suspend

PORTAL = "hungha.thaibinh"
SITE = "https://hungha.thaibinh.gov.vn"
PAGE = b"""<html><head><link rel=stylesheet href=/s.css><script src=/x.js></script></head>
<body><img src=/anh.png><img src=/khac.png><a href=/tin/2>hai</a><a href=/tin/9>khac</a></body></html>"""


@pytest_asyncio.fixture
async def client(store, folder, make_article, make_capture):
    """Two captures of an article's page, with its style and a picture."""
    answers = [
        ("/tin/1", 3, "text/html", PAGE), ("/tin/1", 20, "text/html", PAGE), ("/tin/2", 4, "text/html", b"<p>hai"),
        ("/s.css", 3, "text/css", b"body { background: url(anh.png) }"), ("/anh.png", 3, "image/png", b"\x89PNG"),
    ]  # fmt: skip
    data = b""
    for number, (path, day, kind, body) in enumerate(answers, start=1):
        http = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nX-Evil: <b>\r\n\r\n" % kind.encode() + body
        record = gzip.compress(
            b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            b"WARC-Target-URI: %b\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
            % (number, f"{SITE}{path}".encode(), len(http)) + http + b"\r\n\r\n"
        )  # fmt: skip
        capture = make_capture(
            record_id=f"urn:uuid:{number}", url=f"{SITE}{path}", fetched_at=f"2026-01-{day:02d}T00:00:00Z", file="t.warc.gz",
            offset=len(data), length=len(record), content_type=kind, digest=f"sha256:{number}",
        )  # fmt: skip
        data += record
        if path == "/tin/1":
            store.save_article(make_article(), capture, PORTAL)
        else:
            store.save_capture(capture)
    (folder / "warc" / "t.warc.gz").write_bytes(data)
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


async def test_the_calendar_leads_to_each_capture_of_the_address_and_marks_the_one_shown(client):
    html = (await client.get("/ban-chup/urn%3Auuid%3A1")).text
    calendar = html.partition('<div class="calendar">')[2].partition("</div>")[0]
    assert "<caption>01/2026</caption>" in calendar and calendar.count('scope="col"') == 7
    assert 'aria-label="03/01/2026: 1 bản chụp gốc, mã 200" aria-current="date">3 ' in calendar
    assert calendar.count("/ban-chup/urn%3Auuid%3A2") == 1 and calendar.count("aria-current") == 1
    assert "Monday" in (await client.get("/en/ban-chup/urn%3Auuid%3A1")).text


async def test_the_page_is_framed_and_our_bar_stands_outside(client):
    answer = await client.get("/ban-chup/urn%3Auuid%3A1")
    html = answer.text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in html
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    for fragment in (
        "Bản chụp lúc 03/01/2026",
        f"{SITE}/tin/1",
        "Xem nội dung bài",
        "Các bản chụp của địa chỉ này (2)",
        "&lt;b&gt;",
    ):
        assert fragment in html
    assert answer.headers["memento-datetime"] == "Sat, 03 Jan 2026 00:00:00 GMT"
    assert f'<{SITE}/tin/1>; rel="original"' in answer.headers["link"]


async def test_the_frame_runs_nothing_and_asks_for_nothing_but_our_pictures(client):
    answer = await client.get("/-/capture/urn%3Auuid%3A1?view=1")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation; default-src 'none'")
    assert "img-src data: http://localhost/-/capture-file/;" in policy and "script" not in policy.replace(
        "script-src", ""
    )
    html = answer.text
    assert html.count("/-/capture-file/urn%3Auuid%3A5") == 2  # in the page and in its style
    assert "data:image/svg+xml" in html and "/luu?url=https%3A%2F%2Fhungha.thaibinh.gov.vn%2Ftin%2F2" in html
    picture = await client.get("/-/capture-file/urn%3Auuid%3A5")
    assert (picture.content, picture.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert picture.headers["content-security-policy"].startswith("sandbox")
    assert (await client.get("/-/capture-file/urn%3Auuid%3A1")).status_code == 404  # a page is no picture


async def test_links_lead_to_what_is_held_nearest_in_time_else_to_words(client):
    async def led(at, path):
        return await client.get(f"/luu?url={SITE}{path}&at={at}")

    assert (await led("20260105000000", "/tin/1")).headers["location"] == "/ban-chup/urn%3Auuid%3A1"
    assert (await led("20260119000000", "/tin/1")).headers["location"] == "/ban-chup/urn%3Auuid%3A2"
    assert (await led("nonsense", "/tin/1")).headers["location"] == "/ban-chup/urn%3Auuid%3A2"
    answer = await led("20260105000000", "/tin/9")
    assert answer.status_code == 404 and "Chưa lưu trang này" in answer.text
    assert f'href="{SITE}' not in answer.text
    assert 'href="javascript:' not in (await client.get("/luu?url=javascript:alert(1)")).text


async def test_the_timegate_answers_with_the_nearest_capture(client):
    asked = {"accept-datetime": "Sun, 04 Jan 2026 00:00:00 GMT"}
    answer = await client.get(f"/timegate/{SITE}/tin/1", headers=asked)
    assert answer.status_code == 302 and answer.headers["location"].endswith("/ban-chup/urn%3Auuid%3A1")
    assert "accept-datetime" in answer.headers["vary"].lower() and 'rel="first memento"' in answer.headers["link"]
    assert (await client.get(f"/timegate/{SITE}/tin/1")).headers["location"].endswith("urn%3Auuid%3A2")
    bad = {"accept-datetime": "yesterday"}
    assert (await client.get(f"/timegate/{SITE}/tin/1", headers=bad)).status_code == 400
    assert (await client.get(f"/timegate/{SITE}/nowhere")).status_code == 404


async def test_the_timemap_lists_every_capture(client):
    answer = await client.get(f"/timemap/link/{SITE}/tin/1")
    assert answer.headers["content-type"].startswith("application/link-format")
    assert answer.text.count('memento"') == 2 and 'rel="timegate"' in answer.text


async def test_nothing_of_a_suspended_article_is_left(client, store):
    identifier = store.article_of(f"{SITE}/tin/1")
    suspend(store, identifier, "yêu cầu", "2026-02-01T00:00:00Z", lambda rows: None)
    paths = [
        "/ban-chup/urn%3Auuid%3A1", "/-/capture/urn%3Auuid%3A1?view=1", f"/luu?url={SITE}/tin/1", f"/timegate/{SITE}/tin/1",
        f"/timemap/link/{SITE}/tin/1", f"/bai/{identifier}/so-sanh",
    ]  # fmt: skip
    assert [(await client.get(path)).status_code for path in paths] == [451] * len(paths)
    assert (await client.get("/ban-chup/urn%3Auuid%3A99")).status_code == 404
