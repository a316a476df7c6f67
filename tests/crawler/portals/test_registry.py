"""The registry that comes with the program, and how its portals are found."""

from __future__ import annotations

from collections import Counter

import pytest

from archive.model import PortalLink
from archive.places import gazetteer
from crawler.addresses.scope import portal_name
from crawler.errors import UnknownProvince
from crawler.portals.registry import read_files, registry, shipped


@pytest.fixture(scope="module")
def known():
    return registry()


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_file_loads_and_every_entry_is_named_as_add_would(path):
    (province,), faults = read_files([path])
    assert faults == []
    assert [entry.name for entry in province.portals] == [portal_name(entry.url) for entry in province.portals]
    assert any(entry.level == "province" for entry in province.portals)


def test_all_provinces_of_before_the_reform_have_a_file(known):
    units = [province.unit for province in known.provinces]
    assert len(units) == len(set(units)) == 63
    assert {gazetteer().unit(unit).valid_to for unit in units} == {"2025-06-30"}


def test_most_portals_know_their_unit(known):
    linked = Counter((entry.level, entry.unit is not None) for entry in known)
    assert linked["district", True] >= 141 and linked["commune", True] >= 32
    assert not linked["province", False] and not linked["department", False]
    assert sum(linked.values()) == len(known) >= 270


def test_every_former_province_names_the_portal_of_the_merged_one(known):
    for province in known.provinces:
        (after,) = gazetteer().successors(province.unit)
        own = [entry for entry in province.portals if entry.unit in (province.unit, after.new)]
        merged = gazetteer().unit(after.new).name not in (province.name, "Huế")
        links = [link for entry in own for link in known.successors(entry.name) if link.document]
        assert len(links) == merged, province.file
        for link in links:
            assert (link.since, link.document) == ("2025-07-01", "202/2025/QH15")
            assert known.get(link.new).unit == after.new


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("thaibinh", [], ["hungyen"], id="a merged province"),
        pytest.param("ninhbinh", ["hanam", "namdinh"], [], id="the one it was merged into"),
        pytest.param("langgiang.bacgiang", ["langgiang"], ["langgiang.bacninh"], id="a district, older and newer"),
        pytest.param("phuquoc.angiang", ["phuquoc.kiengiang"], [], id="a special zone"),
        pytest.param("hue", ["thuathienhue"], [], id="a new name of the same city"),
        pytest.param("hanoi", [], [], id="nothing changed"),
    ],
)
def test_what_came_before_and_after(known, name, before, after):
    assert [link.old for link in known.predecessors(name)] == before
    assert [link.new for link in known.successors(name)] == after


def test_a_commune_that_took_the_place_of_a_district_says_by_which_resolution(known):
    link = PortalLink("langgiang.bacgiang", "langgiang.bacninh", "2025-07-01", "1658/NQ-UBTVQH15")
    assert link in known.successors("langgiang.bacgiang")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hungha.thaibinh", "hungha.thaibinh"),
        (" HungHa.ThaiBinh.gov.vn ", "hungha.thaibinh"),
        ("https://www.hungha.thaibinh.gov.vn/tin-tuc", "hungha.thaibinh"),
        ("w3.lamdong.gov.vn/sites/DaLat/SitePages/Home.aspx", "w3.lamdong-dalat"),
        ("https://w3.lamdong.gov.vn/", None),
        ("https://hungha.thaibinh.vn/", None),
        ("http://hungha.thaibinh:8080/", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_portal_is_found_by_name_host_or_address(known, text, name):
    found = known.find(text)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("text", "some", "files"),
    [
        pytest.param("Thái Bình", "hungha.thaibinh", {"thai-binh.toml"}, id="accents"),
        pytest.param("tinh thai binh", "sovhttdl.thaibinh", {"thai-binh.toml"}, id="kind"),
        pytest.param("thai-binh", "thaibinh", {"thai-binh.toml"}, id="file name"),
        pytest.param("THAIBINH", "thaibinh", {"thai-binh.toml"}, id="one word"),
        pytest.param("hung yen", "hungphu.hungyen", {"hung-yen.toml", "thai-binh.toml"}, id="what lies there now"),
        pytest.param("TP.HCM", "quan1.hochiminhcity", {"ho-chi-minh.toml"}, id="short"),
        pytest.param("Huế", "thuathienhue", {"thua-thien-hue.toml"}, id="the name it has now"),
        pytest.param("Thừa Thiên Huế", "hue", {"thua-thien-hue.toml"}, id="the name it had"),
        pytest.param("ba ria vung tau", "baria-vungtau", {"ba-ria-vung-tau.toml"}, id="hyphen"),
    ],
)
def test_a_province_is_found_without_accents(known, text, some, files):
    found = known.of_province(text)
    assert some in {entry.name for entry in found}
    assert {entry.file for entry in found} == files


def test_an_unknown_province_is_told_with_the_nearest(known):
    with pytest.raises(UnknownProvince, match="no province 'Thai Bin' in the registry: did you mean Thái Bình"):
        known.of_province("Thai Bin")
    with pytest.raises(UnknownProvince, match="tinhuyen portals"):
        known.of_province("!")


def test_what_belongs_to_a_province_now(known):
    assert {part.name for part in known.merged_into("Ninh Bình")} == {"Hà Nam", "Nam Định"}
    assert known.merged_into("Thái Bình") == known.merged_into("Huế") == []


def test_the_nearest_names(known):
    assert known.near("hungha.thaibin.gov.vn")[0] == "hungha.thaibinh"
    assert known.near("zzz") == []
