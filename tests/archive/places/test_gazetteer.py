"""The gazetteer: a name means what it meant on a day, and the reform says what became of it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from archive.places import Gazetteer, gazetteer

THAI_BINH_OLD, HUNG_YEN_OLD, HUNG_YEN = "p34@2025-06", "p33@2025-06", "p33"


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


def ids(units):
    return [unit.id for unit in units]


def test_both_layers_are_whole(places):
    counts = Counter((unit.level, unit.valid_to) for unit in map(places.unit, places._lines))
    assert counts == {
        ("province", "2025-06-30"): 63,
        ("district", "2025-06-30"): 696,
        ("commune", "2025-06-30"): 10_035,
        ("province", None): 34,
        ("commune", None): 3_321,
    }
    assert len(places) == sum(counts.values())


def test_every_unit_has_a_kind_a_name_and_a_parent_of_its_layer(places):
    for unit in map(places.unit, places._lines):
        assert unit.kind and unit.name and not unit.name.startswith(("Thành phố", "Thị xã"))
        above = places.above(unit)
        assert (unit.level == "province") == (not above)
        assert all((one.valid_from, one.valid_to) == (unit.valid_from, unit.valid_to) for one in above)


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        pytest.param("Hưng Hà", {"level": "district"}, ["d339"], id="the district"),
        pytest.param("Hưng Hà", {"on": "2025-07-01"}, ["w12586"], id="the commune that bears its name now"),
        pytest.param(
            "Hưng Hà", {"on": "2020-01-13", "within": THAI_BINH_OLD}, ["d339", "w12586@2025-06"], id="both, in 2020"
        ),
        pytest.param("hung ha", {"level": "commune", "within": "d339"}, ["w12586@2025-06"], id="the town in it"),
        pytest.param("huyện Hưng Hà", {}, ["d339"], id="the kind narrows"),
        pytest.param("xa hung ha", {"on": "2026-01-01"}, ["w12586"], id="the kind without accents"),
        pytest.param("TP. Hồ Chí Minh", {}, ["p79", "p79@2025-06"], id="a short kind"),
        pytest.param("Quận 1", {}, ["d760"], id="a number"),
        pytest.param("Hoà Bình", {"level": "province"}, ["p17@2025-06"], id="the tone on the other vowel"),
        pytest.param("HU\u031bNG HA\u0300", {"level": "district"}, ["d339"], id="decomposed capitals"),
        pytest.param("Krông Ana", {"level": "district"}, ["d655"], id="a space more in the gazetteer"),
        pytest.param("Phú Quý", {"level": "district"}, ["d602"], id="i for y"),
        pytest.param("Hưng Hà", {"level": "commune", "within": HUNG_YEN_OLD}, [], id="not there"),
        pytest.param("Atlantis", {}, [], id="nowhere"),
        pytest.param("", {}, [], id="no name"),
    ],
)
def test_a_name_means_what_it_meant(places, name, asked, found):
    assert ids(places.find(name, **asked)) == found


def test_accents_typed_are_meant_where_some_unit_has_them(places):
    for typed, meant in (
        ("Tân Hoà", {"Tân Hòa"}),
        ("Tân Hóa", {"Tân Hóa"}),
        ("tan hoa", {"Tân Hoa", "Tân Hòa", "Tân Hóa"}),
        ("Tấn Hoa", {"Tân Hoa", "Tân Hòa", "Tân Hóa"}),
    ):
        assert {unit.name for unit in places.find(typed)} == meant


def test_a_code_is_no_identity(places):
    old, new = places.unit("w12613@2025-06"), places.unit("w12613")
    assert old.code == new.code and old.name != new.name


def test_a_day_decides_which_layer_a_unit_belongs_to(places):
    old, new = places.unit(THAI_BINH_OLD), places.unit(HUNG_YEN)
    assert [old.valid_on(day) for day in ("2020-01-13", "2025-06-30", "2025-07-01")] == [True, True, False]
    assert [new.valid_on(day) for day in ("2025-06-30", "2025-07-01", "2030-01-01")] == [False, True, True]


def test_a_district_ended_in_communes(places):
    after = places.successors("d339")
    names = {places.unit(one.new).name for one in after}
    assert names == {
        "Hưng Hà", "Tiên La", "Lê Quý Đôn", "Hồng Minh", "Thần Khê", "Diên Hà", "Ngự Thiên", "Long Hưng",
    }  # fmt: skip
    assert {(one.since, one.document, one.part) for one in after} == {("2025-07-01", "1666/NQ-UBTVQH15", True)}
    assert {places.province_of(places.unit(one.new)).name for one in after} == {"Hưng Yên"}


def test_two_provinces_became_one(places):
    (merged,) = places.successors(THAI_BINH_OLD)
    assert (merged.new, merged.since, merged.document, merged.part) == (HUNG_YEN, "2025-07-01", "202/2025/QH15", False)
    assert [one.old for one in places.predecessors(HUNG_YEN)] == [HUNG_YEN_OLD, THAI_BINH_OLD]
    assert places.successors(HUNG_YEN) == []


def test_an_island_district_became_a_special_zone(places):
    (after,) = places.successors("d536")
    assert places.unit(after.new).full_name == "Đặc khu Lý Sơn"


def test_what_stopped_has_a_successor_and_what_began_a_predecessor(places):
    for unit in map(places.unit, places._lines):
        links = places.successors(unit.id) if unit.valid_to else places.predecessors(unit.id)
        assert links, unit
        assert all(places.unit(one.new).valid_from == one.since for one in links)


def test_a_unit_is_written_in_full(places):
    (ward,) = places.find("Phường 1", within="p87@2025-06", level="commune", on="2025-06-30")[:1]
    assert places.address(ward).endswith(", tỉnh Đồng Tháp")
    assert places.address(places.unit("d339")) == "Huyện Hưng Hà, tỉnh Thái Bình"
    assert places.unit("d339") in places.children(THAI_BINH_OLD)


def test_nothing_is_read_before_the_first_question():
    code = (
        "from archive.places import gazetteer; g = gazetteer(); assert not vars(g), vars(g);"
        "g.unit('d339'); assert set(vars(g)) == {'_lines'}, vars(g)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_id_is_told(places):
    assert places.get("d000") is None and "d000" not in places
    with pytest.raises(KeyError):
        places.unit("d000")
