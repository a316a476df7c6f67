"""Captures given out: as sent, as content, as a page to look at; a bomb costs no memory, a page opens no connection."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from hashlib import sha256

import pytest_asyncio

from archive.site import datasette_for
from archive.site.views.captures import capture_view

RECORD = "urn:uuid:00000000-0000-0000-0000-000000000001"


def packed_zeros(megabytes: int) -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(pack.compress(bytes(1_000_000)) for _ in range(megabytes)) + pack.flush()


@pytest_asyncio.fixture
async def kept(store, folder, make_capture):
    """Keeps an answer (header lines, payload) in a WARC file and in the archive; answers the site's client."""

    async def keep(headers: bytes, payload: bytes):
        http = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + payload
        record = gzip.compress(
            b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <%b>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            b"WARC-Target-URI: https://hungha.thaibinh.gov.vn/f\r\nContent-Type: application/http; msgtype=response\r\n"
            b"Content-Length: %d\r\n\r\n" % (RECORD.encode(), len(http)) + http + b"\r\n\r\n"
        )
        (folder / "warc").mkdir(exist_ok=True)
        (folder / "warc" / "t.warc.gz").write_bytes(record)
        store.save_capture(make_capture(record_id=RECORD, file="t.warc.gz", offset=0, length=len(record)))
        datasette = datasette_for(folder)
        await datasette.invoke_startup()
        return datasette.client

    return keep


async def test_a_download_is_the_payload_as_sent_and_its_name_says_that_it_is_packed(kept):
    payload = gzip.compress(b"<p>Tin")
    client = await kept(b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n", payload)
    response = await client.get(f"/-/capture/{RECORD}")
    assert sha256(response.content).digest() == sha256(payload).digest()
    assert response.headers["content-disposition"].endswith('.html.gz"')
    assert "content-encoding" not in response.headers


async def test_a_bomb_is_downloaded_as_it_was_sent_in_little_memory(kept):
    bomb = packed_zeros(200)
    client = await kept(b"Content-Type: application/pdf\r\nContent-Encoding: gzip\r\n", bomb)
    await client.get("/")
    tracemalloc.start()
    try:
        assert (await client.get(f"/-/capture/{RECORD}")).content == bomb
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


async def test_content_beyond_the_limit_breaks_off(kept, monkeypatch):
    monkeypatch.setattr(capture_view, "MAX_CONTENT", 1_000_000)
    client = await kept(b"Content-Type: application/pdf\r\nContent-Encoding: gzip\r\n", packed_zeros(5))
    try:
        sent = (await client.get(f"/-/capture/{RECORD}?content=1")).content
    except Exception:  # the client may say that the answer has no end
        sent = b""
    assert len(sent) <= 1_000_000


async def test_a_page_that_unpacks_beyond_measure_is_not_drawn_and_the_reader_is_told(kept):
    client = await kept(b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n", packed_zeros(50))
    response = await client.get(f"/-/capture/{RECORD}?view=1")
    assert response.status_code == 404
    assert "8 MB" in response.text


async def test_a_drawn_page_announces_no_connection(kept):
    body = '<link rel="preconnect" href="https://portal.gov.vn"><p>Xã họp'.encode()
    client = await kept(b"Content-Type: text/html; charset=utf-8\r\nLink: </s>; rel=preload\r\n", body)
    response = await client.get(f"/-/capture/{RECORD}?view=1")
    assert "<link" not in response.text
    assert "Xã họp" in response.text
    assert "link" not in response.headers
    assert response.headers["x-dns-prefetch-control"] == "off"
    assert response.headers["content-security-policy"].startswith("sandbox")


async def test_what_is_labelled_packed_and_is_plain_is_given_as_it_is(kept):
    client = await kept(b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n", b"<p>plain")
    assert "<p>plain" in (await client.get(f"/-/capture/{RECORD}?view=1")).text
    assert (await client.get(f"/-/capture/{RECORD}?content=1")).content == b"<p>plain"
