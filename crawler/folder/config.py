"""An archive folder and its ``tinhuyen.toml``: name, contact, politeness, portals.

The file is written by ``init`` and ``add`` and edited by hand; comments and order survive both.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.model import Portal
from crawler.addresses.scope import same_site
from crawler.errors import ConfigInvalid, NoSuchPortal
from crawler.folder.portal_settings import (
    KEYS,
    NOTES,
    NUMBERS,
    PortalSettings,
    read_hours,
    read_portal_settings,
    refuse_misspelt,
)
from crawler.folder.setting_values import read_address, read_number, read_text, shown, wrong_name

TOP_LEVEL = (
    "name",
    "contact",
    "learn",
    "mask_private_numbers",
    "politeness",
    "limits",
    "alerts",
    "verify",
    "stamp",
    "witnesses",
    "portals",
)
POLITENESS = (*NUMBERS, "form_delay", "hours")
LIMITS = ("min_free_mb", "quota_gb")
VERIFY = ("every_days", "sample")
ALERTS = ("mail", "from", "smtp", "webhook", "notify")
"""The keys that are read of each table."""


@dataclass(slots=True)
class Politeness:
    """How portals are asked. ``delay``, ``form_delay`` and ``timeout`` are seconds, sizes are megabytes (10^6 bytes).

    ``form_delay`` lies at least between a request and the posting of a form after it, whatever the delay: such a page is
    reckoned anew for each visitor, and all pages of a list have one address, under which tools tell captures apart by the
    second.

    ``max_pages``, ``max_mb`` and ``max_hours`` are what one crawl takes of one portal; the next crawl goes on. The first is
    four times the largest portal seen, and 55 hours at a second each: only what makes up pages meets it. Files and parts of
    pages are not counted as pages.
    """

    delay: float = 1.0
    form_delay: float = 1.0
    timeout: float = 60.0
    max_page_mb: float = 16
    max_file_mb: float = 64
    max_pages: float = 200_000
    max_mb: float | None = None
    max_hours: float | None = None


@dataclass(slots=True)
class Limits:
    """What the archive's folder may take: ``min_free_mb`` megabytes stay free, at most ``quota_gb`` gigabytes are used."""

    min_free_mb: float = 200
    quota_gb: float | None = None


@dataclass(slots=True)
class Alerts:
    """Who is told when something goes wrong. ``smtp`` is ``smtp://``, ``smtp+starttls://`` or ``smtps://``, with a user
    before ``@`` where one is asked for; its password is read from the environment, ``TINHUYEN_SMTP_PASSWORD``. ``notify``
    holds addresses of apprise (``tgram://token/chat``), each of which is a secret."""

    mail: list[str] = field(default_factory=list)
    sender: str = ""
    smtp: str = "smtp://localhost"
    webhook: str | None = None
    notify: list[str] = field(default_factory=list)

    @property
    def smtp_shown(self) -> str:
        """The mail server without its user."""
        parts = urlsplit(self.smtp)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@dataclass(slots=True)
class Verifying:
    """How often whoever runs the schedules verifies the archive, in days (0: never), and how many captures and articles
    of it each time (0: all)."""

    every_days: float = 30
    sample: float = 1000


@dataclass(slots=True)
class Config:
    """What ``tinhuyen.toml`` says."""

    name: str
    contact: str
    politeness: Politeness = field(default_factory=Politeness)
    portals: dict[str, Portal] = field(default_factory=dict)
    rules: dict[str, PortalSettings] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    alerts: Alerts = field(default_factory=Alerts)
    verify: Verifying = field(default_factory=Verifying)
    stamp: str | None = None
    """The address of a time stamping service (RFC 3161) that heads of the log are sent to."""
    witnesses: list[str] = field(default_factory=list)
    """Mail addresses that the last head of the log is sent to after a crawl, by the mail server of ``alerts``."""
    learn: bool = True
    """Whether crawls learn from a portal's own pages how it is read."""
    mask_private_numbers: bool = False
    """Whether identity-card and mobile numbers of private persons are masked in the public database."""
    unread: list[str] = field(default_factory=list)
    """Keys of ``tinhuyen.toml`` that nothing reads."""

    def of(self, portal: str) -> PortalSettings:
        """The settings of a portal, the archive's own where it has none."""
        return self.rules.get(portal) or PortalSettings()

    def of_address(self, address: str) -> PortalSettings:
        """The settings of the portal that ``address`` belongs to; none are set for one of no portal of this archive."""
        names = (portal.name for portal in self.portals.values() if same_site(address, portal.url))
        return self.of(next(names, ""))


