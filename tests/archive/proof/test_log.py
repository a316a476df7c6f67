"""The log grows with the archive, is signed once a run, goes on after a kill, and is never made anew in silence."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from archive.proof.checks.check_log import check_log
from archive.proof.heads import sign
from archive.proof.log import Log
from archive.proof.merkle import HASH_BYTES, Tree, is_consistent
from archive.proof.signing import load_key, make_key
from archive.proof.trouble import LogBroken


def _checked(archive, witnessed=()):
    return check_log(archive.log, archive.store.conn, witnessed)


def test_each_run_appends_its_captures_and_signs_a_head(filled):
    first, second = filled.log.heads()
    assert (first.size, second.size, second.previous) == (5, 7, first.fingerprint())
    leaves = filled.log.leaves()
    path = Tree(leaves).consistency_proof(first.size)
    assert is_consistent(5, 7, bytes.fromhex(first.root), bytes.fromhex(second.root), path)
    assert filled.log.key.stat().st_mode & 0o777 == 0o600
    assert _checked(filled).faults == []


def test_a_capture_takes_32_bytes_of_the_log(filled):
    assert filled.log.leaves_path.stat().st_size == 32 * 7


def test_a_run_without_captures_signs_nothing(filled):
    assert filled.seal() is None and len(filled.log.heads()) == 2


def test_an_archive_from_before_gets_its_log_at_once(small):
    for number in range(3):
        small.article(number)
    head = small.seal()
    assert (head.number, head.size) == (1, 3)


@pytest.mark.parametrize("kept", [0, HASH_BYTES, HASH_BYTES + 7, 2 * HASH_BYTES])
def test_a_kill_between_leaves_and_head_is_made_good_by_the_next(filled, kept):
    last = filled.log.heads()[-1]
    filled.article(10)
    filled.article(11)
    copy = filled.path.with_name("before")
    shutil.copytree(filled.log.folder, copy)
    filled.seal()
    written = filled.log.leaves_path.read_bytes()
    shutil.copytree(copy, filled.log.folder, dirs_exist_ok=True)
    filled.log.leaves_path.write_bytes(written[: last.size * HASH_BYTES + kept])
    checked = _checked(filled)
    assert (checked.faults, checked.pending) == ([], 2)
    head = filled.seal()
    assert (head.size, filled.log.leaves_path.read_bytes()) == (9, written)
    assert _checked(filled).faults == []


def test_half_a_head_is_none(filled):
    held = filled.log.heads_path.read_bytes()
    filled.log.heads_path.write_bytes(held + b'{"archive":"Kho th')
    filled.article(12)
    assert filled.seal().number == 3
    assert [head.number for head in filled.log.heads()] == [1, 2, 3]


def test_what_is_remembered_may_be_lost(filled):
    filled.log.frontier_path.unlink()
    filled.article(13)
    assert filled.seal().size == 8
    assert _checked(filled).faults == []


def test_a_database_made_anew_in_another_order_has_the_same_log(filled):
    conn = filled.store.conn
    conn.execute("UPDATE capture SET rowid = 1000 - rowid")
    assert _checked(filled).faults == []
    assert filled.seal() is None
    filled.article(14)
    assert filled.seal().size == 8


def test_a_note_is_signed_with_the_next_head_and_once(filled):
    filled.log.note({"note": "erased", "why": "a court's order"})
    assert filled.seal().size == 8
    assert filled.seal() is None
    filled.log.frontier_path.unlink()
    assert filled.seal() is None
    assert _checked(filled).faults == []


def _told(archive, witnessed=()):
    return [fault.of for fault in _checked(archive, witnessed).faults]


def _change_leaf(archive):
    data = bytearray(archive.log.leaves_path.read_bytes())
    data[3 * HASH_BYTES] ^= 1
    archive.log.leaves_path.write_bytes(data)


def _swap_leaves(archive):
    data = archive.log.leaves_path.read_bytes()
    archive.log.leaves_path.write_bytes(data[32:64] + data[:32] + data[64:])


def _cut_leaves(archive):
    archive.log.leaves_path.write_bytes(archive.log.leaves_path.read_bytes()[:-HASH_BYTES])


def _change_head(archive):
    text = archive.log.heads_path.read_text()
    archive.log.heads_path.write_text(text.replace('"size":5', '"size":4'))


def _remove_first_head(archive):
    lines = archive.log.heads_path.read_bytes().splitlines(keepends=True)
    archive.log.heads_path.write_bytes(b"".join(lines[1:]))


def _remove_last_head(archive):
    lines = archive.log.heads_path.read_bytes().splitlines(keepends=True)
    archive.log.heads_path.write_bytes(b"".join(lines[:-1]))


def _change_capture(archive):
    archive.store.conn.execute("UPDATE capture SET fetched_at = '2026-01-01T00:00:00.000000Z' WHERE rowid = 3")


def _remove_capture(archive):
    conn = archive.store.conn
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute("DELETE FROM capture WHERE rowid = 3")


TAMPERINGS = {
    "changed leaf": (_change_leaf, "head 1"),
    "swapped leaves": (_swap_leaves, "head 1"),
    "cut leaves": (_cut_leaves, "leaves"),
    "changed head": (_change_head, "head 1"),
    "first head removed": (_remove_first_head, "head 2"),
    "last head removed": (_remove_last_head, "head 2"),
    "changed capture row": (_change_capture, "capture urn:uuid:"),
    "removed capture row": (_remove_capture, "leaf 2"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_named(filled, name):
    tamper, named = TAMPERINGS[name]
    tamper(filled)
    assert any(named in of for of in _told(filled)), _checked(filled).faults


def test_a_log_that_was_begun_anew_is_known_by_the_heads_seen_before(filled):
    seen = [(head.number, head.size, head.root) for head in filled.log.heads()]
    shutil.rmtree(filled.log.folder)
    filled.log = Log(filled.path)
    filled.article(20)
    filled.seal()
    assert "head 2" in _told(filled, seen) and "head 1" in _told(filled, seen)


def test_a_head_signed_by_a_stranger_is_named(filled, tmp_path):
    heads = filled.log.heads()
    stranger = make_key(tmp_path / "other", tmp_path / "other.pub")
    filled.log.heads_path.write_bytes(heads[0].line() + sign(heads[1], stranger).line())
    assert _told(filled) == ["head 2"]
    assert load_key(filled.log.key) is not None


@pytest.mark.parametrize("tamper", [_change_leaf, _cut_leaves], ids=["changed", "cut"])
def test_a_broken_log_is_not_continued_and_not_made_anew(filled, tamper):
    tamper(filled)
    filled.log.frontier_path.unlink()
    held = filled.log.leaves_path.read_bytes()
    filled.article(15)
    with pytest.raises(LogBroken, match="restore"):
        filled.seal()
    assert filled.log.leaves_path.read_bytes() == held and len(filled.log.heads()) == 2


def test_without_its_key_a_log_is_not_continued(filled):
    filled.log.key.unlink()
    filled.article(16)
    with pytest.raises(LogBroken, match=r"proof\.key is gone"):
        filled.seal()


def test_a_head_is_a_line_of_json_that_others_can_read(filled):
    lines = filled.log.heads_path.read_text(encoding="ascii").splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2]


class _Killed(BaseException):
    """Stands for a kill: nobody catches it, nothing is tidied up."""


@pytest.mark.parametrize("call", ["open", "pwrite", "fdatasync", "ftruncate", "link"])
@pytest.mark.parametrize("nth", range(4))
def test_killed_at_any_step_the_next_append_goes_on(small, monkeypatch, call, nth):
    for number in range(3):
        small.article(number)
    small.writer.close()
    real, calls = getattr(os, call), iter(range(99))

    def dying(*args, **named):
        if next(calls) == nth:
            raise _Killed
        return real(*args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, dying)
        try:
            small.log.note_files(small.writer.finished)
            small.log.append(small.store.conn, "Kho thử")
        except _Killed:
            pass
    small.log.append(small.store.conn, "Kho thử")
    checked = _checked(small)
    assert (checked.faults, checked.pending) == ([], 0)
    assert checked.size in (3, 4) and small.log.append(small.store.conn, "Kho thử") is None
