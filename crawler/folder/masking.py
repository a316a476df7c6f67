"""Masking as the settings ask for it and as the database has it: where they differ, a rebuild brings them together."""

from __future__ import annotations

from archive.store import Store
from crawler.folder.archive_folder import ArchiveFolder


def told(folder: ArchiveFolder) -> str | None:
    """What a person is told where the settings and the database differ; ``None`` where they agree, or nothing is kept."""
    if not folder.database.exists():
        return None
    with Store.open_reading(folder.database) as store:
        masks = store.masks
        if store.conn.execute("SELECT 1 FROM capture LIMIT 1").fetchone() is None:
            return None
    wanted = folder.config().mask_private_numbers
    if wanted == masks:
        return None
    now = "not masked in what is kept" if wanted else "still masked in what is kept"
    return f"mask_private_numbers was changed, and private numbers are {now}:  tinhuyen rebuild --replace"
