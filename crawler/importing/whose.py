"""Whose an address is: the portal of this archive that a host belongs to."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.model import Portal
from crawler.addresses.scope import same_site


class Whose:
    """Portals by their hosts. ``otherwise`` takes what belongs to none: a portal's former address, for instance."""

    def __init__(self, portals: list[Portal], otherwise: str | None = None) -> None:
        self.otherwise = otherwise
        self._by_host: dict[str, list[Portal]] = {}
        for portal in portals:
            self._by_host.setdefault(_bare(portal.url), []).append(portal)

    def portal(self, url: str) -> str | None:
        """The name of the portal that an address belongs to; ``None`` where it is of none."""
        for portal in self._by_host.get(_bare(url), ()):
            if same_site(url, portal.url):
                return portal.name
        return self.otherwise


def _bare(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
