"""The ledger as commands look at it."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from archive.sqlite_file import is_current
from crawler.config import ArchiveFolder
from crawler.frontier.schema import migrations


class ledger:
    """The ledger, read only, so that a look never waits for a crawl; an archive never crawled has an empty one."""

    def __init__(self, folder: ArchiveFolder) -> None:
        from crawler.frontier.sqlite import SqliteFrontier

        if not folder.ledger.exists():
            SqliteFrontier(folder.ledger).close()
        self.conn = self._look(folder)
        if not is_current(Database(self.conn), migrations):  # made by an earlier version
            self.conn.close()
            SqliteFrontier(folder.ledger).close()
            self.conn = self._look(folder)
        self.conn.row_factory = sqlite3.Row

    def _look(self, folder: ArchiveFolder) -> sqlite3.Connection:
        return sqlite3.connect(f"{folder.ledger.resolve().as_uri()}?mode=ro", uri=True, timeout=10)

    def __enter__(self) -> sqlite3.Connection:
        return self.conn

    def __exit__(self, *error: object) -> None:
        self.conn.close()
