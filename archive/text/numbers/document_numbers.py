"""Numbers of official documents named in an article: they link articles that cite the same act."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?<![\w./-])\d{1,5}(?:\.\d{3})?(?:/\d{4})?/(?:[A-ZĐ][A-ZĐ0-9]*[rgi]?(?:[-–][A-ZĐ][A-ZĐ0-9]*[rgi]?)*|[A-ZĐ]+\d*(?:[-–][A-ZĐ0-9]+)+)(?![\w/])"
    r"|(?<![\w./-])\d{1,4}[-–](?:CT|NQ|QĐ|KL|HD|KH|TT|TTr|CTr|QĐi|CV|BC)/[A-ZĐ]{2,}(?![\w/])"
)
_HINT = re.compile(r"/(?:[A-ZĐ]|\d{4}/)")  # stands in every number, and is found by its slash


def documents_in(text: str) -> list[str]:
    """Document numbers in order of mention, each once: ``06/NQ-HĐND``, ``202/2025/QH15``, ``05-CT/TW``.

    >>> documents_in("Thực hiện Nghị quyết số 06/NQ-HĐND và Chỉ thị 05-CT/TW")
    ['06/NQ-HĐND', '05-CT/TW']
    """
    if _HINT.search(text) is None:
        return []
    return list(dict.fromkeys(match.group().replace("–", "-") for match in _NUMBER.finditer(text)))
