"""What an error or an HTTP status means for a page: the reason, whether to try again, whether the host is at fault."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from service_identity import CertificateError, VerificationError
from twisted.internet import error as tx_errors
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from archive.warc.codings import ContentTooLarge, UnknownCoding
from crawler.fetch.exchange import HEAD_LIMIT
from crawler.fetch.network import PrivateAddress
from crawler.fetch.tls import RUNGS
from crawler.fetch.wire import HeadTooLarge
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

MAX_RETRY_AFTER = 3600.0  # seconds; a longer wish ends the crawl of that host, which comes back later anyway


class Handshake(NamedTuple):
    """A failed TLS handshake: at which rung of the ladder, what OpenSSL said if anything, and the reason in words."""

    rung: str
    said: str | None
    reason: str


@dataclass(slots=True)
class FetchFailure:
    """Why an exchange brought no answer to be read. ``wait`` is in seconds. ``host_wide``: the next request to the host is likely to meet the same."""

    reason: Reason
    retry: bool = False
    wait: float = 2.0
    host_wide: bool = False
    handshake: Handshake | None = None
    """The TLS handshake that failed, which may take the host down the TLS ladder."""
    asked: bool = False
    """Whether the server itself said how long to wait (Retry-After)."""
    unreachable: Literal["network", "silence"] | None = None
    """``network``: this machine has no way out; ``silence``: nothing came back, which may be either side's fault."""


