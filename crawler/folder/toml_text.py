"""Words of a stranger in ``tinhuyen.toml``: one clean line, whether they become a value or a comment.

A comment of TOML ends with its line, and what stands behind is a setting: a page could set its portal's proxy.
"""

from __future__ import annotations

import re

LONGEST = 300
"""Characters of a title or a reason that are kept."""

# every separator of lines, C0, DEL and C1, surrogates, the signs that turn the direction of text, and non-characters
_UNCLEAN = re.compile(
    "[\x00-\x20\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)


def clean(text: str) -> str:
    """``text`` as one line without control characters, cut off where it is longer than a title."""
    line = _UNCLEAN.sub(" ", text[: 4 * LONGEST]).strip()
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def remark(text: str) -> str:
    """``text`` fit for a comment: as :func:`clean`, its brackets round, so that no eye and no search takes it for a table."""
    return clean(text).replace("[", "(").replace("]", ")")
