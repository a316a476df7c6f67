"""Search: accents optional, the original spelling marked, filters, and no input that breaks it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.model import Portal, PrintedDate
from archive.queries.full_text import facets as counting
from archive.queries.full_text.matching import Query
from archive.queries.full_text.search import facets, matching_ids, newest, search

PORTAL = "hungha.thaibinh"


@pytest.fixture
def filled(store, make_article, make_capture):
    """Four articles: title, text, portal, section, day of publication."""
    store.add_portal(Portal("dahuoai", "https://dahuoai/", "Đạ Huoai"))
    for path, title, text, portal, section, day in (
        ("a", "Đảng bộ huyện họp", "Bàn về 512/QĐ-UBND và hoà giải.", PORTAL, "Chính trị", "2019-05-06"),
        ("b", "Ðảng viên mới", "Dang tay, bộ đội.", PORTAL, "Chính trị", "2020-05-06"),
        ("c", "Mùa vàng", "Thu hồi đất ở xã. Hội nghị tổng kết.", "dahuoai", "Kinh tế", "2021-05-06"),
        ("d", "Không ngày", "Nghị hội đất thu hồi.", "dahuoai", None, None),
    ):
        published = PrintedDate(day, "day", "meta", day) if day else None
        article = make_article(path, title=title, text=text, section=section, published=published)
        store.save_article(article, make_capture(portal=portal), portal)
    return store


def found(store, *args, **kwargs):
    """The paths of what a query finds."""
    result = search(store.conn, Query(*args, **kwargs))
    urls = dict(store.conn.execute("SELECT id, url FROM article").fetchall())
    return "".join(urls[hit.id][-1] for hit in result.hits)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        pytest.param("dang bo", "ab", id="without accents, side by side first"),
        pytest.param("Đảng bộ", "ab", id="with accents: as typed before others"),
        pytest.param(unicodedata.normalize("NFD", "đảng bộ"), "ab", id="decomposed"),
        pytest.param('"đảng bộ"', "a", id="phrase"),
        pytest.param("“dang bo”", "a", id="typographic quotes"),
        pytest.param('"đảng bộ', "a", id="quote left open"),
        pytest.param("512/QĐ-UBND", "a", id="document number"),
        pytest.param("512/qd-ubnd", "a", id="document number without accents"),
        pytest.param("thu hồi đất", "cd", id="side by side before apart"),
        pytest.param('"thu hồi đất"', "c", id="words in order"),
        pytest.param("", "cbad", id="everything, undated last"),
        pytest.param("***", "", id="only signs"),
        pytest.param("p1", "", id="facet tokens are no words"),
        pytest.param("title:dang", "", id="columns are no syntax"),
        pytest.param("đảng NOT bộ", "ab", id="NOT is a word, and left out as one that no article has"),
        pytest.param("đất OR 512/QĐ-UBND", "cad", id="either"),
        pytest.param("hội nghị -xã", "d", id="without a word"),
        pytest.param("-đất", "ba", id="everything without a word"),
        pytest.param("cổng:dahuoai đất", "cd", id="portal by a field word"),
        pytest.param('cong:"đạ huoai" mua', "c", id="portal by its title"),
        pytest.param("từ:2020 đến:2020", "b", id="between days by field words"),
        pytest.param("số:512", "a", id="a document's number alone"),
        pytest.param("năm:2019", "a", id="a year"),
    ],
)
def test_what_a_query_finds(text, paths, filled):
    assert found(filled, text) == paths


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        pytest.param({"portal": "dahuoai"}, "cd", id="portal, undated last"),
        pytest.param({"section": "Chính trị"}, "ba", id="section"),
        pytest.param({"portal": "nowhere"}, "", id="unknown portal"),
        pytest.param({"year": 2020}, "b", id="year"),
        pytest.param({"year": 0}, "d", id="undated"),
        pytest.param({"since": date(2020, 5, 6), "until": date(2021, 5, 6)}, "cb", id="days, both included"),
        pytest.param({"until": date.max, "since": date(2021, 5, 7)}, "d", id="undated by first sight"),
        pytest.param({"text": "dang bo", "portal": PORTAL, "year": 2019}, "a", id="with words"),
    ],
)
def test_filters(filters, paths, filled):
    assert found(filled, **filters) == paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        pytest.param("đảng", "ba", id="look-alike Ð counts as Đ"),
        pytest.param("đang", "", id="another word"),
        pytest.param("hòa giải", "a", id="tone placement is free"),
        pytest.param('"bộ đội"', "b", id="phrase"),
        pytest.param("bo doi", "", id="accents left out"),
    ],
)
def test_exact_accents(text, paths, filled):
    assert found(filled, text, exact=True) == paths


def test_exact_accents_that_were_not_all_looked_at_are_counted_as_the_least(filled, monkeypatch):
    of_all = search(filled.conn, Query("dảng", exact=True))
    assert (of_all.count.number, of_all.count.at_least) == (0, False)
    whole = search(filled.conn, Query("đảng", exact=True))
    assert (whole.count.number, whole.count.at_least) == (2, False)
    assert sum(n for _, _, n in whole.facets.portals) == 2
    monkeypatch.setattr("archive.queries.full_text.search.EXACT_CANDIDATES", 1)
    some = search(filled.conn, Query("đảng", exact=True))
    assert (some.count.number, some.count.at_least) == (1, True)


def test_a_word_like_a_facet_is_looked_for_in_texts_alone(store, make_article, make_capture):
    store.save_article(make_article("e", text="Khổ giấy s1 và p1."), make_capture(), PORTAL)
    store.save_article(make_article("f", text="Không có chữ ấy.", section="Một"), make_capture(), PORTAL)
    assert found(store, "p1") == "e" and found(store, "giấy s1") == "e"


def test_hits_are_marked_in_the_original_spelling(filled):
    (hit,) = search(filled.conn, Query('"dang bo"')).hits
    assert hit.title == "<mark>Đảng bộ</mark> huyện họp"


def test_what_a_portal_printed_is_escaped_before_hits_are_marked(store, make_article, make_capture):
    evil = make_article(title="<b>đất</b> \x02x", text="<script>đất</script> & \x03")
    store.save_article(evil, make_capture(), PORTAL)
    (hit,) = search(store.conn, Query("dat")).hits
    assert hit.title == "&lt;b&gt;<mark>đất</mark>&lt;/b&gt; x"
    assert hit.extract.startswith("&lt;script&gt;<mark>đất</mark>&lt;/script&gt; &amp;")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.one_of(st.sampled_from('"*^:()-+{}\0 ANDORNOT đ'), st.characters(codec="utf-8"))))
def test_no_input_breaks_the_search(text, filled):
    for exact in (False, True):
        search(filled.conn, Query(text, exact=exact))


def test_facets_count_the_matches(filled):
    spread = facets(filled.conn, Query("dang bo"))
    assert spread.portals == [(PORTAL, "Cổng huyện Hưng Hà", 2)]
    assert spread.sections == [("Chính trị", "Chính trị", 2)]
    assert [(year, number) for year, _, number in facets(filled.conn, Query()).years] == [
        (2021, 1), (2020, 1), (2019, 1), (0, 1),
    ]  # fmt: skip


def test_pages_and_capped_counts(filled, monkeypatch):
    monkeypatch.setattr(counting, "COUNT_CAP", 2)
    first = search(filled.conn, Query(), size=3)
    assert (first.count.number, first.count.capped, first.more) == (2, True, True)
    second = search(filled.conn, Query(), page=2, size=3)
    assert (len(second.hits), second.more) == (1, False)


def test_what_is_not_counted_any_more_can_still_be_had_by_date(filled, monkeypatch):
    """Page by page, behind a place in the order, and as a file."""
    for name in ("COUNT_CAP", "FACET_BASE"):
        monkeypatch.setattr(counting, name, 1)
    asked = Query("xã OR đảng OR không", order="newest")
    whole = matching_ids(filled.conn, asked, 10)
    pages = [search(filled.conn, asked, page=page, size=1) for page in (1, 2, 3, 4)]
    assert [hit.id for page in pages for hit in page.hits] == whole and len(whole) == 4
    assert pages[0].count.capped and pages[1].after
    behind = search(filled.conn, asked, size=1, after=pages[1].after)
    assert [hit.id for hit in behind.hits] == whole[2:3]


def test_a_revised_article_is_found_by_its_new_words_alone(filled, make_article, make_capture):
    changed = make_article("a", title="Tựa khác", text="Chữ khác.", section="Chính trị")
    assert filled.save_article(changed, make_capture(), PORTAL).outcome == "revised"
    assert found(filled, "khác") == "a"
    assert found(filled, '"đảng bộ"') == ""


def test_the_newest_are_those_published_last_then_the_undated(filled):
    urls = dict(filled.conn.execute("SELECT id, url FROM article").fetchall())
    assert "".join(urls[hit.id][-1] for hit in newest(filled.conn, 4)) == "cbad"


@pytest.fixture
def communes(store, make_article, make_capture):
    """Articles on one subject, three of the old province Thái Bình that name communes merged in 2025, one of elsewhere."""
    store.update_portal(Portal(PORTAL, "https://hungha.thaibinh.gov.vn/", "Cổng huyện Hưng Hà", unit="d339"))
    store.add_portal(Portal("khac", "https://khac.vn/", "Cổng khác", unit="d557"))
    for path, portal, text in (
        ("1", PORTAL, "Xã Quang Trung bàn về thu hồi đất theo Quyết định 512/QĐ-UBND."),
        ("2", PORTAL, "Xã Duyên Hải bàn về thu hồi đất."),
        ("3", PORTAL, "Xã Chí Hòa bàn về thu hồi đất theo Quyết định 77/QĐ-UBND."),
        ("4", "khac", "Xã Quang Trung, tỉnh khác, bàn về thu hồi đất theo Quyết định 77/QĐ-UBND."),
    ):
        store.save_article(make_article(path, title=f"Họp {path}", text=text), make_capture(), portal)
    return store


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        pytest.param('thu hồi đất nơi:"Thái Bình"', "123", id="portals of a province"),
        pytest.param(
            'thu hồi đất nơi:"xã Diên Hà"', "12", id="what went into a commune, named by portals of its province"
        ),
        pytest.param('thu hồi đất nơi:"xã Quang Trung"', "14", id="a name that several bear"),
        pytest.param("thu hồi đất số:77", "34", id="a document number"),
        pytest.param('thu hồi đất số:77 nơi:"Thái Bình"', "3", id="both"),
    ],
)
def test_of_several_words_fields_narrow_what_is_put_in_order(text, paths, communes):
    assert sorted(found(communes, text)) == sorted(paths)
    assert search(communes.conn, Query(text)).count.number == len(paths)
