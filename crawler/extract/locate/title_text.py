"""The title of an article: as printed over it, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extract.clean.blocks import squeeze
from crawler.page.metadata import Metadata
from crawler.words.tables import WithWords

_SEPARATOR = re.compile(r"(?<!\s)\s++[|»«–—-]\s++|(?:(?<!\s)\s++)?[|»«]\s*+|(?<!\s)\s++::\s++")
_SITE_NAME = WithWords(r"{site_names}|báo (?-i:[A-ZĐ])", "opening")
_SAID_LEAST = 16
"""Letters and digits from which on what the markup says is a title of its own and no word of a longer one."""
_TRUSTED = ("jsonld", "microdata", "og", "meta", "title")


def printed_title(printed: str | None, metadata: Metadata, host: str = "") -> str | None:
    """The title printed on the page, else the best the markup names; ``None`` if there is none anywhere.

    The site's name at its end is told by the page's metadata, by Vietnamese words, and by the ``host``.
    """
    if printed:
        return printed
    for name in _TRUSTED:
        if title := metadata.titles.get(name):
            return without_host(without_site(title, metadata.site_name), host)
    return None


def agreed_title(metadata: Metadata) -> str | None:
    """The title that three sources of the markup give alike, where it is not the name of the site."""
    said = [without_site(metadata.titles[name], metadata.site_name) for name in _TRUSTED if name in metadata.titles]
    site = squeeze(metadata.site_name or "")
    keys = [squeeze(title) for title in said]
    return next((title for title, key in zip(said, keys, strict=True) if keys.count(key) >= 3 and key != site), None)


def without_kicker(title: str, parts: Iterable[str], metadata: Metadata) -> str:
    """A printed title without the words that a theme sets above it, an element of their own, where the markup begins after
    them. ``parts`` are the texts of the elements within the title."""
    said = [without_site(metadata.titles[name], metadata.site_name) for name in _TRUSTED if name in metadata.titles]
    whole, keys = squeeze(title), [squeeze(other) for other in said]
    if whole in keys:
        return title
    above = {squeeze(part) for part in parts}
    for other, key in zip(said, keys, strict=True):
        if len(key) >= _SAID_LEAST and whole.endswith(key) and whole.removesuffix(key) in above:
            return other
    return title


def joined_as_said(title: str, unbroken: str, metadata: Metadata) -> str:
    """A printed title whose words elements part ("C ycle"), as the markup spells it. ``unbroken`` is the title's text with
    nothing put between its elements."""
    if title == unbroken:
        return title
    said = (without_site(metadata.titles[name], metadata.site_name) for name in _TRUSTED if name in metadata.titles)
    letters = "".join(title.split())
    return next((other for other in said if other == unbroken and "".join(other.split()) == letters), title)


def without_host(title: str, host: str) -> str:
    """A document title without a last part that names its host: "… | Example.com", "… – Example" on example.com; or a
    first part that is the host itself: "example.com // » …"."""
    parts = _SEPARATOR.split(title)
    name = host.removeprefix("www.")
    label = squeeze(name.rpartition(".")[0].rpartition(".")[2])
    first, last = squeeze(parts[0]), squeeze(parts[-1])
    if len(parts) > 1 and len(label) >= 4 and first == squeeze(name):
        return title[title.index(parts[0]) + len(parts[0]) :].lstrip(" |»«–—-:") or title
    if len(parts) < 2 or len(label) < 4 or (label not in last and (len(last) < 4 or last not in label)):
        return title
    left = title[: title.rindex(parts[-1])].rstrip(" |»«–—-:")
    return left if len(squeeze(left)) >= 4 else title


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
    return _SITE_NAME.match(text.strip()) is not None
