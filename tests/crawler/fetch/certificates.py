"""Certificates made for a test: an authority, its intermediates, and what they issue."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


class Authority:
    """Issues certificates for 127.0.0.1 unless told another name. Everything lies in ``folder`` as PEM."""

    def __init__(self, folder: Path, issuer: Authority | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.issuer = folder, issuer
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = f"Test {folder.name}"
        by, key = (issuer.name, issuer.key) if issuer else (self.name, self.key)
        self.certificate = _certificate(self.name, self.key.public_key(), by, key, is_authority=True)

    @property
    def root(self) -> Path:
        """The certificate a client is to trust."""
        return self._write("root", [self.certificate])

    def root_with_key(self) -> Path:
        """The authority's own certificate as a server's: self-signed."""
        return self._write("root-with-key", [self.certificate], self.key)

    def intermediate(self) -> Authority:
        return Authority(self.folder / "intermediate", self)

    def issue(
        self, label: str, *, name: str = "127.0.0.1", days: int = 30, rsa_bits: int = 0, whole_chain: bool = True
    ) -> Path:
        """A server's chain and key in one file; one that expired when ``days`` is negative."""
        # 1,024 bits are what some old servers have: that is the case to be tested
        key = rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())
        chain = [_certificate(name, key.public_key(), self.name, self.key, days=days)]
        if whole_chain and self.issuer is not None:
            chain.append(self.certificate)
        return self._write(label, chain, key)

    def _write(self, label: str, chain, key=None) -> Path:
        pem = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in chain)
        if key is not None:
            form = serialization.PrivateFormat.PKCS8
            pem += key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        path = self.folder / f"{label}.pem"
        path.write_bytes(pem)
        return path


def _certificate(subject, public_key, issuer, issuer_key, *, days: int = 30, is_authority: bool = False):
    until = datetime.now(UTC) + timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=60))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_alternative(subject)]), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text.replace(" ", "-").lower())
