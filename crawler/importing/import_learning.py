"""After an import: the portals that got articles are learnt as a crawl learns them, and read again by it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.store import Store
from crawler.crawl.records.learning import STEPS, Themes, learn_and_read_again
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import CANNOT_KEEP
from crawler.folder.own_files import refuse_link, write_private
from crawler.importing.account import Account
from crawler.learn.theme_file import BadTheme, load, path_of, save
from crawler.watchdog import watchdog


def learn_imported(folder: ArchiveFolder, store: Store, themes: Themes, account: Account) -> None:
    """Learn the portals of which an import brought enough new articles. What cannot be learnt from costs nothing else."""
    config = folder.config()
    if not config.learn:
        return
    for portal, articles in account.portals.items():
        if articles < STEPS[0] // 2 or portal in account.themes:
            continue
        try:
            learn_and_read_again(themes, store, folder.warc, portal, config.of(portal).selectors, _reading)
        except (sqlite3.Error, *CANNOT_KEEP):
            raise
        except Exception:  # whatever a page holds, what was imported stays as it was read
            logging.getLogger(__name__).exception("learning %s failed", portal)


@contextmanager
def _reading(url: str) -> Iterator[bool]:
    if watchdog.current is not None:
        watchdog.current.beat()
    yield True


def adopt(archive: Path, portal: str, theme: bytes) -> bool:
    """Keep a theme that was learnt elsewhere; false for one that is none, or where the portal has one."""
    path = path_of(archive, portal)
    if path.exists():
        return False
    partial = path.with_suffix(".toml.part")
    path.parent.mkdir(exist_ok=True)
    refuse_link(path.parent)
    write_private(partial, theme.decode("utf-8", "replace"))
    try:
        themes = load(partial).themes
    except BadTheme:
        themes = []
    if not themes:
        partial.unlink()
        return False
    save(path, portal, themes)
    partial.unlink(missing_ok=True)
    return True
