"""The bytes that post a form: url-encoded as a browser does it, or JSON where a script sends that."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

Fields = Sequence[tuple[str, Any]]
"""Names and values in the order of the form; JSON knows numbers and booleans beside text."""


def body_of(fields: Fields, event: Fields, content_type: str, charset: str) -> bytes:
    """What is posted: the fields of a form with those of the event set in their place, or behind them."""
    values = dict(event)
    pairs = [(name, values.pop(name, value)) for name, value in fields]
    pairs = [*[(name, value) for name, value in event if name in values], *pairs]
    if "json" in content_type:
        return json.dumps(dict(pairs), ensure_ascii=False, separators=(",", ":")).encode()
    try:
        codecs.lookup(charset)
    except LookupError:
        charset = "utf-8"
    return urlencode(
        [(name, _as_text(value)) for name, value in pairs], encoding=charset, errors="xmlcharrefreplace"
    ).encode()


def _as_text(value: Any) -> str:
    """A value as jQuery puts it into a form."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
