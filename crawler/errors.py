"""The errors a user can meet, each ending the command with one line and its exit code.

UserError (2)
|-- NoArchive           the folder is no archive
|-- ConfigInvalid       tinhuyen.toml cannot be read as written
|-- NoSuchPortal        a portal's name is not in the archive
|-- BadName             a name cannot stand where it is to be written (a unit, a crontab)
|-- BadAddress          a URL is no http(s) address, does not resolve, or is private
|-- UnknownProvince     a province is asked for that the registry of portals does not have
|-- CrawlStuck          a crawl cannot go on, whatever is left out
|-- RegistryInvalid     a file of the registry of portals cannot be read
`-- FloorNotReached     a portal's articles are fewer or emptier than its floors allow
"""

from __future__ import annotations

from archive.text.plain_output import printable

OK, FAILURES, USAGE, DAMAGED, DISK_FULL, DIFFERS, BELOW_FLOOR, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
"""Exit codes: well, finished with failures, usage, archive damaged or locked, disk full or quota, a rebuilt database
differs, a portal below its floor, interrupted."""


class UserError(Exception):
    """Something the user can mend; its text says what is wrong and what to do."""

    exit_code = USAGE


class NoArchive(UserError):
    """Raised when a command needs an archive and the folder holds none."""


class ConfigInvalid(UserError):
    """Raised for a tinhuyen.toml that is no TOML, or holds a value that makes no sense. Told in one line, whatever the
    file holds."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text).replace("\n", "\\n"))


class BadName(UserError):
    """Raised by `schedule install` for a folder or user whose name would break the file it is written into."""


class NoSuchPortal(UserError):
    """Raised when a named portal is not in the archive; names the nearest ones."""


class BadAddress(UserError):
    """Raised by `add` for an address that cannot be a portal's."""


class UnknownProvince(UserError):
    """Raised when a province is named that the registry of portals does not have; names the nearest ones."""


class RegistryInvalid(UserError):
    """Raised when a file of the registry of portals cannot be read; names the file and the entry."""


class CrawlStuck(UserError):
    """Raised when a crawl's process is killed again and again; what was kept so far is whole, and the next crawl goes on."""

    exit_code = FAILURES


class FloorNotReached(UserError):
    """Raised by `snapshot` before anything is written; names portal, floor and what was seen."""

    exit_code = BELOW_FLOOR
