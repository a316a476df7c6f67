"""Places named in a text: the one unit a name can mean on the text's day, and nothing where several can."""

from __future__ import annotations

import pytest

from archive.places import gazetteer
from archive.places.mentions import MOST, mentions

HOME = "d339"
"""Huyện Hưng Hà of Thái Bình, until the districts ended."""


@pytest.mark.parametrize(
    ("text", "day", "home", "expected"),
    [
        pytest.param("tại huyện Hưng Hà.", "2020-03-01", HOME, ["Huyện Hưng Hà, tỉnh Thái Bình"], id="a district"),
        pytest.param("lãnh đạo TP. Thái Bình và tỉnh Thái Bình", "2020-03-01", HOME,
                     ["Thành phố Thái Bình, tỉnh Thái Bình", "Tỉnh Thái Bình"], id="a city and a province of one name"),
        pytest.param("thị trấn Hưng Nhân và TP. Thái Bình", "2020-03-01", HOME,
                     ["Thị trấn Hưng Nhân, huyện Hưng Hà, tỉnh Thái Bình", "Thành phố Thái Bình, tỉnh Thái Bình"],
                     id="one within reach of the other"),
        pytest.param("xã hội hóa, xã viên, phường tôi", "2020-03-01", HOME, [], id="words that begin like a kind"),
        pytest.param("quận Ba Đình", "2020-03-01", HOME, [], id="a district elsewhere"),
        pytest.param("huyện Hưng Hà", "2020-03-01", None, [], id="a publisher of no known place"),
        pytest.param("tỉnh Thái Bình", "2020-03-01", None, ["Tỉnh Thái Bình"], id="a province needs no publisher"),
        pytest.param("huyện Hưng Hà", "2025-09-01", HOME, ["Huyện Hưng Hà, tỉnh Thái Bình"], id="a text on what was"),
        pytest.param("", "2020-03-01", HOME, [], id="no text"),
    ],
)  # fmt: skip
def test_a_name_is_told_where_it_can_mean_one_unit(text, day, home, expected):
    assert [one.address for one in mentions(text, day, home)] == expected


def test_a_unit_that_ended_says_what_became_of_it():
    (one,) = mentions("xã Tân Lễ", "2020-03-01", HOME)
    assert [unit.full_name for unit in one.became] == ["Xã Long Hưng"]


def test_a_unit_is_told_once_as_first_printed_and_not_without_end():
    assert [one.printed for one in mentions("Huyện Hưng Hà: huyện Hưng Hà họp", "2020-03-01", HOME)] == [
        "Huyện Hưng Hà"
    ]
    province = gazetteer().province_of(gazetteer().unit(HOME))
    names = [unit.full_name for below in gazetteer().children(province.id) for unit in gazetteer().children(below.id)]
    assert len(mentions(". ".join(names), "2020-03-01", HOME)) == MOST
