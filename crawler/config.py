"""An archive folder and its ``tinhuyen.toml``: name, contact, politeness, portals.

The file is written by ``init`` and ``add`` and edited by hand; comments and order survive both.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from archive.model import Portal
from crawler.errors import ConfigInvalid, NoArchive, NoSuchPortal

CONFIG_NAME = "tinhuyen.toml"

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
"""


@dataclass(slots=True)
class Politeness:
    """How portals are asked. ``delay`` and ``timeout`` are seconds, sizes are megabytes (10^6 bytes)."""

    delay: float = 1.0
    timeout: float = 60.0
    max_page_mb: float = 16
    max_file_mb: float = 64


@dataclass(slots=True)
class Config:
    """What ``tinhuyen.toml`` says."""

    name: str
    contact: str
    politeness: Politeness = field(default_factory=Politeness)
    portals: dict[str, Portal] = field(default_factory=dict)


class ArchiveFolder:
    """The folder of one archive and where things lie in it."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

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

    def exists(self) -> bool:
        return self.config_path.is_file()

    def require(self) -> None:
        """Raise :class:`NoArchive` unless the folder is an archive."""
        if not self.exists():
            raise NoArchive(f"{self.path} is not an archive: make one with  tinhuyen init {self.path}")

    def init(self, *, name: str | None = None, contact: str = "") -> bool:
        """Make the folder an archive; False when it is one already, and nothing was changed."""
        if self.exists():
            return False
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            text = _TEMPLATE.format(name=_quoted(name or self.path.resolve().name), contact=_quoted(contact))
            self.config_path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise NoArchive(f"cannot make an archive at {self.path}: {error.strerror}") from error
        return True

    def config(self) -> Config:
        """Read ``tinhuyen.toml``. Raises :class:`NoArchive` or :class:`ConfigInvalid`."""
        self.require()
        return _config(self._document(), self.config_path)

    def add_portal(self, portal: Portal) -> bool:
        """Write a portal into ``tinhuyen.toml``; False when one of that name stands there, and nothing was changed."""
        document = self._document()
        table = document.setdefault("portals", tomlkit.table(is_super_table=True))
        if portal.name in table:
            return False
        entry = tomlkit.table()
        entry["url"] = portal.url
        if portal.title:
            entry["title"] = portal.title
        if portal.allow_private:
            entry["allow_private"] = True
        table[portal.name] = entry
        self.config_path.write_text(tomlkit.dumps(document), encoding="utf-8")
        return True

    def _document(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.config_path.read_text(encoding="utf-8"))
        except (TOMLKitError, UnicodeDecodeError) as error:
            raise ConfigInvalid(f"{self.config_path} cannot be read: {error}") from error


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
    for name in ("politeness", "portals"):
        if not isinstance(data.get(name, {}), dict):
            raise ConfigInvalid(f"{path}: {name} must be a table, [{name}], not {data[name]!r}")
    polite = data.get("politeness", {})
    values = {}
    for name in ("delay", "timeout", "max_page_mb", "max_file_mb"):
        if name in polite:
            value = polite[name]
            if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
                raise ConfigInvalid(f"{path}: politeness.{name} must be a number of at least 0, not {value!r}")
            values[name] = float(value)
    portals = {}
    for name, entry in data.get("portals", {}).items():
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
            raise ConfigInvalid(f"{path}: the portal {name!r} needs a url")
        portals[name] = Portal(
            name, entry["url"], title=entry.get("title"), allow_private=entry.get("allow_private") is True
        )
    return Config(str(data.get("name", path.parent.name)), str(data.get("contact", "")), Politeness(**values), portals)


def _quoted(value: str) -> str:
    return tomlkit.item(value).as_string()
