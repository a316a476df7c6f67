"""Signed heads of the log: after a run, how many leaves it has, their root, when that was, and which head came before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.proof.log_entries import canonical
from archive.proof.signing import is_signed, public_hex
from archive.proof.trouble import LogBroken

FORMAT = "tinhuyen-log-1"
"""First field of what is signed: a signature over anything else cannot be taken for one over a head."""


@dataclass(frozen=True, slots=True)
class Head:
    """One head. ``previous`` is the SHA-256 of the message of the head before, empty for the first; ``key`` the public key.

    ``run`` is the number of the crawl it closed, None for one made by ``tinhuyen verify --log``.
    """

    archive: str
    number: int
    run: int | None
    size: int
    root: str
    time: str
    previous: str
    key: str
    signature: str = ""
    format: str = FORMAT

    def message(self) -> bytes:
        """What is signed: everything but the signature, as canonical JSON."""
        return canonical({name: value for name, value in asdict(self).items() if name != "signature"})

    def fingerprint(self) -> str:
        return hashlib.sha256(self.message()).hexdigest()

    def is_signed(self) -> bool:
        return is_signed(self.key, self.signature, self.message())

    def line(self) -> bytes:
        """The head as it stands in the file."""
        return canonical(asdict(self)) + b"\n"


def sign(head: Head, key: Ed25519PrivateKey) -> Head:
    """The head with the signature, and the public half, of a key."""
    values = asdict(head) | {"key": public_hex(key)}
    unsigned = Head(**values)
    return Head(**values | {"signature": key.sign(unsigned.message()).hex()})


def head_of(values: Any) -> Head | None:
    """The head of a JSON object; None for anything else."""
    kinds = {"archive": str, "number": int, "size": int, "root": str, "time": str, "previous": str, "key": str}
    kinds |= {"signature": str, "format": str}
    if not isinstance(values, dict) or values.keys() != {*kinds, "run"}:
        return None
    if any(type(values[name]) is not kind for name, kind in kinds.items()) or values["size"] < 0:
        return None
    return Head(**values) if values["run"] is None or type(values["run"]) is int else None


def read_heads(path: Path) -> tuple[list[Head], bytes]:
    """The heads of a file, in order, and what a kill left of one behind the last. Raises `LogBroken` with the line."""
    if not path.exists():
        return [], b""
    *lines, torn = path.read_bytes().split(b"\n")
    heads = []
    for number, line in enumerate(lines, start=1):
        try:
            head = head_of(json.loads(line))
        except ValueError:
            head = None
        if head is None:
            raise LogBroken(f"line {number} of {path} is no head: it was changed; restore the file from a backup")
        heads.append(head)
    return heads, torn
