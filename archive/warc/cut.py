"""Cut the records of one exchange out of the WARC files, byte for byte: request, response or revisit, and metadata."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.model import Capture
from archive.warc.read import CaptureUnreadable, find_file
from archive.warc.scan import RecordDamaged, scan_record

BEFORE = 1 << 20  # bytes before a response in which its request is looked for
_GZIP = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Cut:
    """The records of an exchange as they lie in their file; ``response`` and the others are gzip members."""

    request: bytes
    response: bytes
    metadata: bytes
    refers_to: str = ""
    """The record id, without brackets, of what a revisit repeats."""

    @property
    def data(self) -> bytes:
        return self.request + self.response + self.metadata


def cut_exchange(warc: Path, capture: Capture) -> Cut:
    """The records of a capture. Raises `CaptureUnreadable` where its file is missing or damaged there.

    A request or metadata record that is not beside it is left out: other tools write them elsewhere.
    """
    path = find_file(warc, capture.file)
    with path.open("rb") as file:
        try:
            record = scan_record(file, capture.offset)
        except RecordDamaged as damage:
            raise CaptureUnreadable(f"byte {capture.offset} of {path.name}: {damage}") from damage
        if record.record_id != capture.record_id.strip("<>") or record.wrong_digests():
            raise CaptureUnreadable(f"byte {capture.offset} of {path.name} holds another record, or a changed one")
        file.seek(capture.offset)
        response = file.read(record.end - capture.offset)
        metadata, refers_to = b"", record.headers.get("warc-refers-to", "").strip("<>")
        with suppress(RecordDamaged):
            behind = scan_record(file, record.end)
            if behind.headers.get("warc-refers-to", "").strip("<>") == record.record_id:
                file.seek(record.end)
                metadata = file.read(behind.end - record.end)
        start = max(0, capture.offset - BEFORE)
        file.seek(start)
        before = file.read(capture.offset - start)
        at = before.rfind(_GZIP)
        while at >= 0:
            with suppress(RecordDamaged):
                request = scan_record(file, start + at)
                if request.end == capture.offset:
                    named = request.headers.get("warc-concurrent-to", "").strip("<>")
                    return Cut(before[at:] if named == record.record_id else b"", response, metadata, refers_to)
            at = before.rfind(_GZIP, 0, at)
    return Cut(b"", response, metadata, refers_to)


def warcinfo(warc: Path, name: str) -> bytes:
    """The warcinfo record a file begins with; nothing where it begins otherwise."""
    with find_file(warc, name).open("rb") as file:
        try:
            record = scan_record(file, 0)
        except RecordDamaged:
            return b""
        file.seek(0)
        return file.read(record.end) if record.record_type == "warcinfo" else b""
