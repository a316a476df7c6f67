"""Pages that are kept: until the archive changes, never another reader's, never a fault."""

from __future__ import annotations

import pytest
import pytest_asyncio

from archive.site import datasette_for
from archive.site.server import page_cache
from archive.site.server.page_cache import PageCache

PORTAL = "hungha.thaibinh"


@pytest_asyncio.fixture
async def client(store, folder, make_article, make_capture):
    store.save_article(make_article(title="Bài một", text="Đoạn."), make_capture(), PORTAL)
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


@pytest.fixture
def renders(monkeypatch):
    """The pages that were rendered, one entry each."""
    from archive.site.server.frame import Page

    made = []
    render = Page.render

    async def counted(self, template, status=200, **context):
        made.append(template)
        return await render(self, template, status, **context)

    monkeypatch.setattr(Page, "render", counted)
    return made


async def test_a_page_is_made_once_and_anew_when_the_archive_changes(
    client, renders, store, make_article, make_capture
):
    first = await client.get("/")
    assert (await client.get("/")).text == first.text
    assert renders == ["home.html"]
    store.save_article(
        make_article(title="Bài hai", text="Khác.", canonical_url="https://hungha.thaibinh.gov.vn/2"),
        make_capture(),
        PORTAL,
    )
    assert "Bài hai" in (await client.get("/")).text
    assert len(renders) == 2


async def test_each_query_language_and_host_has_its_own_page(client, renders):
    for path in ("/tim?q=bai", "/tim?q=mot", "/en/tim?q=bai"):
        await client.get(path)
    await client.get("/tim?q=bai", headers={"host": "127.0.0.1:9"})
    assert len(renders) == 4


async def test_a_reader_who_has_the_page_gets_no_body(client):
    etag = (await client.get("/cong")).headers["etag"]
    again = await client.get("/cong", headers={"if-none-match": f'"x", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers


async def test_a_head_has_the_same_headers_and_no_body(client):
    page, head = await client.get("/cong"), await client.head("/cong")
    assert head.content == b""
    assert head.headers["etag"] == page.headers["etag"]


async def test_faults_and_large_pages_are_not_kept(client, renders, monkeypatch):
    for _ in range(2):
        assert (await client.get("/bai/1")).status_code == 404
    monkeypatch.setattr(page_cache, "LARGEST", 100)
    for _ in range(2):
        assert "Bài một" in (await client.get("/")).text
    assert len(renders) == 4


def test_the_oldest_pages_go_when_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(page_cache, "KEPT_BYTES", 250)
    cache = PageCache(tmp_path / "archive.db")
    for name in ("/1", "/2", "/3"):
        cache.put((name, b"", b""), [], b"x" * 100, cache.signature())
    assert cache.get(("/1", b"", b"")) is None
    assert cache.get(("/3", b"", b"")) is not None


def test_a_page_is_forgotten_after_its_time(tmp_path, monkeypatch):
    monkeypatch.setattr(page_cache, "KEPT_SECONDS", -1.0)
    cache = PageCache(tmp_path / "archive.db")
    cache.put(("/", b"", b""), [], b"x", cache.signature())
    assert cache.get(("/", b"", b"")) is None
