"""What errors and statuses mean: which are answers, which are tried again, and whether the host is at fault."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import exceptions as scrapy_errors
from twisted.internet import error as tx_errors
from twisted.web._newclient import ParseError, ResponseFailed
from twisted.web.http import PotentialDataLoss

from archive.warc.codings import ContentTooLarge, UnknownCoding
from crawler.fetch.failures import MAX_RETRY_AFTER, of_error, of_status, retry_after
from crawler.reasons.codes import Code

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 204, 206, 301, 304, 307, 400, 401, 403, 404, 410, 418, 451, 600])
def test_most_statuses_are_answers_to_be_read(status):
    assert of_status(status, {}, NOW) is None


@pytest.mark.parametrize(
    ("status", "retry", "host_wide"),
    [(408, True, True), (429, True, True), (500, True, True), (503, True, True), (599, True, True), (407, False, True)],
)
def test_a_status_that_speaks_of_the_server_leaves_the_page_for_later(status, retry, host_wide):
    failure = of_status(status, {}, NOW)
    assert (failure.retry, failure.host_wide, failure.asked) == (retry, host_wide, False)


@pytest.mark.parametrize(
    ("said", "wait", "asked"),
    [
        (b"120", 120.0, True),
        (b" 7 ", 7.0, True),
        (b"86400", MAX_RETRY_AFTER, True),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True).encode(), 90.0, True),
        (format_datetime(NOW - timedelta(days=9), usegmt=True).encode(), 10.0, True),  # long past: as if none was named
        (b"soon", 10.0, False),
        (b"-5", 10.0, False),
        (b"1e9", 10.0, False),
        (None, 10.0, False),
    ],
)
def test_a_server_that_asks_to_wait_is_given_what_it_asks_up_to_an_hour(said, wait, asked):
    failure = of_status(429, {b"Retry-After": said} if said is not None else {}, NOW)
    assert (failure.wait, failure.asked) == (wait, asked)
    assert failure.reason.has(Code.ASKS_TO_WAIT) is asked


@example("0\x1f")  # a control character that strip() takes for space and float() does not
@given(st.text(max_size=60))
def test_whatever_stands_in_retry_after_is_a_wait_or_nothing(value):
    wait = retry_after(value, NOW)
    assert wait is None or wait >= 0


def request(url: str = "http://xahoa.gov.vn/1", *, response: bytes = b"", tls: str = "verified", **meta):
    recording = SimpleNamespace(response=response, started=NOW if url.startswith("https:") else None, secured=False)
    told = {"recording": recording, "download_maxsize": 5_000_000, "download_timeout": 30.0, "tls": tls, **meta}
    return SimpleNamespace(url=url, meta=told)


def wrapped(inner: BaseException) -> ResponseFailed:
    """An error as Twisted hands it over: within another, beside what else ended the answer."""
    return ResponseFailed([SimpleNamespace(value=PotentialDataLoss()), SimpleNamespace(value=inner)])


@pytest.mark.parametrize(
    ("error", "code", "retry", "host_wide"),
    [
        (scrapy_errors.DownloadCancelledError(), Code.TOO_LARGE, False, False),
        (ContentTooLarge(5), Code.TOO_LARGE_INFLATED, False, False),
        (UnknownCoding("br"), Code.UNKNOWN_CODING, False, False),
        (scrapy_errors.CannotResolveHostError(), Code.NAME_UNKNOWN, True, True),
        (scrapy_errors.DownloadConnectionRefusedError(), Code.CONNECTION_REFUSED, True, True),
        (scrapy_errors.DownloadTimeoutError(), Code.NO_ANSWER_IN_TIME, True, True),
        (tx_errors.TimeoutError(), Code.NO_ANSWER_IN_TIME, True, True),
        (OSError(errno.ECONNRESET, "reset"), Code.NO_CONNECTION, True, True),
        (OSError(errno.ENETUNREACH, "x"), Code.NO_NETWORK, True, True),
        (wrapped(ParseError("wrong", b"x")), Code.NOT_HTTP, True, False),
        (wrapped(KeyError("chunked2")), Code.NOT_HTTP, True, False),
        (wrapped(tx_errors.ConnectionDone()), Code.CONNECTION_BROKEN, True, False),
        (RuntimeError("odd"), Code.EXCHANGE_FAILED, True, False),
        (None, Code.EXCHANGE_FAILED, True, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_an_error_has_its_reason_and_says_whether_the_host_is_at_fault(error, code, retry, host_wide):
    failure = of_error(error, request())
    assert (failure.reason.code, failure.retry, failure.host_wide) == (code, retry, host_wide)


@pytest.mark.parametrize("code", [errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL])
def test_no_way_out_is_this_machines_fault_and_not_the_hosts(code):
    failure = of_error(OSError(code, os.strerror(code)), request())
    assert failure.unreachable == "network" and os.strerror(code).lower() in str(failure.reason)


def test_a_time_out_says_whether_an_answer_had_begun():
    silent, begun = (of_error(tx_errors.TimeoutError(), request(response=r)) for r in (b"", b"HTTP/1.1 200 OK\r\n"))
    assert (silent.unreachable, begun.unreachable) == ("silence", None)
    assert begun.reason.code is Code.NOT_FINISHED_IN_TIME


def test_what_does_not_begin_as_http_is_quoted():
    failure = of_error(wrapped(tx_errors.ConnectionDone()), request(response=b"SSH-2.0-x"))
    assert failure.reason.code is Code.NOT_HTTP_FROM_START and "SSH-2.0" in str(failure.reason)


def test_a_password_of_the_proxy_is_not_told():
    failure = of_error(tx_errors.TimeoutError(), request(proxy="http://an:mat-khau@proxy.vn:3128"))
    assert "proxy.vn:3128" in str(failure.reason) and "mat-khau" not in str(failure.reason)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("[('SSL routines', '', 'certificate verify failed')]", "not to be trusted"),
        ("[('SSL routines', '', 'wrong version number')]", "is not TLS"),
        ("[('SSL routines', '', 'dh key too small')]", "key is too short"),
        ("[('SSL routines', '', 'brand new trouble')]", "brand new trouble"),
    ],
)
def test_a_failed_handshake_says_what_openssl_said_in_words(said, words):
    failure = of_error(Exception(said), request("https://xahoa.gov.vn/1"))
    assert words in str(failure.reason) and failure.handshake is not None
    assert failure.handshake.rung == "verified"
