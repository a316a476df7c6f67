"""The check of the registry: what ships passes it, and each rule is broken once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.portals.lint import KNOWN_FAMILIES, check
from crawler.portals.registry import FOLDER

GOOD = """\
[province]
name = "Thái Bình"
unit = "p34@2025-06"

[portals."dongxa.hungyen"]
url = "http://dongxa.hungyen.gov.vn/"
title = "Xã Đông Xá"
level = "commune"
state = "current"
evidence = "url-in-use"

[portals."tienla.hungyen"]
url = "http://tienla.hungyen.gov.vn/"
title = "Xã Tiên La, tỉnh Hưng Yên"
level = "commune"
state = "current"
unit = "w12613"
family = "nukeviet"
evidence = "url-in-use"
predecessors = [{ portal = "hungha.thaibinh", since = "2025-07-01", document = "1666/NQ-UBTVQH15" }]
"""


def faults(folder: Path, text: str, name: str = "cua-toi.toml") -> list[str]:
    path = folder / name
    path.write_text(text, "utf-8")
    return [str(fault) for fault in check([path])]


def test_the_registry_that_ships_has_no_fault():
    assert [str(fault) for fault in check()] == []


def test_a_file_of_ones_own_passes_under_any_name(tmp_path):
    assert faults(tmp_path, GOOD) == []


def test_an_edited_copy_stands_in_for_the_file_that_ships(tmp_path):
    shipped = (FOLDER / "thai-binh.toml").read_text("utf-8")
    assert faults(tmp_path, shipped, "thai-binh.toml") == []
    assert len(faults(tmp_path, shipped, "khac.toml")) == 2 * shipped.count("[portals.")  # each name, each address


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        pytest.param("[province]", "province]", "is no TOML", id="no TOML"),
        pytest.param("[province]", "[tinh]\na = 1\n[province]", "[tinh] is not known", id="a table more"),
        pytest.param('unit = "p34@2025-06"\n', "", "needs a [province] with name and unit", id="no province"),
        pytest.param("p34@2025-06", "p33", "p33 is no province of before July 2025", id="a province of now"),
        pytest.param("p34@2025-06", "p99", "p99 is no province of before July 2025", id="an unknown province"),
        pytest.param('title = "Xã Đông Xá"\n', "", "needs title", id="no title"),
        pytest.param('title = "Xã Đông Xá"', "title = 3", "title must be a text", id="a number"),
        pytest.param('title = "Xã Đông Xá"', 'title = " "', "title must be a text", id="blank"),
        pytest.param('title = "Xã Đông Xá"', 'title = "x"\ncms = "x"', "cms is not known", id="a key more"),
        pytest.param(
            'level = "commune"', 'level = "ward"', "level 'ward' is not one of province, district", id="level"
        ),
        pytest.param('state = "current"', 'state = "dead"', "state 'dead' is not one of current", id="state"),
        pytest.param(
            "url-in-use", "claimed-unverified", "evidence 'claimed-unverified' is not one of", id="unverified"
        ),
        pytest.param("nukeviet", "nuke", "family 'nuke' is not one of", id="family"),
        pytest.param("http://dongxa.", "gopher://dongxa.", "is no address of a portal", id="scheme"),
        pytest.param("dongxa.hungyen.gov.vn/", "dongxa.hungyen.gov.vn", "must be written http://dongxa", id="no slash"),
        pytest.param("http://dongxa.", "http://www2.", "gives it the name www2.hungyen", id="another name"),
        pytest.param('"dongxa.hungyen"', '"Dong Xa"', "a name is made of a-z", id="name"),
        pytest.param("w12613", "w99999", "unit w99999 is not in the gazetteer", id="unit"),
        pytest.param("w12613", "d339", "unit d339 is a district (Huyện Hưng Hà), not a commune", id="level of unit"),
        pytest.param("w12613", "w02494", "lies outside Thái Bình and what it became", id="elsewhere"),
        pytest.param("hungha.thaibinh", "hung.thaibinh", "predecessor hung.thaibinh is not in the", id="predecessor"),
        pytest.param('since = "2025-07-01"', 'when = "2025-07-01"', "predecessors: when is not known", id="link key"),
        pytest.param('since = "2025-07-01"', "since = 2025-07-01", "its values must be texts", id="link value"),
        pytest.param('[{ portal = "hungha.thaibinh"', "[{ portal = 1", "each must be like", id="link"),
        pytest.param('"dongxa.hungyen"', '"z.hungyen"', "is not sorted by level", id="order"),
    ],
)
def test_each_rule_tells_its_breach_in_one_line(tmp_path, was, becomes, says):
    assert was in GOOD
    told = faults(tmp_path, GOOD.replace(was, becomes))
    assert any(says in line for line in told), told
    assert all(line.startswith("cua-toi.toml: ") and "\n" not in line for line in told)


LINKED = """
[portals."thaithuy.thaibinh"]
url = "http://thaithuy.thaibinh.gov.vn/"
title = "Huyện Thái Thụy"
level = "district"
state = "former"
unit = "d341"
evidence = "url-in-use"
successors = [{ portal = "hungphu.hungyen", since = "2025-07-01", document = "1666/NQ-UBTVQH15" }]
"""


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        pytest.param("hungphu.hungyen", "nowhere", "its successor nowhere is not in the registry", id="successor"),
        pytest.param("hungphu.hungyen", "thaithuy.thaibinh", "is its own successor", id="itself"),
        pytest.param("2025-07-01", "2025-7-1", "since '2025-7-1' is no day", id="form of a day"),
        pytest.param("2025-07-01", "2025-06-31", "since '2025-06-31' is no day", id="no such day"),
        pytest.param("2025-07-01", "2025-06-30", "its unit d341 lasted until 2025-06-30", id="too early"),
        pytest.param("1666/NQ-UBTVQH15", "NQ 1666", "document 'NQ 1666' is no number", id="document"),
        pytest.param("thaithuy.thaibinh", "hungha.thaibinh", "its name stands in", id="name twice"),
        pytest.param("http://thaithuy", "https://www.hungha", "its address stands in", id="address twice"),
    ],
)
def test_each_rule_of_successions_and_doubles(tmp_path, was, becomes, says):
    text = GOOD[: GOOD.index("[portals")] + LINKED
    assert faults(tmp_path, text) == []
    assert any(says in line for line in faults(tmp_path, text.replace(was, becomes)))


def test_a_shipped_file_is_named_after_its_province(monkeypatch, tmp_path):
    for name in ("thai-binh.toml", "hung-yen.toml"):
        (tmp_path / name).write_text((FOLDER / name).read_text("utf-8"), "utf-8")
    (tmp_path / "thai-binh.toml").rename(tmp_path / "thaibinh.toml")
    (tmp_path / "hai.toml").write_text('[province]\nname = "Hai"\nunit = "p33@2025-06"\n', "utf-8")
    monkeypatch.setattr("crawler.portals.registry.FOLDER", tmp_path)
    told = [str(fault) for fault in check()]
    assert "thaibinh.toml: must be named after its province: thai-binh.toml" in told
    assert "hai.toml: province p33@2025-06 has 2 files" in told


def test_families_of_the_program_are_known_to_the_check():
    assert {"joomla_k2", "joomla_content", "nukeviet", "wordpress", "multi_tenant"} <= KNOWN_FAMILIES
