"""The TLS ladder: how a host whose TLS is broken or old is still reached, and what is recorded of it.

| rung | reaches | by |
|---|---|---|
| ``verified`` | what a browser trusts | Scrapy's own context |
| ``unverified`` | expired, wrong name, self-signed, incomplete chain | the same, its certificate not judged |
| ``legacy`` | TLS 1.0 and 1.1, short keys, old ciphers, old renegotiation | Python's ``ssl``, see below |

A host goes down when TLS itself says why it fails, or when handshakes break off again and again; when exactly, says
:mod:`crawler.crawl.hosts.tls_ladder`. The rung is kept with it and with every capture.

pyOpenSSL's wheels carry OpenSSL 4, which refuses old TLS whatever the settings; the library Python itself is linked to
usually speaks it. The last rung is therefore a stand-in for ``OpenSSL.SSL.Connection`` over :class:`ssl.MemoryBIO`:
Twisted's TLS protocol drives it like the real one, so that everything above (pool, tee, proxy tunnel) stays the same.
"""

from __future__ import annotations

import re
import ssl
from typing import Any

from cryptography.x509 import load_der_x509_certificate
from OpenSSL.crypto import X509
from OpenSSL.SSL import Error, WantReadError, ZeroReturnError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

RUNGS = ("verified", "unverified", "legacy")

BREAKS = 2
"""Handshakes in a row that break off at one rung before the last one is tried: as often as robots.txt is asked for."""

_SAID = re.compile(
    r"certificate verify failed|unsupported protocol|protocol version|no protocols available|version too low"
    r"|wrong ssl version|too small|too weak|too short|handshake failure|insufficient security|no shared cipher"
    r"|no ciphers available|renegotiation|(?:wrong|unknown) cipher|signature type|signature algorithm|sigalg|wrong curve"
    r"|bad dh value|unrecognized name|certificate (?:required|unknown|expired)|unknown ca\b"
)
"""Reasons of OpenSSL that speak of how the other side's TLS is set up. Others may be a moment's: garbage, an early end,
an answer in plain text of what stands in front of it."""

_OP_LEGACY_SERVER_CONNECT = 0x4  # named in the ssl module from Python 3.12 on


def rung_below(rung: str) -> str | None:
    """The next rung down, ``None`` below the last."""
    at = RUNGS.index(rung) + 1
    return RUNGS[at] if at < len(RUNGS) else None


def says_why(reason: str | None) -> bool:
    """Whether OpenSSL's ``reason`` speaks of the server's TLS, and not of one broken exchange."""
    return reason is not None and _SAID.search(reason.lower()) is not None


def certificate_ends(transport: Any) -> float | None:
    """When the certificate ends that the other side of a Twisted TLS transport showed, in Unix seconds; ``None`` when it
    cannot be read. Judges nothing: an expired one has ended in the past."""
    try:
        shown: X509 | None = transport.getPeerCertificate()
        return None if shown is None else shown.to_cryptography().not_valid_after_utc.timestamp()
    except (ValueError, Error):
        return None


def legacy_context() -> ssl.SSLContext:
    """A context that speaks whatever the system's OpenSSL still does; certificates are not judged."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= _OP_LEGACY_SERVER_CONNECT
    return context


@implementer(IPolicyForHTTPS)
class LegacyPolicy:
    """Twisted's policy for https at the last rung: whatever the system's OpenSSL still speaks, certificates not judged."""

    def __init__(self) -> None:
        self._context = legacy_context()

    def creatorForNetloc(self, hostname: bytes, port: int) -> _LegacyCreator:
        return _LegacyCreator(self._context, hostname)


@implementer(IOpenSSLClientConnectionCreator)
class _LegacyCreator:
    def __init__(self, context: ssl.SSLContext, hostname: bytes) -> None:
        self._context = context
        self._hostname = hostname

    def clientConnectionForTLS(self, protocol: Any) -> LegacyConnection:
        return LegacyConnection(self._context, self._hostname)


class LegacyConnection:
    """The part of ``OpenSSL.SSL.Connection`` that Twisted's ``TLSMemoryBIOProtocol`` uses, over Python's ``ssl``."""

    def __init__(self, context: ssl.SSLContext, hostname: bytes) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        # as bytes: a name is sent as it stands, and one that IDNA refuses is no error; an address is sent by no one
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname or None)

    def set_connect_state(self) -> None:
        """A client from the start."""

    def set_app_data(self, data: Any) -> None:
        """Only OpenSSL's own callbacks read it, and there are none."""

    def do_handshake(self) -> None:
        self._call(self._tls.do_handshake)

    def send(self, data: bytes) -> int:
        return self._call(self._tls.write, data)

    def recv(self, size: int) -> bytes:
        data: bytes = self._call(self._tls.read, size)
        if not data:
            raise ZeroReturnError
        return data

    def bio_write(self, data: bytes) -> int:
        return self._incoming.write(data)

    def bio_read(self, size: int) -> bytes:
        data = self._outgoing.read(size)
        if not data:
            raise WantReadError
        return data

    def bio_shutdown(self) -> None:
        self._incoming.write_eof()

    def shutdown(self) -> bool:
        """Say goodbye; whether the other side has said it too."""
        try:
            self._call(self._tls.unwrap)
        except WantReadError:
            return False
        return True

    def get_peer_certificate(self) -> X509 | None:
        """What the server showed; ``None`` when it cannot be read: it was not judged, and old ones are often malformed."""
        shown = self._tls.getpeercert(binary_form=True)
        try:
            return X509.from_cryptography(load_der_x509_certificate(shown)) if shown else None
        except ValueError:
            return None

    def get_alpn_proto_negotiated(self) -> bytes:
        return b""

    def _call(self, operation: Any, *args: Any) -> Any:
        """Call into ``ssl``, its errors turned into the ones of pyOpenSSL that Twisted understands."""
        try:
            return operation(*args)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise WantReadError from error
        except ssl.SSLZeroReturnError as error:
            raise ZeroReturnError from error
        except ssl.SSLEOFError as error:
            raise Error([("SSL routines", "", "unexpected eof while reading")]) from error
        except ssl.SSLError as error:
            reason = (error.reason or str(error)).lower().replace("_", " ")
            raise Error([("SSL routines", "", reason)]) from error
