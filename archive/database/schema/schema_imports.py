"""Imports: which WARC files hold what others captured. Provenance is a file's: all its captures are seen through the same."""

from __future__ import annotations

IMPORTS = (
    # `source` is the name of the imported file, without its folder; `sha256` and `bytes` are that file's.
    """CREATE TABLE import_file (
        file TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        through TEXT NOT NULL,
        imported_at TEXT NOT NULL
    ) WITHOUT ROWID""",
    # 1 while all captures of the article are imported: its times are those of others then. Of all other articles times
    # are those of the archive's own captures alone.
    "ALTER TABLE article ADD COLUMN imported INTEGER NOT NULL DEFAULT 0",
)
