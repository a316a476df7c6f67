"""The WARC side of a crawl: each exchange becomes a capture, its settings and log lie beside the captures."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from archive.model import Capture, CaptureKind
from archive.store import Store
from archive.warc.record import digest
from archive.warc.write import Exchange, Original, WarcWriter, warc_date
from crawler.crawl.records.run.run_log import RunLog
from crawler.crawl.records.run.settings_record import public_settings
from crawler.crawl.records.run.warcinfo import software, warcinfo
from crawler.fetch.exchange import read_response
from crawler.fetch.wire import Recording
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.warc_positions import Positions

SMALLEST_REVISIT = 64  # bytes; a smaller payload takes less room than the record that would stand for it


class Evidence:
    """The WARC series of one crawl, and how far the ledger knows it (``positions``)."""

    def __init__(self, folder: ArchiveFolder, store: Store, positions: Positions, user_agent: str) -> None:
        self.store, self.positions = store, positions
        self.writer = WarcWriter(folder.warc, warcinfo(folder.config(), user_agent), instance=uuid.uuid4().hex[:8])
        self.log = RunLog()
        self._settings: bytes | None = public_settings(folder.config_path.read_text(encoding="utf-8")).encode()
        self._payloads: dict[str, Capture] = {}  # payloads of the batch, not yet in the store

    def record(
        self,
        recording: Recording,
        page_url: str,
        portal: str,
        kind: CaptureKind,
        *,
        tls: str = "none",
        earlier: str | None = None,
        notes: Sequence[tuple[str, str]] = (),
    ) -> tuple[Capture, bytes] | None:
        """Write what went over the wire; returns the capture and its payload, ``None`` when no answer came.

        ``earlier`` is the record id of the last whole answer from this address: what a 304 repeats.
        ``notes`` go into the metadata record.
        """
        response = read_response(bytes(recording.response))
        if response is None or recording.started is None:
            return None
        truncated = "length" if recording.overflow else None if response.complete else "disconnect"
        exchange = Exchange(
            page_url,
            warc_date(recording.started),
            bytes(recording.request),
            response.head,
            response.body,
            recording.address,
            truncated,
            notes=[("portal", portal), ("tls", tls), *notes],
        )
        original = self._original(earlier, response.status, response.body, truncated)
        placed = self.writer.write(exchange, original)
        self.positions.written(placed.file, placed.offset, placed.record_id)
        capture = Capture(
            placed.record_id,
            placed.file,
            placed.offset,
            placed.length,
            page_url,
            exchange.fetched_at,
            response.status,
            "" if original is not None and original.not_modified else placed.digest,  # a 304 has no payload
            portal,
            content_type=_header(response.head, b"content-type"),
            payload_bytes=len(response.body),
            kind=kind,
            record_type="revisit" if original else "response",
            truncated=truncated,
            secure=tls,
        )
        if original is None and response.status == 200 and truncated is None:
            self._payloads[placed.digest] = capture
        return capture, response.body

    def holder_of(self, capture: Capture) -> str | None:
        """The record id of the response that holds a capture's payload: what a later 304 from its address repeats."""
        if capture.record_type == "response":
            return capture.record_id
        held = self._known_payload(capture.digest) if capture.digest else None
        return held.record_id if held is not None else None

    def stored(self) -> None:
        """The captures so far are in the store, which knows their payloads from here on."""
        self._payloads.clear()

    def log_begin(self, portals: list[str], arguments: dict[str, Any], run: int) -> None:
        """Note what the crawl was asked for; nothing is written if it fetches nothing."""
        begun = {"software": software(), "portals": portals, "told": arguments, "run": run}
        self.log.line(f"the crawl began: {json.dumps(begun, ensure_ascii=False)}")

    def write_log(self) -> None:
        """Append the log's lines, and before the first of them the settings, as resource records."""
        if self.writer.bytes_written == 0:
            return
        name = f"urn:tinhuyen:{self.positions.worker}"
        if self._settings is not None:
            self.writer.write_resource(f"{name}:settings", "application/toml", self._settings)
            self._settings = None
        self.writer.write_resource(f"{name}:log:{self.log.parts + 1}", "text/plain; charset=utf-8", self.log.take())

    def _known_payload(self, label: str) -> Capture | None:
        return self._payloads.get(label) or self.store.known_file_digest(label)

    def _original(self, earlier: str | None, status: int, body: bytes, truncated: str | None) -> Original | None:
        """The earlier capture this answer repeats, if any: by 304, or by the same payload."""
        kept: Capture | None = None
        if status == 304 and earlier:
            kept = self.store.capture(earlier)
        elif status == 200 and not truncated and len(body) >= SMALLEST_REVISIT:
            kept = self._known_payload(digest(body))
        if kept is None or kept.status != 200 or kept.record_type != "response":
            return None
        return Original(kept.record_id, kept.url, kept.fetched_at, not_modified=status == 304)


def _header(head: bytes, name: bytes) -> str | None:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode("latin-1")
    return None
