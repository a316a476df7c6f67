"""Takedown in the public file: gone from every table, and back as it was."""

from __future__ import annotations

import io

import pytest

from archive.changes.following import entries
from archive.export import export_changes, export_jsonl
from archive.model import Attachment, Image
from archive.queries.full_text import search
from archive.queries.suspensions import Suspension, suspended_at, suspension, suspension_of_capture
from archive.rows.search_index import INDEXES
from archive.suspension import reinstate, suspend
from tests.archive.conftest import PORTAL

AT, BACK = "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"
SITE = "https://hungha.thaibinh.gov.vn"
FILE, SHARED, PICTURE, LED_TO = (f"{SITE}/{name}" for name in ("rieng.pdf", "chung.pdf", "anh.jpg", "kho/rieng.pdf"))
SECRET = "Bí mật riêng"


@pytest.fixture
def identifier(store, make_article, make_capture):
    """An article with versions, looks, files of its own and one that another article offers, beside that other one."""
    shared = Attachment(SHARED, "Chung")
    offered = [Attachment(FILE, SECRET), shared]
    first = make_article(title=SECRET, text=f"{SECRET} một.", attachments=offered, images=[Image(PICTURE, SECRET)])
    saved = store.save_article(first, make_capture(), PORTAL)
    for url in (FILE, SHARED, PICTURE):
        capture = make_capture(url=LED_TO if url == FILE else url, kind="file")
        store.save_file(url, PORTAL, capture, f"{url[-9:]:0>64}", 9)
    store.save_file(FILE, PORTAL, make_capture(url=FILE, kind="file"), "b" * 64, 9)
    store.save_article(make_article(title=SECRET, text=f"{SECRET} hai.", attachments=offered), make_capture(), PORTAL)
    store.observe(first.url, make_capture(status=404), "missing", saved.id)
    store.observe(FILE, make_capture(url=FILE, status=404), "missing")
    other = make_article("2", title="Bài khác", section="Tin", attachments=[shared])
    store.save_article(other, make_capture(url=f"{SITE}/tin/2"), PORTAL)
    return saved.id


def dump(store, leave_out=()):
    """All rows of the public file but for the index's own pages."""
    tables = [name for (name,) in store.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    return {
        table: sorted(map(repr, store.conn.execute(f"SELECT * FROM {table}").fetchall()))
        for table in tables
        if not table.startswith((*INDEXES, "sqlite_")) and table not in leave_out
    }


def take_down(store, identifier):
    taken = []
    assert suspend(store, identifier, "Theo lệnh", AT, taken.append)
    return taken[0]


def hits(store):
    return [hit.id for hit in search.search(store.conn, search.Query("bí mật")).hits]


def exported(store, write):
    out = io.StringIO()
    write(store, out)
    return out.getvalue()


def test_nothing_public_tells_of_a_suspended_article_but_its_tombstone(store, identifier) -> None:
    take_down(store, identifier)

    tables = dump(store, {"journal"})
    assert not [table for table, rows in tables.items() if any(SECRET in row or "rieng" in row for row in rows)]
    assert identifier not in hits(store)
    assert SECRET not in exported(store, export_jsonl) + exported(store, export_changes)
    assert suspension(store.conn, identifier) == Suspension(identifier, AT, "Theo lệnh")
    assert [(one.what, one.record) for one in entries(store.conn) if one.article == identifier] == [("withdrawn", None)]


def test_another_article_keeps_the_file_that_both_offer(store, identifier) -> None:
    take_down(store, identifier)

    assert [row[0] for row in store.conn.execute("SELECT url FROM file")] == [SHARED]
    assert '"Bài khác"' in exported(store, export_jsonl)


def test_it_comes_back_as_it_was_and_the_journal_says_so(store, identifier) -> None:
    before, found, lines = dump(store, {"journal"}), hits(store), exported(store, export_jsonl)
    assert found == [identifier]
    taken = take_down(store, identifier)

    assert reinstate(store, identifier, taken, BACK)

    assert dump(store, {"journal"}) == before
    assert (hits(store), exported(store, export_jsonl)) == (found, lines)
    store.conn.execute("INSERT INTO article_fts(article_fts) VALUES ('integrity-check')")
    newest = [one for one in entries(store.conn) if one.article == identifier]
    assert [(one.what, one.at, one.record.article.title) for one in newest] == [("restored", BACK, SECRET)]


def test_a_kill_before_the_rows_are_safe_leaves_the_article_public(store, identifier) -> None:
    before = dump(store)

    def killed(rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        suspend(store, identifier, "Theo lệnh", AT, killed)

    assert dump(store) == before


def test_what_is_saved_again_meanwhile_is_not_kept_in_public(store, identifier, make_article, make_capture) -> None:
    take_down(store, identifier)
    before = dump(store)

    saved = store.save_article(make_article(title=SECRET), make_capture(), PORTAL)

    assert (saved.id, saved.outcome) == (identifier, "unchanged")
    assert dump(store) == before


def test_its_addresses_and_captures_are_known_without_being_told(store, identifier) -> None:
    record_id = store.record(identifier).capture.record_id
    take_down(store, identifier)

    found = [suspended_at(store.conn, [url]) for url in (f"{SITE}/tin/1", FILE, LED_TO, SHARED, f"{SITE}/tin/2")]
    assert found == [identifier, identifier, identifier, None, None]
    assert suspension_of_capture(store.conn, record_id).article == identifier


def test_a_look_for_another_article_that_brought_its_bytes_goes_with_it(store, identifier, make_capture) -> None:
    other, shown = store.article_of(f"{SITE}/tin/2"), store.record(identifier).capture
    look = make_capture(url=f"{SITE}/tin/2", digest=shown.digest)
    store.observe(look.url, look, "other page", other)
    before = dump(store, {"journal"})

    taken = take_down(store, identifier)
    assert store.capture(look.record_id) is None

    reinstate(store, identifier, taken, BACK)
    assert dump(store, {"journal"}) == before


def test_what_is_not_kept_or_suspended_already_is_not_taken_down(store, identifier) -> None:
    assert not suspend(store, 1, "Theo lệnh", AT, lambda rows: None)
    take_down(store, identifier)
    assert not suspend(store, identifier, "Khác", AT, lambda rows: None)
    assert not reinstate(store, 1, {}, BACK)
