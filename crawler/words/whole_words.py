"""Expressions that match whole words, in one way for every list of words: ``cialis`` never in "socialist", ``hạn`` never in "Hạnh".

Vietnamese syllables are words of their own, so a letter, a digit or an accent that stands by itself (a combining mark)
on either side makes another word; an underscore parts words as a hyphen does.
"""

from __future__ import annotations

import re

BEFORE = r"(?<![^\W_])(?<![\u0300-\u036f])"
AFTER = r"(?![^\W_])(?![\u0300-\u036f])"


def whole_words(alternatives: str, flags: int = 0) -> re.Pattern[str]:
    """An expression that matches one of the alternatives where it is no piece of a longer word.

    >>> bool(whole_words("cialis").search("socialist republic"))
    False
    >>> whole_words("hạn|cũ").findall("bà hạnh gia hạn hợp đồng cũ")
    ['hạn', 'cũ']
    """
    return re.compile(f"{BEFORE}(?:{alternatives}){AFTER}", flags)


def in_path(folders: str, pages: str = "") -> re.Pattern[str]:
    """An expression for the path of an address, whose words are its segments: ``hoi-dap`` never in "/xa-hoi-dap-ung".

    ``folders`` may begin the name of a folder ("/hoi-dap-phap-luat/bai-1.html") or be all of the last segment's ("/hoi-dap",
    "/hoi-dap-12.html"); ``pages`` may begin the last segment's as well.

    >>> [bool(in_path("anh").search(path)) for path in ("/anh/1.html", "/anh-12.html", "/anh-hung-lao-dong.html")]
    [True, True, False]
    """
    any_folder = rf"/(?:{folders})(?:[-_][\w%-]++)?(?=/\S)"
    whole = rf"/(?:{folders})(?:[-_]?\d++)*+(?:\.\w{{2,5}})?/?(?=[?#]|$)"
    begun = rf"|/(?:{pages})(?=[-_./?#]|$)" if pages else ""
    return re.compile(f"{any_folder}|{whole}{begun}", re.I)
