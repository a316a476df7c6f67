"""Scope: which addresses belong to a portal, and which other hosts its pages may need."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.addresses.urls import same_host, same_site, site_collection


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
