"""Time stamps of heads by RFC 3161: a stranger's signed word that a head was there at a time. Kept beside the log.

Asking the service is left to the caller. Whether the service's own certificate is to be believed is for who checks a stamp
to say (``openssl ts -verify``): here a stamp is held against its head alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, TimeStampResponse, decode_timestamp_response

from archive.proof.heads import Head
from archive.proof.log_entries import canonical


class BadStamp(ValueError):
    """Raised for an answer that is no stamp of the head; its text says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp: the number of its head, the service, the time it gives (UTC), the answer as the service sent it (DER)."""

    head: int
    service: str
    time: str
    response: bytes

    def line(self) -> bytes:
        packed = base64.b64encode(self.response).decode("ascii")
        return canonical({"head": self.head, "service": self.service, "time": self.time, "response": packed}) + b"\n"


def request(head: Head) -> tuple[bytes, int | None]:
    """A request for a stamp of a head's message (DER), and its nonce."""
    made = TimestampRequestBuilder().data(head.message()).hash_algorithm(HashAlgorithm.SHA256).build()
    return made.as_bytes(), made.nonce


def accept(head: Head, service: str, answer: bytes, nonce: int | None) -> Stamp:
    """The stamp in a service's answer. Raises `BadStamp`."""
    told = _decoded(answer)
    info = told.tst_info
    if nonce is not None and info.nonce != nonce:
        raise BadStamp("the service answered another request")
    if info.message_imprint.message != hashlib.sha256(head.message()).digest():
        raise BadStamp("the service stamped something else")
    return Stamp(head.number, service, info.gen_time.strftime("%Y-%m-%dT%H:%M:%SZ"), answer)


def is_of(stamp: Stamp, head: Head) -> bool:
    """Whether a stamp was made of that head, and gives the time it is kept with."""
    try:
        return accept(head, stamp.service, stamp.response, None).time == stamp.time
    except BadStamp:
        return False


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        told = decode_timestamp_response(answer)
    except ValueError as error:
        raise BadStamp("the service's answer is no time stamp") from error
    if told.status not in (0, 1):  # granted, granted with modifications
        raise BadStamp(f"the service refused: {'; '.join(map(str, told.status_string)) or f'status {told.status}'}")
    return told


def keep(path: Path, stamp: Stamp) -> None:
    """Append a stamp to the file of stamps, in one write."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        os.write(descriptor, stamp.line())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_stamps(path: Path) -> Iterator[Stamp]:
    """The stamps of a file; what is none is passed over."""
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            told = json.loads(line)
            yield Stamp(told["head"], told["service"], told["time"], base64.b64decode(told["response"]))
        except (ValueError, KeyError, TypeError):
            continue
