"""A leased host in this process, and how its server is found before anything is sent to it."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from scrapy.resolver import dnscache

from crawler.addresses.urls import host_port
from crawler.fetch.network import refuse_private, resolve_async
from crawler.fetch.robots import Robots
from crawler.ledger.rows import Lease, Page
from crawler.reasons.reason import Reason

JITTER = 0.04
"""A delay is lengthened by up to this share, so that crawls do not fall into step; it is never shortened."""

LONG_DELAY = 2.0
"""Seconds. A delay as long as this is noted in the ledger before each request, so that it outlives a kill."""


@dataclass(slots=True)
class RobotsAsk:
    """The search for a host's robots.txt: how often it was asked for, and where it was moved to."""

    tries: int = 0
    hops: int = 0
    url: str | None = None
    """Where it was moved to; ``None``: where it belongs."""


@dataclass(slots=True)
class Terms:
    """On which terms a host is asked: seconds between two requests, by which proxy, whether its address may be private."""

    delay: float
    proxy: str | None = None
    allow_private: bool = False


@dataclass(eq=False, slots=True)
class Turn:
    """A host leased by this process: what is left of its slice, when it may be asked next (monotonic seconds)."""

    lease: Lease
    pages: deque[Page]
    terms: Terms
    ready: float = 0.0
    bound: bool = False
    busy: bool = False
    unacked: int = 0
    """Pages given out whose visits are not yet written."""
    robots: Robots | None = None
    robots_ask: RobotsAsk = field(default_factory=RobotsAsk)
    stopped: Reason | None = None
    """Why nothing more is asked of the host for now."""
    leaving: bool = False
    """Whether it is given back as soon as nothing of it is under way."""
    quiet_until: float = 0.0
    """Unix seconds before which the host is not leased again once it is given back."""

    @property
    def origin(self) -> str:
        return self.lease.host.origin

    @property
    def idle(self) -> bool:
        """Whether nothing of it is under way: no request, no page waiting, nothing unwritten."""
        return self.bound and not self.busy and not self.pages and not self.unacked

    def wait(self) -> float:
        """Seconds between the starts of two requests: what was set or what robots.txt asks, with jitter on top."""
        asked = self.robots.crawl_delay if self.robots is not None else None
        return max(self.terms.delay, asked or 0.0) * random.uniform(1.0, 1.0 + JITTER)

    def moment(self) -> float:
        """``ready`` in Unix seconds."""
        return time.time() + max(0.0, self.ready - time.monotonic())


async def server_of(turn: Turn, is_private: Callable[[str, int], bool]) -> str:
    """The server a host is on, as address and port; ports 80 and 443 of one address are one server.

    ``is_private`` tells of a host and port whether they may have an address that is not public. Raises :class:`UnknownHost` or :class:`PrivateAddress`. Behind a proxy the name stands for the address. The address
    found is the one that is asked: the name is not resolved a second time.
    """
    host, port = host_port(turn.origin)
    turn.terms.allow_private = is_private(host, port)
    if turn.terms.proxy is not None:
        return host if port in (80, 443) else f"{host}:{port}"
    address = (await resolve_async(host, port))[0]
    refuse_private(address, host=host, allowed=turn.terms.allow_private)
    dnscache[host] = address
    return address if port in (80, 443) else f"{address}:{port}"
