"""The rung of the TLS ladder (:mod:`crawler.fetch.tls`) a host stands on: when it goes down, and when it begins at the top.

A host goes down only for what TLS itself said of it: its certificate, its protocol version, its keys or ciphers. A
handshake that breaks off is tried again where it stood. One that breaks off again, at a rung by which this crawl has not
reached the host, is tried at the last: old middleboxes close without a word when they do not know the first packet.

Each crawl begins at the top, so that a mended certificate is noticed, and one that turned bad is told.
"""

from __future__ import annotations

from archive.text.vietnam_time import DAY
from crawler.fetch.failures import FetchFailure
from crawler.fetch.tls import BREAKS, RUNGS, rung_below, says_why
from crawler.ledger.rows import HostState


def begin_crawl(host: HostState, started_at: float, now: float) -> None:
    """Try ``host`` from the top, once in each crawl (that began at ``started_at``, Unix seconds).

    Within one crawl it stays where it is: the connections of a lower rung that are still open would be used again, and
    what came over them recorded as verified.
    """
    if (host.tls_at or 0.0) < started_at:
        host.tls, host.tls_at, host.tls_held, host.tls_breaks = RUNGS[0], now, None, 0


def held(host: HostState, rung: str, now: float) -> bool:
    """Note that a TLS connection was made at ``rung``; True when that is news, to be kept with the host."""
    host.tls_breaks = 0
    news = host.tls_held != rung
    if rung == RUNGS[0] and (news or host.verified_at is None or now - host.verified_at > DAY):
        host.verified_at, host.tls_why, news = now, None, True
    host.tls_held = rung
    return news


def may_step(host: HostState, rung: str, reason: str | None) -> bool:
    """Whether a handshake that failed at ``rung`` takes the host down, ``reason`` being what OpenSSL said, if anything."""
    if rung != host.tls:
        return False  # it stands elsewhere by now
    if says_why(reason):
        host.tls_breaks = 0
        return True
    host.tls_breaks += 1
    return host.tls_held != rung and (host.tls_breaks >= BREAKS or rung == RUNGS[-1])


def take_down(host: HostState, failure: FetchFailure) -> bool:
    """Take ``host`` down the ladder where a failed handshake asks for it; True when it is asked again at once."""
    if failure.handshake is None:
        return False
    rung, said, reason = failure.handshake
    if may_step(host, rung, said):
        failure.retry = step_down(host, said, reason)
        return failure.retry
    return False


def step_down(host: HostState, reason: str | None, in_words: str) -> bool:
    """Take ``host`` down after a failure that :func:`may_step`; False when it stood on the last rung.

    After the last the next try begins at the top again: nothing was learnt that is worth keeping. ``in_words`` is the
    reason told to people.
    """
    below = rung_below(host.tls)
    if below is not None and not says_why(reason):
        below = RUNGS[-1]  # between the first two only the certificate is judged, and none was seen
    host.tls, host.tls_breaks, host.tls_held = below or RUNGS[0], 0, None
    host.tls_why = in_words if below is not None else None
    return below is not None
