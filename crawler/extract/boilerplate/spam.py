"""Adverts and injected links in articles: found by their links, their hiding and their words, kept out of the text.

Portals are broken into for their good name: gambling links hidden from readers, service adverts in unaccented keywords
under a label "QUẢNG CÁO". News ABOUT gambling is no spam: words of enforcement weigh against the jargon of a text, never
against a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.model import Removed
from archive.text.normalise import line
from archive.text.syllables import share
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean.blocks import Block, Link
from crawler.words.tables import AnyPhrases, address_words, words

_SELLING = words("spam_selling", "text")
"""Names of betting sites and the words by which such things are sold: news seldom holds them."""
_GAMBLING = words("gambling", "text")
_LOANS_AND_STREAMS = words("loans_and_streams", "text")
"""What such things are called by everybody: the police, a festival, a campaign that rewards who brings waste, a bank."""
_JARGON = AnyPhrases(_SELLING, _GAMBLING, _LOANS_AND_STREAMS)
_LURES = words("lures", "text")
"""What calls a reader to it."""
_ENFORCEMENT = words("enforcement", "text")
_ABOUT = words("enforcement", "title")
"""Words of a title under which gambling is spoken of."""
_PUBLIC = words("public_life", "text")
"""Words of public life, beside which a name of gambling or of a loan is no advert's."""
_OFFICES = words("offices", "text")
_TRADES, _PLAIN_TRADES = words("trades", "text"), words("trades_without_accents", "text")
_CONTACTS, _SALES = words("contacts", "text"), words("sales", "text")
_HOSTS = address_words("spam_selling", "host")
_CHEAP_TLDS = frozenset(
    [
        "vip",
        "win",
        "club",
        "top",
        "xyz",
        "bet",
        "casino",
        "poker",
        "icu",
        "online",
        "site",
        "live",
        "fun",
        "shop",
        "space",
        "pro",
        "ink",
        "cyou",
        "cfd",
        "buzz",
        "monster",
        "lol",
        "sbs",
        "link",
        "games",
        "game",
    ]
)
_MARKED = re.compile(r"[^\x00-\x7f]")
ADVERT_LIMIT = 300


@dataclass(slots=True)
class Site:
    """The host an article came from; links to it, and to the state's own hosts, are no adverts by themselves."""

    host: str
    title: str = ""
    jargon: bool = True
    """False when no text of the article holds even a hint of jargon, and none need be looked at for it."""
    about_gambling: bool = False
    """Whether the article speaks of gambling or the like: police news, a ban, a warning. Its names are no adverts then."""

    def is_own(self, href: str) -> bool:
        host = (urlsplit(href).hostname or "").lower()
        return (
            not host
            or host == self.host
            or host.endswith((".gov.vn", ".dcs.vn", ".edu.vn", ".mil.vn"))
            or host == "gov.vn"
        )


class Jargon(NamedTuple):
    """How many different words of each sort a text holds."""

    selling: int
    naming: int
    lures: int
    enforcement: int
    public: int


def jargon_of(text: str) -> Jargon:
    """The words of gambling and the like in a text, and those that speak for news."""
    if not _may_be_jargon(text):
        return Jargon(0, 0, 0, 0, 0)
    low = text.lower()
    naming = {*_GAMBLING.found_in(low), *_LOANS_AND_STREAMS.found_in(low)}
    others = (len(set(table.found_in(low))) for table in (_LURES, _ENFORCEMENT, _PUBLIC))
    return Jargon(len(set(_SELLING.found_in(low))), len(naming), *others)


def has_jargon(text: str) -> bool:
    """Whether a text by itself advertises gambling or the like: by words that sell it, or by names beside what lures.

    A name alone says nothing, and words of enforcement and of public life weigh against names.
    """
    found = jargon_of(text)
    if found.selling + found.naming == 0 or found.selling + found.naming <= found.enforcement:
        return False
    if found.selling:
        return True
    if found.public and not _GAMBLING.find(text):
        return False  # a loan of the policy bank
    return (found.lures > 0 or found.naming >= 3) and found.naming + found.lures > found.public + 1


