"""Sealing a run: the captures it brought go into the log, under a signed head that the ledger remembers."""

from __future__ import annotations

import logging

from archive.proof.log import Log
from archive.proof.trouble import LogBroken
from archive.store import Store
from archive.warc.write import DiskFull, Finished
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.verifications import remember_head


def seal(folder: ArchiveFolder, store: Store, ledger: Ledger, files: list[Finished], run: int | None) -> None:
    """Append to the log what no head has signed yet, of crawls that were killed too, and the digests of the WARC files that
    this one closed. A log that is broken is told and
    left as it is; what was crawled is kept all the same."""
    try:
        log = Log(folder.path)
        log.note_files(files)
        head = log.append(store.conn, folder.config().name, run)
    except DiskFull:
        raise
    except (LogBroken, OSError) as error:
        logging.getLogger(__name__).critical("the log of captures was not continued: %s", error)
        return
    if head is not None:
        with ledger.write() as conn:
            remember_head(conn, head)
