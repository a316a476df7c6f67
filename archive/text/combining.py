"""Runs of combining marks, kept short: putting a run in order takes the square of its length.

`unicodedata.normalize` sorts the marks of each letter in C, holding the interpreter; a page with 20,000 marks on one
letter took minutes. No writing needs more than 30 in a row: that is the Stream-Safe Text Format of UAX #15.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

LONGEST_RUN = 30
"""Marks in a row that are kept (UAX #15, section 13)."""

_LONG = 1_000  # characters from which taking out the plain letters first costs less than looking at them

_ASCII = bytes(range(128))

_LAST_MARK = 0x1F000  # of Unicode 15; nothing above it combines


def stream_safe(text: str) -> str:
    """The text without what a run of combining marks has beyond `LONGEST_RUN`; nearly always itself."""
    if text.isascii():
        return text
    mark, long_run = _patterns()
    # A run that is too long lies across one of the letters so far apart: a thirtieth of the time to see that there is none.
    letters = beyond_ascii(text) if len(text) > _LONG else text
    if not mark.search(letters[LONGEST_RUN :: LONGEST_RUN + 1]) or not long_run.search(letters):
        return text
    return long_run.sub(lambda run: run[0][:LONGEST_RUN], text)


def beyond_ascii(text: str) -> str:
    """The characters of a text that are not ASCII, in their order, at a tenth of what an expression takes to find them."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def nfc(text: str) -> str:
    """Unicode's composed form, in time that grows with the length of the text and no faster."""
    return text if text.isascii() else unicodedata.normalize("NFC", stream_safe(text))


def nfd(text: str) -> str:
    """Unicode's decomposed form, in time that grows with the length of the text and no faster."""
    return text if text.isascii() else unicodedata.normalize("NFD", stream_safe(text))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One mark, and a run of too many."""
    ranges: list[list[int]] = []
    for code in range(0x300, min(_LAST_MARK, sys.maxunicode)):
        if unicodedata.combining(chr(code)):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    marks = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    return re.compile(f"[{marks}]"), re.compile(f"[{marks}]{{{LONGEST_RUN + 1},}}")
