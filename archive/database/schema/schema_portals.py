"""What is known of portals beside their articles: the ones before and after them, and how they were at their last crawl."""

from __future__ import annotations

LINEAGE = (
    # A code of the statistics office is no identity: units are known by the ids of archive.places.
    "ALTER TABLE unit RENAME COLUMN code TO id",
    "ALTER TABLE unit ADD COLUMN code TEXT",
    "ALTER TABLE unit ADD COLUMN level TEXT",
    # By name, not id: the portal at either end may not be in the archive.
    """CREATE TABLE portal_link (
        old TEXT NOT NULL,
        new TEXT NOT NULL,
        since TEXT,
        document TEXT,
        PRIMARY KEY (old, new)
    ) WITHOUT ROWID""",
)

HEALTH = (
    # By name: a portal that was never reached has no more than its row in `portal`.
    """CREATE TABLE health (
        portal TEXT PRIMARY KEY,
        verdict TEXT NOT NULL,
        since TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        well_at TEXT,
        is_well INTEGER NOT NULL,
        waiting INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        next_at TEXT
    ) WITHOUT ROWID""",
)