def of_status(status: int, headers: Any, now: datetime | None = None) -> FetchFailure | None:
    """The failure of an HTTP status; ``None`` when it is an answer to be read (200, 304, 404, a redirect …)."""
    if status in (429, 503):
        wait = retry_after(_first(headers, b"Retry-After"), now or datetime.now(UTC))
        reason = Reason(Code.SERVER_ANSWERS, status=status)
        if wait is not None:
            reason = reason.noting(Code.ASKS_TO_WAIT, seconds=wait)
        return FetchFailure(reason, True, min(wait or 10.0, MAX_RETRY_AFTER), True, asked=wait is not None)
    if 500 <= status < 600 or status == 408:
        return FetchFailure(Reason(Code.SERVER_ANSWERS, status=status), True, 2.0, True)
    if status == 407:
        return FetchFailure(Reason(Code.PROXY_PASSWORD), False, 2.0, True)
    return None


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds a Retry-After header asks for (a number of seconds or a date, RFC 9110); ``None`` when it says neither."""
    if value is None:
        return None
    if re.fullmatch(r"\d{1,9}", seconds := value.strip()):
        return float(seconds)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def of_error(error: BaseException | None, request: Any) -> FetchFailure:
    """The failure of an exchange that brought no whole answer."""
    private = _cause(error, PrivateAddress)
    if isinstance(private, PrivateAddress):
        return FetchFailure(private.reason)
    if _cause(error, HeadTooLarge) is not None:
        return FetchFailure(Reason(Code.HEAD_TOO_LARGE, kilobytes=HEAD_LIMIT / 1000))
    limit = request.meta["download_maxsize"] / 1e6
    if isinstance(error, scrapy_errors.DownloadCancelledError):
        return FetchFailure(Reason(Code.TOO_LARGE, megabytes=limit))
    if isinstance(error, ContentTooLarge):
        return FetchFailure(Reason(Code.TOO_LARGE_INFLATED, megabytes=limit))
    if isinstance(error, UnknownCoding):
        return FetchFailure(Reason(Code.UNKNOWN_CODING, coding=str(error)))
    return _of_connection(error, request) or _of_exchange(error, request)


def _of_connection(error: BaseException | None, request: Any) -> FetchFailure | None:
    """The failure when no connection came about, ``None`` when one did."""
    asked = _asked(request)
    if (lost := _lost_network(error)) is not None:
        return FetchFailure(Reason(Code.NO_NETWORK, said=lost, **asked), True, 5.0, True, unreachable="network")
    if isinstance(error, scrapy_errors.CannotResolveHostError):
        return FetchFailure(Reason(Code.NAME_UNKNOWN, **asked), True, 5.0, True)
    if isinstance(error, scrapy_errors.DownloadConnectionRefusedError):
        return FetchFailure(Reason(Code.CONNECTION_REFUSED, **asked), True, 5.0, True)
    if isinstance(error, scrapy_errors.DownloadTimeoutError | tx_errors.TimeoutError):
        begun = bool(request.meta["recording"].response)
        code = Code.NOT_FINISHED_IN_TIME if begun else Code.NO_ANSWER_IN_TIME
        reason = Reason(code, seconds=request.meta["download_timeout"], **asked)
        return FetchFailure(reason, True, 10.0, True, unreachable=None if begun else "silence")
    if isinstance(error, TunnelError):
        reason = Reason(Code.NO_TUNNEL, host=request.url.split("/")[2], said=_short(str(error)), **asked)
        return FetchFailure(reason, True, 5.0, True)
    if isinstance(error, tx_errors.ConnectError | OSError):
        said = re.sub(r"^.*?: \d+: ", "", str(error))  # "An error occurred while connecting: 104: …"
        reason = Reason(Code.NO_CONNECTION, said=_short(said or type(error).__name__), **asked)
        return FetchFailure(reason, True, 5.0, True)
    return None


_LOST = (errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)
"""Errors of connecting that speak of this machine: no interface is up, or no route leads out."""


def _lost_network(error: BaseException | None) -> str | None:
    """What the system said when it has no way out to the network; ``None`` for any other failure."""
    for kind in (OSError, tx_errors.ConnectError):
        found = _cause(error, kind)
        code = getattr(found, "osError", None) or getattr(found, "errno", None)
        if code in _LOST:
            return os.strerror(code).lower()
    return None


def _of_exchange(error: BaseException | None, request: Any) -> FetchFailure:
    """The failure when a connection was made, and what came over it is no whole answer."""
    host, recording = request.url.split("/")[2], request.meta["recording"]
    if request.url.startswith("https:") and recording.started is not None and not recording.secured:
        return _of_handshake(error, request)
    if (broken := _protocol_error(error)) is not None:
        return FetchFailure(Reason(Code.NOT_HTTP, said=broken), True, 2.0)
    if recording.response and not recording.response.startswith(b"HTTP/"):
        return FetchFailure(Reason(Code.NOT_HTTP_FROM_START, bytes=repr(bytes(recording.response[:24]))), True, 2.0)
    if isinstance(error, scrapy_errors.DownloadFailedError | ResponseFailed | tx_errors.ConnectionClosed):
        return FetchFailure(Reason(Code.CONNECTION_BROKEN, host=host), True, 2.0)
    said = _short(_chain(error))
    return FetchFailure(Reason(Code.EXCHANGE_FAILED, error=type(error).__name__, said=said), True, 2.0)


def _of_handshake(error: BaseException | None, request: Any) -> FetchFailure:
    """The failure when no TLS connection came about."""
    rung, reason = request.meta["tls"], _tls_reason(error)
    code = Code.NO_TLS_AT_ALL if rung == RUNGS[-1] else Code.NO_TLS
    why = Reason(code, host=request.url.split("/")[2], said=reason)
    return FetchFailure(why, True, 5.0, True, handshake=Handshake(rung, _openssl(error), reason))


def _openssl(error: BaseException | None) -> str | None:
    """The reasons OpenSSL gave, ``None`` when it gave none. The name in the certificate is compared outside it."""
    if _other_name(error):
        return "certificate verify failed"
    return "; ".join(_SAID.findall(_chain(error))) or None


def _other_name(error: BaseException | None) -> bool:
    return any(_cause(error, kind) is not None for kind in (VerificationError, CertificateError))


def _asked(request: Any) -> dict[str, Any]:
    """Facts on who is connected to: the host, or the proxy in front of it. Without a password that its address may hold."""
    proxy = request.meta.get("proxy")
    if not proxy:
        return {"asked": request.url.split("/")[2]}
    return {"asked": f"the proxy {urlsplit(proxy).netloc.rpartition('@')[2] or proxy}", "proxy": True}


_SAID = re.compile(r"\('(?:SSL routines)?', '[^']*', '([^']+)'\)")
_TLS_WORDS = {
    "certificate verify failed": "its certificate is not to be trusted",
    "wrong version number": "what it speaks there is not TLS",
    "packet length too long": "what it speaks there is not TLS",
    "http request": "what it speaks there is not TLS",
    "unsupported protocol": "its protocol version is not supported",
    "dh key too small": "its Diffie-Hellman key is too short",
}


def _tls_reason(error: BaseException | None) -> str:
    """What OpenSSL said, in words where it is a common thing."""
    if _other_name(error):
        return "its certificate is for another name"
    said = _SAID.findall(_chain(error))
    for text in said:
        if text in _TLS_WORDS:
            return f"{_TLS_WORDS[text]} ({text})"
    if said:
        return said[-1]
    if _cause(error, tx_errors.ConnectionClosed) is not None:
        return "it breaks the connection off before it is secured"
    return _short(_chain(error))


def _protocol_error(error: BaseException | None) -> str | None:
    """What the HTTP parser could not read, in words; ``None`` when it was not the parser that stopped."""
    for kind in (ParseError, KeyError, ValueError, AssertionError):
        found = _cause(error, kind)
        if isinstance(found, KeyError):
            return f"a transfer coding that is not known ({_short(str(found))})"
        if isinstance(found, ParseError):
            return _short(" ".join(str(part) for part in found.args))
        if found is not None:
            return _short(str(found) or type(found).__name__)
    return None


def _first(headers: Any, name: bytes) -> str | None:
    value = headers.get(name)
    return value.decode("latin-1") if value else None


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    """The first of ``kind`` among an error, its causes and the failures it wraps."""
    while error is not None:
        if isinstance(error, kind):
            return error
        for reason in getattr(error, "reasons", None) or []:
            found = _cause(reason.value, kind)
            if found is not None:
                return found
        error = error.__cause__ or error.__context__
    return None


def _chain(error: BaseException | None) -> str:
    texts = []
    while error is not None:
        texts.append(f"{type(error).__name__} {error}")
        texts += [f"{type(r.value).__name__} {r.value}" for r in getattr(error, "reasons", None) or []]
        error = error.__cause__ or error.__context__
    return " <- ".join(texts)


def _short(text: str) -> str:
    return " ".join(text.split())[:160]
