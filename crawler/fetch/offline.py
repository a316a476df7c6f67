"""Offline detection: whether failed connections speak of this machine's network or of the portals."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from crawler.fetch.network import is_public

Failure = Literal["network", "name", "silence"]
"""Why a host could not be reached: this machine has no name server or route; the name does not resolve; no answer came."""

SEVERAL = 2
"""Hosts that fail alike before the network is doubted at all: one dead name or silent server is ordinary."""

CONTROL = "a.root-servers.net"
"""A name that resolves wherever name service works (a DNS root server); it is looked up, and nothing is sent to it."""


def control_resolves() -> bool:
    """Whether name service works on this machine, by a name that always exists."""
    try:
        return bool(socket.getaddrinfo(CONTROL, 53, type=socket.SOCK_STREAM))
    except OSError:
        return False


@dataclass(slots=True)
class Reach:
    """Which hosts (origins) a crawl could reach."""

    failed: dict[str, Failure] = field(default_factory=dict)
    """Hosts not reached since a public host answered last."""
    servers: dict[str, str] = field(default_factory=dict)
    """Address and port by host, where the name resolved."""
    has_answered: bool = False
    """Whether any public host answered."""
    _answering: set[str] = field(default_factory=set)

    def answered(self, origin: str) -> None:
        """Note an answer. One from this machine or its own network says nothing about the way out."""
        if origin in self._answering and not self.failed:
            return  # as for nearly every page of a crawl
        self._answering.add(origin)
        self.failed.pop(origin, None)
        if self._is_public(origin):
            self.has_answered = True
            self.failed.clear()

    def not_reached(self, origin: str, why: Failure) -> None:
        self.failed[origin] = why

    def offline(self, name_service_works: Callable[[], bool] = control_resolves) -> frozenset[str]:
        """The hosts whose failure is this machine's: all that failed since the last answer, or none."""
        of = {why: {origin for origin, found in self.failed.items() if found == why} for why in ("network", "name")}
        silent = {o for o, why in self.failed.items() if why == "silence" and self._is_public(o)}
        everything = frozenset({*of["network"], *of["name"], *silent})
        if of["network"] and not self.has_answered:
            return everything
        if of["network"]:  # it worked before: a lost network takes all hosts with it, a broken name server only its own
            return everything if len(everything) >= SEVERAL or not name_service_works() else frozenset()
        if self.has_answered:
            return frozenset()
        if len(of["name"]) >= SEVERAL:
            return frozenset() if name_service_works() else everything
        servers = {self.servers.get(origin, origin) for origin in silent}
        return everything if len(servers) >= SEVERAL and not of["name"] else frozenset()

    def _is_public(self, origin: str) -> bool:
        server = self.servers.get(origin)
        if server is None:
            return True
        address = server.rpartition(":")[0] if server.count(":") == 1 else server
        try:
            return is_public(address.strip("[]"))
        except ValueError:  # behind a proxy the name stands for the address
            return True
