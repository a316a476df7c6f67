"""Migrations: an empty file and one stopped half way arrive at the same tables, and the outside's columns are there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3

import pytest
from sqlite_utils import Database

from archive.database.migrations import MIGRATION_NAMES, migrations
from archive.store import Store


def tables(path):
    return sorted(Database(path).query("SELECT type, name, sql FROM sqlite_master ORDER BY name"), key=str)


@pytest.mark.parametrize("stop_before", sorted(MIGRATION_NAMES)[1:])
def test_every_older_schema_arrives_at_the_same_tables(tmp_path, stop_before):
    half = Database(tmp_path / "half.db")
    migrations.apply(half, stop_before=stop_before)
    half.close()
    for name in ("half", "empty"):
        Store.open(tmp_path / f"{name}.db").close()
    assert tables(tmp_path / "half.db") == tables(tmp_path / "empty.db")


def test_opening_again_migrates_nothing(store):
    before = list(store.conn.execute("SELECT * FROM _sqlite_migrations"))
    Store.open(store.path).close()
    assert list(store.conn.execute("SELECT * FROM _sqlite_migrations")) == before


def test_the_capture_table_keeps_the_columns_others_read(store, make_capture):
    capture = make_capture()
    store.save_capture(capture)
    row = store.conn.execute("SELECT record_id, file, offset, length FROM capture").fetchone()
    assert row == (capture.record_id, capture.file, capture.offset, capture.length)


def test_addresses_of_attachments_are_encoded_once_and_meet_their_files(tmp_path):
    """Archives made before kept them as the page wrote them, and files as they were fetched."""
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="m012_encoded_addresses_and_names_of_files")
    written, fetched = "http://x.vn/f/Kế hoạch 1.pdf", "http://x.vn/f/K%E1%BA%BF%20ho%E1%BA%A1ch%201.pdf"
    old.conn.execute("INSERT INTO attachment VALUES (1, 0, ?, 'Kế hoạch', NULL, NULL)", (written,))
    old.conn.execute("INSERT INTO attachment VALUES (1, 1, 'http://x.vn/f/2.pdf', NULL, 'cd', 5)")
    old.conn.execute("INSERT INTO image VALUES (1, 0, 'http://x.vn/anh/họp.jpg', NULL)")
    old.conn.execute(
        "INSERT INTO file(url, sha256, bytes, capture, fetched_at) VALUES (?, 'ab', 12, 'record', '2020-01-13T01:00:00Z')",
        (fetched,),
    )
    old.conn.commit()
    migrations.apply(old)
    assert list(old.conn.execute("SELECT url, sha256, bytes FROM attachment ORDER BY position")) == [
        (fetched, "ab", 12),
        ("http://x.vn/f/2.pdf", "cd", 5),
    ]
    assert list(old.conn.execute("SELECT url FROM image")) == [("http://x.vn/anh/h%E1%BB%8Dp.jpg",)]


def test_reasons_in_the_summaries_of_crawls_become_codes_once(tmp_path):
    """Summaries made before counted English sentences."""
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="m013_reason_codes")
    reasons = {
        "tag list": 2,
        "list under a tag": 1,
        "the server answers 415": 3,
        "static page: its title is “Tag list”": 4,
        "static page: its title is “Liên hệ”": 1,
        "words of a version nobody remembers": 5,
    }
    detail = {"skipped_why": reasons, "note": "kept"}
    old.conn.execute("INSERT INTO run(started_at, detail) VALUES ('2026-01-01', ?)", (json.dumps(detail),))
    old.conn.execute("INSERT INTO run(started_at) VALUES ('2026-01-02')")
    old.conn.commit()
    migrations.apply(old)
    told = [json.loads(text) for (text,) in old.conn.execute("SELECT detail FROM run ORDER BY id")]
    codes = {"tag-list": 3, "server-answers:415": 3, "static-page": 5, "words of a version nobody remembers": 5}
    assert told == [{"skipped_why": codes, "note": "kept"}, {}]


def _killed_at(path, nth):
    """Open an archive in a child that is killed at its nth statement; whether it came so far."""
    child = os.fork()
    if child == 0:
        real, seen = sqlite3.connect, 0

        def trace(_statement):
            nonlocal seen
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

        def connect(*args, **named):
            conn = real(*args, **named)
            conn.set_trace_callback(trace)
            return conn

        sqlite3.connect = connect
        Store.open(path).close()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.slow
def test_killed_at_any_statement_a_migration_goes_on(tmp_path):
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="m014_theme_checks")
    old.conn.execute("INSERT INTO portal(name, url) VALUES ('a', 'http://a.vn/')")
    old.conn.commit()
    old.close()
    Store.open(tmp_path / "empty.db").close()
    nth, tried = 1, 0
    while True:
        path = tmp_path / f"{nth}.db"
        shutil.copy(tmp_path / "old.db", path)
        if not _killed_at(path, nth):
            break
        Store.open(path).close()
        assert tables(path) == tables(tmp_path / "empty.db"), nth
        assert Database(path)["portal"].count == 1
        nth, tried = nth + 13, tried + 1
    assert tried > 10
