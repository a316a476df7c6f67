"""Evidence as WACZ 1.1.1: the same records and files as in the pack, with the index and pages that replay tools read."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from archive.proof.pack import EPOCH, Pack, Part
from archive.warc.cdxj import line_of

SOFTWARE = "tinhuyen"
ARCHIVE, INDEX, PAGES = "archive/records.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"


def write_wacz(pack: Pack, path: Path) -> None:
    """Write the pack as WACZ at one stroke. What is no part of the format lies under ``evidence/``."""
    files = {ARCHIVE: pack.files["records.warc.gz"], INDEX: _index(pack), PAGES: _pages(pack)}
    files |= {f"evidence/{name}": data for name, data in sorted(pack.files.items()) if name != "records.warc.gz"}
    package = _package(pack, files)
    files["datapackage.json"] = package
    files["datapackage-digest.json"] = _json(
        {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    )
    fresh = path.with_name(f"{path.name}.new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            # stored, so that replay reads a record where the index says
            stored = name.endswith(".gz") or name == INDEX
            out.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    fresh.replace(path)


def _package(pack: Pack, files: dict[str, bytes]) -> bytes:
    page = pack.parts[0].capture
    return _json(
        {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": pack.record.article.title or page.url,
            "software": SOFTWARE,
            "created": pack.head.time,
            "mainPageUrl": page.url,
            "mainPageDate": page.fetched_at,
            "resources": [
                {
                    "name": name.replace("/", "-").lower(),
                    "path": name,
                    "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                    "bytes": len(data),
                }
                for name, data in files.items()
            ],
        }
    )


def _pages(pack: Pack) -> bytes:
    page, article = pack.parts[0].capture, pack.record.article
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    row = {
        "id": f"{pack.record.id}v{pack.record.version}",
        "url": page.url,
        "ts": page.fetched_at,
        "title": article.title,
    }
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in (head, row))


def _index(pack: Pack) -> bytes:
    """CDXJ: a line for each response or revisit, sorted by its key."""
    return b"".join(sorted(_line(part) for part in pack.parts))


def _line(part: Part) -> bytes:
    line = line_of(part.capture, ARCHIVE.rpartition("/")[2], part.offset, len(part.cut.response))
    return f"{line}\n".encode()


def _json(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=2).encode("utf-8")
