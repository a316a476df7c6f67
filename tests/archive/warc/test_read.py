"""Exchanges read back by their offset: what was sent, what it decodes to, and what cannot be read."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.warc import read
from archive.warc.codings import UnknownCoding, codings_of, decoded
from archive.warc.read import (
    CaptureUnreadable,
    StoredPayload,
    TooLarge,
    decode_content,
    find_file,
    read_exchange,
    stream_payload,
)
from archive.warc.write import OPEN_SUFFIX, Exchange, Placed, WarcWriter

URL = "http://xahoa.gov.vn/tin/1"
PAGE = "<html><p>Xã họp bàn việc sửa trạm bơm.</p></html>".encode()


@pytest.fixture
def written(tmp_path):
    """Writes an answer with these header lines; answers where it stands."""

    def write(body: bytes, *headers: bytes, close: bool = True) -> Placed:
        writer = WarcWriter(tmp_path, [("software", "thử")])
        head = b"\r\n".join([b"HTTP/1.1 200 Tot", *headers, b"", b""])
        placed = writer.write(
            Exchange(URL, "2026-03-02T00:00:00.000000Z", b"GET / HTTP/1.1\r\n\r\n", head, body, "10.0.0.1")
        )
        if close:
            writer.close()
        return placed

    return write


def exchange(folder: Path, at: Placed) -> read.StoredExchange:
    return read_exchange(folder, at.file, at.offset, at.length)


def test_an_exchange_comes_back_with_its_status_headers_and_bytes(written, tmp_path):
    placed = written(PAGE, b"Content-Type: text/html", b"Set-Cookie: a=1", b"Set-Cookie: b=2")
    found = exchange(tmp_path, placed)
    assert (found.record_type, found.target_uri, found.status, found.reason) == ("response", URL, 200, "Tot")
    assert (found.payload, found.body, found.record_id) == (PAGE, PAGE, placed.record_id)
    assert [value for name, value in found.http_headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert found.header("content-TYPE") == "text/html" and found.header("x-none") is None
    assert found.refers_to is None


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (gzip.compress(PAGE), [b"Content-Encoding: gzip"]),
        (gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]), [b"content-encoding: GZIP"]),
        (zlib.compress(gzip.compress(PAGE)), [b"Content-Encoding: gzip, deflate"]),
        (zlib.compress(gzip.compress(PAGE)), [b"Content-Encoding: gzip", b"Content-Encoding: deflate"]),
        (PAGE, [b"Content-Encoding: gzip"]),
        (PAGE, []),
    ],
    ids=["gzip", "two-streams", "two-codings", "two-headers", "not-gzip", "plain"],
)
def test_a_stored_body_is_read_as_the_crawl_read_it(written, tmp_path, payload, headers):
    found = exchange(tmp_path, written(payload, *headers))
    assert (found.payload, found.body) == (payload, PAGE)


@given(st.binary(max_size=300), st.lists(st.sampled_from(["gzip", "deflate", "br", "identity", "x"]), max_size=3))
def test_whatever_was_sent_decodes_as_in_the_crawl_or_stays_as_it_was(payload, named):
    codings = codings_of([", ".join(named).encode()])
    try:
        expected = decoded(payload, codings)
    except UnknownCoding:
        expected = payload
    assert decode_content(payload, codings) == expected


def test_a_bomb_stays_as_it_was_sent(monkeypatch):
    monkeypatch.setattr(read, "MAX_BODY", 1000)
    bomb = gzip.compress(bytes(5000))
    assert decode_content(bomb, ["gzip"]) == bomb


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda at: ("khac.warc.gz", at.offset, at.length), "restore it from a backup"),
        (lambda at: (at.file, at.offset, at.length + 100_000), "run tinhuyen repair"),
        (lambda at: (f"../../{at.file}x", at.offset, at.length), "is not in"),
    ],
    ids=["no-file", "too-short", "outside-the-folder"],
)
@pytest.mark.parametrize("reader", [read_exchange, stream_payload], ids=["whole", "in-pieces"])
def test_a_capture_that_is_not_where_it_should_be_is_told_in_one_line(written, tmp_path, damage, says, reader):
    with pytest.raises(CaptureUnreadable, match=says):
        reader(tmp_path, *damage(written(PAGE)))


@pytest.mark.parametrize("reader", [read_exchange, stream_payload], ids=["whole", "in-pieces"])
@pytest.mark.parametrize("into", [1, 3, 40])
def test_a_place_within_a_record_holds_none(written, tmp_path, reader, into):
    placed = written(PAGE)
    with pytest.raises(CaptureUnreadable, match="no record at byte"):
        reader(tmp_path, placed.file, placed.offset + into, placed.length - into)


def test_a_file_that_is_being_written_is_found_under_its_own_name(written, tmp_path):
    placed = written(PAGE, close=False)
    assert find_file(tmp_path, placed.file).name == placed.file + OPEN_SUFFIX
    assert find_file(tmp_path, f"/etc/{placed.file}").parent == tmp_path


def in_pieces(payload: bytes, encoding: str | None, size: int) -> StoredPayload:
    headers = [("Content-Encoding", encoding)] if encoding else []
    return StoredPayload(headers, None, (payload[at : at + size] for at in range(0, len(payload), size)))


@settings(max_examples=60)
@given(
    st.binary(max_size=400),
    st.binary(max_size=100),
    st.integers(1, 64),
    st.sampled_from(["gzip", "x-gzip", "deflate", None]),
)
def test_content_in_pieces_is_the_content_as_a_whole(first, second, size, encoding):
    packed = {None: first + second, "deflate": zlib.compress(first + second)}.get(
        encoding, gzip.compress(first) + gzip.compress(second)
    )
    assert b"".join(in_pieces(packed, encoding, size).content(10_000)) == first + second


@pytest.mark.parametrize("encoding", ["gzip", "deflate", None])
def test_content_behind_the_limit_is_not_given(encoding):
    body = bytes(5000)
    packed = {"gzip": gzip.compress(body), "deflate": zlib.compress(body), None: body}[encoding]
    with pytest.raises(TooLarge, match="download it as it was sent"):
        list(in_pieces(packed, encoding, 100).content(4999))
    assert sum(map(len, in_pieces(packed, encoding, 100).content(5000))) == 5000


def test_a_torn_payload_gives_what_came_before_the_tear():
    torn = gzip.compress(bytes(range(256)) * 40)[:-200]
    given_ = b"".join(in_pieces(torn, "gzip", 64).content(100_000))
    assert given_ and (bytes(range(256)) * 40).startswith(given_)
