#!/usr/bin/env python3
"""Check an evidence pack of Tin Huyen: one file that needs Python 3.8 or later, and nothing else.

    python3 check.py               the folder this file lies in, unpacked
    python3 check.py PACK.zip      a pack as it came, as zip or WACZ
    python3 check.py --key KEY     and that it was signed by this key, which you have from somewhere else

It ends with 0 when all holds, 1 when something was changed, 2 when there is no pack."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

PREFIX = b"tinhuyen-evidence-1\n"
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
CODINGS = {"gzip": [31], "x-gzip": [31], "deflate": [15, -15], "identity": []}


class Changed(Exception):
    """Something is not what was signed; the text says what."""


# Ed25519 (RFC 8032), checking alone


def recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def times(number: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    result: tuple[int, int, int, int] = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def point_of(data: bytes) -> tuple[int, int, int, int] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0) or 0
BASE: tuple[int, int, int, int] = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = point_of(key), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left = times(scalar, BASE)
    right = add(commitment, times(int.from_bytes(digest, "little") % ORDER, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# The log (RFC 9162)


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    if not 0 <= index < size:
        return None
    at, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = hashlib.sha256(b"\1" + sibling + node).digest()
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            node = hashlib.sha256(b"\1" + node + sibling).digest()
        at >>= 1
        last >>= 1
    return node if last == 0 else None


def leaf_of(entry: str) -> bytes:
    return hashlib.sha256(b"\0" + entry.encode("ascii")).digest()


def path_of(place: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(node) for node in place["path"]]


# WARC


class Record:
    """One WARC record: a gzip member of the file."""

    def __init__(self, data: bytes) -> None:
        inflate = zlib.decompressobj(31)
        try:
            plain = inflate.decompress(data)
        except zlib.error as error:
            raise Changed(f"a WARC record does not unpack: {error}") from error
        if not inflate.eof:
            raise Changed("a WARC record is not whole")
        self.rest = inflate.unused_data
        head, mark, block = plain.partition(b"\r\n\r\n")
        self.headers: dict[str, str] = {}
        for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        if not mark or block[-4:] != b"\r\n\r\n" or str(len(block) - 4) != self.headers.get("content-length"):
            raise Changed("a WARC record is not as long as it says")
        self.block = block[:-4]
        self.id = self.headers.get("warc-record-id", "").strip("<>")
        self.type = self.headers.get("warc-type", "")
        self.http_head, self.payload = b"", self.block
        if self.type != "resource":  # which is content alone
            self.http_head, _, self.payload = self.block.partition(b"\r\n\r\n")
        told = self.headers.get("warc-block-digest", "")
        if told.startswith("sha256:") and told != digest_of(self.block):
            raise Changed(f"the WARC record {self.id} does not have its digest")

    def status(self) -> int:
        words = self.http_head.split(b"\r\n", 1)[0].split()
        return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0

    def http_header(self, wanted: bytes) -> list[str]:
        """The values of an HTTP header, split where they are lists."""
        pairs = [line.partition(b":") for line in self.http_head.split(b"\r\n")[1:]]
        told = [value.decode("latin-1").lower() for name, _, value in pairs if name.strip().lower() == wanted]
        return [value.strip() for value in ",".join(told).split(",") if value.strip()]

    def content(self) -> bytes:
        """The payload without chunks, its content codings undone, as the pack has it in a file of its own."""
        body = self.payload
        if "chunked" in self.http_header(b"transfer-encoding"):  # as some other tools keep what they received
            body = unchunked(body)
        for coding in reversed(self.http_header(b"content-encoding")[:4]):
            unpacked = [inflated(body, window) for window in CODINGS.get(coding, [])]
            body = next((one for one in unpacked if one), body)
        return body


def unchunked(data: bytes) -> bytes:
    """A body without its chunks; as it is where it has none."""
    pieces: list[bytes] = []
    rest = data
    while rest:
        line, _, behind = rest.partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return b"".join(pieces) or data
        pieces.append(behind[:size])
        rest = behind[size + 2 :] if size > 0 else b""
    return b"".join(pieces)


def inflated(data: bytes, window: int) -> bytes:
    """What of the data can be inflated, of all streams behind each other."""
    out = b""
    for _ in range(1000):
        inflate = zlib.decompressobj(window)
        try:
            for start in range(0, len(data), 1 << 16):
                out += inflate.decompress(data[start : start + (1 << 16)])
        except zlib.error:
            break
        data = inflate.unused_data
        if window != 31 or not inflate.eof or not data:
            break
    return out


def digest_of(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode("ascii")


def records_of(data: bytes) -> dict[str, Record]:
    found: dict[str, Record] = {}
    while data:
        record = Record(data)
        if record.id in found:
            raise Changed(f"two WARC records bear the id {record.id}")
        found[record.id], data = record, record.rest
    return found


# The pack


def canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def check_head(head: dict[str, Any]) -> None:
    message = canonical({name: value for name, value in head.items() if name != "signature"})
    if head.get("format") != "tinhuyen-log-1":
        raise Changed("the head of the log is of no known form")
    if not is_signed(bytes.fromhex(head["key"]), bytes.fromhex(head["signature"]), message):
        raise Changed("the head of the log does not bear the signature of its key")


def check_files(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    listed = manifest["files"]
    for name in sorted(listed):
        if name not in files:
            raise Changed(f"{name} is missing")
        if hashlib.sha256(files[name]).hexdigest() != listed[name]["sha256"]:
            raise Changed(f"{name} is not the file that was signed")
    for name in sorted(files):
        if name not in listed and name not in ("evidence.json", "evidence.sig", "check.py"):
            raise Changed(f"{name} was added")


def check_capture(capture: dict[str, Any], head: dict[str, Any], records: dict[str, Record]) -> Record:
    """An entry of the log against the head, and against its WARC record; answers the record that holds the payload."""
    text = capture["entry"]
    entry = json.loads(text)
    name = f"the capture {entry['record_id']} of {entry['url']}"
    root = root_of(leaf_of(text), capture["index"], head["size"], path_of(capture))
    if root is None or root.hex() != head["root"]:
        raise Changed(f"{name} is not in the log that the head signs")
    record = records.get(entry["record_id"])
    if record is None:
        raise Changed(f"{name} has no WARC record in the pack")
    said = {"type": entry["record_type"], "date": entry["fetched_at"], "target-uri": capture["warc_url"]}
    for header, value in said.items():
        if record.headers.get(f"warc-{header}") != value:
            raise Changed(f"{name}: its WARC record has another {header}")
    told = (capture["url"], capture["fetched_at"], capture["warc_url"])
    if told != (entry["url"], entry["fetched_at"], ascii_address(entry["url"])):
        raise Changed(f"{name}: the pack tells another address or time of it than the log")
    if record.status() and record.status() != entry["status"]:
        raise Changed(f"{name}: its WARC record has another status")
    return payload_of(name, entry, record, records)


def payload_of(name: str, entry: dict[str, Any], record: Record, records: dict[str, Record]) -> Record:
    if record.type == "revisit":
        original = records.get(record.headers.get("warc-refers-to", "").strip("<>"))
        if original is None:
            raise Changed(f"{name} repeats a record that is not in the pack")
        record = original
    if entry["digest"] and digest_of(record.payload) != entry["digest"]:
        raise Changed(f"{name}: what was received is not what the log has the digest of")
    return record


def origin_of(capture: dict[str, Any], head: dict[str, Any]) -> str:
    """Who made a capture that the archive took from elsewhere, and the file it came from."""
    told, name = capture["imported"], f"the capture of {capture['url']}"
    said = f"{told['through']}, in the file {told['source']} (SHA-256 {told['sha256']})"
    if "entry" not in told:
        return f"{said}, by the archive's word alone"
    root = root_of(leaf_of(told["entry"]), told["index"], head["size"], path_of(told))
    note = json.loads(told["entry"])
    if root is None or root.hex() != head["root"] or note.get("note") != "import":
        raise Changed(f"{name}: where it was taken from is not in the log that the head signs")
    told["file"] = capture["warc"]["in_archive"]
    if any(note[field] != told[field] for field in ("source", "sha256", "through", "file")):
        raise Changed(f"{name}: the log says that it was taken from another file, or through somebody else")
    return f"{said}, as the log notes"


def origins(captures: list[dict[str, Any]], head: dict[str, Any]) -> list[str]:
    """The lines that say which captures the archive did not make itself."""
    whose: dict[str, list[str]] = {}
    for number, capture in enumerate(captures, start=1):
        if "imported" in capture:
            whose.setdefault(origin_of(capture, head), []).append(str(number))
    return [
        f"NOT ITS OWN  captures {', '.join(numbers)} of {len(captures)} were made by {told}.\n"
        "          The archive held these bytes when the head was signed; what they show, and when, is what that file says.\n"
        "          / Bản ghi của nơi khác: kho chỉ giữ các byte này; nội dung và thời điểm là theo tệp nói trên."
        for told, numbers in whose.items()
    ]


def ascii_address(url: str) -> str:
    bare = url.partition("#")[0]
    return "".join(c if "!" <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode("utf-8")) for c in bare)


def check(files: dict[str, bytes], key: str | None = None) -> list[str]:
    """Check a pack, given as its files by name; answers what holds, line by line. Raises `Changed`."""
    for name in ("evidence.json", "evidence.sig", "records.warc.gz"):
        if name not in files:
            raise Changed(f"{name} is missing")
    manifest = json.loads(files["evidence.json"].decode("utf-8"))
    head, article, captures = manifest["head"], manifest["article"], manifest["captures"]
    if key is not None and head["key"] != key.lower():
        raise Changed(f"the pack is signed by the key {head['key']}, not by the one you gave")
    check_head(head)
    signature = bytes.fromhex(files["evidence.sig"].decode("ascii").strip())
    if not is_signed(bytes.fromhex(head["key"]), signature, PREFIX + files["evidence.json"]):
        raise Changed("evidence.json does not bear the signature of the archive's key")
    check_files(files, manifest)
    records = records_of(files["records.warc.gz"])
    for capture in captures:
        holder = check_capture(capture, head, records)
        if capture["file"] and holder.content() != files[capture["file"]]:
            raise Changed(f"{capture['file']} is not what the server sent")
    version, versions, recorded = article["version"], article["versions"], captures[0]["fetched_at"]
    by = "recorded by others" if "imported" in captures[0] else "recorded"
    signed = f"the log of {head['size']} entries, whose head {head['number']} was signed at {head['time']}"
    return [
        f"article   {article['url']}",
        f"title     {article['title']}",
        f"version   {version} of {versions}, {by} {recorded} (UTC)",
        f"archive   {head['archive']}",
        f"holds     {len(captures)} captures are in {signed}",
        *origins(captures, head),
        f"key       {head['key']}",
        "          Compare it with the key that the archive publishes elsewhere: whoever makes another key can make\n"
        "          another pack. / Hãy so với khóa mà kho lưu trữ công bố ở nơi khác.",
    ]


def of_wacz(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a pack that came as WACZ, where they lie under ``evidence/`` and the records under ``archive/``."""
    if "archive/records.warc.gz" not in files:
        return files
    found = {name[len("evidence/") :]: data for name, data in files.items() if name.startswith("evidence/")}
    return {**found, "records.warc.gz": files["archive/records.warc.gz"]}


def read_files(place: Path) -> dict[str, bytes]:
    if place.is_dir():
        paths = [path for path in place.rglob("*") if path.is_file() and path.suffix != ".pyc"]
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
    with zipfile.ZipFile(str(place)) as pack:
        names = pack.namelist()
        if len(names) != len(set(names)):
            raise Changed("two files of the pack bear one name")
        return {name: pack.read(name) for name in names if not name.endswith("/")}


def main(arguments: list[str]) -> int:
    key = None
    if "--key" in arguments[:-1]:
        at = arguments.index("--key")
        key = arguments[at + 1]
        del arguments[at : at + 2]
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        print(__doc__)
        return 2
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        files = of_wacz(read_files(place))
        lines = check(files, key)
    except (OSError, zipfile.BadZipFile) as error:
        print(f"NO PACK: {place} cannot be read: {error}")
        return 2
    except Changed as error:
        print(f"CHANGED / ĐÃ BỊ SỬA: {error}")
        return 1
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        print(f"CHANGED / ĐÃ BỊ SỬA: the pack does not have its form: {error!r}")
        return 1
    print("\n".join(lines))
    print("ALL HOLDS / MỌI KIỂM TRA ĐỀU ĐÚNG")
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
