"""``tinhuyen export --format bagit``: what is public of an archive as a bag (RFC 8493), for a library's stacks.

In it are the WARC files, the articles as JSON lines, the learnt themes and the log of captures with its public key. The ledger,
the settings and the private key are not. WARC files that hold records of suspended articles are written anew without
those; all others are linked where that can be.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import ArchiveError, ExtraMissing
from archive.export.jsonl import export_jsonl
from archive.store import Store
from archive.warc.scan import RecordDamaged, scan_record
from archive.warc.write import OPEN_SUFFIX

UNFINISHED = ".unfinished"
LOG_FILES = ("leaves", "heads.jsonl", "notes.jsonl", "stamps.jsonl", "key.pub")
Progress = Callable[[int], None]


class BagExists(ArchiveError):
    """Raised where a bag is to be made and something lies there already."""


@dataclass(slots=True)
class Bagged:
    """What a bag holds; ``open_files`` are WARC files that a crawl was writing: they go into the next bag."""

    articles: int = 0
    files: int = 0
    open_files: list[str] = field(default_factory=list)
    written_anew: list[str] = field(default_factory=list)
    """WARC files from which records of suspended articles were left out."""


def export_bag(
    store: Store, folder: Path, target: Path, themes: Mapping[str, bytes], progress: Progress = lambda _step: None
) -> Bagged:
    """Make a bag of an archive's folder at ``target``, which must not be there; it gets its name when it is whole.

    ``themes`` are the portals' learnt themes by the name of their files.

    Raises `ExtraMissing` where bagit is not installed, and `BagExists`. One that broke off is begun anew.
    """
    try:
        import bagit
    except ImportError as error:
        raise ExtraMissing("bagit", "export") from error
    if target.exists():
        raise BagExists(f"{target} is there already: choose another name, nothing is overwritten")
    made = target.with_name(f"{target.name}{UNFINISHED}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    done = Bagged()
    with (made / "articles.jsonl").open("w", encoding="utf-8") as out:
        done.articles = export_jsonl(store, out)
    _add_records(store, folder / "warc", made / "warc", done, progress)
    for name, data in themes.items():
        (made / "themes").mkdir(exist_ok=True)
        (made / "themes" / name).write_bytes(data)
    for name in LOG_FILES:
        _add_files(folder / "proof", made / "proof", name)
    about = {
        "Source-Organization": store.conn.execute("SELECT group_concat(name, ', ') FROM portal").fetchone()[0] or "",
        "External-Description": "News of Vietnam's local governments: WARC files, the articles read from them, the log",
        "Bag-Software-Agent": "tinhuyen, bagit.py",
    }
    bagit.make_bag(str(made), about, checksums=["sha256", "sha512"])
    made.replace(target)
    return done


def _add_files(source: Path, target: Path, pattern: str) -> None:
    for path in sorted(source.glob(pattern)) if source.is_dir() else ():
        target.mkdir(exist_ok=True)
        shutil.copyfile(path, target / path.name)


def _add_records(store: Store, warc: Path, target: Path, done: Bagged, progress: Progress) -> None:
    target.mkdir()
    suspended = {
        row[0].strip("<>") for row in store.conn.execute("SELECT record_id FROM suspended_capture")
    }  # of all files: few, ever
    for path in sorted(warc.glob("*.warc*")) if warc.is_dir() else ():
        if path.name.endswith(OPEN_SUFFIX):
            done.open_files.append(path.name)
            continue
        if suspended and _holds(path, suspended):
            _write_without(path, target / path.name, suspended)
            done.written_anew.append(path.name)
        else:
            _link(path, target / path.name)
        done.files += 1
        progress(path.stat().st_size)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _holds(path: Path, records: set[str]) -> bool:
    """Whether one of the records, or one that belongs to it, stands in a file; one that is damaged may hold anything."""
    with path.open("rb") as file, contextlib.suppress(EOFError):
        size, at = path.stat().st_size, 0
        while at < size:
            try:
                record = scan_record(file, at)
            except RecordDamaged:
                return True
            if _belongs(record.headers, records):
                return True
            at = record.end
    return False


def _write_without(path: Path, target: Path, records: set[str]) -> None:
    """Copy a WARC file record by record, and not those named nor what belongs to them; behind damage nothing is copied."""
    size, at = path.stat().st_size, 0
    with path.open("rb") as file, target.open("wb") as out:
        while at < size:
            try:
                record = scan_record(file, at)
            except RecordDamaged:
                return
            if not _belongs(record.headers, records):
                file.seek(at)
                left = record.end - at
                while left and (piece := file.read(min(left, 1 << 20))):
                    out.write(piece)
                    left -= len(piece)
            at = record.end


def _belongs(headers: dict[str, str], records: set[str]) -> bool:
    named = ("warc-record-id", "warc-concurrent-to", "warc-refers-to")
    return any(headers.get(name, "").strip("<>") in records for name in named)
