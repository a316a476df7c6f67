"""A portal's authority and what took its place: kept with it, exported with its articles."""

from __future__ import annotations

import io
import json
from dataclasses import replace

from sqlite_utils import Database

from archive.database.migrations import migrations
from archive.export import export_jsonl
from archive.model import Portal, PortalLink
from archive.queries.records import unit_address
from archive.store import Store
from tests.archive.conftest import PORTAL

MERGED = PortalLink("thaibinh", "hungyen", "2025-07-01", "202/2025/QH15")


def test_a_portal_brings_its_unit_and_those_above(store):
    store.add_portal(Portal("kienxuong.thaibinh", "http://x/", unit="d343"))
    found = store.conn.execute("SELECT id, code, level, kind, name, parent, valid_to FROM unit ORDER BY id").fetchall()
    assert found == [
        ("d343", "343", "district", "Huyện", "Kiến Xương", "p34@2025-06", "2025-06-30"),
        ("p34@2025-06", "34", "province", "Tỉnh", "Thái Bình", None, "2025-06-30"),
    ]
    assert unit_address(store.conn, "d343") == "Huyện Kiến Xương, tỉnh Thái Bình"
    assert unit_address(store.conn, None) is unit_address(store.conn, "d339") is None


def test_a_unit_the_gazetteer_does_not_know_is_kept_as_said(store):
    store.add_portal(Portal("x", "http://x/", unit="ours-1"))
    assert store.portal("x").unit == "ours-1"
    assert store.conn.execute("SELECT count(*) FROM unit").fetchone() == (0,)


def test_adding_again_fills_in_the_unit_and_nothing_else(store):
    again = store.add_portal(Portal(PORTAL, "http://other/", "Other", unit="d339"))
    assert (again.url, again.title, again.unit) == ("https://hungha.thaibinh.gov.vn/", "Cổng huyện Hưng Hà", "d339")
    assert store.add_portal(Portal(PORTAL, "http://other/", unit="d343")).unit == "d339"


def test_updating_keeps_the_day_a_portal_was_added(store):
    added = store.portal(PORTAL).added_at
    store.update_portal(replace(store.portal(PORTAL), added_at=None, family="nukeviet"))
    assert (store.portal(PORTAL).added_at, store.portal(PORTAL).family) == (added, "nukeviet")


def test_successions_are_known_from_both_ends_once(store):
    for _ in range(2):
        store.add_portal(Portal("thaibinh", "http://thaibinh/"), [MERGED])
    assert store.portal_links("thaibinh") == store.portal_links("hungyen") == [MERGED]
    assert store.portal_links(PORTAL) == []


def test_the_export_names_the_unit_of_the_portal(store, make_article, make_capture):
    store.update_portal(replace(store.portal(PORTAL), unit="d339"))
    store.save_article(make_article(), make_capture(), PORTAL)
    out = io.StringIO()
    export_jsonl(store, out)
    assert json.loads(out.getvalue())["unit"] == "d339"


def test_an_archive_of_before_keeps_its_portals(tmp_path):
    half = Database(tmp_path / "archive.db")
    migrations.apply(half, stop_before="m005_portal_lineage")
    half.conn.execute("INSERT INTO portal(name, url) VALUES ('x', 'http://x/')")
    half.conn.commit()
    half.close()
    with Store.open(tmp_path / "archive.db") as store:
        assert store.portal("x").unit is None
        assert store.add_portal(Portal("x", "http://x/", unit="d339")).unit == "d339"
        assert unit_address(store.conn, "d339") == "Huyện Hưng Hà, tỉnh Thái Bình"
