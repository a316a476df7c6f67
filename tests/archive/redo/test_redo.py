"""Redo records: one a transaction, numbered by commits, and an index of WARC files that says what the database says."""

from __future__ import annotations

import sqlite3

import pytest

from archive.model import Portal
from archive.redo import redo_scan
from archive.redo.compare import KEYS, compare
from archive.redo.recorded_store import RecordedStore
from archive.redo.redo_scan import Index, redo_ops, scan_part
from archive.rows.search_index import INDEXES
from archive.warc.write import Exchange, Original, WarcWriter
from tests.archive.conftest import PORTAL

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def writer(folder, instance):
    return WarcWriter(folder, [("software", "x"), ("redo", "1")], instance=instance)


def exchange(number, body=b"x" * 100):
    return Exchange(
        f"http://a.vn/{number}", f"2026-01-01T00:00:{number % 60:02d}Z", b"GET / HTTP/1.1\r\n\r\n", HEAD, body, None,
        notes=[("portal", "a"), ("tls", "none")],
    )  # fmt: skip


def indexed(warc, path):
    index = Index(path)
    for file in sorted(warc.iterdir()):
        start = 0
        while start is not None:
            part = scan_part(file, start)
            index.add(part)
            start = part.end
    return index


@pytest.fixture
def recorded(tmp_path):
    with RecordedStore.open(tmp_path / "archive.db") as store:
        store.add_portal(Portal(PORTAL, "http://a.vn/"))
        store.record_into(writer(tmp_path / "warc", "one"))
        yield store


def test_a_transaction_leaves_its_operations_and_one_that_is_undone_gives_its_number_to_the_next(
    recorded, make_article, make_capture, tmp_path
):
    saved = recorded.save_article(make_article(), first := make_capture(), PORTAL)
    with pytest.raises(sqlite3.IntegrityError), recorded.batch():
        recorded.save_capture(make_capture())
        recorded.conn.execute("INSERT INTO article(id) VALUES (1)")
    recorded.mark_gone(make_article().canonical_url, "2026-02-01T00:00:00Z")

    index = indexed(tmp_path / "warc", tmp_path / "index")
    ops = [redo_ops(tmp_path / "warc", found) for found in index.redo()]
    assert ops[0] == [["article", first.record_id, PORTAL, "page", {}, saved.id, PORTAL]]
    assert [op[0] for op in ops[-1]] == ["gone"] and len(ops) == 2
    index.close()


def test_of_two_records_with_one_number_the_latest_was_committed(recorded, make_capture, tmp_path):
    recorded.save_capture(make_capture())
    recorded.conn.execute("DELETE FROM redo")  # as if its process had been killed before the commit
    recorded.record_into(writer(tmp_path / "warc", "two"))
    recorded.save_capture(last := make_capture())
    index = indexed(tmp_path / "warc", tmp_path / "index")
    [ops] = [redo_ops(tmp_path / "warc", found) for found in index.redo()]
    assert ops[0][1] == last.record_id
    assert list(index.redo({"two": 0})) == []  # the database says that it was not committed
    index.close()


def test_what_can_wait_leaves_no_file_behind(recorded, tmp_path):
    recorded.add_portal(Portal("b", "http://b.vn/"))
    recorded.note("theme", "b", "x = 1")
    assert not (tmp_path / "warc").exists()


@pytest.mark.parametrize("part", [1, 7, 4000])
def test_the_index_says_where_each_record_stands_however_its_file_is_parted(tmp_path, monkeypatch, part):
    monkeypatch.setattr(redo_scan, "PART", part)
    warc = writer(tmp_path / "warc", "one")
    placed = [warc.write(exchange(number)) for number in range(12)]
    placed.append(warc.write(exchange(12), Original(placed[0].record_id, "http://a.vn/0", "2026-01-01T00:00:00Z")))
    warc.close()
    index = indexed(tmp_path / "warc", tmp_path / "index")
    for number, place in enumerate(placed):
        found = index[place.record_id]
        assert (found.file, found.offset, found.length) == (place.file, place.offset, place.length)
        assert (found.url, found.status, found.digest) == (f"http://a.vn/{number}", 200, place.digest)
        assert (found.portal, found.secure, found.record_type) == ("a", "none", place.record_type)
        assert found.payload_bytes == (100 if number < 12 else None)
    assert index[placed[12].record_id].refers_to == placed[0].record_id
    index.close()


def test_a_torn_file_is_read_as_far_as_it_is_whole(tmp_path):
    warc = writer(tmp_path / "warc", "one")
    placed = [warc.write(exchange(number)) for number in range(3)]
    warc.close()
    [path] = (tmp_path / "warc").iterdir()
    path.write_bytes(path.read_bytes()[: placed[2].offset + 20])
    part = scan_part(path)
    assert [one.record_id for one in part.captures] == [one.record_id for one in placed[:2]]


def test_every_table_is_compared(recorded):
    tables = {name for (name,) in recorded.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name in tables if not name.startswith((*INDEXES, "sqlite_", "_sqlite"))} == set(KEYS)


def test_what_differs_is_told_by_table_and_field(recorded, make_article, make_capture, tmp_path):
    recorded.save_article(make_article(), make_capture(), PORTAL)
    recorded.checkpoint()
    other = tmp_path / "other.db"
    other.write_bytes((tmp_path / "archive.db").read_bytes())
    assert compare(tmp_path / "archive.db", other) == []
    with sqlite3.connect(other) as conn:
        conn.execute("UPDATE article SET title = 'Khác'")
        conn.execute("DELETE FROM removed")
    conn.close()
    [found] = compare(tmp_path / "archive.db", other)
    assert (found.table, found.fields, found.only_old) == ("article", {"title": 1}, 0)
    assert "is Khác" in "".join(found.lines())
