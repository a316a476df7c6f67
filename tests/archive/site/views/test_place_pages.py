"""Home, portal, places and document numbers through Datasette's client: what a reader looks for is there."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import pytest_asyncio

from archive.model import Portal, PrintedDate
from archive.rows import portal_health
from archive.site import datasette_for
from archive.suspension import suspend

PORTAL = "hungha.thaibinh"


@pytest.fixture
def seed(store, make_article, make_capture):
    """The id of an article that was edited, on the portal of huyện Hưng Hà."""
    store.update_portal(Portal(PORTAL, "https://hungha.thaibinh.gov.vn/", "Cổng huyện Hưng Hà", unit="d339"))
    article = make_article(
        title="Huyện Hưng Hà thu hồi đất",
        text="Theo Quyết định số 512/QĐ-UBND ngày 1/2/2024 của UBND tỉnh Thái Bình, huyện Hưng Hà thu hồi đất, xây 12 phòng.",
        documents=["512/QĐ-UBND"],
        published=PrintedDate("2024-03-12", "day", "meta", "12/03/2024"),
    )
    store.save_article(article, make_capture(), PORTAL)
    article.text = article.text.replace("12 phòng", "15 phòng")
    with store.batch():
        portal_health.save_run(store.conn, {"portal": PORTAL, "started_at": "2026-01-01T00:00:00Z", "verdict": "complete", "skipped_why": {"tag-list": 3}})  # fmt: skip
        portal_health.save(store.conn, PORTAL, "complete", at="2026-01-01T00:10:00Z", well=True, failed=2)
    return store.save_article(article, make_capture(status=200), PORTAL).id


@pytest_asyncio.fixture
async def client(store, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


NUMBER = quote("512/QĐ-UBND")


@pytest.mark.parametrize(
    ("path", "fragments"),
    [
        pytest.param("/", ["Thay đổi gần đây", "số liệu", "Sơ đồ, không phải bản đồ", "Tỉnh Hưng Yên: 1 bài, 1 cổng", "2024: 1 bài"], id="home"),
        pytest.param("/?map=63", ["Tỉnh Thái Bình: 1 bài, 1 cổng"], id="home, provinces of before"),
        pytest.param("/en", ["Latest changes", "figures", "A diagram, not a map"], id="home in English"),
        pytest.param(f"/cong/{PORTAL}", ["Lần kiểm tra tốt gần nhất", "trang thẻ", "trang lỗi, không tải được", "Huyện Hưng Hà, tỉnh Thái Bình", "/noi/d339", "trước khi kho theo dõi"], id="portal"),
        pytest.param(f"/en/cong/{PORTAL}", ["Last good check", "tag pages", "before the archive followed it"], id="portal in English"),
        pytest.param("/noi", ["Tỉnh Hưng Yên", "Tỉnh Thái Bình", "34 tỉnh, thành phố"], id="places"),
        pytest.param("/noi?q=hung+ha", ["Huyện Hưng Hà, tỉnh Thái Bình", "/noi/d339"], id="a place by name"),
        pytest.param("/noi/d339", ["Huyện Hưng Hà", "đến hết 30/06/2025", "Cổng huyện Hưng Hà", "thu hồi đất", "số liệu"], id="district of before"),
        pytest.param("/noi/p33", ["202/2025/QH15", "Tỉnh Thái Bình", "toàn bộ", "01/07/2025"], id="province of today"),
        pytest.param("/en/noi/p33", ["Made of", "whole", "Articles that name it"], id="province in English"),
        pytest.param("/van-ban", ["512/QĐ-UBND", "UBND"], id="documents"),
        pytest.param(f"/van-ban/{NUMBER}", ["UBND tỉnh Thái Bình</span>, 2024", "<mark>512/QĐ-UBND</mark>", "văn bản ngày"], id="document"),
        pytest.param(f"/en/van-ban/{NUMBER}", ["as the article says", "1 article with this number"], id="document in English"),
    ],
)  # fmt: skip
async def test_pages_hold_what_a_reader_looks_for(path, fragments, seed, client):
    response = await client.get(path)
    assert response.status_code == 200
    assert [fragment for fragment in fragments if fragment not in response.text] == []


@pytest.mark.parametrize("path", ["/noi/p99", "/noi/x1", "/van-ban/99/Q%C4%90-UBND", "/en/van-ban/%3Cscript%3E"])
async def test_what_is_not_known_is_told_with_404_and_as_text(path, seed, client):
    response = await client.get(path)
    assert response.status_code == 404
    assert "<script>" not in response.text


async def test_an_article_and_a_search_lead_to_the_pages_of_places_and_numbers(seed, client):
    html = (await client.get(f"/bai/{seed}")).text
    assert f'href="/van-ban/{NUMBER}"' in html and 'href="/noi/d339"' in html
    assert f'href="/van-ban/{NUMBER}"' in (await client.get(f"/tim?q={NUMBER}")).text
    assert 'href="/noi/d339"' in (await client.get("/tim?q=hung+ha")).text


async def test_a_number_only_an_older_version_cited_leads_to_a_search(seed, store, make_article, make_capture, client):
    article = make_article(title="Huyện Hưng Hà thu hồi đất", text="Theo quyết định của tỉnh, huyện thu hồi đất.")
    store.save_article(article, make_capture(), PORTAL)
    html = (await client.get(f"/bai/{seed}?v=2")).text
    assert f"/van-ban/{NUMBER}" not in html and "/tim?q=%22512" in html


async def test_another_writing_of_a_number_leads_to_its_page(seed, client):
    for path in (f"/van-ban/0{NUMBER}", f"/van-ban?q={NUMBER}"):
        response = await client.get(path)
        assert (response.status_code, response.headers["location"]) == (302, f"/van-ban/{NUMBER}")


async def test_a_suspended_article_is_on_none_of_them(seed, store, client):
    suspend(store, seed, "reason", "2026-03-01T00:00:00Z", lambda rows: None)
    for path in ("/", f"/cong/{PORTAL}", "/noi/d339", "/noi/p33", "/van-ban", f"/van-ban/{NUMBER}"):
        assert "thu hồi" not in (await client.get(path)).text
    assert (await client.get(f"/van-ban/{NUMBER}")).status_code == 404
