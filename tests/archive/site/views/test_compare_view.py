"""The comparison of two versions as a reader sees it: one sentence, what was added and cut, nothing that leads elsewhere."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio

from archive.site import datasette_for
from archive.site.comparison import MOST_PARAGRAPHS, compare

PORTAL = "hungha.thaibinh"
TEXTS = (
    "Huyện chi 48,6 tỷ đồng.\n\nChủ tịch dự lể.\n\nBà con phấn khởi.\n\nHết.",
    "Huyện chi 52,1 tỷ đồng.\n\nChủ tịch dự lễ.\n\nBà con phấn khởi.\n\nHết.\n\nThêm đoạn.",
)


@pytest.fixture
def article(store, make_article, make_capture):
    return [store.save_article(make_article(text=text), make_capture(), PORTAL).id for text in TEXTS][-1]


@pytest_asyncio.fixture
async def client(store, folder):
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


async def test_one_sentence_says_what_was_changed(article, client):
    html = (await client.get(f"/bai/{article}/so-sanh")).text
    assert "Sửa 3 chỗ: 1 số liệu, 1 câu chữ, 1 chính tả, dấu câu." in html
    assert '<del><span class="hidden">bỏ: </span>48,6</del><ins><span class="hidden">thêm: </span>52,1</ins>' in html
    assert "2 đoạn không đổi" in html and "Phần 3/3" in html
    assert "3 places changed: 1 figures" in (await client.get(f"/en/bai/{article}/so-sanh")).text


async def test_side_by_side_shows_each_version_in_its_own_column(article, client):
    html = (await client.get(f"/bai/{article}/so-sanh?view=side")).text
    columns = re.findall(r'<p class="words">(.*?)</p>', html, re.S)
    assert "48,6" in columns[0] and "52,1" not in columns[0]
    assert "52,1" in columns[1] and "48,6" not in columns[1]


@pytest.mark.parametrize(
    ("asked", "status"),
    [("from=2&to=1", 200), ("from=1&to=1", 200), ("from=1&to=9", 404), ("from=x", 404), ("to=0", 404)],
)
async def test_versions_that_never_were_are_not_found_and_the_older_stands_first(asked, status, article, client):
    answer = await client.get(f"/bai/{article}/so-sanh?{asked}")
    assert answer.status_code == status
    if asked == "from=2&to=1":
        assert "So sánh bản 1 và bản 2" in answer.text


async def test_no_link_stands_within_the_words(store, client, make_article, make_capture):
    for text in ("Một <a href='https://evil.example/'>hai</a> ba", "Một <a href='https://evil.example/'>hai</a> bốn"):
        identifier = store.save_article(make_article(text=text), make_capture(), PORTAL).id
    html = (await client.get(f"/bai/{identifier}/so-sanh")).text
    assert "<a href='https://evil" not in html and "&lt;a href=" in html


async def test_the_state_of_an_article_leads_to_what_was_changed(article, client):
    assert f'href="/bai/{article}/so-sanh">Đã sửa 1 lần' in (await client.get(f"/bai/{article}")).text


def test_a_text_without_end_is_compared_as_far_as_a_page_bears(make_article):
    long = "\n\n".join(f"đoạn {n}" for n in range(MOST_PARAGRAPHS + 5))
    found = compare(make_article(text=long), make_article(text=long + "\n\nthêm"))
    assert found.is_cut and found.changed == 0
    assert not compare(make_article(text="a"), make_article(text="b")).is_cut
