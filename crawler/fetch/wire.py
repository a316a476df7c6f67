"""The tee on the wire: a subclass of Scrapy's HTTP/1.1 handler that records the bytes of each exchange after TLS.

Signals and middlewares lose header order and case, the reason phrase, chunk framing, the request as sent and every
exchange that fails; the protocol sees them all. The private names used here (``_LenientHTTP11ClientProtocol``,
``_LenientHTTP11ClientFactory``, ``_pool._factory``, ``_contextFactory``, ``_parser``, ``_finishResponse``) belong to
Scrapy 2.19 and Twisted 26.10: ``tests/crawler/fetch/test_wire.py`` fails when one of them goes.

An answer is bounded in its head (:data:`~crawler.fetch.exchange.HEAD_LIMIT`), its body (``download_maxsize``) and its time (``download_timeout``,
from the first byte sent to the last received): whatever a server does, it ends.
"""

from __future__ import annotations

import copy
import itertools
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from twisted.internet.abstract import FileDescriptor
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IHandshakeListener
from twisted.web._newclient import ParseError
from twisted.web.http_headers import InvalidHeaderName
from zope.interface import implementer

from archive.warc.codings import codings_of, decoded
from archive.warc.write import utc_now
from crawler.fetch.exchange import HEAD_LIMIT
from crawler.fetch.network import PrivateAddress, refuse_private
from crawler.fetch.tls import RUNGS, LegacyPolicy, certificate_ends

WIRE_HEADER = b"X-Tinhuyen-Wire"
"""Carries a recording's number from the request to the protocol, which takes it off before anything is sent."""

HEAD_ROOM = 1 << 20  # what a recording may hold beyond the body limit: headers and chunk sizes

_PROXY_PASSWORD = re.compile(rb"^proxy-authorization:[^\n]*\n", re.I | re.M)


@dataclass(eq=False)
class Recording:
    """What went over the wire for one request. Times are UTC.

    Through a proxy, ``address`` is the proxy's: where the name leads is the proxy's business.
    """

    host: str
    allow_private: bool = False
    max_bytes: int = 0
    started: datetime | None = None
    sent_at: float = 0.0
    """When the request went out, in monotonic seconds; until then when it was handed over."""
    address: str | None = None
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    overflow: bool = False
    proxied: bool = False
    secured: bool = False
    """Whether the TLS handshake was completed."""
    certificate_ends: float | None = None
    """When the server's certificate ends, in Unix seconds."""

    def begin(self, address: str, *, secured: bool = False) -> None:
        """Start over: a connection from the pool may have been stale, and the request is sent again."""
        self.started, self.address, self.secured = utc_now(), address, secured
        self.overflow = False
        self.request.clear()
        self.response.clear()

    def sent(self, data: bytes) -> None:
        """Note what is sent, without the password of a proxy: a WARC file is given away."""
        self.request += _PROXY_PASSWORD.sub(b"", data) if self.proxied else data

    def received(self, data: bytes) -> None:
        room = self.max_bytes + HEAD_ROOM - len(self.response) if self.max_bytes else len(data)
        self.overflow = self.overflow or len(data) > room
        self.response += data[: max(room, 0)]


_recordings: WeakValueDictionary[int, Recording] = WeakValueDictionary()
_numbers = itertools.count(1)


class _TeeTransport:
    """A transport that notes what is written through it."""

    def __init__(self, transport: Any, recording: Recording) -> None:
        self._transport = transport
        self._recording = recording

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._recording.sent(data)
        self._transport.write(data)

    def writeSequence(self, pieces: Any) -> None:
        self.write(b"".join(pieces))


class HeadTooLarge(Exception):
    """Raised while an answer is read, when its head does not end where any real one has ended."""


