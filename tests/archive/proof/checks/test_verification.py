"""Verifying names what is damaged: in WARC files, in rows, in the log."""

from __future__ import annotations

import gzip
import hashlib
import random
import re
import shutil
import sqlite3

import pytest

from archive.model import Article, Attachment
from archive.proof.checks.verification import verify
from archive.suspension import suspend
from archive.warc import record as rec
from archive.warc.read import read_exchange
from archive.warc.scan import scan_record


def _verified(archive, **named):
    seen = [(head.number, head.size, head.root) for head in archive.log.heads()]
    return verify(archive.path, archive.store.conn, **{"witnessed": seen, **named})


def _file(archive):
    return sorted(archive.warc.glob("*.warc.gz"))[0]


@pytest.fixture
def sealed(filled):
    """The archive with the digests of its WARC files in the log."""
    filled.log.note_files(_verified(filled).records.whole)
    filled.seal()
    return filled


def test_a_sound_archive_is_well_and_all_of_it_was_looked_at(sealed):
    done = _verified(sealed)
    assert done.faults == []
    assert (done.records.files, done.records.records, done.records.captures) == (2, 2 + 7 * 3, 7)
    assert (done.rows.articles, done.rows.versions, done.rows.observations) == (5, 6, 1)
    assert (done.log.heads, done.log.size) == (3, 9)


def test_a_sample_is_well_and_no_larger_than_asked_for(sealed):
    done = _verified(sealed, sample=3, choose=random.Random(7))
    assert (done.faults, done.records.captures, done.rows.articles) == ([], 3, 3)


def test_an_archive_without_a_log_is_no_fault(small):
    small.article(1)
    small.writer.close()
    done = _verified(small)
    assert done.faults == [] and any("none yet" in line for line in done.lines())


def test_every_flipped_byte_of_a_warc_file_is_named(sealed):
    path = _file(sealed)
    held = path.read_bytes()
    silent = []
    for at in sorted({*range(0, len(held), 11), *range(60)}):
        path.write_bytes(held[:at] + bytes([held[at] ^ 0x10]) + held[at + 1 :])
        if not any(path.name in fault.text for fault in _verified(sealed).records.faults):
            silent.append(at)
    assert silent == []


