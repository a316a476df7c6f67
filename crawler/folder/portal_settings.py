"""What ``tinhuyen.toml`` asks for one portal: which addresses, which hours, how fast, how large, by which proxy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.addresses.roles import Role
from crawler.addresses.urls import absolute
from crawler.cms.family import Selectors
from crawler.cms.themes import OVERRIDABLE
from crawler.errors import ConfigInvalid
from crawler.folder.hours import Hours
from crawler.folder.setting_values import read_address, read_number, read_text, shown
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

NUMBERS = ("delay", "timeout", "max_page_mb", "max_file_mb", "max_pages", "max_mb", "max_hours")

KEYS = (
    "url", "title", "unit", "family", "allow_private", "include", "lift", "exclude", "hours", *NUMBERS, "proxy",
    "feeds", "sitemaps", "sections", "neighbours", "selectors", "floors",
)  # fmt: skip
"""What is read of a portal's table."""

NOTES = ("language", "pagination", "robots", "tls", "not_captured", "samples")
"""What `tinhuyen probe` prints of a portal for people, and earlier versions wrote into its table; nothing reads it."""


FLOOR_FIELDS = (
    "title", "lead", "text", "section", "byline", "author", "source", "published", "tags", "images", "attachments",
)  # fmt: skip
"""Fields of an article whose fill may have a floor."""


@dataclass(slots=True)
class Floors:
    """What a portal's articles must at least be before a snapshot is published: articles published in the last whole month,
    and by field the share of the newest articles that have it (0 to 1)."""

    articles_a_month: float | None = None
    fill: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class PortalSettings:
    """The settings of one portal. Numbers that are ``None`` are the archive's; ``include``, ``lift`` and ``exclude`` are
    regular expressions searched for in the whole address, ``exclude`` winning. The portal's own address is always asked.

    What matches ``include`` or ``lift`` is asked for whatever rule would leave it out by its address (a trap, a calendar, a
    print view, a search); ``include`` leaves everything else out, ``lift`` does not.
    """

    include: list[re.Pattern[str]] = field(default_factory=list)
    lift: list[re.Pattern[str]] = field(default_factory=list)
    exclude: list[re.Pattern[str]] = field(default_factory=list)
    hours: Hours = field(default_factory=Hours)
    delay: float | None = None
    timeout: float | None = None
    max_page_mb: float | None = None
    max_file_mb: float | None = None
    max_pages: float | None = None
    max_mb: float | None = None
    max_hours: float | None = None
    proxy: str | None = None
    seeds: list[tuple[str, Role]] = field(default_factory=list)
    """Addresses that are asked for whether a page names them or not: the feeds, sitemaps and sections of the portal's table."""
    neighbours: bool = False
    """Whether articles that nothing names any more are asked for by the gaps between the known numbers."""
    selectors: Selectors | None = None
    """What the portal's own theme needs, before the selectors of its family."""
    floors: Floors | None = None
    """What a snapshot is held against before it is published."""

    def leaves_out(self, url: str, rule: Reason | None = None) -> Reason | None:
        """Why ``url`` is left out, ``rule`` being what the general rules say of it; ``None`` when it is asked for."""
        if excluded := self.excludes(url):
            return excluded
        if self.lifts(url):
            return None
        return Reason(Code.NOT_INCLUDED) if self.include else rule

    def lifts(self, url: str) -> bool:
        """Whether the settings ask for ``url`` whatever the rules for addresses say."""
        return any(pattern.search(url) for pattern in (*self.include, *self.lift))

    def asks(self, url: str) -> bool:
        """Whether ``lift`` names ``url``: then it is asked for even where its whole series brings nothing."""
        return any(pattern.search(url) for pattern in self.lift) and not self.excludes(url)

    def excludes(self, url: str) -> Reason | None:
        """As :meth:`leaves_out`, by ``exclude`` alone: what holds for the files and pictures of articles."""
        for pattern in self.exclude:
            if pattern.search(url):
                return Reason(Code.EXCLUDED, pattern=pattern.pattern)
        return None


def read_portal_settings(entry: dict[str, Any], where: str, *, default_hours: Hours | None = None) -> PortalSettings:
    """The rules of a portal's table. Raises :class:`ConfigInvalid`, naming ``where`` (file and table)."""
    refuse_misspelt([key for key in entry if key not in NOTES], KEYS, where)
    rules = PortalSettings(
        include=_patterns(entry, "include", where),
        lift=_patterns(entry, "lift", where),
        exclude=_patterns(entry, "exclude", where),
        hours=read_hours(entry, where) or default_hours or Hours(),
        **{name: read_number(entry, name, where) for name in NUMBERS},  # type: ignore[arg-type]
    )
    if "proxy" in entry:
        rules.proxy = read_address(entry["proxy"], f"{where}.proxy", ("http", "https"))
    rules.seeds = read_seeds(entry, where)
    rules.neighbours = entry.get("neighbours", False)
    if not isinstance(rules.neighbours, bool):
        raise ConfigInvalid(f"{where}.neighbours must be true or false, not {shown(rules.neighbours)}")
    rules.selectors = read_selectors(entry, where)
    rules.floors = read_floors(entry, where)
    return rules