def jargon_in(low: str) -> int:
    """How often a text in lower case carries such words."""
    return sum(len(table.found_in(low)) for table in (_SELLING, _GAMBLING, _LOANS_AND_STREAMS))


def _may_be_jargon(text: str) -> bool:
    """Whether a text holds words without which none of it can be jargon: a hundredth of the cost of looking for it."""
    return _JARGON.may_be_in(text)


def is_bad_link(link: Link, site: Site) -> bool:
    """A link to elsewhere that sells: jargon in its words or address, a throw-away domain, hidden, or without words.

    What a text about gambling names stays, its links too, unless they are hidden or call the reader.
    """
    if site.is_own(link.href):
        return False
    host = (urlsplit(link.href).hostname or "").lower()
    if link.hidden or not link.text:
        return link.hidden or _is_throw_away(host) or _HOSTS.find(host) is not None
    if site.about_gambling:
        return _LURES.find(link.text) is not None and jargon_in(link.text.lower()) > 0
    if jargon_in(link.text.lower()) or _HOSTS.find(host):
        return True
    if _is_throw_away(host):
        return not _is_own_address(link.text, host)
    return is_advert_text(link.text)


def _is_throw_away(host: str) -> bool:
    return host.rsplit(".", 1)[-1] in _CHEAP_TLDS


def _is_own_address(text: str, host: str) -> bool:
    """Whether a link's words are its address, as a notice prints the page to go to."""
    return host.removeprefix("www.") in text.lower()


def is_advert_text(text: str) -> bool:
    """Whether a short line is a service advert: a trade in words without accents, or words that sell beside a trade or a
    telephone. How to reach an office (hotline, telephone, Zalo) is no advert by itself."""
    if len(text) > 2 * ADVERT_LIMIT:
        return False
    text = line(text)
    if not text or len(text) > ADVERT_LIMIT:
        return False
    low, words = text.lower(), text.split()
    if not _MARKED.search(text) and 3 <= len(words) <= 25:
        return _PLAIN_TRADES.find(low) is not None and share(low) >= 0.6 and "ubnd" not in low
    sales, contact = len(set(_SALES.found_in(low))), len(set(_CONTACTS.found_in(low)))
    if not sales and not contact:
        return False
    trade = _TRADES.find(low) is not None and len(text) < 200
    if trade and sales:
        return True
    if _ENFORCEMENT.find(low) or _OFFICES.find(low):
        return False
    return trade or sales >= 2 or (sales > 0 and contact > 0)


def take_out(
    blocks: list[Block], site: Site, is_signature: Callable[[Block], bool]
) -> tuple[list[Block], list[Removed]]:
    """The blocks without adverts, and what was taken out: whole blocks, hidden ones, single links, what follows a label.

    ``is_signature`` tells whether a line may be the byline: an advert's label may stand right above it.
    """
    kept: list[Block] = []
    removed: list[Removed] = []
    whole = "\n".join([site.title, *(block.text for block in blocks)])
    site.jargon = _may_be_jargon(whole)
    site.about_gambling = site.jargon and speaks_of_gambling(site.title, whole)
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if _is_plain(block, site):
            kept.append(block)
            index += 1
            continue
        if block.is_prose and boilerplate.kind_of(block.text) == "ad_label":
            removed.append(Removed("ad_label", block.text))
            index += 1
            adverts = _under_label(blocks[index:], site, is_signature)
            for advert in blocks[index : index + adverts]:
                removed.extend(_as_removed(advert))
            index += adverts
            continue
        index += 1
        reason = _is_advert(block, site)
        if reason:
            removed.extend(_as_removed(block))
            continue
        if block.hidden:
            if block.text:
                removed.append(Removed("other", block.text))
            continue
        removed.extend(_cut_links(block, site))
        if block.text or block.kind == "image":
            kept.append(block)
    return kept, removed


