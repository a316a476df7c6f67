"""Snapshot: the public database at one moment, served without being changed."""

from __future__ import annotations

import hashlib
import io
import stat

import pytest

from archive.errors import ArchiveDamaged
from archive.export import export_jsonl
from archive.site import datasette_for
from archive.site.server.serving import serve
from archive.snapshot import snapshot
from archive.store import Store
from archive.suspension import suspend
from tests.archive.conftest import PORTAL

SECRET = "Chuyện không nên kể xyzzyq"


@pytest.fixture
def seed(store, make_article, make_capture):
    store.save_article(make_article("1", title="Đảng bộ huyện họp"), make_capture(), PORTAL)
    other = make_capture(url="https://hungha.thaibinh.gov.vn/tin/2")
    return store.save_article(make_article("2", title=SECRET), other, PORTAL).id


def exported(store):
    out = io.StringIO()
    export_jsonl(store, out)
    return out.getvalue()


def test_it_exports_as_the_archive_did_at_that_moment(
    store, folder, seed, tmp_path_factory, make_article, make_capture
):
    before, target = exported(store), tmp_path_factory.mktemp("chup") / "archive.db"
    with store.batch():
        store.save_article(make_article("3"), make_capture(url="https://hungha.thaibinh.gov.vn/tin/3"), PORTAL)
        assert snapshot(folder / "archive.db", target) == target.stat().st_size

    assert stat.S_IMODE(target.stat().st_mode) == 0o444
    assert [path.name for path in target.parent.iterdir()] == ["archive.db"]
    with Store.open_reading(target) as copy:
        assert exported(copy) == before
        assert copy.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_no_word_of_a_suspended_article_is_in_it(store, folder, seed):
    assert b"xyzzyq" in (folder / "archive.db").read_bytes() + (folder / "archive.db-wal").read_bytes()
    suspend(store, seed, "Theo lệnh", "2026-03-01T00:00:00Z", lambda rows: None)

    snapshot(folder / "archive.db", folder / "kho-thang.db")

    assert b"xyzzyq" not in (folder / "kho-thang.db").read_bytes()


async def test_the_site_serves_it_and_leaves_every_byte_as_it_is(store, folder, seed):
    target = folder / "kho-thang.db"
    snapshot(folder / "archive.db", target)
    digest = hashlib.sha256(target.read_bytes()).digest()
    datasette = datasette_for(target)
    await datasette.invoke_startup()

    for path in ("/", "/tim?q=dang+bo", f"/bai/{seed}", "/kho-thang/article.json"):
        answer = await datasette.client.get(path)
        assert answer.status_code == 200, path
    assert "<mark>Đảng bộ</mark>" in (await datasette.client.get("/tim?q=dang+bo")).text
    assert hashlib.sha256(target.read_bytes()).digest() == digest
    assert not list(folder.glob("kho-thang.db-*"))


def test_what_is_no_database_is_not_served(tmp_path):
    (tmp_path / "thu.db").write_text("không phải cơ sở dữ liệu, chỉ là chữ " * 100)
    with pytest.raises(ArchiveDamaged, match=r"thu\.db"):
        serve(tmp_path / "thu.db", port=0)
