"""Which network addresses a crawl may talk to.

A portal lives on a public address. A loopback or private one is refused unless ``add --allow-private`` permitted it
for that portal: otherwise any page could point the crawler at machines of the network it runs in.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason


class Unreachable(Exception):
    """An address that nothing is sent to, with the reason for the ledger."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class PrivateAddress(Unreachable):
    """Raised before anything is sent to an address that is not public and was not permitted."""


class UnknownHost(Unreachable):
    """Raised when a host name does not resolve."""


class NoNameServer(UnknownHost):
    """Raised when no name server answered, so that nothing is known of the name: no network, or a broken resolver."""


def is_public(address: str) -> bool:
    """Whether ``address`` (IPv4 or IPv6, as text) is one that the whole internet can reach.

    An IPv6 address that carries an IPv4 address is judged by both: a gateway would lead on to the latter.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_global(one) for one in (ip, *_carried(ip)))


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return True  # judged by what it carries
        return ip.is_global and not (ip.is_multicast or ip.is_site_local or any(ip in one for one in _NEVER_GLOBAL))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _carried(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses within an IPv6 one: mapped and compatible (RFC 4291), 6to4, Teredo, NAT64, ISATAP (RFC 5214)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    low = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if any(ip in network for network in _LAST_FOUR_BYTES) or (int(ip) >> 32) & 0xFDFF_FFFF == 0x0000_5EFE:
        found.append(low)
    return [one for one in found if one is not None]


_LAST_FOUR_BYTES = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))
_NEVER_GLOBAL = (
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("::/96"),
    ipaddress.IPv6Network("100::/64"),
)


def connect(host: str, port: int, *, allowed: bool, timeout: float) -> socket.socket:
    """A connection to ``host``, at an address that was judged as it was resolved: no second look-up lies between.

    Raises :class:`UnknownHost`, :class:`PrivateAddress` when any of its addresses is private and not ``allowed``, and
    what the last attempt to connect raised.
    """
    addresses = resolve(host, port)
    for address in addresses:
        refuse_private(address, host=host, allowed=allowed)
    for number, address in enumerate(addresses, start=1):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError:
            if number == len(addresses):
                raise
    raise UnknownHost(Reason(Code.NAME_UNKNOWN, asked=host))


def refuse_private(address: str, *, host: str, allowed: bool) -> None:
    """Raise :class:`PrivateAddress` unless ``address`` is public or ``allowed``."""
    if not allowed and not is_public(address):
        raise PrivateAddress(Reason(Code.PRIVATE_ADDRESS, host=host, address=address))


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
        return UnknownHost(Reason(Code.NAME_UNKNOWN, asked=host))
    return NoNameServer(Reason(Code.NO_NAME_SERVER, host=host))


def _ordered(found: list[tuple]) -> list[str]:
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    return sorted(addresses, key=lambda address: ":" in address)
