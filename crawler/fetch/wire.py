"""The tee on the wire: a subclass of Scrapy's HTTP/1.1 handler that records the bytes of each exchange after TLS.

Signals and middlewares lose header order and case, the reason phrase, chunk framing, the request as sent and every
exchange that fails; the protocol sees them all. The private names used here (``_LenientHTTP11ClientProtocol``,
``_LenientHTTP11ClientFactory``, ``_pool._factory``, ``_contextFactory``) belong to Scrapy 2.19 and Twisted 26.10:
``tests/crawler/fetch/test_wire.py`` fails when one of them goes.
"""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred, fail

from archive.warc.write import utc_now
from crawler.fetch.addresses import PrivateAddress, refuse_private

WIRE_HEADER = b"X-Tinhuyen-Wire"
"""Carries a recording's number from the request to the protocol, which takes it off before anything is sent."""

HEAD_ROOM = 1 << 20  # what a recording may hold beyond the body limit: headers and chunk sizes


@dataclass(eq=False)
class Recording:
    """What went over the wire for one request. Times are UTC."""

    host: str
    allow_private: bool = False
    max_bytes: int = 0
    started: datetime | None = None
    address: str | None = None
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    overflow: bool = False

    def begin(self, address: str) -> None:
        """Start over: a connection from the pool may have been stale, and the request is sent again."""
        self.started, self.address, self.overflow = utc_now(), address, False
        self.request.clear()
        self.response.clear()

    def received(self, data: bytes) -> None:
        if self.max_bytes and len(self.response) + len(data) > self.max_bytes + HEAD_ROOM:
            self.overflow = True
            return
        self.response += data


_recordings: WeakValueDictionary[int, Recording] = WeakValueDictionary()
_numbers = itertools.count(1)


class _TeeTransport:
    """A transport that notes what is written through it."""

    def __init__(self, transport: Any, sent: bytearray) -> None:
        self._transport = transport
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._sent += data
        self._transport.write(data)

    def writeSequence(self, pieces: Any) -> None:
        pieces = list(pieces)
        for piece in pieces:
            self._sent += piece
        self._transport.writeSequence(pieces)


class _TeeProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's client protocol with both directions recorded."""

    _recording: Recording | None = None

    def request(self, request: Any) -> Deferred:
        # a retried request comes here again, its header gone: what it was recorded by stays on it
        recording: Recording | None = getattr(request, "tinhuyen_recording", None)
        numbers = request.headers.getRawHeaders(WIRE_HEADER)
        if numbers:
            recording = _recordings.get(int(numbers[0]))
            request.headers.removeHeader(WIRE_HEADER)
            request.tinhuyen_recording = recording
        self._recording = recording
        if recording is not None:
            transport: Any = self.transport
            address = transport.getPeer().host
            try:
                refuse_private(address, host=recording.host, allowed=recording.allow_private)
            except PrivateAddress as error:
                transport.abortConnection()
                return fail(error)
            recording.begin(address)
            write_to = request.writeTo
            request.writeTo = lambda transport: write_to(_TeeTransport(transport, recording.request))
            try:
                return super().request(request)
            finally:
                request.writeTo = write_to
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._recording is not None:
            self._recording.received(data)
        super().dataReceived(data)


class _TeeFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _TeeProtocol:
        return _TeeProtocol(self._quiescentCallback)


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 download handler, recording. Set as the handler of ``http`` and ``https``.

    A request whose ``meta["recording"]`` holds a :class:`Recording` is recorded into it, whatever becomes of it;
    others pass untouched. ``meta["tls"]`` chooses the rung of the TLS ladder: ``verified`` (default) or ``unverified``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _TeeFactory
        self._verified = self._contextFactory
        self._unverified: Any = copy.copy(self._contextFactory)
        self._unverified._verify_certificates = False

    async def download_request(self, request: Request) -> Response:
        recording: Recording | None = request.meta.get("recording")
        if recording is not None:
            number = next(_numbers)
            _recordings[number] = recording
            request.headers[WIRE_HEADER] = str(number)
        # read by the base class before its first await
        self._contextFactory = self._unverified if request.meta.get("tls") == "unverified" else self._verified
        try:
            return await super().download_request(request)
        finally:
            request.headers.pop(WIRE_HEADER, None)
