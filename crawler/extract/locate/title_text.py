"""The title of an article: as printed over it, without the name of the site."""

from __future__ import annotations

import re

from archive.text.normalise import line
from crawler.extract.clean.blocks import squeeze
from crawler.page.metadata import Metadata

_SEPARATOR = re.compile(r"(?<!\s)\s++[|»«–—-]\s++|(?:(?<!\s)\s++)?[|»«]\s*+|(?<!\s)\s++::\s++")
_TRUSTED = ("jsonld", "microdata", "og", "meta", "title")


def printed_title(printed: str | None, metadata: Metadata) -> str | None:
    """The title printed on the page, else the best the markup names; ``None`` if there is none anywhere."""
    if printed:
        return line(printed)
    for name in _TRUSTED:
        if title := metadata.titles.get(name):
            return without_site(title, metadata.site_name)
    return None


def without_site(title: str, site: str | None = None) -> str:
    """A document title without the part that names the site ("… | Cổng thông tin điện tử huyện X")."""
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    site_key = squeeze(site or "")
    last, first = parts[-1], parts[0]
    if (site_key and squeeze(last) == site_key) or names_site(last):
        return title[: title.rindex(last)].rstrip(" |»«–—-:")
    if (site_key and squeeze(first) == site_key) or names_site(first):
        return title[title.index(first) + len(first) :].lstrip(" |»«–—-:")
    return title


def names_site(text: str) -> bool:
    """Whether a part of a document title is the name of a site."""
    return (
        re.match(
            r"(?:cổng (?:thông tin|ttđt)|trang (?:thông tin|tin)|website|(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)(?![^\W\d_])(?!.* (?:họp|thăm|tổ chức|trao|ban hành|triển khai|kiểm tra) )|trang chủ|cttđt|báo (?-i:[A-ZĐ])|đài (?!tưởng niệm|hoa))",
            text.strip(),
            re.I,
        )
        is not None
    )
