"""Words beside a rare phrase are looked for in texts, and find what the text index finds."""

from __future__ import annotations

import pytest

from archive.model import Portal, PrintedDate
from archive.queries.full_text import matching
from archive.queries.full_text.matching import Query, match

PORTAL = "hungha.thaibinh"
TEXTS = (
    ("Xã Hồng Lĩnh họp", "Bàn việc thu hồi đất và làm đường.", "2019-05-06"),
    ("Làm đường", "Thu hồi đất ở huyện Hưng Hà theo số 512/QĐ-UBND, không ở xã.", "2020-05-06"),
    ("Kỹ thuật mới", "Thu hồi đất, kĩ càng; đường vào huyện Hưng Hà.", "2020-06-06"),
    ("Chợ quê", "Họp chợ ở Hưng Hà ngày 12/3.", "2020-03-13"),
)


@pytest.fixture
def held(store, make_article, make_capture):
    store.add_portal(Portal("xa", "https://xa/", unit="d339"))
    for at, (title, text, day) in enumerate(TEXTS):
        article = make_article(str(at), title=title, text=text, published=PrintedDate(day, "day", "meta", day))
        portal = "xa" if at == 0 else PORTAL
        store.save_article(article, make_capture(portal=portal), portal)
    return store.conn


QUERIES = (
    ('"thu hồi đất" đường', {"Xã Hồng Lĩnh họp", "Làm đường", "Kỹ thuật mới"}),
    ('"thu hồi đất" đường -xã', {"Kỹ thuật mới"}),
    ('"thu hồi đất" kỹ', {"Kỹ thuật mới"}),
    ('"thu hồi đất" chợ', set()),
    ("512/QĐ-UBND đường", {"Làm đường"}),
    ("số:512 đường", {"Làm đường"}),
    ("12/3/2020 họp", {"Chợ quê"}),
    ('nơi:"Hưng Hà" đường', {"Xã Hồng Lĩnh họp", "Làm đường", "Kỹ thuật mới"}),
    ('nơi:"Hưng Hà" họp', {"Xã Hồng Lĩnh họp", "Chợ quê"}),
    ('"thu hồi đất" đường năm:2020', {"Làm đường", "Kỹ thuật mới"}),
    ('"thu hồi đất" đường từ:6/2020', {"Kỹ thuật mới"}),
    ('"thu hồi đất" nơi:Chợ', set()),
)


@pytest.mark.parametrize(("typed", "titles"), QUERIES)
def test_texts_tell_what_the_index_tells(held, monkeypatch, typed, titles):
    found = match(held, Query(typed))
    assert found.few is not None
    assert titled(held, found) == titles
    monkeypatch.setattr(matching, "FEW", 0)
    by_index = match(held, Query(typed))
    assert titles == set() or by_index.few is None
    assert titled(held, by_index) == titles


def test_a_phrase_of_many_articles_is_left_to_the_index(held, monkeypatch):
    monkeypatch.setattr(matching, "FEW", 2)
    assert match(held, Query('"thu hồi đất" đường')).few is None


def titled(conn, found):
    sql, params = found.sql()
    return {row[0] for row in conn.execute(f"SELECT title FROM article WHERE id IN ({sql})", params)}
