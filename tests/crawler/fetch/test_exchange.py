"""The bytes of a connection taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.codings import MOST_CHUNKS, dechunk
from crawler.fetch.exchange import location_of, read_response


def chunked(pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces if p) + b"0\r\n\r\n"


@given(st.lists(st.binary(min_size=1, max_size=300)))
def test_dechunking_gives_back_what_was_chunked(pieces):
    assert dechunk(chunked(pieces)) == (b"".join(pieces), True)


@given(st.binary(max_size=400))
def test_any_bytes_are_taken_apart_without_an_error(raw):
    read_response(raw)
    dechunk(raw)


def test_a_chunked_answer_is_stored_without_chunks_and_says_so():
    raw = b"HTTP/1.1 200 OK\r\nX-Odd:  kept \r\nTransfer-Encoding: chunked\r\n\r\n" + chunked([b"ab", b"cde"])
    response = read_response(raw)
    assert response.body == b"abcde" and response.complete
    assert response.head == (
        b"HTTP/1.1 200 OK\r\nX-Odd:  kept \r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("raw", "status", "body", "complete"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", 200, b"abcde", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcde", 200, b"abcde", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcde", 200, b"ab", True),
        (b"HTTP/1.1 200 OK\r\n\r\nabcde", 200, b"abcde", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n", 304, b"", True),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\nx", 404, b"x", True),
        (b"HTTP/1.0 200\nContent-Type: a\n\nabc", 200, b"abc", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", 200, b"abc", False),
        (b"HTTP/1.1 200 OK\r\nA: b\nContent-Length: 2\r\n\r\nabc", 200, b"ab", True),
        (b"HTTP/1.1 100 x\r\n\r\n" * 20_000 + b"HTTP/1.1 200 OK\n\nabc", 200, b"abc", True),
    ],
    ids=[
        "whole",
        "cut-off",
        "too-long",
        "no-length",
        "not-modified",
        "interim",
        "bare-newlines",
        "chunk-cut",
        "mixed-newlines",
        "interim-flood",
    ],
)
def test_answers_as_servers_send_them(raw, status, body, complete):
    response = read_response(raw)
    assert (response.status, response.body, response.complete) == (status, body, complete)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nCont",
        b"hello\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9000 + b"\r\n",
    ],
    ids=["nothing", "half-head", "no-http", "four-digits", "blank", "larger-than-readers-bear"],
)
def test_no_whole_head_is_no_response(raw):
    assert read_response(raw) is None


@pytest.mark.parametrize(
    ("value", "location"),
    [
        (b"/tin.html ", "/tin.html"),
        ("/đích".encode(), "/đích"),
        (b"/tin/\xe9\xff", "/tin/%E9%FF"),
        (b"", None),
        (None, None),
    ],
    ids=["plain", "utf-8", "other-bytes", "empty", "none"],
)
def test_a_redirect_leads_where_its_bytes_say(value, location):
    assert location_of(value) == location


def test_a_length_of_thousands_of_digits_is_no_length():
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nbody"
    response = read_response(raw)
    assert response is not None
    assert response.body == b"body"


def test_a_body_in_millions_of_chunks_counts_as_cut_off():
    content, complete = dechunk(b"1\r\nX\r\n" * (MOST_CHUNKS + 5) + b"0\r\n\r\n")
    assert (content, complete) == (b"X" * MOST_CHUNKS, False)
