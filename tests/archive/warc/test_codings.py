"""Content codings undone: as stored captures are read, and within a limit."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc import codings
from archive.warc.codings import ContentTooLarge, UnknownCoding, codings_of, decoded, unzipped

one_stream = codings._one_stream
PAGE = "<html><body><p>Ủy ban nhân dân xã Hòa An họp bàn.</p></body></html>".encode()


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


@pytest.mark.parametrize(
    ("body", "named", "content"),
    [
        (gzip.compress(PAGE), ["gzip"], PAGE),
        (zlib.compress(PAGE), ["deflate"], PAGE),
        (raw_deflate(PAGE), ["deflate"], PAGE),
        (PAGE, ["gzip"], PAGE),
        (PAGE, ["deflate"], PAGE),
        (PAGE, ["br"], PAGE),
        (gzip.compress(b""), ["gzip"], b""),
        (gzip.compress(PAGE) + gzip.compress(PAGE), ["gzip"], PAGE + PAGE),
        (gzip.compress(PAGE) + b"\0\0", ["gzip"], PAGE),
        (zlib.compress(gzip.compress(PAGE)), ["gzip", "deflate"], PAGE),
        (b"", ["gzip"], b""),
    ],
    ids=["gzip", "zlib", "raw", "not-gzip", "not-deflate", "not-br", "empty", "two-streams", "padded", "two-codings", "nothing"],
)  # fmt: skip
def test_what_can_be_read_is_read(body, named, content):
    assert decoded(body, named) == content


def test_a_torn_stream_gives_what_came_before_the_tear():
    whole = bytes(range(256)) * 400
    torn = decoded(gzip.compress(whole)[:-300], ["gzip"])
    assert torn and whole.startswith(torn)


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_read_without_an_error(body, coding):
    packed = {"gzip": gzip.compress, "deflate": zlib.compress}[coding](body)
    assert decoded(packed, [coding]) == body
    decoded(body, [coding])


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate], ids=["gzip", "zlib", "raw"])
def test_a_bomb_stops_at_the_limit(pack):
    with pytest.raises(ContentTooLarge):
        decoded(pack(b"\0" * 5_000_000), ["gzip" if pack is gzip.compress else "deflate"], 100_000)
    with pytest.raises(ContentTooLarge):
        unzipped(gzip.compress(b"\0" * 5_000_000), 100_000)


def test_of_a_million_empty_streams_the_first_thousand_are_opened(monkeypatch):
    opened = []
    monkeypatch.setattr(codings, "MAX_STREAMS", 10)
    monkeypatch.setattr(
        codings,
        "_one_stream",
        lambda inflate, data, at, *rest: opened.append(at) or one_stream(inflate, data, at, *rest),
    )
    decoded(gzip.compress(b"") * 500, ["gzip"], 1000)
    assert len(opened) == 10


def test_what_was_not_asked_for_is_named():
    with pytest.raises(UnknownCoding, match="br"):
        decoded(b"\x0b\x02\x80brotli?\x03", ["br"])
    assert decoded(b"\x0b\x02\x80brotli?\x03", ["br"], foreign=True) == b"brotli?"


def test_codings_come_in_the_order_they_were_applied():
    assert codings_of([b"deflate, GZIP", b" identity"]) == ["deflate", "gzip"]


def test_codings_on_top_of_each_other_are_refused_before_any_is_undone():
    with pytest.raises(UnknownCoding, match="1500 codings"):
        decoded(b"x", ["gzip"] * 1500)
