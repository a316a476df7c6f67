"""The ledger as commands look at it."""

from __future__ import annotations

import sqlite3

from crawler.config import ArchiveFolder


class ledger:
    """The ledger, read only, so that a look never waits for a crawl; an archive never crawled has an empty one."""

    def __init__(self, folder: ArchiveFolder) -> None:
        from crawler.frontier.sqlite import SqliteFrontier

        if not folder.ledger.exists():
            SqliteFrontier(folder.ledger).close()
        self.conn = sqlite3.connect(f"{folder.ledger.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
        self.conn.row_factory = sqlite3.Row

    def __enter__(self) -> sqlite3.Connection:
        return self.conn

    def __exit__(self, *error: object) -> None:
        self.conn.close()