def choose(config: Config, names: list[str]) -> list[Portal]:
    """The portals of ``names``, all of them when none is named. Raises :class:`NoSuchPortal` with the nearest names."""
    for name in names:
        if name not in config.portals:
            near = difflib.get_close_matches(name, config.portals, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else "list them with  tinhuyen status"
            raise NoSuchPortal(f"there is no portal {name!r} in this archive: {hint}")
    if not config.portals:
        raise NoSuchPortal("this archive has no portal yet: add one with  tinhuyen add URL")
    return [config.portals[name] for name in names or config.portals]


def read_config(document: Any, path: Path) -> Config:
    """The settings in a document. Raises :class:`ConfigInvalid`."""
    data = document.unwrap()
    refuse_misspelt(data, TOP_LEVEL, f"{path}: ", joint="")
    for name in ("politeness", "limits", "portals", "alerts", "verify"):
        if not isinstance(data.get(name, {}), dict):
            raise ConfigInvalid(f"{path}: {name} must be a table, [{name}], not {shown(data[name])}")
    polite, limits = data.get("politeness", {}), data.get("limits", {})
    refuse_misspelt(polite, POLITENESS, f"{path}: politeness")
    refuse_misspelt(limits, LIMITS, f"{path}: limits")
    refuse_misspelt(data.get("alerts", {}), ALERTS, f"{path}: alerts")
    refuse_misspelt(data.get("verify", {}), VERIFY, f"{path}: verify")
    values = {name: read_number(polite, name, f"{path}: politeness") for name in (*NUMBERS, "form_delay")}
    hours = read_hours(polite, f"{path}: politeness")
    portals, rules = {}, {}
    for name, entry in data.get("portals", {}).items():
        portals[name] = _portal(name, entry, str(path))
        rules[name] = read_portal_settings(entry, f"{path}: portals.{name}", default_hours=hours)
    kept = {name: read_number(limits, name, f"{path}: limits") for name in ("min_free_mb", "quota_gb")}
    verify = {name: read_number(data.get("verify", {}), name, f"{path}: verify") for name in VERIFY}
    learn = data.get("learn", True)
    if not isinstance(learn, bool):
        raise ConfigInvalid(f"{path}: learn must be true or false, not {shown(learn)}")
    masks = data.get("mask_private_numbers", False)
    if not isinstance(masks, bool):
        raise ConfigInvalid(f"{path}: mask_private_numbers must be true or false, not {shown(masks)}")
    return Config(
        read_text(data, "name", f"{path}: ", joint="") or path.parent.name,
        read_text(data, "contact", f"{path}: ", joint="") or "",
        Politeness(**{name: value for name, value in values.items() if value is not None}),
        portals,
        rules,
        Limits(**{name: value for name, value in kept.items() if value is not None}),
        _alerts(data.get("alerts", {}), f"{path}: alerts"),
        Verifying(**{name: value for name, value in verify.items() if value is not None}),
        learn=learn,
        mask_private_numbers=masks,
        unread=_unread(data),
        witnesses=list(dict.fromkeys(_mail_addresses(data.get("witnesses", []), f"{path}: witnesses"))),
        stamp=read_address(data["stamp"], f"{path}: stamp", ("http", "https")) if "stamp" in data else None,
    )


def _unread(data: dict[str, Any]) -> list[str]:
    """The keys that nothing reads, as written: slips too wide to guess, or notes."""
    known: list[tuple[str, Any, tuple[str, ...]]] = [
        ("", data, TOP_LEVEL),
        ("politeness.", data.get("politeness", {}), POLITENESS),
        ("limits.", data.get("limits", {}), LIMITS),
        ("alerts.", data.get("alerts", {}), ALERTS),
        ("verify.", data.get("verify", {}), VERIFY),
    ]
    known += [(f"portals.{name}.", entry, (*KEYS, *NOTES)) for name, entry in data.get("portals", {}).items()]
    return [
        f"{before}{key}"[:120] + _meant(key, before)
        for before, table, keys in known
        for key in table
        if key not in keys
    ]


def _meant(key: str, before: str) -> str:
    """Where a key that stands in another table would be read: pasted below the last line of the file it is in that one's."""
    tables = (("politeness.", POLITENESS), ("limits.", LIMITS), ("alerts.", ALERTS), ("verify.", VERIFY))
    under = [f"[{name[:-1]}]" for name, keys in tables if key in keys and name != before]
    if before and key in TOP_LEVEL:
        return " (it belongs at the top, above the first table)"
    return f" (it belongs under {under[0]})" if under else ""


def _portal(name: str, entry: Any, path: str) -> Portal:
    """The portal of a table. Raises :class:`ConfigInvalid`."""
    if (wrong := wrong_name(name)) is not None:
        raise ConfigInvalid(f"{path}: the portal's name {shown(name)} {wrong}")
    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
        raise ConfigInvalid(f"{path}: the portal {name!r} needs a url")
    where = f"{path}: portals.{name}"
    allow_private = entry.get("allow_private", False)
    if not isinstance(allow_private, bool):
        raise ConfigInvalid(f"{where}.allow_private must be true or false, not {shown(allow_private)}")
    return Portal(
        name,
        read_address(entry["url"], f"{where}.url", ("http", "https"), user=False),
        title=read_text(entry, "title", where),
        family=read_text(entry, "family", where),
        unit=read_text(entry, "unit", where),
        allow_private=allow_private,
    )


def _alerts(table: dict[str, Any], where: str) -> Alerts:
    mail = _mail_addresses(table.get("mail", []), f"{where}.mail")
    values = {}
    if sender := read_text(table, "from", where):
        if "@" not in sender:
            raise ConfigInvalid(f"{where}.from must be a mail address, not {shown(sender)}")
        values["sender"] = sender
    for key, allowed in (("smtp", ("smtp", "smtp+starttls", "smtps")), ("webhook", ("http", "https"))):
        if (address := read_text(table, key, where)) is not None:
            values[key] = read_address(address, f"{where}.{key}", allowed)
    return Alerts(mail, notify=_notify(table, where), **values)


def _mail_addresses(given: Any, where: str) -> list[str]:
    """One address or a list of them. Raises :class:`ConfigInvalid`."""
    mail = [given] if isinstance(given, str) else given
    if not isinstance(mail, list) or not all(isinstance(one, str) and _MAIL.fullmatch(one) for one in mail):
        raise ConfigInvalid(f"{where} must be a mail address or a list of them, not {shown(mail)}")
    return mail


def _notify(table: dict[str, Any], where: str) -> list[str]:
    """Addresses of apprise. A wrong one is not quoted: a slip of the pen may stand beside a token."""
    notify = table.get("notify", [])
    notify = [notify] if isinstance(notify, str) else notify
    if not isinstance(notify, list) or not all(isinstance(one, str) and _may_notify(one) for one in notify):
        raise ConfigInvalid(f"{where}.notify must be an address of apprise like tgram://token/chat, or a list of them")
    return list(dict.fromkeys(notify))


def _may_notify(address: str) -> bool:
    """Whether a text may be an address of apprise; which services there are, it knows when it sends."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            _ = parts.port  # of others a token may stand there
    except ValueError:
        return False
    return _NOTIFY.fullmatch(address) is not None


_NOTIFY = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\x00-\x1f\x7f-\x9f]+")
_MAIL = re.compile(r"[^\s@\x00-\x1f\x7f-\x9f]+@[^\s@\x00-\x1f\x7f-\x9f]+")