def _is_plain(block: Block, site: Site) -> bool:
    """Whether a block is too long and too plain for a label, an advert or a link in it, as most paragraphs are."""
    return (
        len(block.text) > boilerplate.LINE_LIMIT
        and not (block.links or block.hidden or site.jargon)
        and (len(block.text) > 2 * ADVERT_LIMIT or _ends_sentence(block.text))
    )


def _is_advert(block: Block, site: Site) -> bool:
    if not (block.links or block.hidden or site.jargon) and (
        len(block.text) > 2 * ADVERT_LIMIT or _ends_sentence(block.text)
    ):
        return False
    bad = [link for link in block.links if is_bad_link(link, site)]
    if block.hidden:
        jargon = site.jargon and jargon_in(block.text.lower()) > 0
        return bool(bad or jargon or any(not site.is_own(link.href) for link in block.links))
    if block.kind in ("row", "caption"):
        return False
    if bad and sum(len(link.text) for link in bad) >= 0.6 * len(block.text):
        return True
    own = block.text
    for link in bad:
        own = own.replace(link.text, " ", 1)
    if site.jargon and _advertises(own, site):
        return True
    return block.kind in ("text", "item", "heading") and not _ends_sentence(own) and is_advert_text(own)


def speaks_of_gambling(title: str, whole: str) -> bool:
    """Whether an article is about what its words name, and sells none of it: police news, a ban, a warning, a plan."""
    low = whole.lower()
    enforcement = _ENFORCEMENT.found_in(low)
    if len(set(enforcement)) >= 3 and len(enforcement) >= len(_SELLING.found_in(low)):
        return True
    if _ABOUT.find(title):
        return True
    named = _GAMBLING.find(title) or _LOANS_AND_STREAMS.find(title)
    return named is not None and not _SELLING.find(title) and not _LURES.find(title)


def _advertises(text: str, site: Site) -> bool:
    """Whether a paragraph advertises gambling or the like, in view of what the article is about."""
    if not has_jargon(text) or (len(text) >= ADVERT_LIMIT and jargon_in(text.lower()) < 3):
        return False
    found = jargon_of(text)
    if site.about_gambling:
        return found.enforcement == 0 and found.selling > 0 and found.lures > 0 and not _ends_sentence(text)
    return True


def _under_label(blocks: list[Block], site: Site, is_signature: Callable[[Block], bool]) -> int:
    """How many of the blocks after an advert's label are the advert."""
    count = 0
    for block in blocks:
        if block.kind in ("row", "caption"):
            break
        if block.kind == "image":
            if not block.with_image and count == 0 and not any(later.is_prose for later in blocks):
                return 1
            break
        if boilerplate.kind_of(block.text) not in (None, "other"):
            break
        foreign = any(not site.is_own(link.href) for link in block.links)
        sells = foreign or _is_advert(block, site) or is_advert_text(block.text)
        if not sells and (is_signature(block) or len(block.text) > ADVERT_LIMIT):
            break
        if not sells and count and _ends_sentence(block.text):
            break
        if (
            not sells
            and _ends_sentence(block.text)
            and len(block.text) > 120
            and not (_SALES.find(block.text) or _CONTACTS.find(block.text))
        ):
            break
        count += 1
        if count >= 8 or (count >= 1 and not sells and len(blocks) > count and _ends_sentence(blocks[count].text)):
            break
    return count


def _ends_sentence(text: str) -> bool:
    return text.rstrip('"”’)').endswith((".", "!", "?", ":", ";", "…"))


def _cut_links(block: Block, site: Site) -> list[Removed]:
    """Take single bad links out of a paragraph that is otherwise the article's."""
    removed = []
    for link in block.links:
        if is_bad_link(link, site):
            removed.append(Removed("spam", link.text, link.href))
            if link.text:
                block.text = line(block.text.replace(link.text, " ", 1))
    return removed


def _as_removed(block: Block) -> list[Removed]:
    if block.kind == "image":
        return [Removed("spam", "", block.url)]
    href = block.links[0].href if block.links else None
    return [Removed("spam", block.text, href)]
