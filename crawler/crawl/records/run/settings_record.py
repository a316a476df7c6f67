"""The settings of a crawl as they are kept beside its captures: what shaped the crawl, and nothing private.

WARC files are given away. ``tinhuyen.toml`` may hold a proxy's password, a mail server's user, a webhook whose address is
its secret, and who is told of alerts; so what is written is chosen key by key, and a new key is private until it is named.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import tomlkit

_TOP = ("name", "contact")
_SECTIONS = ("politeness", "limits")
_PORTAL = (
    "url", "title", "unit", "family", "allow_private", "include", "exclude", "hours", "delay", "timeout", "max_page_mb",
    "max_file_mb", "max_pages", "max_mb", "max_hours", "feeds", "sitemaps", "sections", "neighbours", "selectors", "language", "pagination",
)  # fmt: skip


def public_settings(text: str) -> str:
    """The settings that may be told, as TOML, from those of ``tinhuyen.toml``.

    An address loses its user, password, query and fragment; of a proxy is told that there is one.
    """
    read = tomlkit.parse(text).unwrap()
    kept: dict[str, Any] = {key: _without_login(read[key]) for key in _TOP if key in read}
    for section in _SECTIONS:
        if isinstance(read.get(section), dict):
            kept[section] = {key: _without_login(value) for key, value in read[section].items()}
    portals = read.get("portals")
    if isinstance(portals, dict):
        kept["portals"] = {str(name): _portal(entry) for name, entry in portals.items() if isinstance(entry, dict)}
    return tomlkit.dumps(kept)


def _portal(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {key: _without_login(entry[key]) for key in _PORTAL if key in entry}
    return {**kept, "proxy": True} if entry.get("proxy") else kept


def _without_login(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_login(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_login(inner) for inner in value]
    if not isinstance(value, str) or "@" not in value or "://" not in value:
        return value
    try:
        parts = urlsplit(value)
    except ValueError:
        return "…"
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host).geturl()
