"""An archive that an earlier version made: its claims are mended from its database, and where that cannot say from its WARC."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import asdict
from hashlib import sha256
from stat import S_IRUSR, S_IXUSR

import pytest
from sqlite_utils import Database

from archive.database import database as opening
from archive.database import mend
from archive.database.migrations import migrations
from archive.errors import ArchiveDamaged
from archive.ids import url_key
from archive.model import Article, Attachment
from archive.queries.older_versions import words_of
from archive.store import Store
from archive.warc.record import digest
from archive.warc.write import Exchange, WarcWriter

PORTAL = "hungha.thaibinh"
URL, PDF = "https://hungha.thaibinh.gov.vn/tin/1", "https://hungha.thaibinh.gov.vn/qd.pdf"
ID = 2026010100000001
OLD = Article(URL, URL, title="Hội nghị", text="Bản cũ.", attachments=[Attachment(PDF, "QĐ", "a" * 64, 3)])
NEW = Article(URL, URL, title="Hội nghị", text="Bản mới.", attachments=[Attachment(PDF, "QĐ", "a" * 64, 3)])


def page(text):
    return f"<html>{text}</html>".encode()


@pytest.fixture
def made_before(folder):
    """An archive as the version before evidence made it: two versions, the last look a 304, then two 404s."""
    writer = WarcWriter(folder / "warc", [("software", "test")], instance="old")
    db = Database(folder / "archive.db")
    migrations.apply(db, stop_before="m008_text_for_blobs")
    conn = db.conn
    conn.execute("INSERT INTO portal(id, name, url) VALUES (1, ?, 'https://hungha.thaibinh.gov.vn/')", (PORTAL,))

    def capture(at, status, body, *, url=URL, article=None, kind="page", record_type="response", tls="verified"):
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        placed = writer.write(
            Exchange(
                url, at, b"GET / HTTP/1.1\r\n\r\n", head, body, None, None, notes=[("portal", PORTAL), ("tls", tls)]
            )
        )
        conn.execute(
            """INSERT INTO capture(record_id, file, offset, length, url, fetched_at, status, digest, portal, kind,
               payload_bytes, record_type, secure, article) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'unverified', ?)""",
            (
                *(placed.record_id, placed.file, placed.offset, placed.length, url, at, status, digest(body), PORTAL),
                *(kind, len(body), record_type, article),
            ),
        )
        return placed.record_id

    conn.execute("PRAGMA foreign_keys = OFF")
    ids = {
        "first": capture("2026-01-01T00:00:00Z", 200, page("cũ"), article=ID),
        "second": capture("2026-01-02T00:00:00Z", 200, page("mới"), article=ID, tls="legacy"),
        "304": capture("2026-01-03T00:00:00Z", 304, b"", article=ID, record_type="revisit"),
        "404": capture("2026-01-10T00:00:00Z", 404, b"", tls="unverified"),
        "soft": capture("2026-01-11T00:00:00Z", 200, page("không có")),
        "file": capture("2026-01-01T00:01:00Z", 200, b"old", url=PDF, kind="file"),
        "file2": capture("2026-01-09T00:01:00Z", 200, b"new", url=PDF, kind="file"),
    }
    conn.execute(
        """INSERT INTO article(id, portal, title, first_seen, last_seen, revisions, url, canonical_url, family, extractor,
           capture, first_capture, version_capture, version_seen, content_hash)
           VALUES (?, 1, ?, '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z', 1, ?, ?, 'x', 'x', ?, ?, ?, '2026-01-02T00:00:00Z', ?)""",
        (ID, NEW.title, URL, URL, ids["304"], ids["first"], ids["second"], b"n" * 16),
    )
    conn.execute("INSERT INTO article_id VALUES (?, ?, 1)", (url_key(URL), ID))
    conn.execute("INSERT INTO body(article, text) VALUES (?, ?)", (ID, NEW.text))
    conn.execute("INSERT INTO attachment VALUES (?, 0, ?, 'QĐ', ?, 3)", (ID, PDF, sha256(b"new").hexdigest()))
    conn.execute(
        "INSERT INTO file VALUES (?, ?, 3, ?, '2026-01-09T00:01:00Z')", (PDF, sha256(b"new").hexdigest(), ids["file2"])
    )
    packer = zlib.compressobj(9, zdict=words_of(NEW))
    packed = packer.compress(json.dumps(asdict(OLD)).encode()) + packer.flush()
    conn.execute(
        "INSERT INTO revision VALUES (?, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', ?, ?, ?)",
        (ID, ids["first"], b"o" * 16, packed),
    )
    conn.commit()
    writer.close()
    db.close()
    return ids


def test_the_evidence_the_looks_and_the_versions_are_mended(made_before, folder):
    with Store.open(folder / "archive.db") as store:
        old, new = (store.record(ID, number) for number in (1, 2))
        assert (old.article.text, new.article.text) == ("Bản cũ.", "Bản mới.")
        assert (old.capture.record_id, new.capture.record_id) == (made_before["first"], made_before["second"])
        assert (new.last_seen, new.last_checked) == ("2026-01-03T00:00:00Z", "2026-01-11T00:00:00Z")
        assert [(look.status, look.found, look.capture) for look in new.not_seen] == [
            (404, "missing", made_before["404"]),
            (200, "other page", made_before["soft"]),
        ]
        assert store.article_of(URL) == ID
        assert store.capture(made_before["304"]).digest == ""
        files = store.conn.execute("SELECT sha256, capture FROM file_revision").fetchall()
        assert files == [(sha256(b"old").hexdigest(), made_before["file"])]
        blobs = "SELECT count(*) FROM revision WHERE typeof(packed) = 'blob' OR typeof(content_hash) = 'blob'"
        assert store.conn.execute(blobs).fetchone() == (0,)


def test_the_label_of_a_connection_is_read_from_the_metadata_record(made_before, folder):
    with Store.open(folder / "archive.db") as store:
        labels = {name: store.capture(record_id).secure for name, record_id in made_before.items()}
        assert labels == dict.fromkeys(labels, "verified") | {"second": "legacy", "404": "unverified"}
        assert not mend.is_needed(store.conn)


def test_a_label_whose_warc_file_is_missing_waits_for_it(made_before, folder):
    (file,) = (folder / "warc").iterdir()
    file.rename(folder / "away")
    Store.open(folder / "archive.db").close()
    (folder / "away").rename(file)
    with Store.open(folder / "archive.db") as store:
        assert store.capture(made_before["first"]).secure == "verified"


@pytest.mark.parametrize("statement", ["first_capture", "CREATE TABLE observation", "CREATE TABLE mending"])
def test_a_migration_that_is_killed_goes_on_from_where_it_was(statement, made_before, folder, monkeypatch):
    class Killed(BaseException):
        pass

    real = sqlite3.Connection

    class Dying(real):
        def execute(self, sql, *args):
            if statement in sql and "SELECT 1" not in sql and "sqlite_master" not in sql:
                raise Killed
            return super().execute(sql, *args)

    with monkeypatch.context() as patched:
        connect = sqlite3.connect
        patched.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **more, factory=Dying))
        with pytest.raises(Killed):
            opening.open_to_write(folder / "archive.db")
    with Store.open(folder / "archive.db") as store:
        assert store.record(ID, 1).capture.record_id == made_before["first"]
        assert not mend.is_needed(store.conn)


def test_on_a_read_only_medium_it_is_refused_in_one_line(made_before, folder, monkeypatch):
    monkeypatch.setattr("archive.store.is_read_only", lambda path: True)
    monkeypatch.setattr("archive.database.sqlite_file.is_read_only", lambda path: True)
    folder.chmod(S_IRUSR | S_IXUSR)
    try:
        with pytest.raises(
            ArchiveDamaged, match="made by an earlier version: copy the archive to where it can be written"
        ):
            Store.open_reading(folder / "archive.db")
    finally:
        folder.chmod(0o755)
