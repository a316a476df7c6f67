"""The folder of one archive: where things lie in it, and ``tinhuyen.toml`` as it is read and written."""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError
from tomlkit.items import Table

from archive.model import Portal
from crawler.errors import ConfigInvalid, NoArchive
from crawler.folder.config import Config, read_config
from crawler.folder.nearby import CONFIG_NAME, archives_near
from crawler.folder.own_files import refuse_links, write_private
from crawler.folder.toml_text import clean

_TEMPLATE = """\
# An archive of Tin Huyện. One archive is one folder: move it as you like.
name = {name}

# Sent to every portal with each request, so that its people can reach you: a mail address or a page about you.
contact = {contact}

# Crawls learn from a portal's own pages where its articles keep title, day and text; what they learn is in themes/.
# learn = false

# Mask identity-card and mobile numbers of private persons in all that is public; the captures keep them.
# After a change:  tinhuyen rebuild --replace
# mask_private_numbers = true

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

[verify]
# Whoever runs the schedules verifies the archive: how often, and how many captures and articles of it (0: all).
# every_days = 30
# sample = 1000

[alerts]
# Who is told when something goes wrong, at most once a day for each cause. Try it with  tinhuyen alerts test
# mail = "archivist@example.org"
# smtp = "smtp+starttls://user@mail.example.org:587"   # its password: the environment's TINHUYEN_SMTP_PASSWORD
# webhook = "https://example.org/hook"                 # receives JSON
# notify = ["tgram://token/chat"]                       # any address of apprise

# Each portal may have settings of its own below its url:
#   include = ["/tin-tuc/"]        only addresses that match one of these regular expressions
#   exclude = ["/lich-cong-tac/"]  none that match one of these
#   selectors = {{ title = "h1.ten-bai", content = ".noi-dung" }}   where its own theme keeps the parts of an article
#                                  (title, lead, content, date, byline, section, tags, …: CSS)
#   floors = {{ articles_a_month = 10, fill = {{ title = 0.99 }} }}   below them no snapshot is published
#   hours, delay, timeout, max_page_mb, max_file_mb, max_pages, max_mb, max_hours as above; proxy = "http://proxy.example:3128"
"""


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
            there = f" There is one at {', '.join(map(str, near))}." if near else ""
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
        return read_config(self._document(), self.config_path)

    def entry(self, portal: str) -> dict[str, Any]:
        """The table of a portal in ``tinhuyen.toml`` as it is written, with what nothing reads."""
        found: dict[str, Any] = self._document().unwrap().get("portals", {}).get(portal, {})
        return found

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
        if twice := re.match(r'Key "(.+)" already exists', what):
            return _twice(twice[1], text)
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


def _twice(name: str, text: str) -> str:
    """What to do about a table or key that stands in a TOML twice, with the lines where a table of that name begins."""
    header = "".join(f"[{name}]".split())
    lines = [
        f"{number:,}"
        for number, line in enumerate(text.splitlines(), start=1)
        if "".join(line.split()).startswith(header)
    ]
    if len(lines) > 1:
        return f"[{name}] begins at the lines {' and '.join(lines)}: put all of it under the first"
    return f"{name} stands there twice: keep one of them"


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
