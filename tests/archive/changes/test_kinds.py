"""The kind of an edit is what a reader would call it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.changes.kinds import edit_between
from archive.model import Article, Attachment, PrintedDate

TEXT = (
    "Sáng ngày 12/3, UBND huyện Tiên Hòa tổ chức hội nghị sơ kết. Ông Trần Văn Vinh chủ trì. "
    "Tổng kinh phí 48,6 tỷ đồng, có 1.200 hộ tham gia tại xã Yên Bình.\n\nBà con rất phấn khởi, nhiều nhà đã sửa lại chuồng trại."
)
FILE = Attachment("http://a.example/qd.pdf", "Quyết định", "a" * 64, 9)
ARTICLE = Article(
    "http://a.example/1", "http://a.example/1", title="Hội nghị sơ kết", text=TEXT, attachments=[FILE],
    published=PrintedDate("2026-03-12", "day", "visible", "12/3/2026"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("48,6", "52,1", ("figures",)),
        ("1.200", "1.250", ("figures",)),
        ("1.200", "1200", ("spelling",)),
        ("48,6", "486", ("figures",)),
        ("12/3", "13/3", ("dates",)),
        ("ngày 12/3", "ngày 15", ("dates",)),
        ("Trần Văn Vinh", "Lê Văn Hùng", ("names",)),
        ("Yên Bình", "Yên Lạc", ("names",)),
        ("tham gia", "hưởng lợi", ("wording",)),
        ("Hòa", "Hoà", ("spelling",)),
        ("đồng,", "đồng;", ("spelling",)),
        ("phấn khởi", "phán khởi", ("spelling",)),
        ("chuồng trại", "chuòng trại", ("spelling",)),
        (" có 1.200 hộ tham gia tại xã Yên Bình", "", ("wording",)),
        ("Ông Trần Văn Vinh chủ trì.", "Ông Trần Văn Vinh chủ trì. Ngày 20/11 số liệu nêu trong bài được cập nhật lại.", ("wording",)),
        (TEXT, "Nắng nóng kéo dài khiến nhiều hồ chứa cạn nước, nông dân phải bơm chống hạn suốt đêm.", ("whole text",)),
    ],
)  # fmt: skip
def test_kinds_of_changes_in_the_text(old: str, new: str, kinds: tuple[str, ...]) -> None:
    assert edit_between(ARTICLE, replace(ARTICLE, text=TEXT.replace(old, new))).kinds == kinds


def test_land_that_is_taken_back_is_no_hour() -> None:
    before = replace(
        ARTICLE, text="Xã thu hồi 15 ha đất để làm đường, bà con đồng tình, việc đền bù xong trong tháng sau."
    )
    assert edit_between(before, replace(before, text=before.text.replace("15", "20"))).kinds == ("figures",)


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"title": "Hội nghị tổng kết"}, ("title",)),
        ({"attachments": [replace(FILE, sha256="b" * 64)]}, ("attachment",)),
        ({"attachments": []}, ("attachment",)),
        ({"published": PrintedDate("2026-03-13", "day", "visible", "13/3/2026")}, ("dates",)),
        ({"byline": "Thu Hà"}, ("names",)),
        ({"captions": ["Quang cảnh hội nghị tại hội trường lớn của huyện"]}, ("wording",)),
        ({"title": "Hội nghị tổng kết", "text": TEXT.replace("48,6", "52,1")}, ("figures", "title")),
        ({"views": 900, "notes": ["x"], "removed": [], "extractor": "y"}, ()),
    ],
)  # fmt: skip
def test_kinds_of_changes_beside_the_text(changed: dict, kinds: tuple[str, ...]) -> None:
    assert edit_between(ARTICLE, replace(ARTICLE, **changed)).kinds == kinds


LEAD = "Sáng nay, huyện Tiên Hòa sơ kết công tác quý một; lãnh đạo các ban, ngành và các xã, thị trấn cùng dự hội nghị tại huyện."
OTHER = ("Nắng nóng kéo dài khiến nhiều hồ chứa cạn nước.", "Nông dân phải bơm chống hạn suốt đêm.")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("\n\n".join(OTHER), ("whole text",)),
        ("\n\n".join((*OTHER, "Xã Yên Bình | 48,6")), ("whole text",)),
        (f"{OTHER[0]}\n\n{TEXT.partition(chr(10))[2].strip()}", ("wording",)),
        (TEXT.partition("\n\n")[0], ("wording",)),
    ],
    ids=["all under the lead", "all but a row of a table", "one of two paragraphs", "a paragraph taken out"],
)
def test_a_text_that_is_another_under_a_lead_that_stays_is_a_whole_text(text: str, kinds: tuple[str, ...]) -> None:
    before = replace(ARTICLE, lead=LEAD, text=f"{TEXT}\n\nXã Yên Bình | 48,6")
    text = text if OTHER[1] in text else f"{text}\n\nXã Yên Bình | 48,6"
    assert edit_between(before, replace(before, text=text)).kinds == kinds


def test_under_a_lead_that_is_most_of_an_article_another_line_is_wording() -> None:
    before = replace(ARTICLE, lead=LEAD, text="Bà con phấn khởi.\n\nTin của Đài huyện.")
    assert edit_between(before, replace(before, text="\n\n".join(OTHER))).kinds == ("wording",)


def test_a_moved_paragraph_is_wording_and_no_whole_text() -> None:
    one, other = TEXT.split("\n\n")
    edit = edit_between(ARTICLE, replace(ARTICLE, text=f"{other}\n\n{one}"))

    assert edit.kinds == ("wording",)
    assert sorted(told.fate for told in edit.paragraphs) == ["kept", "moved"]
