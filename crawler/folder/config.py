"""An archive folder and its ``tinhuyen.toml``: name, contact, politeness, portals.

The file is written by ``init`` and ``add`` and edited by hand; comments and order survive both.
"""

from __future__ import annotations

import contextlib
import difflib
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError
from tomlkit.items import Table

from archive.model import Portal
from crawler.errors import ConfigInvalid, NoArchive, NoSuchPortal
from crawler.folder.nearby import CONFIG_NAME, archives_near
from crawler.folder.own_files import refuse_links, write_private
from crawler.folder.portal_settings import KEYS, NOTES, NUMBERS, Rules, read_hours, read_rules, refuse_misspelt
from crawler.folder.setting_values import read_address, read_number, read_text, shown, wrong_name
from crawler.folder.toml_text import clean

TOP_LEVEL = ("name", "contact", "politeness", "limits", "alerts", "portals")
POLITENESS = (*NUMBERS, "form_delay", "hours")
LIMITS = ("min_free_mb", "quota_gb")
ALERTS = ("mail", "from", "smtp", "webhook")
"""The keys that are read of each table."""

_TEMPLATE = """\
# An archive of Tin Huyện. One archive is one folder: move it as you like.
name = {name}

# Sent to every portal with each request, so that its people can reach you: a mail address or a page about you.
contact = {contact}

[politeness]
# Seconds between two requests to one server.
delay = 1.0
# Seconds until a server that does not answer is given up.
timeout = 60.0
# The largest page kept, in megabytes.
max_page_mb = 16
# The largest attachment or picture kept, in megabytes.
max_file_mb = 64
# What one crawl takes of one portal before it is left to the next crawl; megabytes and hours have no limit of their own.
# max_pages = 200000
# max_mb = 50000
# max_hours = 24
# Hours in which portals may be asked, in Vietnam's time; without it, all day.
# hours = "19:00-07:00, 12:00-13:00"

[limits]
# A crawl stops when less than this is free on the disk, in megabytes.
min_free_mb = 200
# A crawl stops when the archive's folder is larger than this, in gigabytes; without it, never.
# quota_gb = 100

[alerts]
# Who is told when something goes wrong, at most once a day for each cause. Try it with  tinhuyen alerts test
# mail = "archivist@example.org"
# smtp = "smtp+starttls://user@mail.example.org:587"   # its password: the environment's TINHUYEN_SMTP_PASSWORD
# webhook = "https://example.org/hook"                 # receives JSON

# Each portal may have settings of its own below its url:
#   include = ["/tin-tuc/"]        only addresses that match one of these regular expressions
#   exclude = ["/lich-cong-tac/"]  none that match one of these
#   selectors = {{ title = "h1.ten-bai", content = ".noi-dung" }}   where its own theme keeps the parts of an article
#                                  (title, lead, content, date, byline, section, tags, …: CSS)
#   hours, delay, timeout, max_page_mb, max_file_mb, max_pages, max_mb, max_hours as above; proxy = "http://proxy.example:3128"
"""


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
    before ``@`` where one is asked for; its password is read from the environment, ``TINHUYEN_SMTP_PASSWORD``."""

    mail: list[str] = field(default_factory=list)
    sender: str = ""
    smtp: str = "smtp://localhost"
    webhook: str | None = None

    @property
    def smtp_shown(self) -> str:
        """The mail server without its user."""
        parts = urlsplit(self.smtp)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@dataclass(slots=True)
class Config:
    """What ``tinhuyen.toml`` says."""

    name: str
    contact: str
    politeness: Politeness = field(default_factory=Politeness)
    portals: dict[str, Portal] = field(default_factory=dict)
    rules: dict[str, Rules] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    alerts: Alerts = field(default_factory=Alerts)
    unread: list[str] = field(default_factory=list)
    """Keys of ``tinhuyen.toml`` that nothing reads."""

    def of(self, portal: str) -> Rules:
        """The settings of a portal, the archive's own where it has none."""
        return self.rules.get(portal) or Rules()