def read_floors(entry: dict[str, Any], where: str) -> Floors | None:
    """A portal's floors, ``None`` without any. Raises :class:`ConfigInvalid`: a floor that is not understood would hold nothing."""
    table = entry.get("floors")
    if table is None:
        return None
    fill = table.get("fill", {}) if isinstance(table, dict) else None
    if not isinstance(table, dict) or not isinstance(fill, dict):
        raise ConfigInvalid(
            f"{where}.floors must be a table like {{ articles_a_month = 10, fill = {{ title = 0.99 }} }}"
        )
    for kind, known, keys in (("", ("articles_a_month", "fill"), table), (".fill", FLOOR_FIELDS, fill)):
        for key in keys:
            if key not in known:
                raise ConfigInvalid(
                    f"{where}.floors{kind}.{shown(key)[1:-1]} is not known: use one of {', '.join(known)}"
                )
    for name, value in fill.items():
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise ConfigInvalid(f"{where}.floors.fill.{name} must be a share from 0 to 1, not {shown(value)}")
    return Floors(read_number(table, "articles_a_month", f"{where}.floors"), fill)


def refuse_misspelt(table: Collection[str], known: Collection[str], where: str, joint: str = ".") -> None:
    """Raise :class:`ConfigInvalid` for a key that is nearly one of ``known``: what it asks for would silently not be done.

    Other keys may be a note of the archivist's, or of a newer version: a crawl says that nothing reads them.
    """
    for key in table:
        near = [] if key in known else difflib.get_close_matches(key.lower().replace("-", "_"), known, n=1, cutoff=0.7)
        if near:
            raise ConfigInvalid(f"{where}{joint}{key} is not known: did you mean {near[0]}?")


def read_seeds(entry: dict[str, Any], where: str) -> list[tuple[str, Role]]:
    """The feeds and sitemaps (addresses) and sections (addresses, or tables with a ``url``) of a portal's table."""
    seeds: list[tuple[str, Role]] = []
    roles: tuple[tuple[str, Role], ...] = (
        ("feeds", "feed"),
        ("sitemaps", "sitemap"),
        ("sections", "listing"),
    )
    for name, role in roles:
        values = entry.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            text = value.get("url") if isinstance(value, dict) else value
            url = absolute(text, text) if isinstance(text, str) else None
            if url is None:
                raise ConfigInvalid(f"{where}.{name} must be a list of addresses, not {shown(value)}")
            seeds.append((url, role))
    return seeds


def read_selectors(entry: dict[str, Any], where: str) -> Selectors | None:
    """A portal's own selectors, ``None`` without any. Raises :class:`ConfigInvalid`."""
    table = entry.get("selectors")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigInvalid(f"{where}.selectors must be a table of CSS selectors, not {shown(table)}")
    chosen: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if name not in OVERRIDABLE:
            raise ConfigInvalid(f"{where}.selectors.{name} is not known: use one of {', '.join(OVERRIDABLE)}")
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(text, str) and text.strip() for text in values):
            raise ConfigInvalid(
                f"{where}.selectors.{name} must be a CSS selector or a list of them, not {shown(value)}"
            )
        for text in values:
            try:
                LexborHTMLParser("<p></p>").css(text)
            except SelectolaxError as error:
                raise ConfigInvalid(f"{where}.selectors.{name}: {shown(text)} is no CSS selector") from error
        chosen[OVERRIDABLE[name]] = tuple(values)
    return Selectors(**chosen)  # type: ignore[arg-type]


def read_hours(entry: dict[str, Any], where: str) -> Hours | None:
    """The allowed hours of a table, ``None`` when it names none."""
    text = read_text(entry, "hours", where)
    if text is None:
        return None
    try:
        return Hours.parse(text)
    except ValueError as error:
        raise ConfigInvalid(f"{where}.hours: {error}") from error


def _patterns(entry: dict[str, Any], name: str, where: str) -> list[re.Pattern[str]]:
    values = entry.get(name, [])
    values = [values] if isinstance(values, str) else values
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ConfigInvalid(f"{where}.{name} must be a list of regular expressions, not {shown(values)}")
    patterns = []
    for value in values:
        try:
            patterns.append(re.compile(value))
        except (re.error, OverflowError, RecursionError) as error:
            raise ConfigInvalid(f"{where}.{name}: {shown(value)} is no regular expression: {error}") from error
    return patterns
