"""The canonical address of an article, and when ``rel=canonical`` is believed."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from archive.text.fold import fold
from crawler.addresses.urls import without_visit
from crawler.cms.family import Family
from crawler.page.metadata import Metadata
from crawler.page.page import Page

_NUMBERS = re.compile(r"\d+")


def canonical_url(page: Page, family: Family, metadata: Metadata) -> str:
    """The family's form of the address, else the page's own ``rel=canonical`` on the same host where it may be believed,
    else the address without what names the visit."""
    own = family.canonical(page.url)
    if own is not None:
        return own
    said, here = metadata.canonical, without_visit(page.url)
    if said is not None and urlsplit(said).hostname == urlsplit(here).hostname:
        titles = [*metadata.titles.values()]
        if names_the_same(here, said, titles):
            return family.canonical(said) or said
    return here


def names_the_same(here: str, said: str, titles: list[str]) -> bool:
    """Whether ``rel=canonical`` may be believed: it names this very article, and not the home page, a section, or the
    article the template was made with, as on portals where many pages bear one and the same.

    Its numbers must be numbers of the page's own address, its name that of the address or the words of the title.
    """
    one, other = urlsplit(here), urlsplit(said)
    last_here, last_said = (unquote(parts.path).rstrip("/").rsplit("/", 1)[-1].lower() for parts in (one, other))
    if not last_said:
        return False
    if one.path == other.path and not one.query:
        return not other.query
    name = re.sub(r"\.\w{2,5}$", "", last_said)
    words = [word for word in re.split(r"[-_+.\s]+", name) if word]
    if len(words) >= 3 and (name == re.sub(r"\.\w{2,5}$", "", last_here) or _says(titles, words)):
        return True
    numbers = set(_NUMBERS.findall(f"{last_said}?{other.query}"))
    return (
        bool(numbers)
        and numbers <= set(_NUMBERS.findall(f"{last_here}?{one.query}"))
        and not _drops_a_number(one, other)
    )


def _drops_a_number(one: SplitResult, other: SplitResult) -> bool:
    """Whether the page's own address has the same path and numbers more in its query: the template forgot them."""
    return one.path == other.path and bool(
        set(_NUMBERS.findall(one.query)) - set(_NUMBERS.findall(f"{other.path}?{other.query}"))
    )


def _says(titles: list[str], words: list[str]) -> bool:
    """Whether a title holds the words of a name, but for numbers the software adds at its ends."""
    while len(words) > 3 and words[-1].isdigit():
        words = words[:-1]
    while len(words) > 3 and words[0].isdigit():
        words = words[1:]
    for title in titles:
        spoken = set(re.findall(r"\w+", fold(title)))
        if all(word in spoken for word in words):
            return True
    return False
