"""Files as other tools write them, with invented pages."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile

from tests.crawler.extract.pages.plain import PARAGRAPHS, plain

HOST = "http://donggiang.example"


def page(number: int, more: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*PARAGRAPHS, f"Tin số {number}. {more}"))
    return plain(body, title=f"Xã Đông Giang bàn việc số {number} trước mùa mưa").encode()


def http(body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body


def record(kind: str, url: str, block: bytes, day: str = "2021-03-02", *, identifier: str = "", **more: str) -> bytes:
    """One record; ``more`` are headers by their name with underscores."""
    made = identifier or hashlib.md5(f"{kind} {url} {day}".encode() + block).hexdigest()
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{made}>", f"WARC-Date: {day}T08:00:00Z",
        f"WARC-Target-URI: {url}", f"Content-Type: application/http; msgtype={kind}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()), f"Content-Length: {len(block)}",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def article(number: int, day: str = "2021-03-02", more: str = "", host: str = HOST, **headers: str) -> bytes:
    return record("response", f"{host}/tin/bai-{number}.html", http(page(number, more)), day, **headers)


def warc_gz(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


def wacz(files: dict[str, bytes], digests: dict[str, str] | None = None) -> bytes:
    """A WACZ of those files; ``digests`` are told instead of the right ones."""
    told = {name: f"sha256:{hashlib.sha256(data).hexdigest()}" for name, data in files.items()} | (digests or {})
    package = {"profile": "data-package", "resources": [{"path": name, "hash": told[name]} for name in files]}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
        packed.writestr("datapackage.json", json.dumps(package))
    return out.getvalue()
