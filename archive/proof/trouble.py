"""What can be wrong with a log, as one error: its text says what, and what to do."""

from __future__ import annotations

from archive.errors import ArchiveError


class LogBroken(ArchiveError):
    """Raised when the log is not what its last head signed, or cannot be signed on. It is told and never made anew."""
