"""Repair of files made to be hard: memory and time stay those of an ordinary file."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from archive.warc import repair as repairing
from archive.warc.repair import DamagedInside, repair

HEAD = b"WARC/1.1\r\nWARC-Type: response\r\n\r\n"


def test_a_member_that_unpacks_to_hundreds_of_megabytes_is_walked_in_pieces(tmp_path):
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(pack.compress(HEAD) + b"".join(pack.compress(bytes(1_000_000)) for _ in range(300)) + pack.flush())
    tracemalloc.start()
    try:
        assert repair(path).records == 1
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_a_record_behind_damage_is_found_wherever_it_lies(tmp_path, monkeypatch):
    monkeypatch.setattr(repairing, "CHUNK", 8192)
    whole = gzip.compress(HEAD)
    for gap in (1, 4095, 8190, 8192, 20_000):
        path = tmp_path / f"{gap}.warc.gz"
        path.write_bytes(whole + b"\xff" * gap + whole)
        with pytest.raises(DamagedInside):
            repair(path)
        assert path.read_bytes() == whole + b"\xff" * gap + whole


def test_beginnings_of_gzip_that_begin_nothing_are_a_torn_tail(tmp_path):
    whole = gzip.compress(HEAD)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(whole + b"\x1f\x8b\x08" * 100_000)
    assert repair(path).bytes_cut == 300_000
