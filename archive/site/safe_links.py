"""Addresses that portals printed, which may be anything: what of them may become a link or a name on a page."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit


def web_address(url: str) -> str | None:
    """The address if it is safe to link (http or https), else None: a page may print ``javascript:`` as its own."""
    parts = _split(url)
    return url if parts is not None and parts.scheme in ("http", "https") and url[:1].isalpha() else None


def file_name(url: str) -> str:
    """The last part of an address's path, else the address itself."""
    parts = _split(url)
    return (unquote(PurePosixPath(parts.path).name) if parts is not None else "") or url


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # an unclosed bracket, for one
        return None
