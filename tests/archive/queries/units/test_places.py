"""Places: what is counted for a unit, and under which names it is looked for."""

from __future__ import annotations

from archive.model import Portal
from archive.places.gazetteer import gazetteer
from archive.queries.units import lineage, places


def test_a_portal_counts_for_its_unit_those_above_and_what_they_became(store, make_article, make_capture):
    store.add_portal(Portal("b.example", "https://b.example/", unit="d339"))
    store.save_article(make_article(), make_capture(), "b.example")
    held = places.counts(store.conn)
    today = next(step.unit.id for step in lineage.became("p34@2025-06"))
    assert {held["d339"], held["p34@2025-06"], held[today]} == {(1, 1)}
    shades = {one.tile.unit.id: one.shade for one in places.shaded("34", held)}
    assert (shades.pop(today), set(shades.values())) == (places.SHADES, {0})


def test_a_province_is_looked_for_by_the_names_of_those_it_was_made_of():
    names = places.names_of(gazetteer().unit("p33"))
    assert set(names.names) == {"Hưng Yên", "Thái Bình"}
    assert names.text == " OR ".join(f'"{name}"' for name in names.names)


def test_a_name_that_others_bear_is_looked_for_in_its_province():
    unit = gazetteer().find("xã Tân Lập", level="commune", on="2026-01-01")[0]
    names = places.names_of(unit)
    assert names.namesakes
    assert names.within == gazetteer().province_of(unit).id
    assert unit.id not in {one.id for one in names.namesakes}