class _PatientParser(_LenientHTTPClientParser):
    """Scrapy's lenient parser, and what else browsers bear: long lines, names that are none, the coding ``identity``."""

    MAX_LENGTH = HEAD_LIMIT  # of one line; a usual 16 kB is less than some cookies take
    _head_bytes = 0  # of all heads of an answer: interim ones could go on for ever

    def lineReceived(self, line: bytes) -> None:
        self._head_bytes += len(line) + 1
        if self._head_bytes > HEAD_LIMIT:
            self.lineLengthExceeded(line)
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        raise HeadTooLarge(f"more than {HEAD_LIMIT:,} bytes")

    def statusReceived(self, status: bytes) -> None:
        super().statusReceived(status)
        if not 100 <= self.response.code <= 999:
            raise ParseError("a status of three digits is wanted", status)

    def headerReceived(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"transfer-encoding" and value.lower() in (b"identity", b""):
            return
        with suppress(InvalidHeaderName):
            super().headerReceived(name, value)


@implementer(IHandshakeListener)
class _TeeProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's client protocol with both directions recorded."""

    _recording: Recording | None = None
    _secured = False
    _certificate_ends: float | None = None

    def handshakeCompleted(self) -> None:
        self._secured, self._certificate_ends = True, certificate_ends(self.transport)
        if self._recording is not None:  # the first request was written before the handshake
            self._recording.secured, self._recording.certificate_ends = True, self._certificate_ends

    def request(self, request: Any) -> Deferred:
        self._recording = recording = _recording_of(request)
        if recording is None:
            return self._parsed(super().request(request))
        transport: Any = self.transport
        address = transport.getPeer().host
        try:
            # a proxy was chosen by whoever runs the crawl: its address is their business
            refuse_private(address, host=recording.host, allowed=recording.allow_private or recording.proxied)
        except PrivateAddress as error:
            transport.abortConnection()
            return fail(error)
        recording.begin(address, secured=self._secured)
        recording.certificate_ends = self._certificate_ends
        write_to = request.writeTo
        request.writeTo = lambda transport: write_to(_TeeTransport(transport, recording))
        try:
            answer = self._parsed(super().request(request))
        finally:
            request.writeTo = write_to
        _send_now(transport)
        recording.sent_at = time.monotonic()
        return answer

    def _parsed(self, answer: Deferred) -> Deferred:
        if self._parser is not None:
            self._parser.__class__ = _PatientParser  # its state has defaults; as Scrapy does with its own
        return answer

    def dataReceived(self, data: bytes) -> None:
        if self._recording is not None:
            self._recording.received(data)
        super().dataReceived(data)

    def _finishResponse(self, rest: bytes) -> None:
        if rest and self._currentRequest is not None:
            # bytes beyond the answer would be taken for the answer to the next request
            self._currentRequest.persistent = False
        super()._finishResponse(rest)


def _send_now(transport: Any) -> None:
    """Hand what was written to the system at once. The reactor would do so in its next round, a while later when it is
    busy; the delay between two requests is counted from here. A failure is left for the reactor to meet."""
    below = getattr(transport, "transport", transport)  # TLS writes through another transport
    if isinstance(below, FileDescriptor):
        below.doWrite()


def _recording_of(request: Any) -> Recording | None:
    """The recording a request is to be written to. One that is sent again has lost its header, and keeps it as a mark."""
    numbers = request.headers.getRawHeaders(WIRE_HEADER)
    if numbers:
        request.headers.removeHeader(WIRE_HEADER)
        request.tinhuyen_recording = _recordings.get(int(numbers[0]))
    return getattr(request, "tinhuyen_recording", None)


class _TeeFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _TeeProtocol:
        return _TeeProtocol(self._quiescentCallback)


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 download handler, recording. Set as the handler of ``http`` and ``https``.

    A request whose ``meta["recording"]`` holds a :class:`Recording` is recorded into it, whatever becomes of it;
    others pass untouched. ``meta["tls"]`` chooses the rung of the TLS ladder (:mod:`crawler.fetch.tls`).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _TeeFactory
        unverified: Any = copy.copy(self._contextFactory)
        unverified._verify_certificates = False
        self._rungs: dict[str, Any] = dict(zip(RUNGS, (self._contextFactory, unverified, LegacyPolicy()), strict=True))

    async def download_request(self, request: Request) -> Response:
        recording: Recording | None = request.meta.get("recording")
        if recording is not None:
            number = next(_numbers)
            _recordings[number] = recording
            recording.proxied = bool(request.meta.get("proxy"))
            request.headers[WIRE_HEADER] = str(number)
        # read by the base class before its first await
        self._contextFactory = self._rungs[request.meta.get("tls", RUNGS[0])]
        try:
            response = await super().download_request(request)
        except DownloadCancelledError:
            if recording is not None:
                recording.overflow = True
            raise
        finally:
            request.headers.pop(WIRE_HEADER, None)
        return response if recording is None else _with_content(response, request.meta.get("download_maxsize", 0))


def _with_content(response: Response, limit: int) -> Response:
    """The response with its content codings undone. Without the header, Scrapy's middleware leaves it as it is."""
    codings = codings_of(response.headers.getlist("Content-Encoding"))
    if not codings:
        return response
    body = decoded(response.body, codings, limit)
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return response.replace(body=body, headers=headers)
