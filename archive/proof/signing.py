"""Ed25519 keys of an archive: the private one for its owner alone, made at first use; signing, and checking signatures."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from archive.proof.trouble import LogBroken


def make_key(private: Path, public: Path) -> Ed25519PrivateKey:
    """Make a key pair; the private key is written with mode 600, in the place of nothing that is there."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = private.with_name(f"{private.name}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    _write(fresh, pem, 0o600)
    os.link(fresh, private)  # whole or not at all; fails where another process was first
    fresh.unlink()
    write_public(key, public)
    return key


def write_public(key: Ed25519PrivateKey, public: Path) -> None:
    """Put the public key beside the log, for whoever checks it with other tools."""
    public.unlink(missing_ok=True)
    _write(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)


def load_key(private: Path) -> Ed25519PrivateKey:
    """The private key of a file. Raises `LogBroken` for one that is none, `FileNotFoundError` where there is none."""
    data = private.read_bytes()
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError) as error:
        raise LogBroken(f"{private} is no private key: restore it from a backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LogBroken(f"{private} is no Ed25519 key: restore it from a backup")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The raw public key (32 bytes) in hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


def is_signed(public: str, signature: str, message: bytes) -> bool:
    """Whether ``message`` bears the signature of a public key, both in hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
