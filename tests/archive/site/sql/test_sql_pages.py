"""Datasette's own pages: what is said of tables is true of them, the queries run, rows lead to articles, the frame is ours."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio

from archive.site import datasette_for
from archive.site.sql import table_search
from archive.site.sql.descriptions import queries, tables

PORTAL = "hungha.thaibinh"


@pytest.fixture
def seed(store, make_article, make_capture):
    article = make_article(title="Đảng bộ huyện họp", documents=["512/QĐ-UBND"])
    return store.save_article(article, make_capture(), PORTAL).id


@pytest_asyncio.fixture
async def client(store, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


@pytest.mark.parametrize("name", tables())
def test_what_is_described_exists(store, name):
    there = {row[1] for row in store.conn.execute(f"PRAGMA table_info({name})")}
    table = tables()[name]
    assert there
    assert {*table.get("columns", {}), *table.get("facets", [])} <= there


def test_no_public_table_holds_blobs(store):
    names = [row[0] for row in store.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    declared = {
        (name, row[1])
        for name in names
        if "_fts" not in name
        for row in store.conn.execute(f"PRAGMA table_info({name})")
        if row[2].upper() == "BLOB"
    }
    assert declared == set()


def test_there_are_ten_queries_in_both_languages_and_none_searches_with_what_is_typed():
    assert len(queries()) == 10
    for query in queries().values():
        assert " / " in query["title"]
        assert " / " in query["description"]
        assert not re.search(r"\b(?:like|match|glob|instr|regexp)\b", query["sql"], re.I)


@pytest.mark.parametrize("name", queries())
async def test_every_query_runs_where_arbitrary_sql_is_off(seed, client, name):
    values = {"portal": PORTAL, "year": "2026", "article": str(seed), "number": "512/QĐ-UBND"}
    asked = {key: values[key] for key in re.findall(r":(\w+)", queries()[name]["sql"]) if key in values}
    response = await client.get(f"/archive/{name}", params=asked)
    assert response.status_code == 200
    assert queries()[name]["title"].split(" / ")[1] in response.text


async def test_all_queries_and_descriptions_stand_on_the_page_of_the_data(seed, client):
    page = (await client.get("/archive")).text
    assert [name for name in queries() if f'href="/archive/{name}"' not in page] == []
    assert "Kho thấy lần đầu" in (await client.get("/archive/articles")).text


@pytest.mark.parametrize("typed", ["đảng", "dang", "Đảng", "ĐẢNG BỘ"])
@pytest.mark.parametrize("table", ["article", "articles"])
async def test_search_of_a_table_finds_what_is_typed_with_accents_and_without(seed, client, table, typed):
    found = await client.get(f"/archive/{table}.json", params={"_search": typed, "_shape": "array"})
    assert [row["id"] for row in found.json()] == [seed]


@pytest.mark.parametrize("table", ["article", "articles"])
async def test_search_of_a_table_takes_the_readers_language_and_keeps_its_other_filters(seed, client, table):
    async def found(**asked):
        response = await client.get(f"/archive/{table}.json", params={"_shape": "array", **asked})
        return [row["id"] for row in response.json()]

    assert await found(_search="huyện đảng") == [seed], "words apart"
    assert await found(_search='"huyện đảng"') == []
    assert await found(_search="đảng", title__contains="không có") == []
    assert await found(_search="không-có-từ-này") == []
    assert await found(_search="") == [seed]


async def test_the_box_of_a_tables_search_holds_what_was_typed_and_one_search_at_a_time(seed, client):
    page = (await client.get("/archive/articles", params={"_search": "đảng bộ"})).text
    assert re.search(r'<input[^>]*name="_search" value="đảng bộ"', page)
    assert "search finds" in page
    again = await client.get(
        "/archive/articles.json", params={"_words": "không có", "_search": "đảng", "_shape": "array"}
    )
    assert [row["id"] for row in again.json()] == [seed]


async def test_a_tables_search_says_how_much_it_leaves_out(
    seed, store, client, make_article, make_capture, monkeypatch
):
    monkeypatch.setattr(table_search, "MOST_FOUND", 1)
    newer = store.save_article(make_article("2", title="Đảng bộ xã họp"), make_capture(), PORTAL).id
    response = await client.get("/archive/articles.json", params={"_search": "đảng bộ", "_shape": "array"})
    assert [row["id"] for row in response.json()] == [max(seed, newer)]
    assert "the newest 1 of more" in (await client.get("/archive/articles", params={"_search": "đảng bộ"})).text


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("/archive/article", "/bai/{}"),
        ("/archive/articles", "/bai/{}"),
        ("/archive/citations", "/van-ban/512/Q%C4%90-UBND"),
        ("/archive/articles", f"/cong/{PORTAL}"),
        (f"/archive/removed_articles_of_portal?portal={PORTAL}", None),
    ],
)
async def test_rows_lead_to_the_readers_pages(seed, client, path, href):
    page = (await client.get(path)).text
    assert href is None or f'href="{href.format(seed)}"' in page


async def test_a_small_number_is_no_article(seed, client):
    assert 'href="/bai/1"' not in (await client.get("/archive/section")).text


@pytest.mark.parametrize("path", ["/archive", "/archive/article", "/archive/latest_changes"])
async def test_datasettes_pages_stand_in_our_frame(seed, client, path):
    page = (await client.get(path)).text
    for fragment in ('<html lang="en">', '<main id="content">', "th-brand", 'href="/en/tim"', "Document numbers"):
        assert fragment in page
