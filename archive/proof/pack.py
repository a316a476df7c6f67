"""Evidence pack of one version of an article: a zip file that a stranger can check without this archive and its software.

In it are the WARC records, the page as it was served, the text as it was read, the attachments, where all of it comes from,
the proofs that the captures are in the log, the signed head, a README and ``check.py``.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.export.jsonl import as_dict
from archive.model import Capture
from archive.proof import check_pack
from archive.proof.heads import Head
from archive.proof.log import Log
from archive.proof.log_entries import FIELDS, entry_of
from archive.proof.merkle import Tree, leaf_hash
from archive.proof.origins import origins
from archive.proof.signing import load_key
from archive.proof.stamps import read_stamps
from archive.queries.records import Record
from archive.store import Store
from archive.warc.cut import Cut, cut_exchange, warcinfo
from archive.warc.read import CaptureUnreadable, StoredExchange, read_exchange
from archive.warc.record import uri

MOST_LOOKS = 10
"""Looks that found nothing that a pack holds: the first five and the last five."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: the same pack is the same bytes."""


class NoEvidence(ArchiveError):
    """Raised where a pack cannot be made because a record, a proof or the key is not there: something is damaged."""


class NotHeld(NoEvidence):
    """Raised for what was asked for and is not held, in an archive where nothing is damaged."""


@dataclass(slots=True)
class Part:
    """One capture in the pack: what it stands for, its records, its place among them, and the file made of its content."""

    role: str
    capture: Capture
    cut: Cut
    exchange: StoredExchange
    file: str | None = None
    offset: int = 0


@dataclass(slots=True)
class Pack:
    """What goes into a pack: ``files`` by name, and the parts."""

    record: Record
    head: Head
    parts: list[Part] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


def gather(store: Store, folder: Path, identifier: int, version: int | None) -> Pack:
    """Gather the pack of an article's version, the newest by default. Raises `NoEvidence`."""
    record = store.record(identifier, version, as_read=True)
    if record is None:
        raise NotHeld(f"there is no version {version} of article {identifier}" if version else f"there is no article {identifier}")  # fmt: skip
    log = Log(folder)
    heads = log.heads()
    if not heads:
        raise NotHeld("this archive has no log yet: make it with  tinhuyen verify --log")
    pack = Pack(record, heads[-1])
    try:
        for role, capture, name in _captures(store, record, folder / "warc"):
            _take(pack, folder / "warc", role, capture, name)
        _records(pack, folder / "warc")
    except CaptureUnreadable as error:
        raise NoEvidence(f"the evidence cannot be cut out: {error}; see  tinhuyen verify") from error
    pack.files["text.txt"] = readable(record).encode("utf-8")
    pack.files["article.json"] = _json(as_dict(record))
    pack.files["README.txt"] = Path(__file__).with_name("pack_readme.txt").read_bytes()
    for stamp in read_stamps(log.stamps_path):
        if stamp.head == pack.head.number:
            pack.files["head.tsr"], pack.files["head.message"] = stamp.response, pack.head.message()
    pack.files["evidence.json"] = _manifest(pack, log, store)
    key = _key(log, pack.head)
    pack.files["evidence.sig"] = key.sign(check_pack.PREFIX + pack.files["evidence.json"]).hex().encode() + b"\n"
    pack.files["check.py"] = Path(check_pack.__file__).read_bytes()
    return pack


