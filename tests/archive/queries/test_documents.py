"""Document numbers: one writing each, who cites them, and that they move with their articles."""

from __future__ import annotations

import pytest

from archive.model import Attachment, Portal, PrintedDate
from archive.queries import documents
from archive.suspension import reinstate, suspend

PORTAL = "hungha.thaibinh"


@pytest.fixture
def cite(store, make_article, make_capture):
    """Keep an article that cites numbers; answers its id."""

    def keep(path, numbers, text="Căn cứ quyết định.", **more):
        article = make_article(path, documents=numbers, text=text, **more)
        return store.save_article(article, make_capture(url=article.url), PORTAL).id

    return keep


def cited(store):
    return {one.number: one.articles for one in documents.most_cited(store.conn)}


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("512/QĐ-UBND", "512/QĐ-UBND"),
        ("8.935/QĐ-UBND", "8935/QĐ-UBND"),
        ("6/NQ-HĐND", "06/NQ-HĐND"),
        ("006/NQ-HĐND", "06/NQ-HĐND"),
        ("05-CT/TW", "05-CT/TW"),
        ("202/2025/QH15", "202/2025/QH15"),
    ],
)
def test_a_number_has_one_writing_in_the_table_and_in_addresses(store, cite, printed, number):
    cite("1", [printed])
    assert cited(store) == {number: 1}
    assert documents.normal(printed) == number


def test_issuer_and_year_are_read_off_the_number(store, cite):
    cite("1", ["202/2025/QH15", "06/NQ-HĐND"])
    found = {one.number: (one.issuer, one.year, one.is_national) for one in documents.most_cited(store.conn)}
    assert found == {"202/2025/QH15": ("QH15", 2025, True), "06/NQ-HĐND": ("HĐND", None, False)}


def test_citations_move_with_a_revision(store, cite):
    cite("1", ["512/QĐ-UBND"])
    cite("2", ["512/QĐ-UBND"])
    cite("1", ["513/QĐ-UBND"], text="Căn cứ quyết định khác.")
    assert cited(store) == {"512/QĐ-UBND": 1, "513/QĐ-UBND": 1}


def test_a_suspended_article_cites_nothing_and_cites_again_when_it_is_back(store, cite):
    identifier = cite("1", ["512/QĐ-UBND"])
    kept = []
    suspend(store, identifier, "reason", "2026-03-01T00:00:00Z", kept.append)
    assert cited(store) == {}
    assert documents.citing(store.conn, "512/QĐ-UBND") == []
    reinstate(store, identifier, kept[0], "2026-03-02T00:00:00Z")
    assert cited(store) == {"512/QĐ-UBND": 1}


@pytest.mark.parametrize(
    ("behind", "day", "issuer"),
    [
        (" ngày 12/3/2024 của UBND huyện Phương Mai về việc thu hồi", "2024-03-12", "UBND huyện Phương Mai"),
        (" ngày 2 tháng 3 năm 2023 của Hội đồng nhân dân xã Hạ, hội nghị", "2023-03-02", "Hội đồng nhân dân xã Hạ"),
        (" ngày 15/7 của UBND thị xã Hạ Long", None, "UBND thị xã Hạ Long"),
        (" của Thủ tướng Chính phủ", None, "Thủ tướng Chính phủ"),
        (", hội nghị đã họp.", None, None),
        (" ngày 40/13/2024", None, None),
    ],
)
def test_day_and_issuer_are_those_printed_right_behind_the_number(store, cite, behind, day, issuer):
    cite("1", ["512/QĐ-UBND"], text=f"Căn cứ Quyết định số 512/QĐ-UBND{behind}.")
    (found,) = documents.citing(store.conn, "512/QĐ-UBND")
    assert (found.day, found.issuer, found.number) == (day, issuer, "512/QĐ-UBND")


def test_articles_are_grouped_by_the_issuer_they_print_else_by_their_portal(store, cite):
    store.update_portal(Portal(PORTAL, "https://hungha.thaibinh.gov.vn/", unit="d339"))
    day = PrintedDate("2024-05-01", "day", "meta", "01/05/2024")
    cite("1", ["5/QĐ-UBND"], text="Quyết định số 05/QĐ-UBND ngày 1/2/2023 của UBND xã Hạ.", published=day)
    cite("2", ["5/QĐ-UBND"], text="Theo 5/QĐ-UBND, xã họp.", published=day)
    groups = documents.grouped(documents.citing(store.conn, "05/QĐ-UBND"), national=False)
    assert [(one.place, one.year, one.printed) for one in groups] == [
        ("UBND xã Hạ", 2023, True),
        ("Tỉnh Thái Bình", 2024, False),
    ]


def test_files_and_similar_numbers_are_told(store, cite):
    cite("1", ["512/QĐ-UBND"], attachments=[Attachment("https://hungha.thaibinh.gov.vn/qd512.pdf", "QĐ 512"), Attachment("https://hungha.thaibinh.gov.vn/b.pdf", "Biểu mẫu")])  # fmt: skip
    cite("2", ["512/2024/QĐ-UBND", "5120/QĐ-UBND"])
    assert [one.name for one in documents.files(store.conn, "512/QĐ-UBND")] == ["QĐ 512"]
    assert [one.number for one in documents.like(store.conn, "512/QĐ-UBND")] == ["512/2024/QĐ-UBND"]
