"""Which network addresses a crawl may talk to.

A portal lives on a public address. A loopback or private one is refused unless ``add --allow-private`` permitted it
for that portal: otherwise any page could point the crawler at machines of the network it runs in.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket


class PrivateAddress(Exception):
    """Raised before anything is sent to an address that is not public and was not permitted."""


class UnknownHost(Exception):
    """Raised when a host name does not resolve."""


class NoNameServer(UnknownHost):
    """Raised when no name server answered, so that nothing is known of the name: no network, or a broken resolver."""


def is_public(address: str) -> bool:
    """Whether ``address`` (IPv4 or IPv6, as text) is one that the whole internet can reach."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


def refuse_private(address: str, *, host: str, allowed: bool) -> None:
    """Raise :class:`PrivateAddress` unless ``address`` is public or ``allowed``."""
    if not allowed and not is_public(address):
        raise PrivateAddress(
            f"{host} is at {address}, a loopback or private address: add the portal with --allow-private to permit it"
        )


def resolve(host: str, port: int) -> list[str]:
    """The addresses of ``host``, IPv4 first, as text. Raises :class:`UnknownHost` or :class:`NoNameServer`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _unresolved(host, error) from error
    return _ordered(found)


async def resolve_async(host: str, port: int) -> list[str]:
    """As :func:`resolve`, without blocking the event loop."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _unresolved(host, error) from error
    return _ordered(found)


_NO_SUCH_NAME = {
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if hasattr(socket, name)
}
"""Codes of getaddrinfo by which a name server said that the name has no address; all others say that none did."""


def _unresolved(host: str, error: OSError | UnicodeError) -> UnknownHost:
    if isinstance(error, UnicodeError) or error.errno in _NO_SUCH_NAME:
        return UnknownHost(f"the host name {host} does not resolve")
    return NoNameServer(f"no name server answers for {host}")


def _ordered(found: list[tuple]) -> list[str]:
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    return sorted(addresses, key=lambda address: ":" in address)
