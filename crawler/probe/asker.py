"""A handful of pages of one portal, fetched outside of a crawl and kept nowhere: what ``probe`` looks at.

The manners are a crawl's: robots.txt first, one request at a time, the delay between two of them (or the longer
Crawl-delay), the TLS ladder, bounded bodies and times. An answer of any kind is an answer; only when none comes is there an
error, in words.

``http.client`` reads the answers, and not httpx: h11 below it refuses heads that browsers and a crawl take (a line without a
colon, a blank in a header's name or before its colon, a zero byte, ``Transfer-Encoding: identity``), and such portals would
be told unreachable here that a crawl reads. The tests hold a table of them.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.warc.codings import ContentTooLarge, UnknownCoding, codings_of, decoded
from crawler.addresses.urls import absolute, host_port, origin
from crawler.fetch.network import PrivateAddress, UnknownHost, connect
from crawler.fetch.robots import Robots, moved_to, rules_of
from crawler.fetch.tls import BREAKS, RUNGS, legacy_context, rung_below, says_why
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.settings import DEFAULT_REQUEST_HEADERS, ROBOTS_AGENT, USER_AGENT, user_agent

MAX_BYTES = 16_000_000
MAX_HOPS = 5
PIECE = 1 << 16


@dataclass(slots=True)
class Answer:
    """What came back from ``url``, the last of its redirects: ``status`` 0 and ``error`` set when nothing did."""

    url: str
    status: int = 0
    body: bytes = b""
    content_type: str | None = None
    refresh: str | None = None
    """The ``Refresh`` header."""
    error: str | None = None
    hops: list[str] = field(default_factory=list)

    @property
    def is_page(self) -> bool:
        return self.status == 200 and self.error is None


class _Judged(urllib.request.AbstractHTTPHandler):
    """HTTP and HTTPS over connections whose address was judged as it was resolved."""

    def __init__(self, permits: Callable[[str, int], bool], context: ssl.SSLContext) -> None:
        super().__init__()
        self.permits, self.context = permits, context

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._plain, request)

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._secure, request)

    def _plain(self, host: str, **named: Any) -> http.client.HTTPConnection:
        return self._bound(http.client.HTTPConnection(host, **named))

    def _secure(self, host: str, **named: Any) -> http.client.HTTPConnection:
        return self._bound(http.client.HTTPSConnection(host, context=self.context, **named))

    def _bound(self, connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
        def create(address: tuple[str, int], timeout: float, *_: Any) -> socket.socket:
            return connect(*address, allowed=self.permits(*address), timeout=timeout)

        connection._create_connection = create  # type: ignore[attr-defined]
        return connection


@dataclass(frozen=True, slots=True)
class _Proxy:
    """A proxy that requests go through, and what is said to it of who asks."""

    scheme: str
    netloc: str
    """Host and port alone: it is printed."""
    login: str | None

    @classmethod
    def of(cls, address: str) -> _Proxy:
        parts = urlsplit(address)
        user, _, netloc = parts.netloc.rpartition("@")
        login = base64.b64encode(unquote(user).encode()).decode() if user else None
        return cls(parts.scheme, netloc, login)

    def takes(self, request: urllib.request.Request) -> None:
        """Have ``request`` go through the proxy: a plain one with its whole address, any other through a tunnel."""
        request.set_proxy(self.netloc, self.scheme)
        if self.login is not None:
            # of a request that goes through a tunnel, urllib sends this to the proxy alone
            request.add_unredirected_header("Proxy-Authorization", f"Basic {self.login}")


class Asker:
    """Asks one portal for a few pages.

    ``delay`` and ``timeout`` are seconds; ``deadline`` (seconds from now) ends everything. A host at a private address is
    asked only where ``allow_private`` permits it, or where it is the very address that a person ``typed``, as numbers or as
    ``localhost``: a name may lead anywhere. Through a ``proxy`` everything is asked of it: whoever runs the crawl chose it, so
    that its address is not judged, and where a name leads is its business. ``clock`` and ``sleep`` are handed in by tests.
    """

    def __init__(
        self,
        *,
        delay: float = 1.0,
        timeout: float = 20.0,
        contact: str = "",
        allow_private: bool = False,
        typed: str | None = None,
        proxy: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.delay, self.timeout, self.allow_private = delay, timeout, allow_private
        self._typed = literal_host(typed) if typed else None
        self._proxy = _Proxy.of(proxy) if proxy else None
        self.agent = user_agent(USER_AGENT, contact)
        self.clock, self.sleep = clock, sleep
        self.requests = 0
        self.robots: dict[str, tuple[Robots | None, Reason]] = {}
        """For each origin its rules (``None``: unreachable, so that nothing is asked) and what was found."""
        self.tls: dict[str, str] = {}
        """For each https origin the rung of the TLS ladder it was reached on."""
        self._asked_at: float | None = None

    def get(self, url: str) -> Answer:
        """The answer from ``url``, its redirects followed as far as robots.txt and the private-address rule permit."""
        hops: list[str] = []
        while True:
            rules, note = self.rules(origin(url))
            if rules is None:
                silent = "; nothing of the host is asked until it does" if note.code is Code.ROBOTS_ANSWERS else ""
                return Answer(url, error=f"{note}{silent}", hops=hops)
            if not rules.allows(url):
                return Answer(url, error="robots.txt forbids it", hops=hops)
            answer, location = self._ask(url)
            answer.hops = hops
            target = absolute(url, location) if location else None
            if target is None:
                return answer
            if len(hops) >= MAX_HOPS or target == url or target in hops:
                answer.error = f"redirects without end, the last to {target}"
                return answer
            hops = [*hops, url]
            url = target

    def rules(self, host: str) -> tuple[Robots | None, Reason]:
        """The robots.txt of an origin, asked once."""
        if host not in self.robots:
            answer, location = self._ask(host + "/robots.txt")
            hops = 0
            while (target := moved_to(answer.url, location, hops)) is not None:
                answer, location = self._ask(target)
                hops += 1
            if answer.status == 0:
                self.robots[host] = (None, Reason(Code.NOT_REACHED, said=answer.error or "no answer"))
            elif location is not None:
                self.robots[host] = (Robots("", ROBOTS_AGENT), Reason(Code.ROBOTS_MOVED, target=location))
            else:
                text, note = rules_of(answer.status, answer.body, answer.content_type)
                self.robots[host] = (None if text is None else Robots(text, ROBOTS_AGENT), note)
        return self.robots[host]

    def _ask(self, url: str) -> tuple[Answer, str | None]:
        """One exchange and, for a redirect, where it leads. The TLS ladder is gone down as far as it must."""
        host = origin(url)
        rung: str | None = self.tls.get(host, RUNGS[0]) if url.startswith("https:") else RUNGS[0]
        answer, broken = Answer(url, error="no TLS connection at any setting"), 0
        while rung is not None:
            self._wait(host)
            try:
                answer, location = self._in_time(url, rung)
            except ssl.SSLError as error:
                answer = Answer(
                    url, error=f"no TLS connection: {(error.reason or str(error)).lower().replace('_', ' ')}"
                )
                if not says_why(error.reason and error.reason.replace("_", " ")):
                    broken += 1
                    rung = rung if broken < BREAKS else None if rung == RUNGS[-1] else RUNGS[-1]
                    continue
                rung, broken = rung_below(rung), 0
                continue
            if url.startswith("https:") and answer.status:
                self.tls[host] = rung
            return answer, location
        return answer, None

    def _permits(self, host: str, port: int) -> bool:
        return self._proxy is not None or self.allow_private or (host, port) == self._typed

    def _wait(self, host: str) -> None:
        known = self.robots.get(host)
        delay = max(self.delay, (known[0].crawl_delay or 0.0) if known and known[0] else 0.0)
        if self._asked_at is not None and (left := self._asked_at + delay - self.clock()) > 0:
            self.sleep(left)
        self._asked_at = self.clock()
        self.requests += 1

    def _in_time(self, url: str, rung: str) -> tuple[Answer, str | None]:
        """As :meth:`_exchange`, given up when it takes too long: a socket's time-out begins anew with every byte."""
        done: list[tuple[Answer, str | None] | ssl.SSLError] = []

        def run() -> None:
            try:
                done.append(self._exchange(url, rung))
            except ssl.SSLError as error:
                done.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self.timeout + 1)
        if not done:
            return Answer(url, error=f"not finished within {self.timeout:g} s"), None
        if isinstance(done[0], ssl.SSLError):
            raise done[0]
        return done[0]

    def _exchange(self, url: str, rung: str) -> tuple[Answer, str | None]:
        opener = urllib.request.OpenerDirector()
        judged = _Judged(self._permits, _context(rung))
        # no proxy of the environment, no file:, ftp: or data:, and no redirect that is not judged like its beginning
        for handler in (judged, urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor()):
            opener.add_handler(handler)
        request = urllib.request.Request(url, headers={**DEFAULT_REQUEST_HEADERS, "User-Agent": self.agent})
        if self._proxy is not None:
            self._proxy.takes(request)
        end = self.clock() + self.timeout
        try:
            with opener.open(request, timeout=self.timeout) as response:
                return self._read(url, response.status, response.headers, response, end), None
        except urllib.error.HTTPError as error:
            if error.code == http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and self._proxy is not None:
                return Answer(url, error=f"the proxy {self._proxy.netloc} wants a password (407)"), None
            location = error.headers.get("Location") if error.code in (301, 302, 303, 307, 308) else None
            return self._read(url, error.code, error.headers, error, end), location
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLError):
                raise error.reason from error
            return Answer(url, error=self._no_way(error.reason)), None
        except ssl.SSLError:
            raise
        except (UnknownHost, PrivateAddress) as error:
            return Answer(url, error=str(error)), None
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(url, error=self._no_way(error)), None

    def _no_way(self, error: Any) -> str:
        """Why no answer came; behind a proxy, that it is the proxy which gave none."""
        return _words(error) if self._proxy is None else f"by the proxy {self._proxy.netloc}: {_words(error)}"

    def _read(self, url: str, status: int, headers: Message, source: Any, end: float) -> Answer:
        answer = Answer(url, status, content_type=headers.get("Content-Type"), refresh=headers.get("Refresh"))
        pieces, size = [], 0
        try:
            while piece := source.read(PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > MAX_BYTES:
                    answer.error = f"larger than {MAX_BYTES / 1e6:g} MB: cut off there"
                    break
                if self.clock() > end:
                    answer.error = f"not finished within {self.timeout:g} s"
                    break
        except (OSError, http.client.HTTPException) as error:
            answer.error = _words(error)
        codings = codings_of(value.encode("latin-1", "replace") for value in headers.get_all("Content-Encoding") or [])
        try:
            answer.body = decoded(b"".join(pieces), codings, MAX_BYTES)
        except (ContentTooLarge, UnknownCoding) as error:
            answer.error = f"its content cannot be read: {type(error).__name__} {error}"
        return answer


def literal_host(url: str) -> tuple[str, int] | None:
    """Host and port of a URL whose host is written as numbers, or is ``localhost``; None for any other name."""
    host, port = host_port(url)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return (host, port) if host == "localhost" else None
    return host, port


def _context(rung: str) -> ssl.SSLContext:
    if rung == "legacy":
        return legacy_context()
    context = ssl.create_default_context()
    if rung == "unverified":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _words(error: Any) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "it refuses the connection"
    said = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return f"no proper answer: {' '.join(said.split())[:120]}"
