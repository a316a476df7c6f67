"""Feeds and downloads: valid, with what changed inside, complete, and no cell a formula."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
import pytest_asyncio

from archive.model import PrintedDate
from archive.site import datasette_for
from archive.site.views import follow_view

PORTAL = "hungha.thaibinh"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def seed(store, make_article, make_capture):
    """Two articles: one changed once, one removed, whose title is a formula."""
    first = make_article(
        "1", title="Họp <b>xã</b> \x0b", published=PrintedDate("2024-03-12T09:14+07:00", "minute", "meta", "")
    )
    store.save_article(first, make_capture(), PORTAL)
    first.text = first.text.replace("kết thúc", "bế mạc")
    store.save_article(first, make_capture(), PORTAL)
    store.save_article(make_article("2", title='=HYPERLINK("http://x")', text="Đảng bộ họp."), make_capture(), PORTAL)
    store.mark_gone("https://hungha.thaibinh.gov.vn/tin/2", "2026-02-01T00:00:00Z")


@pytest_asyncio.fixture
async def client(seed, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


@pytest.mark.parametrize("path", ["/tim.atom?q=hop", f"/cong/{PORTAL}/bai.atom", "/en/tim.atom"])
async def test_atom_tells_what_happened_newest_first_with_names_that_stay(path, client):
    answer = await client.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}updated")[:10] for entry in entries] == [
        "2026-02-01",
        "2026-01-03",
        "2026-01-02",
        "2026-01-01",
    ]
    changed = entries[2]
    assert "<del>kết thúc</del><ins>bế mạc</ins>" in changed.findtext(f"{ATOM}content")
    assert changed.findtext(f"{ATOM}published") == "2024-03-12T09:14:00+07:00"
    assert changed.find(f"{ATOM}link").get("href").endswith("?v=2")
    again = ElementTree.fromstring((await client.get(path)).text)
    assert [entry.findtext(f"{ATOM}id") for entry in again.findall(f"{ATOM}entry")] == [
        entry.findtext(f"{ATOM}id") for entry in entries
    ]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 4


async def test_a_feed_reader_reads_it(client):
    feedparser = pytest.importorskip("feedparser")
    read = feedparser.parse((await client.get("/tim.atom?q=hop")).content)
    assert not read.bozo and len(read.entries) == 4 and all(entry.link.startswith("http") for entry in read.entries)


async def test_json_feed(client):
    feed = json.loads((await client.get("/tim.feed.json?q=hop")).text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["_tinhuyen"]["what"] for item in feed["items"]] == ["removed", "new", "changed", "new"]
    assert "&lt;b&gt;" not in feed["items"][2]["title"] and "<script" not in feed["items"][2]["content_html"]


async def test_csv_has_every_match_a_name_that_says_how_many_and_no_formula(client):
    answer = await client.get("/tim.csv?q=hop")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 2 and '"tinhuyen-hop-2-bai.csv"' in answer.headers["content-disposition"]
    assert {row["title"][:2] for row in rows} == {"'=", "Họ"}
    assert rows[0]["permalink"].endswith(f"/bai/{rows[0]['id']}?v=2")


async def test_exact_accents_hold_for_what_is_followed_and_downloaded(client, monkeypatch):
    for typed, articles in (("đảng", 2), ("dảng", 0)):
        feed = json.loads((await client.get(f"/tim.feed.json?q={typed}&exact=1")).text)
        assert len({item["_tinhuyen"]["article"] for item in feed["items"]}) == articles
        assert (
            f"-{articles}-bai.csv" in (await client.get(f"/tim.csv?q={typed}&exact=1")).headers["content-disposition"]
        )
    monkeypatch.setattr("archive.queries.full_text.search.EXACT_CANDIDATES", 1)
    assert "-1-bai-dau.csv" in (await client.get("/tim.csv?q=đảng&exact=1")).headers["content-disposition"]


async def test_a_capped_download_says_so_in_its_name(client, monkeypatch):
    monkeypatch.setattr(follow_view, "MOST_ROWS", 1)
    answer = await client.get("/tim.csv")
    assert "1-bai-dau.csv" in answer.headers["content-disposition"]
    assert answer.headers["x-tinhuyen-rows"] == "1 of more than 1"


async def test_json_lines_are_those_of_the_export(client):
    lines = [json.loads(line) for line in (await client.get("/tim.jsonl?q=hop")).text.splitlines()]
    assert [line["revisions"] for line in lines] == [1, 0] and lines[0]["capture"]["record_id"]


async def test_xlsx_opens_and_holds_text_alone(client):
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(io.BytesIO((await client.get("/tim.xlsx?q=hop")).content)).active
    assert sheet.max_row == 3
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("path", ["/cong/none/bai.atom", "/tim.exe"])
async def test_what_there_is_not(path, client):
    assert (await client.get(path)).status_code == 404


async def test_an_address_typed_leads_to_its_article(client, store):
    answer = await client.get("/tim?q=http://www.hungha.thaibinh.gov.vn/tin/1%23x", follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/bai/")
    assert "chưa từng được lưu" in (await client.get("/tim?q=https://hungha.thaibinh.gov.vn/none")).text


async def test_pages_beyond_the_last_and_slips_are_told(client):
    assert "kết quả chỉ có 1 trang" in (await client.get("/tim?q=hop&page=99")).text
    assert "Đây là kết quả của" in (await client.get("/tim?q=dagn+bo")).text


async def test_a_hit_leads_to_its_passage_and_the_article_marks_it(client):
    import re

    page = (await client.get('/tim?q="bế mạc"')).text
    address = re.search(r'href="(/bai/\d+\?q=[^"]+#p2)"', page)[1]
    assert "<mark>bế mạc</mark>" in (await client.get(address)).text


async def test_open_search_names_the_search_and_its_feed(client):
    description = ElementTree.fromstring((await client.get("/opensearch.xml")).text)
    templates = [url.get("template") for url in description if url.tag.endswith("}Url")]
    assert templates == ["http://localhost/tim?q={searchTerms}", "http://localhost/tim.atom?q={searchTerms}"]