def test_behind_a_damaged_record_reading_goes_on(filled):
    path = _file(filled)
    data, capture = bytearray(path.read_bytes()), filled.store.conn.execute("SELECT * FROM capture WHERE rowid = 2")
    place = dict(zip([column[0] for column in capture.description], capture.fetchone(), strict=True))
    data[place["offset"] + place["length"] // 2] ^= 1
    path.write_bytes(data)
    done = _verified(filled)
    assert [fault.of for fault in done.faults] == [f"{path.name}:{place['offset']}"]
    assert place["url"] in done.faults[0].text and done.records.captures == 6


def _rewritten(archive, number, change):
    """Write the record of a capture anew, with digests that fit: what somebody would do who knows WARC."""
    row = archive.store.conn.execute("SELECT offset, length FROM capture WHERE rowid = ?", (number,)).fetchone()
    path = _file(archive)
    data = path.read_bytes()
    exchange = read_exchange(archive.warc, path.name, *row)
    head = "\r\n".join(["HTTP/1.1 200 X", *(f"{name}: {value}" for name, value in exchange.http_headers), "", ""])
    block = head.encode() + change(exchange.payload)
    named = exchange.record_headers
    kept = [(name, named[name]) for name in ("WARC-Target-URI", "WARC-Warcinfo-ID")]
    (made,) = rec.serialise(
        [rec.Record(
            "response", exchange.record_id, exchange.date, named["Content-Type"], block,
            [*kept, ("WARC-Payload-Digest", rec.digest(change(exchange.payload)))],
        )]
    )  # fmt: skip
    path.write_bytes(data[: row[0]] + made + data[row[0] + row[1] :])


def test_a_record_that_was_written_anew_with_fitting_digests_is_named(filled):
    _rewritten(filled, 1, lambda payload: payload.replace("rút".encode(), "lên".encode()))
    assert any(fault.of.startswith("capture ") for fault in _verified(filled).faults)


def _flip(archive):
    path = _file(archive)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _truncate(archive):
    path = _file(archive)
    path.write_bytes(path.read_bytes()[:-900])


def _truncate_behind_the_last_capture(archive):
    path = _file(archive)
    end = archive.store.conn.execute("SELECT max(offset + length) FROM capture WHERE file = ?", (path.name,)).fetchone()
    path.write_bytes(path.read_bytes()[: end[0]])


def _delete(archive):
    _file(archive).unlink()


def _sql(*statements):
    def change(archive):
        archive.store.conn.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert archive.store.conn.execute(statement).rowcount, statement

    return change


def _swap(archive):
    data = archive.log.leaves_path.read_bytes()
    archive.log.leaves_path.write_bytes(data[:64] + data[96:128] + data[64:96] + data[128:])


def _tamper_log(archive):
    data = bytearray(archive.log.leaves_path.read_bytes())
    data[70] ^= 1
    archive.log.leaves_path.write_bytes(data)


def _remove_run(archive):
    """The last run, as if it had never been: its captures, its leaves, its head."""
    first = archive.log.heads()[0]
    archive.log.heads_path.write_bytes(first.line())
    archive.log.leaves_path.write_bytes(archive.log.leaves_path.read_bytes()[: 32 * first.size])
    archive.log.frontier_path.unlink()


ARTICLE = "(SELECT id FROM article WHERE title = 'Tin 2')"
TAMPERINGS = {
    "a flipped byte in a WARC file": (_flip, "record", "tinhuyen-20260501"),
    "a truncated WARC file": (_truncate, "file", "it was cut"),
    "a WARC file truncated behind its last capture": (_truncate_behind_the_last_capture, "file", "SHA-256"),
    "a deleted WARC file": (_delete, "file", "is not in"),
    "a tampered row": (
        _sql(f"UPDATE body SET text = 'Nước lên.' WHERE article = {ARTICLE}"),
        "article row",
        "was changed",
    ),
    "a tampered log": (_tamper_log, "log", "changed or swapped"),
    "a removed run": (_remove_run, "head", "is gone"),
    "a swapped leaf": (_swap, "log", "changed or swapped"),
    "a changed capture row": (_sql("UPDATE capture SET status = 404 WHERE rowid = 1"), "capture row", "has status 404"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_is_named(sealed, name):
    seen = [(head.number, head.size, head.root) for head in sealed.log.heads()]
    tamper, kind, said = TAMPERINGS[name]
    tamper(sealed)
    faults = _verified(sealed, witnessed=seen).faults
    assert any(fault.kind == kind and said in fault.text for fault in faults), faults


ROWS = {
    "title": f"UPDATE article SET title = 'Khác' WHERE id = {ARTICLE}",
    "published": f"UPDATE article SET published = '2020-01-01' WHERE id = {ARTICLE}",
    "first_seen": f"UPDATE article SET first_seen = '2020-01-01T00:00:00Z' WHERE id = {ARTICLE}",
    "last_seen": f"UPDATE article SET last_seen = '2030-01-01T00:00:00Z' WHERE id = {ARTICLE}",
    "last_checked": f"UPDATE article SET last_checked = '2030-01-01T00:00:00Z' WHERE id = {ARTICLE}",
    "gone_at": f"UPDATE article SET gone_at = '2020-01-01T00:00:00Z' WHERE id = {ARTICLE}",
    "canonical_url": f"UPDATE article SET canonical_url = 'http://khac.example/' WHERE id = {ARTICLE}",
    "its capture": f"UPDATE article SET capture = (SELECT record_id FROM capture WHERE rowid = 1) WHERE id = {ARTICLE}",
    "an older version": "UPDATE revision SET packed = substr(packed, 1, 20) || 'a' || substr(packed, 22)",
    "an older version's hash": "UPDATE revision SET content_hash = 'ab'",
    "an older version removed": "DELETE FROM revision",
    "an older version's time": "UPDATE revision SET first_seen = '2020-01-01T00:00:00Z'",
    "text removed": f"DELETE FROM body WHERE article = {ARTICLE}",
    "a look's word": "UPDATE observation SET found = 'moved'",
    "a look's time": "UPDATE observation SET at = '2030-01-01T00:00:00Z'",
    "a capture's digest": "UPDATE capture SET digest = 'sha256:AAAA' WHERE rowid = 1",
    "a capture's portal": "UPDATE capture SET portal = 'khac' WHERE rowid = 1",
    "a capture's connection": "UPDATE capture SET secure = 'verified' WHERE rowid = 1",
    "a capture's size": "UPDATE capture SET payload_bytes = 1 WHERE rowid = 1",
    "a capture's place": "UPDATE capture SET offset = offset + 1 WHERE rowid = 1",
    "a capture's length": "UPDATE capture SET length = length - 1 WHERE rowid = 1",
    "a capture's article": "UPDATE capture SET article = NULL WHERE rowid = 1",
    "a capture's kind of number": "UPDATE capture SET offset = 'x' WHERE rowid = 1",
    "an article's kind of number": f"UPDATE article SET revisions = 'x' WHERE id = {ARTICLE}",
    "a list that is none": f"UPDATE body SET tags = '7' WHERE article = {ARTICLE}",
    "a capture removed": "DELETE FROM capture WHERE rowid = 1",
    "search": "DELETE FROM article_fts_docsize WHERE id = (SELECT min(id) FROM article)",
    "a month": "UPDATE portal_month SET articles = 77",
}


@pytest.mark.parametrize("name", ROWS)
def test_a_changed_row_is_named(sealed, name):
    _sql(ROWS[name])(sealed)
    assert _verified(sealed).faults != []


def test_a_file_with_another_digest_than_its_bytes_is_named(small):
    url = "http://dongbac.example/bieu.pdf"
    small.store.save_file(url, "dongbac", small.capture(url, b"%PDF-1.4 x", kind="file"), "ab" * 32, 10)
    small.seal()
    assert [fault.kind for fault in _verified(small).faults] == ["file row"]


def test_a_database_that_is_no_database_is_no_list_of_faults(filled):
    filled.store.close()
    data = bytearray((filled.path / "archive.db").read_bytes())
    data[8192:40960] = bytes(32768)
    (filled.path / "archive.db").write_bytes(data)
    done = verify(filled.path, sqlite3.connect(filled.path / "archive.db", isolation_level=None))
    assert done.unreadable and "archive.db is damaged" in done.faults[0].text


def test_a_copy_of_the_folder_is_as_well_as_the_archive(sealed, tmp_path):
    copy = tmp_path / "copy"
    sealed.store.checkpoint()
    shutil.copytree(sealed.path, copy)
    conn = sqlite3.connect(copy / "archive.db", isolation_level=None)
    assert verify(copy, conn).faults == []


@pytest.fixture
def rich(filled):
    """The archive with a file that was replaced, a look that is not the last one, a takedown and an import."""
    url, pdf = "http://dongbac.example/tin/9.html", "http://dongbac.example/bieu.pdf"
    page = Article(url, url, title="Tin 9", text="Nước đã rút.", attachments=[Attachment(pdf)])
    filled.store.save_article(page, filled.capture(url), "dongbac")
    for body in (b"%PDF-1.4 x", b"%PDF-1.4 y"):
        digest, held = hashlib.sha256(body).hexdigest(), filled.capture(pdf, body, kind="file")
        filled.store.save_file(pdf, "dongbac", held, digest, len(body))
    filled.look(3, filled.article(3))
    filled.look(3, filled.article(3))
    filled.seal()
    assert suspend(filled.store, filled.article(1), "Theo lệnh", "2026-05-02T08:00:00Z", lambda rows: None)
    filled.seal()
    assert _verified(filled).faults == []
    return filled


STANDING = {
    "a replaced file's first digest": "UPDATE attachment SET sha256 = NULL, bytes = NULL",
    "the size of a file": "UPDATE attachment SET bytes = 7",
    "when a file came": "UPDATE file SET fetched_at = '2026-05-01T08:00:00.000000Z'",
    "a look that was not the last": "DELETE FROM observation WHERE at = (SELECT min(at) FROM observation WHERE url LIKE '%/3.html')",
    "the day a version began": "UPDATE revision SET first_seen = substr(first_seen, 1, 14) || '59:59.000000Z', last_seen = substr(first_seen, 1, 14) || '59:59.000000Z'",
    "when a version was seen last": "UPDATE revision SET last_seen = substr(last_seen, 1, 17) || '01.000000Z'",
    "a tombstone": "DELETE FROM suspended",
    "a tombstone and what it kept": "DELETE FROM suspended; DELETE FROM suspended_address; DELETE FROM suspended_capture",
}  # fmt: skip


@pytest.mark.parametrize("name", STANDING)
def test_a_changed_row_beside_the_articles_is_named(rich, name):
    rich.store.conn.executescript(STANDING[name])
    assert _verified(rich).faults != []


def test_a_request_that_was_written_anew_with_a_fitting_digest_is_named(sealed):
    path, held = _file(sealed), _file(sealed).read_bytes()
    with path.open("rb") as file:
        request = scan_record(file, scan_record(file, 0).end)
    other = gzip.decompress(held[request.offset : request.end]).replace(
        b"Host: dongbac.example", b"Host: dongnam.example"
    )
    head, _, block = other.partition(b"\r\n\r\n")
    fitting = re.sub(rb"WARC-Block-Digest: [^\r]+", b"WARC-Block-Digest: " + rec.digest(block[:-4]).encode(), head)
    path.write_bytes(held[: request.offset] + gzip.compress(fitting + b"\r\n\r\n" + block) + held[request.end :])
    assert any(path.name in fault.text for fault in _verified(sealed).faults)


def test_places_of_two_captures_swapped_are_named(sealed):
    conn = sealed.store.conn
    one, other = conn.execute(
        "SELECT rowid, offset, length FROM capture WHERE file = (SELECT min(file) FROM capture) LIMIT 2"
    ).fetchall()
    for rowid, place in ((one[0], other), (other[0], one)):
        conn.execute("UPDATE capture SET offset = ?, length = ? WHERE rowid = ?", (place[1], place[2], rowid))
    assert [fault.kind for fault in _verified(sealed).faults].count("capture row") >= 2
