"""What can go wrong with an archive, as one family: each message is a whole line for the person at the terminal.

ArchiveError
├── ArchiveDamaged   the database is no database, is torn, or was made by a newer version
├── ArchiveLocked    another process held the write lock for longer than the busy timeout
├── UnknownPortal    an article names a portal the archive does not have
├── PortBusy         the site's address is already in use
└── ExtraMissing     a library that only some need is not installed
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Base of everything the archive reports to its user; ``str()`` is one clear line."""


class ArchiveDamaged(ArchiveError):
    """Raised by `archive.store.Store` when SQLite cannot read the file, or the file's schema is newer than ours."""


class ArchiveLocked(ArchiveError):
    """Raised by `archive.store.Store` when the write lock was not free within the busy timeout."""


class UnknownPortal(ArchiveError):
    """Raised by `archive.store.Store` when a portal is asked for, or written to, that was never added."""


class PortBusy(ArchiveError):
    """Raised by `archive.site.server.serving.serve` before starting, when the address is taken."""


class ExtraMissing(ArchiveError):
    """Raised where a library of one of the package's extras is needed and not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this needs {library}, which is not installed:  pip install 'tinhuyen[{extra}]'")