def write_zip(pack: Pack, path: Path) -> None:
    """Write the pack at one stroke: a kill leaves no half of it."""
    fresh = path.with_name(f"{path.name}.new")
    order = ["README.txt", "check.py", "evidence.json", "evidence.sig"]
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as out:
        for name in [*order, *sorted(pack.files.keys() - set(order))]:
            packed = name.endswith(".gz")
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o644 << 16
            out.writestr(info, pack.files[name], zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
    fresh.replace(path)


def readable(record: Record) -> str:
    """The text of a version as it was read off its page."""
    article = record.article
    published = article.published.value if article.published else None
    head = [
        article.title,
        " · ".join(filter(None, (published, article.section))) or None,
        article.lead if article.lead and not article.text.startswith(article.lead) else None,
    ]
    parts = [*filter(None, head), article.text, *article.captions, *filter(None, [article.byline])]
    return "\n\n".join(parts) + "\n"


def _captures(store: Store, record: Record, warc: Path) -> Iterator[tuple[str, Capture, str | None]]:
    """The captures of a pack: role, capture, and the name of the file its content becomes. The page's comes first."""
    seen: set[str] = set()

    def with_original(role: str, capture: Capture, name: str | None) -> Iterator[tuple[str, Capture, str | None]]:
        if capture.record_id in seen:
            return
        seen.add(capture.record_id)
        yield role, capture, name
        if capture.record_type == "revisit" and capture.status == 200:
            original = _original(store, warc, capture)
            if original.record_id not in seen:
                seen.add(original.record_id)
                yield "original", original, None

    yield from with_original("page", record.capture, "page")  # its ending is known when it is read
    for number, file in enumerate(record.article.attachments, start=1):
        held = _file_capture(store, file.url, file.sha256) if file.sha256 else None
        if held is not None:
            yield from with_original("attachment", held, f"attachment-{number:02d}{_suffix(file.url)}")
    looks = record.not_seen if record.version == len(record.versions) else []
    chosen = looks if len(looks) <= MOST_LOOKS else [*looks[: MOST_LOOKS // 2], *looks[-MOST_LOOKS // 2 :]]
    for look in chosen:
        found = store.capture(look.capture)
        if found is not None:
            yield from with_original("look that did not find it", found, None)


def _original(store: Store, warc: Path, capture: Capture) -> Capture:
    """The capture whose payload a revisit repeats."""
    named = read_exchange(warc, capture.file, capture.offset, capture.length).refers_to or ""
    held = store.capture(named) or store.capture(f"<{named}>")
    if held is None:
        raise NoEvidence(f"the record that {capture.record_id} repeats is not held: see  tinhuyen verify")
    return held


def _file_capture(store: Store, url: str, sha256: str) -> Capture | None:
    for table in ("file", "file_revision"):
        row = store.conn.execute(f"SELECT capture FROM {table} WHERE url = ? AND sha256 = ?", (url, sha256)).fetchone()
        if row is not None:
            return store.capture(row[0])
    return None


def _page_name(capture: Capture, held: check_pack.Record) -> str:
    """The name of the page's file; one under a coding that needs more than Python to be undone lies there as it came."""
    kind = (capture.content_type or "").partition(";")[0].strip().lower()
    if any(name not in check_pack.CODINGS for name in held.http_header(b"content-encoding")):
        return "page.bin"
    return {"text/html": "page.html", "application/xhtml+xml": "page.html", "": "page.html", "text/plain": "page.txt"}.get(kind, "page.bin")  # fmt: skip


def _suffix(url: str) -> str:
    """The ending of a file's name, where it is plain."""
    name = url.partition("?")[0].rpartition("/")[2]
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return f".{suffix}" if suffix.isalnum() and suffix.isascii() and len(suffix) <= 5 else ".bin"


def _take(pack: Pack, warc: Path, role: str, capture: Capture, name: str | None) -> None:
    cut = cut_exchange(warc, capture)
    part = Part(role, capture, cut, read_exchange(warc, capture.file, capture.offset, capture.length), name)
    pack.parts.append(part)


def _records(pack: Pack, warc: Path) -> None:
    """Put the records one behind the other, each file's warcinfo before its first, and the contents into files."""
    data, files = bytearray(), set()
    for part in pack.parts:
        if part.capture.file not in files:
            files.add(part.capture.file)
            data += warcinfo(warc, part.capture.file)
        part.offset = len(data) + len(part.cut.request)
        data += part.cut.data
    pack.files["records.warc.gz"] = bytes(data)
    holders = {part.capture.record_id.strip("<>"): part for part in pack.parts}
    for part in pack.parts:
        if part.file is not None:
            holder = part
            if part.capture.record_type == "revisit":
                named = (part.exchange.refers_to or "").strip("<>")
                if named not in holders:
                    raise NoEvidence(f"the record that {part.capture.record_id} repeats is not held: see  tinhuyen verify")  # fmt: skip
                holder = holders[named]
            record = check_pack.Record(holder.cut.response)
            if part.file == "page":
                part.file = _page_name(part.capture, record)
            pack.files[part.file] = record.content()


def _manifest(pack: Pack, log: Log, store: Store) -> bytes:
    article, record = pack.record.article, pack.record
    manifest = {
        "format": "tinhuyen-evidence-1",
        "article": {
            "id": record.id,
            "portal": record.portal.name,
            "url": article.url,
            "title": article.title,
            "version": record.version,
            "versions": record.revisions + 1,
            "version_seen": list(record.version_seen),
            "first_seen": record.first_seen,
            "last_seen": record.last_seen,
            "last_checked": record.last_checked,
            "extractor": article.extractor,
        },
        "captures": _proven(pack, log, store),
        "head": json.loads(pack.head.line()),
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(pack.files.items())
        },
    }
    return _json(manifest)


def _proven(pack: Pack, log: Log, store: Store) -> list[dict[str, Any]]:
    """Each capture with its entry of the log and the proof that it is in it; one that others made, with whose it is."""
    leaves = log.leaves(pack.head.size)
    wanted = {leaf_hash(_entry(part)) for part in pack.parts}
    places = {leaf: at for at, leaf in enumerate(leaves) if leaf in wanted}
    tree, captures = Tree(leaves), []
    others = origins(log, store.conn, {part.capture.file for part in pack.parts}, pack.head.size, tree)
    for part in pack.parts:
        capture, index = part.capture, places.get(leaf_hash(_entry(part)))
        if index is None:
            raise NoEvidence(f"the capture {capture.record_id} is not in the log: see  tinhuyen verify --log")
        place = {"offset": part.offset, "length": len(part.cut.response)}
        captures.append(
            {
                "role": part.role,
                "url": capture.url,
                "warc_url": uri(capture.url),
                "fetched_at": capture.fetched_at,
                "status": capture.status,
                "connection": capture.secure,
                "file": part.file,
                "entry": _entry(part).decode("ascii"),
                "index": index,
                "path": [node.hex() for node in tree.inclusion_proof(index)],
                "warc": {**place, "in_archive": capture.file, "at_byte": capture.offset},
            }
        )
        if capture.file in others:
            captures[-1]["imported"] = others[capture.file]
    return captures


def _entry(part: Part) -> bytes:
    return entry_of({name: getattr(part.capture, name) for name in FIELDS})


def _key(log: Log, head: Head) -> Any:
    try:
        key = load_key(log.key)
    except FileNotFoundError as error:
        raise NoEvidence(f"{log.key} is gone, so the pack cannot be signed: restore it from a backup") from error
    if key.public_key().public_bytes_raw().hex() != head.key:
        raise NoEvidence(f"{log.key} is not the key of the log's head: restore that from a backup")
    return key


def _json(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
