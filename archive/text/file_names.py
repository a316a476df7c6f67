"""What servers call files (Content-Disposition), and the attachments that bear those names.

A name that the page prints for a file stays; many pages print none but "Tải về".
"""

from __future__ import annotations

import sqlite3


def name(conn: sqlite3.Connection, url: str, said: str) -> None:
    """Keep what the server calls the file at an address, and give it to the attachments without a name."""
    conn.execute("UPDATE file SET name = ? WHERE url = ?", (said, url))
    conn.execute("UPDATE attachment SET name = ? WHERE url = ? AND name IS NULL", (said, url))


def fill(conn: sqlite3.Connection, article: int) -> None:
    """Give an article's attachments without a name those of the files that are kept already."""
    conn.execute(
        """UPDATE attachment SET name = (SELECT name FROM file WHERE file.url = attachment.url)
           WHERE article = ? AND name IS NULL""",
        (article,),
    )
