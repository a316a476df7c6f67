"""Spots of an edit: how many places were changed, of which kinds, and which one a list shows."""

from __future__ import annotations

import pytest

from archive.changes.kinds import edit_between
from archive.changes.spots import counted, is_spelling, largest, spots_of
from archive.model import Article, Attachment

OLD = "Huyện chi 48,6 tỷ đồng làm đường.\n\nChủ tịch Lê Văn Nam dự lể khánh thành.\n\nBà con phấn khởi."


def made(text: str, **fields: object) -> Article:
    return Article(url="https://a.vn/1", canonical_url="https://a.vn/1", text=text, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD.replace("48,6", "52,1"), [("figures", 1)], id="a figure"),
        pytest.param(OLD.replace("lể", "lễ"), [("spelling", 1)], id="an accent"),
        pytest.param(
            OLD.replace("48,6", "52,1").replace("lể", "lễ").replace("Văn Nam", "Văn Bắc"),
            [("figures", 1), ("names", 1), ("spelling", 1)],
            id="three places",
        ),
        pytest.param(OLD + "\n\nThêm một đoạn nữa.", [("wording", 1)], id="a paragraph put in is one place"),
        pytest.param("Một bài khác hẳn, không còn chữ nào.", [("whole text", 1)], id="another text is one place"),
        pytest.param(OLD, [], id="nothing"),
    ],
)
def test_places_are_counted_by_the_gravest_of_their_kinds(new, expected):
    assert counted(spots_of(edit_between(made(OLD), made(new)))) == expected


def test_fields_have_the_kind_of_the_field():
    before, after = made(OLD, title="Chi 5 tỷ", byline="An"), made(OLD, title="Chi 6 tỷ", byline="Bình")
    after.attachments = [Attachment("https://a.vn/qd.pdf", "Quyết định")]
    assert counted(spots_of(edit_between(before, after))) == [("names", 1), ("title", 1), ("attachment", 1)]


def test_the_spot_that_is_shown_is_of_the_gravest_kind_and_never_spelling_where_there_is_another():
    spots = spots_of(edit_between(made(OLD), made(OLD.replace("48,6", "52,1").replace("lể", "lễ"))))
    shown = largest(spots)
    assert (shown.before, shown.after) == ("48,6", "52,1")
    assert not is_spelling(spots) and largest([]) is None


def test_an_edit_of_accents_alone_is_spelling():
    assert is_spelling(spots_of(edit_between(made(OLD), made(OLD.replace("lể", "lễ")))))
