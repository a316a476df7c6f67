"""Scope: which addresses belong to a portal, and which other hosts its pages may need."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.addresses.urls import DEFAULT_PORTS, host_port


def portal_scope(portal_url: str) -> Callable[[str], bool]:
    """Whether a URL belongs to the portal at ``portal_url``: told by its host and port, so once for each of them."""
    if site_collection(portal_url) is not None:
        return lambda url: same_site(url, portal_url)
    known = lru_cache(maxsize=1024)(lambda origin: same_host(origin, portal_url))
    return lambda url: known(url[: (url.find("/", 8) + 1) or None])


def may_fetch_elsewhere(url: str) -> bool:
    """Whether a file or picture of an article is fetched though it lies on another host: only on the state's own."""
    host = (urlsplit(url).hostname or "").lower()
    return host.endswith(".gov.vn")


_SITE_COLLECTION = re.compile(r"/sites/(?!(?:default|all)(?:/|$))([a-z0-9._-]+)(?:/|$)", re.I)


def same_site(url: str, portal_url: str) -> bool:
    """Whether ``url`` belongs to the portal at ``portal_url``: the same host, ``www.`` or not, http or https.

    A portal on a port of its own is that port alone. A portal that is a site collection (``/sites/unit/``) is that path.
    """
    return same_host(url, portal_url) and site_collection(portal_url) in (None, site_collection(url))


def same_host(url: str, portal_url: str) -> bool:
    """Whether ``url`` lies on the portal's host and port, wherever there."""
    one, two = urlsplit(url), urlsplit(portal_url)
    if _bare(one.hostname) != _bare(two.hostname):
        return False
    ports = {one.port or DEFAULT_PORTS.get(one.scheme), two.port or DEFAULT_PORTS.get(two.scheme)}
    return len(ports) == 1 or ports == {80, 443}


def portal_name(url: str) -> str:
    """A portal's name: its host without ``www.`` and ``.gov.vn``, else host-port where the port is its own.

    One of several site collections on a host bears its name too: ``w3.lamdong-ductrong``.
    """
    host, port = host_port(url)
    name = _bare(host).removesuffix(".gov.vn")
    parts = [name, None if port in (80, 443) else str(port), site_collection(url)]
    return "-".join(part for part in parts if part)


def site_collection(url: str) -> str | None:
    """The unit of a SharePoint site collection, ``ductrong`` of ``/sites/ductrong/…``: one of many portals of a host.

    Drupal keeps files, and no portal, under ``/sites/default`` and ``/sites/all``.
    """
    match = _SITE_COLLECTION.match(urlsplit(url).path)
    return match[1].lower() if match else None


def _bare(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.")
