"""The values of ``tinhuyen.toml``: texts, numbers and addresses, each read or refused in one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from crawler.addresses.urls import absolute
from crawler.errors import ConfigInvalid

MAX_SECONDS = 7 * 86400.0
MAX_MEGABYTES = 100_000.0
MAX_GIGABYTES = 1_000_000.0
MAX_PAGES = 1_000_000_000.0
MAX_HOURS = 24 * 365.0
MAX_NAME = 200
"""The largest that is taken: a week between two requests, a file of 100 GB, an archive of a petabyte, a year of crawling.
Beyond them stand slips of the pen, and numbers that clocks and sockets refuse."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_IN_NO_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069,/\\\\]")


def shown(value: Any) -> str:
    """A value as it is quoted in a message: short, whatever it is."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of more digits than Python writes, a table without end
        return f"such {type(value).__name__}"
    return text if len(text) <= 100 else f"{text[:97]}..."


def wrong_name(name: str) -> str | None:
    """Why ``name`` is none for a portal, in words; ``None`` when it is one. It becomes a word of commands, a part of
    addresses of the site, and one of several between commas."""
    if not name.strip():
        return "is empty"
    if len(name) > MAX_NAME:
        return f"is longer than {MAX_NAME} characters"
    if name != name.strip() or name.startswith("-") or name in (".", ".."):
        return "begins or ends with a blank, begins with a hyphen, or is a dot"
    if _IN_NO_NAME.search(name):
        return "may hold no comma, slash, backslash or control character"
    return None


def read_text(entry: dict[str, Any], key: str, where: str, joint: str = ".") -> str | None:
    """A text of one line, ``None`` when the table has none. Raises :class:`ConfigInvalid`."""
    value = entry.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ConfigInvalid(f"{where}{joint}{key} must be a text, not {shown(value)}")
    if _CONTROL.search(value):
        raise ConfigInvalid(f"{where}{joint}{key} must be one line without control characters, not {shown(value)}")
    return value


def read_address(value: Any, where: str, schemes: Sequence[str], *, user: bool = True) -> str:
    """An address of one of ``schemes``; one with a user only where it says so. Raises :class:`ConfigInvalid`."""
    wrong = ConfigInvalid(f"{where} must be an address like {schemes[0]}://host, not {shown(value)}")
    if not isinstance(value, str) or re.search(r"\s", value.strip()) or _CONTROL.search(value):
        raise wrong
    value = value.strip()
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in schemes or not host:
        raise wrong
    if parts.scheme in ("http", "https") and absolute(value, value) is None:
        raise wrong
    if not user and "@" in parts.netloc:
        raise ConfigInvalid(f"{where} holds a user or a password, which is sent to no portal: leave it out")
    return value


_MOST = {
    "every_days": 3650,
    "sample": 1e9,
    "delay": MAX_SECONDS,
    "form_delay": MAX_SECONDS,
    "timeout": MAX_SECONDS,
    "max_page_mb": MAX_MEGABYTES,
    "max_file_mb": MAX_MEGABYTES,
    "min_free_mb": MAX_GIGABYTES * 1000,
    "quota_gb": MAX_GIGABYTES,
    "max_pages": MAX_PAGES,
    "max_mb": MAX_GIGABYTES * 1000,
    "max_hours": MAX_HOURS,
    "articles_a_month": MAX_PAGES,
}


def read_number(entry: dict[str, Any], name: str, where: str) -> float | None:
    """A number of at least 0 and at most what makes sense, ``None`` when the table has none."""
    value = entry.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _MOST[name]:
        raise ConfigInvalid(
            f"{where}.{name} must be a number of at least 0 and at most {_MOST[name]:,.0f}, not {shown(value)}"
        )
    return float(value)
