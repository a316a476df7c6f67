"""Records of other tools: read as they are in what is harmless; what is damaged is named with its place and not given out."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import tracemalloc
import zlib

import pytest
from fastwarc.stream_io import Lz4Writer, ZstdWriter
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.warc.foreign import unpacked
from archive.warc.foreign.foreign_records import Fault, Foreign, ForeignRecords
from archive.warc.foreign.unpacked import Bomb

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Tin huy\xe1\xbb\x87n</p>"


def warc(number: int, block: bytes = PAGE, end: bytes = b"\r\n", extra: str = "", length: int | None = None) -> bytes:
    """A response of a tool that ends its lines as told."""
    lines = [
        "WARC/1.0", "WARC-Type: response", f"WARC-Record-ID: <urn:uuid:{number:08d}>", "WARC-Date: 2019-03-02T08:00:00Z",
        f"WARC-Target-URI: http://cu.example/tin/{number}", "Content-Type: application/http; msgtype=response",
        *([extra] if extra else []), f"Content-Length: {len(block) if length is None else length}",
    ]  # fmt: skip
    return end.join(line.encode() for line in lines) + end * 2 + block + end * 2


def arc(*pages: tuple[str, bytes]) -> bytes:
    head = b"1 0 Kho cu\nURL IP-address Archive-date Content-type Archive-length\n"
    records = [
        f"{url} 10.0.0.1 20140102000000 text/html {len(block)}\n".encode() + block + b"\n" for url, block in pages
    ]
    return b"filedesc://a.arc 0.0.0.0 20140101000000 text/plain %d\n" % len(head) + head + b"\n" + b"".join(records)


def through(writer, data: bytes) -> bytes:
    out = io.BytesIO()
    packing = writer(out)
    packing.write(data)
    packing.finish()
    packing.flush()
    return out.getvalue()


def read(data: bytes, most: int = 1 << 20) -> tuple[list[Foreign], list[Fault]]:
    found = list(ForeignRecords(io.BytesIO(data), most))
    return [one for one in found if isinstance(one, Foreign)], [one for one in found if isinstance(one, Fault)]


def blocks(data: bytes) -> list[bytes | None]:
    records, faults = read(data)
    assert faults == []
    return [record.block for record in records]


THREE = [warc(number) for number in range(3)]


@pytest.mark.parametrize(
    "data",
    [
        b"".join(THREE),
        b"".join(map(gzip.compress, THREE)),
        gzip.compress(b"".join(THREE)),
        through(ZstdWriter, b"".join(THREE)),
        through(Lz4Writer, b"".join(THREE)),
        b"".join(warc(number, end=b"\n") for number in range(3)),
        b"".join(warc(number, end=b"\r\r\n") for number in range(3)),
        b"\r\n\r\n\r\n".join(THREE),
        b"".join(map(gzip.compress, THREE)) + bytes(512),
        b"".join(warc(number, extra="X-Long: begins\r\n  goes on") for number in range(3)),
    ],
    ids=["plain", "gzip", "one-gzip", "zstd", "lz4", "lf", "cr-cr-lf", "blank-lines", "padding", "folded"],
)
def test_three_records_are_read_however_they_are_packed(data):
    assert blocks(data) == [PAGE] * 3


def test_arc_files_are_read_as_warcio_reads_them():
    data = arc(("http://cu.example/tin 1", PAGE), ("http://cu.example/tin/2", PAGE + b"\n\nhai"))
    records, faults = read(data)
    theirs = [
        (
            record.rec_headers.get_header("WARC-Target-URI").replace("%20", " "),
            record.rec_headers.get_header("WARC-Date"),
        )
        for record in ArchiveIterator(io.BytesIO(data), arc2warc=True)
        if record.rec_type == "response"
    ]
    assert faults == []
    assert [(one.headers["warc-target-uri"], one.headers["warc-date"]) for one in records] == theirs
    assert [record.block for record in records] == [PAGE, PAGE + b"\n\nhai"]
    assert blocks(gzip.compress(data)) == [PAGE, PAGE + b"\n\nhai"]


ORDER = "sha1:" + "A" * 32
CASES = [
    ("the end is missing", b"".join(THREE)[:-60], 2, r"byte \d+: the record ends behind \d+ of its \d+ bytes"),
    ("a gzip member is torn", b"".join(map(gzip.compress, THREE))[:-20], 2, r"byte \d+: it does not unpack \(the file ends"),
    ("a length too small", THREE[0] + warc(1, length=20) + THREE[2], 2, r"byte \d+: the record does not end behind the 20 bytes"),
    ("a length too large", THREE[0] + warc(1, length=len(PAGE) + 9) + THREE[2], 2, r"does not end behind the \d+ bytes"),
    ("no length", THREE[0] + THREE[1].replace(b"Content-Length", b"Content-Width") + THREE[2], 2, "the record has no length"),
    ("a length of letters", THREE[0] + THREE[1].replace(b"Length: ", b"Length: x") + THREE[2], 2, "the record has no length"),
    ("a changed block", THREE[0] + warc(1, extra=f"WARC-Block-Digest: {ORDER}") + THREE[2], 2, "does not have its block digest"),
    ("garbage between", THREE[0] + b"garbage\nmore garbage\n" + THREE[1] + THREE[2], 3, r"byte \d+: 21 bytes are no record"),
    ("garbage before", b"x" * 5000 + b"\n" + THREE[0], 1, "byte 0: 5,001 bytes are no record"),
    ("a flipped byte in gzip", b"".join(
        gzip.compress(one) if at != 1 else gzip.compress(one)[:40] + b"\0\0\0" + gzip.compress(one)[43:]
        for at, one in enumerate(THREE)), 2, r"byte \d+: it does not unpack"),
    ("an arc without length", arc(("http://cu.example/1", PAGE)).replace(b"text/html %d" % len(PAGE), b"text/html -1"), 0,
     r"the ARC record has no length"),
    ("a head without end", THREE[0] + b"WARC/1.0\r\n" + b"X: " + b"y" * 200_000, 1, "the head of the record has no end"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kept", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_damage_is_told_with_its_place_and_all_else_is_read(data, kept, told):
    records, faults = read(data)
    assert len(records) == kept and all(record.block == PAGE for record in records)
    assert faults
    assert any(re.search(told, f"{fault.place}: {fault.text}") for fault in faults), faults


def test_a_block_larger_than_asked_for_is_stepped_over_with_its_digest_checked():
    block = PAGE + bytes(5000)
    digest = hashlib.sha1(block).hexdigest()
    records, faults = read(warc(1, block, extra=f"WARC-Block-Digest: sha1:{digest}") + THREE[2], most=1000)
    assert faults == [] and [record.block for record in records] == [None, PAGE] and records[0].size == len(block)


def test_memory_does_not_grow_with_what_a_file_unpacks_to():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = packer.compress(warc(1, length=1 << 26)[:-4]) + b"".join(packer.compress(bytes(1 << 20)) for _ in range(80)) + packer.flush()  # fmt: skip
    tracemalloc.start()
    read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_bomb_is_left_when_it_is_known_as_one(monkeypatch):
    monkeypatch.setattr(unpacked, "DENSE_FROM", 1 << 20)
    with pytest.raises(Bomb, match="more than 200 times"):
        read(gzip.compress(bytes(1 << 24)))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 900), st.integers(0, 60))
def test_whatever_stands_in_a_file_reading_ends_and_what_is_given_out_is_whole(wild, at, cut):
    whole = b"".join(THREE)
    records, _ = read(whole[:at] + wild + whole[at + cut :])
    assert all(record.block is not None and len(record.block) == record.size for record in records)
