"""The tile map: every province of its layer has one square, and no two stand on one place."""

from __future__ import annotations

import pytest

from archive.places.gazetteer import gazetteer
from archive.places.tiles import tiles


@pytest.mark.parametrize(("layer", "day"), [("34", "2026-01-01"), ("63", "2025-01-01")])
def test_every_province_has_one_tile_of_its_own(layer, day):
    found = tiles(layer)
    provinces = [tile.unit.id for tile in found if not tile.archipelago]
    assert len(provinces) == len(set(provinces)) == int(layer)
    assert all(tile.unit.valid_on(day) for tile in found)
    assert len({(tile.column, tile.row) for tile in found}) == len({tile.code for tile in found}) == len(found)


@pytest.mark.parametrize("layer", ["34", "63"])
def test_the_archipelagos_belong_to_da_nang_and_khanh_hoa(layer):
    found = {tile.unit.name: gazetteer().province_of(tile.unit).name for tile in tiles(layer) if tile.archipelago}
    assert found == {"Hoàng Sa": "Đà Nẵng", "Trường Sa": "Khánh Hòa"}
