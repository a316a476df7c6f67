"""Output without control characters: what a portal sent cannot command the terminal of who reads it.

A title or a header quoted as a reason may hold escape sequences; a terminal obeys them, hides lines, or answers as if
somebody had typed. They are shown as ``\\u001b``: in JSON that is the same character, in a line of text a visible one.
"""

from __future__ import annotations

import io
import re
import sys
from typing import TextIO

# C0 but tab and line feed, DEL and C1, line and paragraph separators, and the signs that turn the direction of text
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with its control characters written out."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class PlainOutput(io.TextIOWrapper):
    """A text stream whose control characters are written out; ``drawing`` is one for a progress bar, whose own are meant."""

    drawing: io.TextIOWrapper

    def write(self, text: str) -> int:
        # Windows' line ends and the carriage return of a progress line are the stream's own business
        super().write(printable(text) if _CONTROLS.search(text) else text)
        return len(text)


def guard_output() -> None:
    """Have standard output and error write control characters out, for the rest of the process."""
    sys.stdout, sys.stderr = _plain(sys.stdout), _plain(sys.stderr)


def drawing(stream: TextIO) -> TextIO:
    """The stream behind a guarded one, for what draws on a terminal; any other stream itself."""
    return stream.drawing if isinstance(stream, PlainOutput) else stream


def _plain(stream: object) -> io.TextIOWrapper:
    if isinstance(stream, PlainOutput) or not isinstance(stream, io.TextIOWrapper):
        return stream  # type: ignore[return-value]
    stream.flush()
    plain = PlainOutput(
        stream.buffer, stream.encoding, stream.errors, line_buffering=stream.line_buffering, write_through=True
    )
    plain.drawing = stream
    return plain
