"""The store of commands that change an archive beside a crawl: their redo records make a small WARC file of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archive.proof.log import Log
from archive.redo.recorded_store import RecordedStore
from archive.warc.write import WarcWriter
from crawler.crawl.records.run.warcinfo import warcinfo
from crawler.folder.archive_folder import ArchiveFolder


@contextmanager
def recorded(folder: ArchiveFolder) -> Iterator[RecordedStore]:
    """The archive's database to write to. Where nothing is changed no file is left; the log notes the digest of one that is."""
    writer = WarcWriter(folder.warc, warcinfo(folder.config()))
    with RecordedStore.open(folder.database) as store:
        store.record_into(writer)
        try:
            yield store
        finally:
            writer.close()
            Log(folder.path).note_files(writer.finished)
