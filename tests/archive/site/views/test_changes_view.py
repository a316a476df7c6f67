"""The list of changes: tabs, filters and feeds; what was seen, and never why."""

from __future__ import annotations

import csv
import io

import feedparser
import pytest
import pytest_asyncio
from bs4 import BeautifulSoup

from archive.site import datasette_for
from archive.site.month_page import MOST_CHANGES, MOST_PUBLISHED

PORTAL = "hungha.thaibinh"


@pytest.fixture
def seed(store, make_article, make_capture):
    """One article with an edited figure and an edit of an accent, one that answers 404."""
    for text in ("Chi 48,6 tỷ cho lể.", "Chi 52,1 tỷ cho lể.", "Chi 52,1 tỷ cho lễ."):
        store.save_article(make_article(text=text, title="Chi ngân sách"), make_capture(), PORTAL)
    gone = make_article("2", title="Bài đã mất")
    identifier = store.save_article(gone, make_capture(url=gone.url), PORTAL).id
    store.observe(gone.url, make_capture(url=gone.url, status=404), "missing", identifier)


@pytest_asyncio.fixture
async def client(store, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


@pytest.mark.parametrize(
    ("path", "there", "not_there"),
    [
        pytest.param(
            "/thay-doi", ["Chi ngân sách", "48,6", "52,1", "Không hiện 1 lần chỉ sửa"], ["Bài đã mất"], id="edited"
        ),
        pytest.param("/thay-doi?spelling=1", ["2 thay đổi"], ["Không hiện"], id="with spelling"),
        pytest.param("/thay-doi?kind=names", ["Không thấy thay đổi nào như vậy"], ["48,6"], id="another kind"),
        pytest.param("/thay-doi?kind=figures", ["48,6"], [], id="a kind"),
        pytest.param("/thay-doi?portal=other", ["Không thấy thay đổi nào như vậy"], ["48,6"], id="another portal"),
        pytest.param(f"/thay-doi?portal={PORTAL}", [f"/cong/{PORTAL}/thang/2026-01"], [], id="months of a portal"),
        pytest.param("/thay-doi?state=removed", ["Bài đã mất", "Chưa kết luận", "mã 404"], ["48,6"], id="not found"),
        pytest.param("/thay-doi?state=returned", ["Không thấy thay đổi nào như vậy"], ["48,6"], id="returned"),
        pytest.param("/thay-doi?since=2027-01-01", ["Không thấy thay đổi nào như vậy"], ["48,6"], id="time"),
        pytest.param("/thay-doi?since=mai", ["Ngày phải có dạng", "48,6"], [], id="a day that is none"),
        pytest.param("/thay-doi?after=x&state=nothing&kind=nothing", ["48,6"], [], id="nonsense"),
        pytest.param("/en/thay-doi", ["1 change", "Edited"], [], id="in English"),
    ],
)
async def test_the_list_holds_what_was_asked_for(path, there, not_there, seed, client):
    answer = await client.get(path)
    assert answer.status_code == 200
    assert [one for one in there if one not in answer.text] == []
    assert [one for one in not_there if one in answer.text] == []


async def test_an_english_reader_is_led_to_the_english_list(seed, client):
    answer = await client.get("/changes")
    assert (answer.status_code, answer.headers["location"]) == (302, "/en/thay-doi")


async def test_pages_go_on_where_the_one_before_ended(store, client, make_article, make_capture):
    for n in range(25):
        for text in ("Chi 1 tỷ đồng.", "Chi 2 tỷ đồng."):
            one = make_article(str(n), text=text, title=f"Bài {n}")
            store.save_article(
                one, make_capture(url=one.url, fetched_at=f"2026-03-{n + 1:02d}T0{text[4]}:00:00Z"), PORTAL
            )
    first = (await client.get("/thay-doi")).text
    then = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = (await client.get(then)).text
    assert "25 thay đổi" in first
    titles = [[f"Bài {n}<" in html for n in range(25)] for html in (first, second)]
    assert [a != b for a, b in zip(*titles, strict=True)] == [True] * 25 and 'rel="next"' not in second


async def test_feeds_are_read_by_others_and_hold_the_diff(seed, client):
    feed = feedparser.parse((await client.get("/thay-doi.atom")).text)
    assert not feed.bozo and len(feed.entries) == 1
    assert "<del>48,6</del><ins>52,1</ins>" in feed.entries[0].content[0].value
    items = (await client.get("/thay-doi.feed.json")).json()["items"]
    assert [item["_tinhuyen"]["what"] for item in items] == ["changed"]


async def test_the_csv_counts_its_rows_and_computes_nothing(store, seed, client, make_article, make_capture):
    evil = make_article("3", title="=cmd()|' /C calc'!A0", text="Chi 1 tỷ.")
    store.save_article(evil, make_capture(url=evil.url), PORTAL)
    evil.text = "Chi 2 tỷ."
    store.save_article(evil, make_capture(url=evil.url), PORTAL)
    answer = await client.get("/thay-doi.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["kinds"] for row in rows] == ["figures", "figures"]
    assert rows[0]["title"].startswith("'=")


@pytest.mark.parametrize("language", ["", "/en"])
async def test_the_month_of_a_portal_is_a_page_of_the_site(seed, client, language):
    answer = await client.get(f"{language}/cong/{PORTAL}/thang/2026-01")
    page = BeautifulSoup(answer.text, "lxml")

    assert answer.status_code == 200 and "48,6" in page.main.text
    assert f"{language}/cong/{PORTAL}" in [link["href"] for link in page.select("main .crumbs a")]
    assert page.select("header.top nav") and [heading.name for heading in page.select("h1")] == ["h1"]


async def test_a_month_that_is_none_is_not_found(seed, client):
    for month in ("2026-13", "0000-01"):
        assert (await client.get(f"/cong/{PORTAL}/thang/{month}")).status_code == 404


async def test_a_month_of_many_long_edits_stays_small(store, client, make_article, make_capture):
    words = " ".join(f"làng{at}" for at in range(200))
    with store.batch():
        for at in range(200):
            for text in (words, words.replace("làng", "thôn"))[: 1 + (at < 70)]:
                article = make_article(
                    f"bai-{at}", published=None, text=text, title=f"Xã họp về gặt lúa, đắp đê, làm đường lần {at}"
                )
                store.save_article(article, make_capture(url=article.url, fetched_at="2026-01-05T00:00:00Z"), PORTAL)
    for day in range(124):
        store.record_run(
            {
                "portal": PORTAL,
                "started_at": f"2026-01-{1 + day // 4:02d}T{6 * (day % 4):02d}:00:00Z",
                "verdict": "complete",
                "pages": 9,
            }
        )
    answer = await client.get(f"/cong/{PORTAL}/thang/2026-01")

    assert answer.text.count("<del>") == MOST_CHANGES
    assert len(answer.content) < 150_000


async def test_a_long_month_leads_on_to_search(store, client, make_article, make_capture):
    with store.batch():
        for at in range(400):
            article = make_article(
                f"bai-{at}", published=None, title=f"Xã họp về việc gặt lúa, đắp đê, làm đường lần thứ {at}"
            )
            store.save_article(article, make_capture(fetched_at="2026-01-05T00:00:00Z"), PORTAL)
    answer = await client.get(f"/cong/{PORTAL}/thang/2026-01")

    assert answer.text.count("lần thứ") == MOST_PUBLISHED < 400
    assert len(answer.content) < 150_000
    assert f"/tim?portal={PORTAL}&amp;since=2026-01-01&amp;until=2026-01-31" in answer.text
    assert f"Trên đây là {MOST_PUBLISHED} trong 400 bài" in answer.text
