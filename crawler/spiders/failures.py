"""What an error or an HTTP status means for a page: in plain words, whether to try again, whether the host is at fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import exceptions as scrapy_errors
from twisted.internet import error as tx_errors
from twisted.web.client import ResponseFailed

from crawler.fetch.addresses import PrivateAddress

MAX_RETRY_AFTER = 3600.0  # seconds; a longer wish ends the crawl of that host, which comes back later anyway


@dataclass(slots=True)
class Verdict:
    """``wait`` is in seconds. ``host_wide``: the next request to the host is likely to meet the same."""

    reason: str
    retry: bool = False
    wait: float = 2.0
    host_wide: bool = False
    tls: bool = False


def of_status(status: int, headers: Any, now: datetime | None = None) -> Verdict | None:
    """The verdict on an HTTP status; ``None`` when it is an answer to be read (200, 304, 404, a redirect …)."""
    if status in (429, 503):
        wait = retry_after(_first(headers, b"Retry-After"), now or datetime.now(UTC))
        said = f", asking to wait {wait:g} s" if wait is not None else ""
        return Verdict(f"the server answers {status}{said}", True, min(wait or 10.0, MAX_RETRY_AFTER), True)
    if status >= 500 or status == 408:
        return Verdict(f"the server answers {status}", True, 2.0, True)
    if status == 407:
        return Verdict("the proxy wants a password (407)", False, 2.0, True)
    return None


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds a Retry-After header asks for (a number of seconds or a date, RFC 9110); ``None`` when it says neither."""
    if value is None:
        return None
    if re.fullmatch(r"\d{1,9}", value.strip()):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def of_error(error: BaseException | None, request: Any) -> Verdict:
    """The verdict on an exchange that brought no whole answer."""
    host = request.url.split("/")[2]
    private = _cause(error, PrivateAddress)
    if private is not None:
        return Verdict(str(private))
    if isinstance(error, scrapy_errors.CannotResolveHostError):
        return Verdict(f"the host name {host} does not resolve", True, 5.0, True)
    if isinstance(error, scrapy_errors.DownloadConnectionRefusedError):
        return Verdict(f"{host} refuses the connection", True, 5.0, True)
    if isinstance(error, scrapy_errors.DownloadTimeoutError | tx_errors.TimeoutError):
        return Verdict(f"{host} did not answer within {request.meta['download_timeout']:g} s", True, 10.0, True)
    if isinstance(error, scrapy_errors.DownloadCancelledError):
        limit = request.meta["download_maxsize"] / 1e6
        return Verdict(f"larger than the limit of {limit:g} MB: cut off there")
    text = _chain(error)
    if _is_tls(text):
        return Verdict(f"the TLS connection to {host} fails: {_short(text)}", False, 5.0, True, tls=True)
    if isinstance(error, scrapy_errors.DownloadFailedError | ResponseFailed | tx_errors.ConnectionClosed):
        return Verdict(f"{host} broke the connection off", True, 2.0, False)
    if isinstance(error, tx_errors.ConnectError | OSError):
        return Verdict(f"no connection to {host}: {_short(text)}", True, 5.0, True)
    return Verdict(f"the exchange failed: {type(error).__name__}: {_short(text)}", True, 2.0, False)


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


def _is_tls(text: str) -> bool:
    return bool(re.search(r"SSL|certificate|VerificationError|TLS|handshake", text, re.I))


def _short(text: str) -> str:
    return " ".join(text.split())[:160]
