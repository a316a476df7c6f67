"""Pages in other languages than Vietnamese: how they are told, and what of their letters is kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.text.normalise import line
from archive.text.syllables import marked_share
from crawler.extract.clean.blocks import Block
from crawler.page.metadata import Metadata
from crawler.page.page import Page

_ENOUGH = 0.2
"""Share of words with a Vietnamese mark from which a text is Vietnamese; French and Portuguese stay below .1."""


def is_foreign(page: Page, metadata: Metadata) -> bool:
    """Whether a page is neither on a Vietnamese host nor in Vietnamese. In doubt it is not: our rules are for Vietnam's."""
    if metadata.foreign is None:
        metadata.foreign = _speaks_otherwise(page, metadata)
    return metadata.foreign


def _speaks_otherwise(page: Page, metadata: Metadata) -> bool:
    host = (urlsplit(page.url).hostname or "").lower()
    if host.endswith(".vn") or metadata.language == "vi" or page.is_bare_text:
        return False
    said = " ".join([*metadata.titles.values(), metadata.description or ""])
    if marked_share(said) > _ENOUGH:
        return False
    body = page.tree.body
    text = line(body.text(deep=True, separator=" ", strip=True)[:30_000]) if body is not None else ""
    middle = max(0, len(text) // 2 - 1000)
    return len(text) > 200 and max(marked_share(text[:2000]), marked_share(text[middle : middle + 2000])) <= _ENOUGH


# Signs that are noise or another letter in Vietnamese and spelling elsewhere: the soft hyphen, Icelandic's eth.
_KEPT = {"\u00ad": "\ue0ad", "ð": "\ue0f1", "Ð": "\ue0f2"}


def guarded(markup: str) -> str:
    """Markup in which what is spelling elsewhere passes the tidying of Vietnamese text; :func:`restore` undoes it."""
    for sign, guard in _KEPT.items():
        markup = markup.replace(sign, guard)
    return markup


def restore(blocks: list[Block]) -> None:
    """Put back what :func:`guarded` took away."""
    for block in blocks:
        block.text = _restored(block.text)
        for link in block.links:
            link.text = _restored(link.text)


def _restored(text: str) -> str:
    for sign, guard in _KEPT.items():
        text = text.replace(guard, sign)
    return text


def printed(text: str) -> str:
    """A text of a foreign page on one line, its own signs kept."""
    return _restored(line(guarded(text)))