class ArchiveFolder:
    """The folder of one archive and where things lie in it. ``path`` is absolute, so that messages name the place."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).expanduser().absolute()

    @property
    def config_path(self) -> Path:
        return self.path / CONFIG_NAME

    @property
    def database(self) -> Path:
        """The public database: Datasette serves this file alone."""
        return self.path / "archive.db"

    @property
    def ledger(self) -> Path:
        """The private database: ledger, hosts, runs."""
        return self.path / "crawl.db"

    @property
    def warc(self) -> Path:
        return self.path / "warc"

    @property
    def workers(self) -> Path:
        """Marks of the processes that crawl this archive just now."""
        return self.path / ".workers"

    @property
    def tickers(self) -> Path:
        """Marks of the processes that hold what was due in the schedules."""
        return self.path / ".tickers"

    @property
    def reserve(self) -> Path:
        """Room kept back for the last words of a crawl that fills the disk."""
        return self.path / ".reserve"

    def exists(self) -> bool:
        return self.config_path.is_file()

    def require(self) -> None:
        """Raise :class:`NoArchive` unless the folder is an archive."""
        if not self.exists():
            near = archives_near(self.path)
            there = f" There is one at {' and at '.join(map(str, near))}." if near else ""
            raise NoArchive(
                f"no archive at {self.path}: wrong folder?{there} Else  tinhuyen init {shlex.quote(str(self.path))}"
            )
        refuse_links(self.path)

    def init(self, *, name: str | None = None, contact: str = "") -> bool:
        """Make the folder an archive; False when it is one already, which stays as it is."""
        if self.exists():
            return False
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            text = _TEMPLATE.format(name=_quoted(name or self.path.resolve().name), contact=_quoted(contact))
            write_private(self.config_path, text)
        except OSError as error:
            raise NoArchive(f"cannot make an archive at {self.path}: {error.strerror}") from error
        return True

    def config(self) -> Config:
        """Read ``tinhuyen.toml``. Raises :class:`NoArchive` or :class:`ConfigInvalid`."""
        self.require()
        return _config(self._document(), self.config_path)

    def add_portal(self, portal: Portal) -> bool:
        """Write a portal into ``tinhuyen.toml``; False when one of that name stands there, and nothing was changed."""
        return bool(self.add_portals([portal]))

    def add_portals(self, portals: Iterable[Portal], facts: Mapping[str, Any] | None = None) -> list[str]:
        """Write portals into ``tinhuyen.toml`` and answer the names that are new; the others stay as they stand there.

        ``facts`` holds, by a portal's name, a table of what else was seen of it.
        """
        document = self._document()
        table = document.setdefault("portals", tomlkit.table(is_super_table=True))
        new = []
        for portal in portals:
            if portal.name not in table:
                table[portal.name] = _entry(portal, (facts or {}).get(portal.name))
                new.append(portal.name)
        if new:
            self._write(document)
        return new

    def remove_portal(self, name: str) -> bool:
        """Take a portal out of ``tinhuyen.toml``; False when none of that name stands there."""
        document = self._document()
        if name not in document.get("portals", {}):
            return False
        del document["portals"][name]
        self._write(document)
        return True

    def size(self) -> int:
        """Bytes the folder takes: WARC files and databases."""
        files = [*self.path.glob("*.db*"), *(self.warc.glob("*") if self.warc.exists() else [])]
        total = 0
        for path in files:
            try:
                total += path.stat().st_size
            except FileNotFoundError:  # a journal that was just folded in, a file that was just renamed
                continue
        return total

    def _document(self) -> tomlkit.TOMLDocument:
        try:
            document = tomlkit.parse(self.config_path.read_text(encoding="utf-8"))
            document.unwrap()  # some values are made only here
            return document
        except OSError as error:
            raise ConfigInvalid(f"{self.config_path} cannot be read: {error.strerror}") from error
        except RecursionError as error:
            raise ConfigInvalid(f"{self.config_path} cannot be read: its values are nested too deep") from error
        except ParseError as error:
            raise ConfigInvalid(f"{self.config_path} cannot be read: {self._where(error)}") from error
        except (TOMLKitError, ValueError, ArithmeticError) as error:
            raise ConfigInvalid(f"{self.config_path} cannot be read: {error}") from error

    def _where(self, error: ParseError) -> str:
        """Line and column of a mistake in the TOML, what is wrong there, and the line."""
        text = self.config_path.read_text(encoding="utf-8")
        line = next(iter(text.splitlines()[error.line - 1 : error.line]), "").strip()
        what = str(error).partition(" at line ")[0]
        said = f"line {error.line}, column {error.col + 1}: {what[:1].lower()}{what[1:]}"
        return f"{said}, in  {line[:200]}" if line else said

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        """Put ``document`` in the place of ``tinhuyen.toml`` at one stroke: on a full disk the old one stays whole."""
        path = self.config_path.resolve()
        fresh = path.with_name(f"{path.name}.new")
        try:
            write_private(fresh, tomlkit.dumps(document))
            fresh.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, str(self.config_path)) from error


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


def _config(document: Any, path: Path) -> Config:
    data = document.unwrap()
    refuse_misspelt(data, TOP_LEVEL, f"{path}: ", joint="")
    for name in ("politeness", "limits", "portals", "alerts"):
        if not isinstance(data.get(name, {}), dict):
            raise ConfigInvalid(f"{path}: {name} must be a table, [{name}], not {shown(data[name])}")
    polite, limits = data.get("politeness", {}), data.get("limits", {})
    refuse_misspelt(polite, POLITENESS, f"{path}: politeness")
    refuse_misspelt(limits, LIMITS, f"{path}: limits")
    refuse_misspelt(data.get("alerts", {}), ALERTS, f"{path}: alerts")
    values = {name: read_number(polite, name, f"{path}: politeness") for name in (*NUMBERS, "form_delay")}
    hours = read_hours(polite, f"{path}: politeness")
    portals, rules = {}, {}
    for name, entry in data.get("portals", {}).items():
        portals[name] = _portal(name, entry, str(path))
        rules[name] = read_rules(entry, f"{path}: portals.{name}", default_hours=hours)
    kept = {name: read_number(limits, name, f"{path}: limits") for name in ("min_free_mb", "quota_gb")}
    return Config(
        read_text(data, "name", f"{path}: ", joint="") or path.parent.name,
        read_text(data, "contact", f"{path}: ", joint="") or "",
        Politeness(**{name: value for name, value in values.items() if value is not None}),
        portals,
        rules,
        Limits(**{name: value for name, value in kept.items() if value is not None}),
        _alerts(data.get("alerts", {}), f"{path}: alerts"),
        _unread(data),
    )


def _unread(data: dict[str, Any]) -> list[str]:
    """The keys that nothing reads, as written: slips too wide to guess, or notes."""
    known: list[tuple[str, Any, tuple[str, ...]]] = [
        ("", data, TOP_LEVEL),
        ("politeness.", data.get("politeness", {}), POLITENESS),
        ("limits.", data.get("limits", {}), LIMITS),
        ("alerts.", data.get("alerts", {}), ALERTS),
    ]
    known += [(f"portals.{name}.", entry, (*KEYS, *NOTES)) for name, entry in data.get("portals", {}).items()]
    return [f"{before}{key}"[:120] for before, table, keys in known for key in table if key not in keys]


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
    mail = table.get("mail", [])
    mail = [mail] if isinstance(mail, str) else mail
    if not isinstance(mail, list) or not all(isinstance(one, str) and _MAIL.fullmatch(one) for one in mail):
        raise ConfigInvalid(f"{where}.mail must be a mail address or a list of them, not {shown(mail)}")
    values = {}
    if sender := read_text(table, "from", where):
        if "@" not in sender:
            raise ConfigInvalid(f"{where}.from must be a mail address, not {shown(sender)}")
        values["sender"] = sender
    for key, allowed in (("smtp", ("smtp", "smtp+starttls", "smtps")), ("webhook", ("http", "https"))):
        if (address := read_text(table, key, where)) is not None:
            values[key] = read_address(address, f"{where}.{key}", allowed)
    return Alerts(mail, **values)


_MAIL = re.compile(r"[^\s@\x00-\x1f\x7f-\x9f]+@[^\s@\x00-\x1f\x7f-\x9f]+")


def _entry(portal: Portal, facts: Any = None) -> Table:
    entry = tomlkit.table()
    entry["url"] = portal.url
    if portal.title:
        entry["title"] = clean(portal.title)
    if portal.unit:
        entry["unit"] = clean(portal.unit)
    if portal.allow_private:
        entry["allow_private"] = True
    for key, value in (facts or {}).items():
        if key not in entry:
            entry[key] = value
    return entry


def _quoted(value: str) -> str:
    return tomlkit.item(value).as_string()
