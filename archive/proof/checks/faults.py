"""Faults that verifying finds: what kind, of what, and one line that says what is damaged and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "database", "record", "file", "capture row", "article row", "file row", "observation row", "tombstone", "import row", "summary", "search index",
    "log", "log entry", "head", "signature", "key",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``of`` names what is damaged: a WARC file and byte, a capture, an article, a head."""

    kind: Kind
    of: str
    text: str
